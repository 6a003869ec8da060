/**
 * Files of YMSG 14 and older: 0x46, a file that the network keeps (20 URL, 38 until when), and 0x4D with
 * 49 = FILEXFER, one that the sender's own HTTP server has (13: 1 offer, 2 taken, 3 not taken). 27 name,
 * 28 size, 14 text, 53 the name once more. With 49 = IMVIRONMENT 0x4D carries a shared window, among
 * them drawings (63 = doodle;…).
 */
import type { EventKind } from '../../src/event/kinds.ts';
import { KnownTransfers } from './known-transfers.ts';
import { fillText } from './messages.ts';
import { between } from './notify.ts';
import { Service } from './services.ts';
import { boundedName } from './text-value.ts';
import { expectAt, fileEvent, sizeAt } from './transfer-events.ts';
import { type UrlParts, urlParts } from './url-parts.ts';
import type { YmsgFlow } from './ymsg-flow.ts';
import { FILE_NAME_LIMIT, URL_LIMIT } from './ymsg-limits.ts';

const OFFER = 1;
const TAKEN = 2;

export function onStoredFile(flow: YmsgFlow): void {
  const { pairs, packet } = flow;
  const isPeer = packet.service === Service.PeerFileTransfer;
  // Without a word of what it is, it is a file to libpurple.
  if (isPeer && pairs.find(49) !== -1 && !pairs.is(49, 'FILEXFER')) {
    onSharedWindow(flow);
    return;
  }
  const step = pairs.number(13);
  if (isPeer && step !== undefined && step !== OFFER && !isNews(flow)) answer(flow, step);
  // A 0x46 without a URL tells the sender that the file has arrived.
  else if (pairs.text(20) !== undefined || (isPeer && pairs.find(49) !== -1)) offer(flow, isPeer);
}

/** A URL that nobody has offered: clients ask the user about it, whatever step it claims to be. */
function isNews({ pairs, context, toServer }: YmsgFlow): boolean {
  const url = pairs.text(20);
  const parts = url === undefined || toServer ? undefined : urlParts(url);
  return parts !== undefined && new KnownTransfers(context.memory).at(parts.target) === undefined;
}

function offer(flow: YmsgFlow, isPeer: boolean): void {
  const { pairs, context } = flow;
  const named = parties(flow);
  const url = pairs.text(20);
  const parts = url === undefined ? undefined : urlParts(url);
  const known = new KnownTransfers(context.memory);
  const [first, second] = named;
  const take = (from: string | undefined, to: string | undefined) =>
    isPeer ? undefined : known.takeUpload(from, to, parts?.name);
  const straight = take(first, second);
  // Where the account is not known yet, the upload tells which of the two sent it.
  const crossed = straight === undefined ? take(second, first) : undefined;
  const [sender, recipient] = crossed === undefined ? named : [second, first];
  const upload = straight ?? crossed;
  const name = upload?.name ?? pairs.text(27) ?? pairs.text(53) ?? parts?.name;
  const size = sizeAt(flow, pairs.find(28)) ?? upload?.size;
  const method = isPeer ? 'p2p' : 'ymsg-http';
  const event = fileEvent(flow, 'file.offer', sender, recipient, { name, size, method, url });
  event.text = pairs.text(14, flow.legacy);
  const refused = flow.say(event, flow.textPair(14));
  if (parts === undefined) return;
  const transfer = {
    sender,
    recipient,
    account: flow.account,
    origin: flow.toServer ? ('client' as const) : ('server' as const),
    name: boundedName(name, FILE_NAME_LIMIT),
    size,
    token: undefined,
    url: boundedName(url, URL_LIMIT),
    method,
    passed: false,
    source: upload,
  } as const;
  const place = isPeer ? parts : reachable(parts, context.serverAddress);
  expectAt(flow, transfer, place, true, { refused, shared: !isPeer });
}

/** The file lies on a machine that is only named: where one machine is all of the network, it is this. */
function reachable(parts: UrlParts, server: string): UrlParts {
  return parts.address === undefined && server !== '' ? { ...parts, address: server } : parts;
}

/**
 * Who sends and who gets it. Servers are known to name the recipient as the sender in what they send to
 * it: nobody is offered a file of one's own.
 */
function parties(flow: YmsgFlow): [string | undefined, string | undefined] {
  if (flow.toServer) return [flow.id(1) ?? flow.id(0) ?? flow.account, flow.id(5)];
  const [from, to] = [flow.id(4) ?? flow.id(1), flow.id(5)];
  if (flow.isOwn(from) && to !== undefined && !flow.isOwn(to)) return [to, from];
  return [from, to ?? flow.account];
}

function answer(flow: YmsgFlow, step: number): void {
  const { pairs } = flow;
  const kind: EventKind = step === TAKEN ? 'file.accept' : 'file.decline';
  const event = between(flow, kind);
  const url = pairs.text(20);
  event.file = { name: pairs.text(27) ?? pairs.text(53), method: 'p2p', url };
  flow.say(event);
}

/** What is drawn or typed in a window that both see; the connection's own greetings say nothing. */
function onSharedWindow(flow: YmsgFlow): void {
  const { pairs } = flow;
  if (!pairs.is(49, 'IMVIRONMENT')) return;
  const event = between(flow, 'message');
  event.form = pairs.is(63, 'DOODLE') ? 'ink' : 'notice';
  event.subject = pairs.text(63);
  const text = flow.textPair(14);
  const verbatim = fillText(event, pairs.text(14, flow.legacy));
  if (event.text?.trim()) flow.say(event, verbatim ? text : -1);
}
