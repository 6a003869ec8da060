/** Which line is whose: one place from command to handler. */
import { Anomaly } from './anomalies.ts';
import { onBatch, onRedact, onTagmsg } from './batch-lines.ts';
import { Command } from './commands.ts';
import type { IrcFlow } from './irc-flow.ts';
import { COMMAND_LIMIT } from './irc-limits.ts';
import { onMessage, onServiceAlias, onWallops } from './messages.ts';
import * as presence from './presence.ts';
import * as registration from './registration.ts';
import * as rooms from './rooms.ts';

type Handler = (flow: IrcFlow) => void;

const COMMANDS: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  [Command.Privmsg, (flow) => onMessage(flow, false)],
  [Command.Squery, (flow) => onMessage(flow, false)],
  [Command.Notice, (flow) => onMessage(flow, true)],
  [Command.UserNotice, (flow) => onMessage(flow, true)],
  [Command.Cprivmsg, (flow) => onMessage(flow, false, 0, 2)],
  [Command.Cnotice, (flow) => onMessage(flow, true, 0, 2)],
  [Command.Whisper, onWhisper],
  [Command.Wallops, onWallops],
  [Command.ServiceAlias, onServiceAlias],
  [Command.Tagmsg, onTagmsg],
  [Command.Batch, onBatch],
  [Command.Redact, onRedact],
  [Command.Join, rooms.onJoin],
  [Command.Part, rooms.onPart],
  [Command.Kick, rooms.onKick],
  [Command.Topic, rooms.onTopic],
  [Command.Invite, rooms.onInvite],
  [Command.Knock, rooms.onKnock],
  [Command.Away, presence.onAway],
  [Command.Ison, presence.onIson],
  [Command.Watch, presence.onWatch],
  [Command.Monitor, presence.onMonitor],
  [Command.Nick, registration.onNick],
  [Command.Quit, registration.onQuit],
  [Command.Error, registration.onError],
  [Command.Cap, registration.onCap],
  [Command.Authenticate, registration.onAuthenticate],
  [Command.Account, registration.onAccount],
  [Command.User, registration.onUser],
  [Command.SetName, registration.onSetName],
  [Command.StartTls, registration.onStartTls],
]);

/** Numerics from the server; the others are read in place and make nothing. */
const NUMERICS: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  [1, registration.onWelcome],
  [5, registration.onISupport],
  [290, registration.onCapab],
  [301, presence.onAwayReply],
  [303, presence.onIsonReply],
  [305, (flow) => presence.onOwnAway(flow, false)],
  [306, (flow) => presence.onOwnAway(flow, true)],
  [332, rooms.onTopicReply],
  [341, rooms.onInviting],
  [432, registration.onNickRefused],
  [433, registration.onNickRefused],
  [436, registration.onNickRefused],
  [437, registration.onNickRefused],
  [463, (flow) => registration.onRefused(flow, false)],
  [464, (flow) => registration.onRefused(flow, false)],
  [465, (flow) => registration.onRefused(flow, false)],
  [600, (flow) => presence.onWatchReply(flow, true)],
  [601, (flow) => presence.onWatchReply(flow, false)],
  [604, (flow) => presence.onWatchReply(flow, true)],
  [605, (flow) => presence.onWatchReply(flow, false)],
  [670, registration.onTlsGranted],
  [730, (flow) => presence.onMonitorReply(flow, true)],
  [731, (flow) => presence.onMonitorReply(flow, false)],
  [900, registration.onLoggedIn],
  [901, registration.onLoggedOut],
  [902, (flow) => registration.onRefused(flow, true)],
  [903, registration.onSaslSuccess],
  [904, (flow) => registration.onRefused(flow, true)],
  [905, (flow) => registration.onRefused(flow, true)],
]);

export function dispatch(flow: IrcFlow): void {
  const { command } = flow.line;
  if (command === Command.Unknown) onUnknown(flow);
  else if (command >= Command.Silent) COMMANDS.get(command)?.(flow);
  else if (!flow.toServer) {
    if (flow.nick === undefined) registration.learnNick(flow);
    NUMERICS.get(command)?.(flow);
  }
}

/** IRCX names the room first, `WHISPER #c nick :text`; Twitch does not. */
function onWhisper(flow: IrcFlow): void {
  if (flow.line.count > 2) onMessage(flow, false, 1, 2);
  else onMessage(flow, false);
}

/** Newer than this decoder, or no IRC: told apart by the form. */
function onUnknown(flow: IrcFlow): void {
  const { line } = flow;
  const length = line.commandEnd - line.commandStart;
  if (length > COMMAND_LIMIT || !isWord(line.buffer, line.commandStart, line.commandEnd)) {
    flow.anomaly(Anomaly.BadCommand);
    return;
  }
  const event = flow.tagged('app.unknown');
  event.from = flow.speaker();
  event.reason = line.commandText().toUpperCase();
  flow.say(event);
}

function isWord(buffer: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const letter = (buffer[i] ?? 0) & 0xdf;
    if (letter < 0x41 || letter > 0x5a) return false;
  }
  return true;
}
