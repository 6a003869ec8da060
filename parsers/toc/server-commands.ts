/** What a server may say: one place from command to handler. */
import { TocAnomaly } from './anomalies.ts';
import * as contacts from './contacts.ts';
import * as messages from './messages.ts';
import * as presence from './presence.ts';
import * as rendezvous from './rendezvous.ts';
import * as rooms from './rooms.ts';
import { ServerCommand } from './server-command.ts';
import { onError, onNick, onSignedOn } from './sessions.ts';
import type { TocFlow } from './toc-flow.ts';
import { COMMAND_LIMIT } from './toc-limits.ts';

type Handler = (flow: TocFlow, command: ServerCommand) => void;

const nothing: Handler = () => {};

const COMMANDS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['SIGN_ON', onSignedOn],
  ['NICK', onNick],
  ['ERROR', onError],
  ['CONFIG', (flow, command) => contacts.onConfig(flow, command.text(1), 'contact.list')],
  ['CONFIG2', (flow, command) => contacts.onConfig(flow, command.text(1), 'contact.list')],
  ['NEW_BUDDY_REPLY2', nothing],
  ['INSERTED2', (flow, command) => contacts.onChanged(flow, command, 'contact.add')],
  ['DELETED2', (flow, command) => contacts.onChanged(flow, command, 'contact.remove')],
  ['UPDATED2', nothing],
  ['IM_IN', (flow, command) => messages.onReceive(flow, command.split(4), 4)],
  ['IM_IN2', (flow, command) => messages.onReceive(flow, command.split(5), 5)],
  [
    'IM_IN_ENC2',
    (flow, command) => messages.onReceive(flow, command.split(messages.ENCODED), messages.ENCODED),
  ],
  ['CLIENT_EVENT2', (flow, command) => typing(flow, command.split(4))],
  ['EVILED', (flow, command) => warned(flow, command.split(3))],
  ['UPDATE_BUDDY', presence.onBuddy],
  ['UPDATE_BUDDY2', presence.onBuddy],
  ['BUDDY_CAPS2', nothing],
  ['BART2', nothing],
  ['CHAT_JOIN', rooms.onJoined],
  ['CHAT_LEFT', (flow, command) => rooms.onLeave(flow, command.split(3).text(1))],
  ['CHAT_IN', (flow, command) => messages.onRoomReceive(flow, command.split(5), false)],
  ['CHAT_IN_ENC', (flow, command) => messages.onRoomReceive(flow, command.split(7), true)],
  ['CHAT_UPDATE_BUDDY', rooms.onPeople],
  ['CHAT_INVITE', rooms.onInvited],
  ['RVOUS_PROPOSE', rendezvous.onPropose],
  ['GOTO_URL', nothing],
  ['DIR_STATUS', nothing],
  ['ADMIN_NICK_STATUS', nothing],
  ['ADMIN_PASSWD_STATUS', nothing],
  ['PAUSE', nothing],
]);

export function serverCommand(flow: TocFlow, start: number, end: number): void {
  const command = new ServerCommand(flow.buffer, start, end);
  const { word } = command;
  if (word === '') return;
  const handler = COMMANDS.get(word);
  if (handler !== undefined) {
    handler(flow, command);
    return;
  }
  const event = flow.newEvent('app.unknown');
  event.reason = word.slice(0, COMMAND_LIMIT);
  flow.say(event);
}

function typing(flow: TocFlow, command: ServerCommand): void {
  if (command.count < 3) flow.anomaly(TocAnomaly.Malformed);
  else messages.onTyping(flow, command.text(1), command.text(2));
}

function warned(flow: TocFlow, command: ServerCommand): void {
  messages.onWarning(flow, command.text(2), command.text(1));
}
