/** The service numbers of YMSG (dossier §6; names as the clients and tshark have them). */
export const Service = {
  Logon: 0x01,
  Logoff: 0x02,
  IsAway: 0x03,
  IsBack: 0x04,
  Idle: 0x05,
  Message: 0x06,
  IdActivate: 0x07,
  IdDeactivate: 0x08,
  MailStat: 0x09,
  UserStat: 0x0a,
  NewMail: 0x0b,
  Calendar: 0x0d,
  NewPersonalMail: 0x0e,
  NewContact: 0x0f,
  AddIdentity: 0x10,
  AddIgnore: 0x11,
  Ping: 0x12,
  GotGroupRename: 0x13,
  SystemMessage: 0x14,
  SkinName: 0x15,
  PassThrough: 0x16,
  MassMessage: 0x17,
  ConferenceInvite: 0x18,
  ConferenceLogon: 0x19,
  ConferenceDecline: 0x1a,
  ConferenceLogoff: 0x1b,
  ConferenceAddInvite: 0x1c,
  ConferenceMessage: 0x1d,
  ChatMessage: 0x20,
  GameMessage: 0x2a,
  FileTransfer: 0x46,
  VoiceChat: 0x4a,
  Notify: 0x4b,
  Verify: 0x4c,
  PeerFileTransfer: 0x4d,
  PeerToPeer: 0x4f,
  Webcam: 0x50,
  AuthResponse: 0x54,
  List: 0x55,
  Auth: 0x57,
  AddBuddy: 0x83,
  RemoveBuddy: 0x84,
  Ignore: 0x85,
  RejectContact: 0x86,
  GroupRename: 0x89,
  KeepAlive: 0x8a,
  ChatOnline: 0x96,
  ChatGoto: 0x97,
  ChatJoin: 0x98,
  ChatLeave: 0x99,
  ChatExit: 0x9b,
  ChatAddInvite: 0x9d,
  ChatLogout: 0xa0,
  ChatPing: 0xa1,
  Comment: 0xa8,
  StealthPermanent: 0xb9,
  StealthSession: 0xba,
  Avatar: 0xbc,
  PictureChecksum: 0xbd,
  Picture: 0xbe,
  PictureUpdate: 0xc1,
  PictureUpload: 0xc2,
  AddressBookUpdate: 0xc4,
  Visibility: 0xc5,
  StatusUpdate: 0xc6,
  AvatarUpdate: 0xc7,
  VerifyIdExists: 0xc8,
  Audible: 0xd0,
  AuthRequest15: 0xd6,
  FileTransfer15: 0xdc,
  FileInfo15: 0xdd,
  FileAccept15: 0xde,
  ChangeGroup15: 0xe7,
  Status15: 0xf0,
  List15: 0xf1,
  MessageAck: 0xfb,
  WebLogin: 0x226,
  Sms: 0x2ea,
  Disconnect: 0x7d1,
} as const;
export type Service = (typeof Service)[keyof typeof Service];

/**
 * Known and without anything to report: keep-alives, settings, counters, handshakes, and what only
 * the user's own server hears. Their bodies are passed over unread.
 */
const SILENT: ReadonlySet<number> = new Set([
  Service.Idle,
  Service.MailStat,
  Service.UserStat,
  Service.NewMail,
  Service.Calendar,
  Service.NewPersonalMail,
  Service.AddIdentity,
  Service.AddIgnore,
  Service.Ping,
  Service.GotGroupRename,
  Service.SkinName,
  Service.PassThrough,
  Service.Verify,
  Service.PeerToPeer,
  Service.KeepAlive,
  Service.ChatOnline,
  Service.ChatPing,
  Service.StealthPermanent,
  Service.StealthSession,
  Service.Avatar,
  Service.PictureChecksum,
  Service.PictureUpdate,
  Service.AddressBookUpdate,
  Service.AvatarUpdate,
  Service.VerifyIdExists,
  Service.WebLogin,
]);
const KNOWN: ReadonlySet<number> = new Set<number>(Object.values(Service));

export function isSilent(service: number): boolean {
  return SILENT.has(service);
}

export function isKnown(service: number): boolean {
  return KNOWN.has(service);
}

/** Header status. */
export const HeaderStatus = {
  Default: 0,
  Server: 1,
  /** The message was not delivered. */
  NotSent: 2,
  /** More packets of a list follow; on messages: kept while the recipient was away. */
  Continued: 5,
  /** A contact refused the request (old form). */
  Denied: 7,
  /** Of an invitation: somebody else is invited. */
  NotYou: 11,
  Failed: -1,
} as const;
