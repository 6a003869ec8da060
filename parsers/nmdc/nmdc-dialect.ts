/**
 * NMDC, one command at a time: `$Word arguments`, or chat. Commands end in `|`; an empty one keeps the
 * connection alive.
 */
import type { ImEvent } from '../../src/event/event.ts';
import type { FlowContext, Replacement, Unit } from '../contract.ts';
import { onChat, onMainChatTo, onPrivate } from './chat.ts';
import { Command, commandOf } from './commands.ts';
import { onConnectToMe, onSearchResult } from './connections.ts';
import type { Dialect } from './dc-parser.ts';
import * as hub from './hub.ts';
import { onMyInfo } from './my-info.ts';
import { NmdcFlow } from './nmdc-flow.ts';
import { WORD_LIMIT } from './nmdc-limits.ts';
import { replaceNmdc } from './nmdc-replace.ts';
import * as peer from './peer.ts';

type Handler = (flow: NmdcFlow, start: number, end: number, wordStart: number) => void;

const BAR = 0x7c;
const DOLLAR = 0x24;
const LESS = 0x3c;
const SPACE = 0x20;

/** What is said between peers alone. */
const OF_PEERS: ReadonlySet<Command> = new Set<Command>([
  Command.Get,
  Command.FileLength,
  Command.Send,
  Command.GetBlock,
  Command.GetZBlock,
  Command.Sending,
  Command.AdcGet,
  Command.AdcSend,
  Command.PeerRefused,
  Command.Cancel,
]);
/** What hubs and peers say. */
const OF_BOTH: ReadonlySet<Command> = new Set<Command>([
  Command.Unknown,
  Command.Silent,
  Command.Lock,
]);

const HANDLERS: ReadonlyMap<Command, Handler> = new Map<Command, Handler>([
  [Command.To, onPrivate],
  [Command.MainChatTo, onMainChatTo],
  [Command.ValidateNick, hub.onValidateNick],
  [Command.Version, hub.onVersion],
  [Command.Hello, hub.onHello],
  [Command.LogedIn, hub.onLogedIn],
  [Command.Refused, (flow, start, _, word) => hub.onRefused(flow, wordText(flow, word, start))],
  [Command.ForceMove, hub.onForceMove],
  [Command.MyInfo, onMyInfo],
  [Command.Quit, hub.onQuit],
  [Command.HubName, hub.onHubName],
  [Command.HubTopic, hub.onHubTopic],
  [Command.SetTopic, hub.onSetTopic],
  [Command.Kick, hub.onKick],
  [Command.OpForceMove, hub.onOpForceMove],
  [Command.ConnectToMe, onConnectToMe],
  [Command.SearchResult, onSearchResult],
  [Command.ZOn, (flow) => onZOn(flow)],
  [Command.MyNick, peer.onMyNick],
  [Command.Get, peer.onGet],
  [Command.FileLength, peer.onFileLength],
  [Command.Send, peer.onSend],
  [Command.GetBlock, (flow, start, end) => peer.onGetBlock(flow, start, end, false)],
  [Command.GetZBlock, (flow, start, end) => peer.onGetBlock(flow, start, end, true)],
  [Command.Sending, peer.onSending],
  [Command.AdcGet, peer.onAdcGet],
  [Command.AdcSend, peer.onAdcSend],
  [
    Command.PeerRefused,
    (flow, start, end, word) => peer.onPeerRefused(flow, wordText(flow, word, start), start, end),
  ],
  [Command.Cancel, (flow) => flow.files.giveUp()],
]);

export class NmdcDialect implements Dialect {
  readonly delimiter = BAR;
  readonly flow: NmdcFlow;

  constructor(context: FlowContext) {
    this.flow = new NmdcFlow(context);
  }

  get files(): NmdcFlow['files'] {
    return this.flow.files;
  }

  isCertain(buffer: Uint8Array, start: number, end: number): boolean {
    if (buffer[start] === DOLLAR) {
      return commandOf(buffer, start + 1, wordEnd(buffer, start + 1, end)) !== Command.Unknown;
    }
    return buffer[start] === LESS && isText(buffer, start, end);
  }

  command(buffer: Uint8Array, start: number, end: number): void {
    const { flow } = this;
    if (buffer[start] !== DOLLAR) {
      if (!flow.toServer) flow.role ??= 'hub';
      if (flow.role !== 'peer') onChat(flow, start, end);
      return;
    }
    const word = start + 1;
    const last = wordEnd(buffer, word, end);
    const command = commandOf(buffer, word, last);
    const ofPeers = OF_PEERS.has(command);
    if (command === Command.MyNick) peer.learnRole(flow);
    else if (!flow.toServer && !ofPeers && !OF_BOTH.has(command)) flow.role ??= 'hub';
    const misplaced = ofPeers
      ? !flow.carriesFiles
      : command === Command.MyNick && flow.role === 'hub';
    if (command === Command.Unknown || misplaced) onUnknown(flow, word, last);
    else HANDLERS.get(command)?.(flow, last < end ? last + 1 : end, end, word);
  }

  replace(event: ImEvent, unit: Unit, notice: string | undefined): Replacement | undefined {
    return replaceNmdc(event, unit, notice);
  }
}

/** A hub's stream is compressed from here to the end of one zlib stream. */
function onZOn(flow: NmdcFlow): void {
  if (!flow.toServer) flow.compressed = true;
}

function onUnknown(flow: NmdcFlow, start: number, end: number): void {
  const event = flow.make('app.unknown');
  event.from = flow.toServer ? flow.account : undefined;
  event.reason = flow.text(start, Math.min(end, start + WORD_LIMIT));
  flow.say(event);
}

/** The command's word, which stands before its arguments. */
function wordText(flow: NmdcFlow, word: number, start: number): string {
  return flow.text(word, wordEnd(flow.buffer, word, start)) ?? '';
}

function wordEnd(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && buffer[at] !== SPACE) at++;
  return at;
}

/** No control characters but those of text. */
function isText(buffer: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const c = buffer[i] ?? 0;
    if (c < 0x20 && c !== 0x09 && c !== 0x0a && c !== 0x0d) return false;
  }
  return true;
}
