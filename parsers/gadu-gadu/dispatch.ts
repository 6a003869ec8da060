/** Which packet is whose: one place from type to handler. */
import * as contacts from './contacts.ts';
import type { GgFlow } from './gg-flow.ts';
import * as messages from './messages.ts';
import { onMessage110, onRoomMessage, onSendMessage110 } from './messages-110.ts';
import { ToClient, ToServer } from './packet-type.ts';
import * as presence from './presence.ts';
import * as rooms from './rooms.ts';
import * as sessions from './sessions.ts';
import * as transfers from './transfers.ts';
import * as lists from './user-lists.ts';

type Handler = (flow: GgFlow) => void;

const FROM_CLIENT = table([
  [ToServer.Login, (flow) => sessions.onLogin(flow, '5', 8, 22)],
  [ToServer.LoginExt, (flow) => sessions.onLogin(flow, '5', 8, 28)],
  [ToServer.Login60, (flow) => sessions.onLogin(flow, '6', 8, 31)],
  [ToServer.Login70, (flow) => sessions.onLogin(flow, '7', 69, 92)],
  [ToServer.Login80Beta, (flow) => sessions.onLogin(flow, '8', 69, 92)],
  [ToServer.Login80, sessions.onLogin80],
  [ToServer.Login105, sessions.onLogin105],
  [ToServer.NewStatus, (flow) => presence.onNewStatus(flow, 4)],
  [ToServer.NewStatus80Beta, (flow) => presence.onNewStatus(flow, 4)],
  [ToServer.NewStatus80, presence.onNewStatus80],
  [ToServer.NotifyFirst, (flow) => contacts.onNotify(flow, 'contact.list')],
  [ToServer.NotifyLast, (flow) => contacts.onNotify(flow, 'contact.list')],
  [ToServer.AddNotify, (flow) => contacts.onNotify(flow, 'contact.add')],
  [ToServer.RemoveNotify, (flow) => contacts.onNotify(flow, 'contact.remove')],
  [ToServer.NotifyFirst105, (flow) => contacts.onNotify105(flow, 'contact.list')],
  [ToServer.NotifyLast105, (flow) => contacts.onNotify105(flow, 'contact.list')],
  [ToServer.AddNotify105, (flow) => contacts.onNotify105(flow, 'contact.add')],
  [ToServer.RemoveNotify105, (flow) => contacts.onNotify105(flow, 'contact.remove')],
  [ToServer.SendMessage, messages.onSendMessage],
  [ToServer.SendMessage80, messages.onSendMessage80],
  [ToServer.SendMessage110, onSendMessage110],
  [ToServer.RoomMessage, onRoomMessage],
  [ToServer.MessageAck, messages.onReceived],
  [ToServer.Ack110, messages.onReceived110],
  [ToServer.Typing, messages.onTyping],
  [ToServer.UserList, lists.onUserList],
  [ToServer.UserList80, lists.onUserList80],
  [ToServer.UserList100, lists.onUserList100],
  [ToServer.PublicDirectory, lists.onPublicDirectory],
  [ToServer.RoomInvite, rooms.onInvite],
  [ToServer.RoomLeave, rooms.onLeave],
  [ToServer.TransferNew, transfers.onNew],
  [ToServer.TransferAccept, transfers.onAccept],
  [ToServer.TransferReject, transfers.onReject],
  [ToServer.TransferAbort, transfers.onAbort],
  [ToServer.TransferInfo, transfers.onInfo],
  [ToServer.Ping, sessions.onPing],
]);

