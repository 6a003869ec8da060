/** Gives the packet under the hand to the handler of its service. */
import { onAddBuddy, onChangeGroup, onGroupRename, onIgnore, onRemoveBuddy } from './buddies.ts';
import { onVoice, onWebcam } from './calls.ts';
import { onChatInvite, onChatJoin, onChatLeave, onComment } from './chat-rooms.ts';
import {
  onConferenceDecline,
  onConferenceInvite,
  onConferenceMember,
  onConferenceMessage,
} from './conference.ts';
import { onFileInfo15, onFileTransfer15 } from './files15.ts';
import { onList, onList15 } from './lists.ts';
import { onAudible, onMassMessage, onMessage, onMessageAck, onSystemMessage } from './messages.ts';
import { onNotify } from './notify.ts';
import { onPicture } from './pictures.ts';
import { onOwnPresence, onPresence, onVisibility } from './presence.ts';
import { onAuthRequest15, onNewContact, onRejectContact } from './requests.ts';
import { Service } from './services.ts';
import { onAuth, onAuthResponse, onDisconnect, onIdentity, onLogoff } from './session.ts';
import { onStoredFile } from './stored-files.ts';
import type { YmsgFlow } from './ymsg-flow.ts';

type Handler = (flow: YmsgFlow) => void;

const HANDLERS: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  [Service.Auth, onAuth],
  [Service.AuthResponse, onAuthResponse],
  [Service.Disconnect, onDisconnect],
  [Service.IdActivate, onIdentity],
  [Service.IdDeactivate, onIdentity],
  [Service.List, onList],
  [Service.List15, onList15],
  [Service.Logon, onPresence],
  [Service.Logoff, (flow) => onLogoff(flow) || onPresence(flow)],
  [Service.IsAway, onPresence],
  [Service.IsBack, onPresence],
  [Service.Status15, onPresence],
  [Service.StatusUpdate, onOwnPresence],
  [Service.Visibility, onVisibility],
  [Service.AddBuddy, onAddBuddy],
  [Service.RemoveBuddy, onRemoveBuddy],
  [Service.Ignore, onIgnore],
  [Service.GroupRename, onGroupRename],
  [Service.ChangeGroup15, onChangeGroup],
  [Service.NewContact, onNewContact],
  [Service.AuthRequest15, onAuthRequest15],
  [Service.RejectContact, onRejectContact],
  [Service.Message, onMessage],
  [Service.GameMessage, onMessage],
  [Service.Sms, onMessage],
  [Service.MassMessage, onMassMessage],
  [Service.MessageAck, onMessageAck],
  [Service.SystemMessage, onSystemMessage],
  [Service.Audible, onAudible],
  [Service.Notify, onNotify],
  [Service.ConferenceInvite, onConferenceInvite],
  [Service.ConferenceAddInvite, onConferenceInvite],
  [Service.ConferenceLogon, onConferenceMember],
  [Service.ConferenceLogoff, onConferenceMember],
  [Service.ConferenceDecline, onConferenceDecline],
  [Service.ConferenceMessage, onConferenceMessage],
  [Service.ChatGoto, onChatJoin],
  [Service.ChatJoin, onChatJoin],
  [Service.ChatLeave, onChatLeave],
  [Service.ChatExit, onChatLeave],
  [Service.ChatLogout, onChatLeave],
  [Service.ChatAddInvite, onChatInvite],
  [Service.Comment, onComment],
  [Service.ChatMessage, onComment],
  [Service.Webcam, onWebcam],
  [Service.VoiceChat, onVoice],
  [Service.Picture, onPicture],
  [Service.PictureUpload, onPicture],
  [Service.FileTransfer, onStoredFile],
  [Service.PeerFileTransfer, onStoredFile],
  [Service.FileTransfer15, onFileTransfer15],
  [Service.FileInfo15, onFileInfo15],
  [Service.FileAccept15, onFileInfo15],
]);

export function dispatch(flow: YmsgFlow): void {
  const { service } = flow.packet;
  const handler = HANDLERS.get(service);
  if (flow.pairs.tooMany) unknown(flow, `service 0x${service.toString(16)} with too many pairs`);
  if (handler === undefined) unknown(flow, `service 0x${service.toString(16)}`);
  else handler(flow);
}

/** What this decoder does not know, with the texts and names that stand where they usually do. */
function unknown(flow: YmsgFlow, reason: string): void {
  const event = flow.newEvent('app.unknown');
  event.reason = reason;
  const text = flow.textPair(14);
  event.text = flow.pairs.text(14, flow.legacy);
  const to = flow.id(5);
  if (to !== undefined) event.to = [to];
  event.from = flow.toServer ? flow.account : (flow.id(4) ?? flow.id(1));
  flow.say(event, event.text === undefined ? -1 : text);
}
