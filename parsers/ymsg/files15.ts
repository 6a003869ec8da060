/**
 * Files of YMSG 15 and later (dossier §7.2), all tied by key 265.
 *
 *   0xDC  222: 1 offer (266 files, 27 and 28 of each), 2 cancel, 3 accept, 4 decline
 *   0xDD  the sender says how: 27 name, 249 mode, 250 relay or URL, 251 the relay's token (of the server)
 *   0xDE  the recipient agrees: 27, 249, 251 or a URL of its own in 250; 271 = 1: the next file
 *   mode  1 the sender listens, 2 the recipient does, 3 a relay
 *   66 = -1 or header status -1 in any of them: given up
 */
import { Anomaly } from './anomalies.ts';
import { KnownTransfers, type OfferedFile } from './known-transfers.ts';
import { between } from './notify.ts';
import { HeaderStatus, Service } from './services.ts';
import { boundedName } from './text-value.ts';
import { expectAt, fileEvent, relayedBy, sizeAt } from './transfer-events.ts';
import { urlParts } from './url-parts.ts';
import type { YmsgFlow } from './ymsg-flow.ts';
import { FILE_NAME_LIMIT, FILES_LIMIT, URL_LIMIT } from './ymsg-limits.ts';

const Step = { Offer: 1, Cancel: 2, Accept: 3, Decline: 4 } as const;
const Mode = { SenderListens: 1, RecipientListens: 2, Relay: 3 } as const;
const GIVEN_UP = -1;

export function onFileTransfer15(flow: YmsgFlow): void {
  const token = boundedName(flow.pairs.text(265));
  const step = flow.pairs.number(222);
  // To libpurple whatever names files and is none of the other steps is an offer.
  const isOther = step === Step.Cancel || step === Step.Accept || step === Step.Decline;
  if (!isOther && flow.pairs.find(27) !== -1) {
    offer(flow, token);
    return;
  }
  if (isGivenUp(flow)) {
    tell(flow, 'file.cancel', token, 'given up');
    return;
  }
  switch (step) {
    case Step.Cancel:
      tell(flow, 'file.cancel', token, undefined);
      break;
    case Step.Accept:
      tell(flow, 'file.accept', token, undefined);
      break;
    case Step.Decline:
      tell(flow, 'file.decline', token, undefined);
      break;
    default:
  }
}

/** 0xDD and 0xDE: where the data will pass. */
export function onFileInfo15(flow: YmsgFlow): void {
  const { pairs, packet, context } = flow;
  const token = boundedName(pairs.text(265));
  if (isGivenUp(flow)) {
    tell(flow, 'file.cancel', token, 'given up');
    return;
  }
  if (token === undefined) return;
  const known = new KnownTransfers(context.memory);
  const ofSender = packet.service === Service.FileInfo15;
  const said = between(flow, 'file.accept');
  const batch = known.batch(token);
  const name = boundedName(pairs.text(27), FILE_NAME_LIMIT);
  const file = known.fileOf(token, name);
  const mode = pairs.number(249);
  const url = pairs.text(250);
  const transfer = {
    sender: batch?.sender ?? (ofSender ? said.from : said.to?.[0]),
    recipient: batch?.recipient ?? (ofSender ? said.to?.[0] : said.from),
    account: flow.account,
    origin: isSender(flow, ofSender) ? ('client' as const) : ('server' as const),
    name: file?.name ?? name,
    size: file?.size,
    token,
    url: undefined,
    method: mode === Mode.Relay ? ('ymsg-http' as const) : ('p2p' as const),
    passed: false,
  };
  const relay = boundedName(pairs.text(251));
  const refused = batch?.refused === true;
  if (relay !== undefined) relayedBy(flow, relay, transfer, refused);
  const parts = url === undefined || mode === Mode.Relay ? undefined : urlParts(url);
  if (parts === undefined) return;
  const there = { ...transfer, url: boundedName(url, URL_LIMIT) };
  expectAt(flow, there, parts, mode === Mode.SenderListens, { refused, shared: false });
}

/** Whether the client of this flow sends the file. */
function isSender(flow: YmsgFlow, ofSender: boolean): boolean {
  return flow.toServer === ofSender;
}

function offer(flow: YmsgFlow, token: string | undefined): void {
  const { pairs } = flow;
  const parties = between(flow, 'file.offer');
  const [from, to] = [parties.from, parties.to?.[0]];
  const files: OfferedFile[] = [];
  let refused = false;
  for (let i = pairs.find(27); i !== -1; ) {
    const next = pairs.find(27, i + 1);
    const size = sizeAt(flow, pairs.find(28, i, next === -1 ? pairs.size : next));
    const name = pairs.at(i);
    i = next;
    if (files.length >= FILES_LIMIT) {
      flow.once(Anomaly.TooManyPeople);
      break;
    }
    files.push({ name: boundedName(name, FILE_NAME_LIMIT), size });
    const event = fileEvent(flow, 'file.offer', from, to, { name, size, token });
    event.text = pairs.text(14, flow.legacy);
    if (flow.say(event)) refused = true;
  }
  if (token === undefined) return;
  const batch = { token, sender: from, recipient: to, files, ...(refused ? { refused } : {}) };
  new KnownTransfers(flow.context.memory).setBatch(batch);
}

function tell(
  flow: YmsgFlow,
  kind: 'file.accept' | 'file.decline' | 'file.cancel',
  token: string | undefined,
  reason: string | undefined,
): void {
  const { from, to } = between(flow, kind);
  const batch =
    token === undefined ? undefined : new KnownTransfers(flow.context.memory).batch(token);
  const files = batch?.files ?? [];
  const named = flow.pairs.text(27);
  const one = files.length === 1 ? files[0] : undefined;
  const event = fileEvent(flow, kind, from, to?.[0], {
    name: named ?? one?.name,
    size: named === undefined ? one?.size : undefined,
    token,
  });
  event.reason = reason;
  flow.say(event);
}

function isGivenUp(flow: YmsgFlow): boolean {
  return flow.packet.status === HeaderStatus.Failed || flow.pairs.number(66) === GIVEN_UP;
}
