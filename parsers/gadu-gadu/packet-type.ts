/**
 * Packet types (libgadu protocol.h). The same number means different things in either direction.
 * Smallest sizes are octets of payload.
 */
export const ToServer = {
  NewStatus: 0x02,
  Ping: 0x08,
  SendMessage: 0x0b,
  Login: 0x0c,
  AddNotify: 0x0d,
  RemoveNotify: 0x0e,
  NotifyFirst: 0x0f,
  NotifyLast: 0x10,
  ListEmpty: 0x12,
  LoginExt: 0x13,
  PublicDirectory: 0x14,
  Login60: 0x15,
  UserList: 0x16,
  Login70: 0x19,
  TransferInfo: 0x1f,
  TransferNew: 0x20,
  TransferAccept: 0x21,
  TransferReject: 0x22,
  TransferId: 0x23,
  TransferUnknown: 0x24,
  TransferAbort: 0x25,
  NewStatus80Beta: 0x28,
  Login80Beta: 0x29,
  SendMessage80: 0x2d,
  UserList80: 0x2f,
  Login80: 0x31,
  NewStatus80: 0x38,
  UserList100: 0x40,
  MessageAck: 0x46,
  RoomCreate: 0x47,
  RoomLeave: 0x52,
  Typing: 0x59,
  MultilogonDisconnect: 0x62,
  NotifyFirst105: 0x77,
  NotifyLast105: 0x78,
  ListEmpty105: 0x79,
  AddNotify105: 0x7b,
  RemoveNotify105: 0x7c,
  SendMessage110: 0x7d,
  Login105: 0x83,
  Ack110: 0x86,
  RoomMessage: 0x8d,
  RoomInvite: 0x90,
} as const;

export const ToClient = {
  Welcome: 0x01,
  Status: 0x02,
  LoginOk: 0x03,
  MessageAck: 0x05,
  Pong: 0x07,
  LoginFailed: 0x09,
  Message: 0x0a,
  Disconnecting: 0x0b,
  NotifyReply: 0x0c,
  DisconnectAck: 0x0d,
  PublicDirectory: 0x0e,
  Status60: 0x0f,
  UserList: 0x10,
  NotifyReply60: 0x11,
  NeedEmail: 0x14,
  Status77: 0x17,
  NotifyReply77: 0x18,
  TransferInfo: 0x1f,
  TransferNew: 0x20,
  TransferAccept: 0x21,
  TransferReject: 0x22,
  TransferId: 0x23,
  TransferUnknown: 0x24,
  TransferAborted: 0x25,
  XmlEvent: 0x27,
  Status80Beta: 0x2a,
  NotifyReply80Beta: 0x2b,
  XmlAction: 0x2c,
  Message80: 0x2e,
  UserList80: 0x30,
  Login80Ok: 0x35,
  Status80: 0x36,
  NotifyReply80: 0x37,
  UserList100: 0x41,
  Login80Failed: 0x43,
  UserData: 0x44,
  RoomCreated: 0x45,
  RoomInviteAck: 0x47,
  Typing: 0x59,
  OwnMessage: 0x5a,
  MultilogonInfo: 0x5b,
  UserListVersion: 0x5c,
  RoomLeft: 0x66,
  UinInfo: 0x7a,
  Message110: 0x7e,
  OwnMessage110: 0x82,
  Event110: 0x84,
  MessageAck110: 0x87,
  RoomMessage: 0x88,
  ImToken: 0x8c,
  RoomOwnMessage: 0x8e,
  AccessInfo: 0x8f,
  RoomInfo: 0x93,
  Options: 0x9b,
  Login110Ok: 0x9d,
  RoomUpdate: 0x9e,
  Magic: 0x9f,
  DriveTransfer: 0xa0,
  Pong110: 0xa1,
} as const;

/** Smallest payload by type, octets; -1 where the type is not known. Exact sizes are in EXACT. */
const SMALLEST = [new Int32Array(0x100).fill(-1), new Int32Array(0x100).fill(-1)] as const;
for (const type of Object.values(ToServer)) SMALLEST[0][type] = 0;
for (const type of Object.values(ToClient)) SMALLEST[1][type] = 0;
const known = (direction: 0 | 1, sizes: readonly (readonly [number, number])[]) => {
  for (const [type, size] of sizes) SMALLEST[direction][type] = size;
};
known(0, [
  [ToServer.NewStatus, 4],
  [ToServer.SendMessage, 13],
  [ToServer.Login, 22],
  [ToServer.LoginExt, 28],
  [ToServer.PublicDirectory, 5],
  [ToServer.Login60, 31],
  [ToServer.UserList, 1],
  [ToServer.Login70, 92],
  [ToServer.NewStatus80, 12],
  [ToServer.SendMessage80, 21],
  [ToServer.Login80, 105],
  [ToServer.Login80Beta, 92],
  [ToServer.UserList100, 7],
  [ToServer.SendMessage110, 4],
  [ToServer.Login105, 20],
  [ToServer.RoomMessage, 4],
]);
known(1, [
  [ToClient.Status, 8],
  [ToClient.Message, 17],
  [ToClient.NotifyReply, 20],
  [ToClient.PublicDirectory, 5],
  [ToClient.Status60, 14],
  [ToClient.NotifyReply60, 14],
  [ToClient.Status77, 18],
  [ToClient.NotifyReply77, 18],
  [ToClient.Message80, 25],
  [ToClient.OwnMessage, 25],
  [ToClient.Status80, 28],
  [ToClient.NotifyReply80, 28],
]);
/** Types whose payload has one size. */
const EXACT = [new Int32Array(0x100).fill(-1), new Int32Array(0x100).fill(-1)] as const;
for (const [type, size] of [
  [ToServer.Ping, 0],
  [ToServer.AddNotify, 5],
  [ToServer.RemoveNotify, 5],
  [ToServer.TransferNew, 303],
  [ToServer.MessageAck, 4],
  [ToServer.Typing, 6],
  [ToServer.RoomLeave, 12],
] as const) {
  EXACT[0][type] = size;
}
for (const [type, size] of [
  [ToClient.Welcome, 4],
  [ToClient.MessageAck, 12],
  [ToClient.TransferNew, 303],
  [ToClient.Typing, 6],
  [ToClient.RoomLeft, 12],
] as const) {
  EXACT[1][type] = size;
}

/** Whether a packet of this type and payload size is one of those known. */
export function isKnownSize(direction: 0 | 1, type: number, size: number): boolean {
  const exact = EXACT[direction][type] ?? -1;
  if (exact !== -1) return size === exact;
  const smallest = SMALLEST[direction][type] ?? -1;
  return smallest !== -1 && size >= smallest;
}

/** The same, where the size alone says something: it must be one number. */
export function hasOneSize(direction: 0 | 1, type: number): boolean {
  return (EXACT[direction][type] ?? -1) > 0;
}

/** One of the packets by which a client signs in. */
export function isLogin(type: number): boolean {
  return (
    type === ToServer.Login ||
    type === ToServer.LoginExt ||
    type === ToServer.Login60 ||
    type === ToServer.Login70 ||
    type === ToServer.Login80Beta ||
    type === ToServer.Login80 ||
    type === ToServer.Login105
  );
}