const FROM_SERVER = table([
  [ToClient.LoginOk, sessions.onLoggedIn],
  [ToClient.NeedEmail, sessions.onLoggedIn],
  [ToClient.Login80Ok, sessions.onLoggedIn],
  [ToClient.Login110Ok, sessions.onLoggedIn110],
  [ToClient.LoginFailed, sessions.onLoginFailed],
  [ToClient.Login80Failed, sessions.onLoginFailed],
  [ToClient.Disconnecting, (flow) => sessions.sayLogout(flow, 'disconnected by the server')],
  [ToClient.DisconnectAck, (flow) => sessions.sayLogout(flow, undefined)],
  [ToClient.Pong, sessions.onPing],
  [ToClient.Status, presence.onStatus],
  [ToClient.NotifyReply, presence.onNotifyReply],
  [ToClient.Status60, (flow) => presence.onStatus60(flow, 14, false)],
  [ToClient.NotifyReply60, (flow) => presence.onStatus60(flow, 14, true)],
  [ToClient.Status77, (flow) => presence.onStatus60(flow, 18, false)],
  [ToClient.NotifyReply77, (flow) => presence.onStatus60(flow, 18, true)],
  [ToClient.Status80Beta, (flow) => presence.onStatus60(flow, 18, false)],
  [ToClient.NotifyReply80Beta, (flow) => presence.onStatus60(flow, 18, true)],
  [ToClient.Status80, presence.onStatus80],
  [ToClient.NotifyReply80, presence.onStatus80],
  [ToClient.Message, messages.onMessage],
  [ToClient.Message80, (flow) => messages.onMessage80(flow, false)],
  [ToClient.OwnMessage, (flow) => messages.onMessage80(flow, true)],
  [ToClient.Message110, (flow) => onMessage110(flow, false)],
  [ToClient.OwnMessage110, (flow) => onMessage110(flow, true)],
  [ToClient.RoomMessage, (flow) => onMessage110(flow, false)],
  [ToClient.RoomOwnMessage, (flow) => onMessage110(flow, true)],
  [ToClient.MessageAck, messages.onSent],
  [ToClient.MessageAck110, messages.onSent110],
  [ToClient.Typing, messages.onTyping],
  [ToClient.UserList, lists.onUserList],
  [ToClient.UserList80, lists.onUserList80],
  [ToClient.UserList100, lists.onUserList100],
  [ToClient.RoomCreated, rooms.onCreated],
  [ToClient.RoomLeft, rooms.onLeft],
  [ToClient.RoomInfo, rooms.onInfo],
  [ToClient.RoomUpdate, rooms.onUpdate],
  [ToClient.TransferNew, transfers.onNew],
  [ToClient.TransferAccept, transfers.onAccept],
  [ToClient.TransferReject, transfers.onReject],
  [ToClient.TransferAborted, transfers.onAbort],
  [ToClient.TransferInfo, transfers.onInfo],
  [ToClient.DriveTransfer, transfers.onDriveTransfer],
]);

/** Known, and nothing that is reported. */
const SILENT_FROM_CLIENT: ReadonlySet<number> = new Set([
  ToServer.ListEmpty,
  ToServer.ListEmpty105,
  ToServer.TransferId,
  ToServer.TransferUnknown,
  ToServer.RoomCreate,
  ToServer.MultilogonDisconnect,
]);
const SILENT_FROM_SERVER: ReadonlySet<number> = new Set([
  ToClient.Welcome,
  ToClient.PublicDirectory,
  ToClient.TransferId,
  ToClient.TransferUnknown,
  ToClient.XmlEvent,
  ToClient.XmlAction,
  ToClient.UserData,
  ToClient.RoomInviteAck,
  ToClient.MultilogonInfo,
  ToClient.UserListVersion,
  ToClient.UinInfo,
  ToClient.Event110,
  ToClient.ImToken,
  ToClient.AccessInfo,
  ToClient.Options,
  ToClient.Magic,
  ToClient.Pong110,
]);

export function dispatch(flow: GgFlow): void {
  const { type } = flow;
  const handler = (flow.toServer ? FROM_CLIENT : FROM_SERVER)[type];
  if (handler !== undefined) handler(flow);
  else if (!(flow.toServer ? SILENT_FROM_CLIENT : SILENT_FROM_SERVER).has(type)) {
    flow.unknown(`packet type 0x${type.toString(16).padStart(2, '0')}`);
  }
}

/** By type, without a hole: looked up for every packet. */
function table(rows: readonly (readonly [number, Handler])[]): readonly (Handler | undefined)[] {
  const handlers = new Array<Handler | undefined>(0x100).fill(undefined);
  for (const [type, handler] of rows) handlers[type] = handler;
  return handlers;
}
