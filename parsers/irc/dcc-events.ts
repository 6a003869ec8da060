/**
 * DCC offers and answers as events, and the connections they announce.
 *
 * active:  offerer  SEND name addr port size          offerer listens, the answerer connects
 * passive: offerer  SEND name fake 0 size token       answerer  SEND name addr port size token
 * resume:  answerer RESUME name port pos [token]      offerer   ACCEPT name port pos [token]
 */
import { boundedCopy } from '../../src/bytes/text.ts';
import type { FileReference, ImEvent } from '../../src/event/event.ts';
import type { TransferOffer } from '../contract.ts';
import { Anomaly } from './anomalies.ts';
import { type DccRequest, DccVerb } from './dcc-request.ts';
import { type IrcFlow, some } from './irc-flow.ts';
import { NAME_LIMIT } from './irc-limits.ts';

/** The parties of the request: who says it, and to whom. */
export interface DccParties {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly room: string | undefined;
}

/** Says what the request means. False where it is not about a file: the caller reports its text. */
export function sayDccFile(flow: IrcFlow, request: DccRequest, parties: DccParties): boolean {
  switch (request.verb) {
    case DccVerb.Send:
      offerOrAnswer(flow, request, parties);
      return true;
    case DccVerb.Resume:
    case DccVerb.Accept:
      resume(flow, request, parties);
      return true;
    case DccVerb.Reject:
      return decline(flow, request, parties);
    case DccVerb.Chat:
      return false;
  }
}

/** Registers the connection of a chat offer or of the answer to a passive one. */
export function expectChat(
  flow: IrcFlow,
  request: DccRequest,
  parties: DccParties,
  refused: boolean,
): void {
  if (request.port === 0) {
    if (request.token === undefined) return;
    flow.offers.add(request.token, peerOf(flow, parties), chatOffer(flow, request, parties, false));
    return;
  }
  const passive =
    request.token === undefined
      ? undefined
      : flow.offers.find(request.token, peerOf(flow, parties));
  expect(flow, 'dcc-chat', request, passive ?? chatOffer(flow, request, parties, true), refused);
}

function offerOrAnswer(flow: IrcFlow, request: DccRequest, parties: DccParties): void {
  check(flow, request);
  const peer = peerOf(flow, parties);
  const answers = request.token !== undefined && request.port !== undefined && request.port > 0;
  if (answers) {
    const offer = flow.offers.find(request.token ?? '', peer) ?? answered(flow, request, parties);
    const event = fileEvent(flow, 'file.accept', request, parties, offer);
    expect(flow, 'dcc-send', request, offer, flow.say(event));
    return;
  }
  const offer = newOffer(flow, request, parties, request.port !== 0);
  const refused = flow.say(fileEvent(flow, 'file.offer', request, parties, offer));
  // Also where it is refused: the connection is then not to be.
  if (request.port !== 0) expect(flow, 'dcc-send', request, offer, refused);
  if (refused) return;
  const mark = request.port === 0 ? request.token : portText(request);
  if (mark !== undefined && !flow.offers.add(mark, peer, offer)) flow.tableFull();
}

function resume(flow: IrcFlow, request: DccRequest, parties: DccParties): void {
  const mark = request.token ?? portText(request);
  const offer = flow.offers.find(mark ?? '', peerOf(flow, parties));
  const event = fileEvent(flow, 'file.accept', request, parties, offer);
  const granted = request.verb === DccVerb.Accept;
  event.state = granted ? 'resumed' : 'resume-requested';
  if (flow.say(event) || offer === undefined || !granted) return;
  if (request.position !== undefined) offer.offset = request.position;
}

function decline(flow: IrcFlow, request: DccRequest, parties: DccParties): boolean {
  if (request.type !== 'SEND' && request.type !== 'GET') return false;
  const offer = flow.offers.findByName(request.name, peerOf(flow, parties));
  flow.say(fileEvent(flow, 'file.decline', request, parties, offer));
  return true;
}

function fileEvent(
  flow: IrcFlow,
  kind: 'file.offer' | 'file.accept' | 'file.decline',
  request: DccRequest,
  parties: DccParties,
  offer: TransferOffer | undefined,
): ImEvent {
  const event = flow.tagged(kind);
  event.from = parties.from;
  if (parties.to !== undefined) event.to = [parties.to];
  event.room = parties.room;
  event.route = parties.room === undefined ? 'direct' : 'room';
  if (kind === 'file.offer' && event.copy === undefined && !flow.toServer) {
    if (flow.isOwn(parties.from)) event.copy = 'echo';
  }
  const file: FileReference = {
    name: (kind === 'file.offer' ? undefined : offer?.name) ?? some(request.name ?? ''),
    size: offer?.size ?? request.size,
    method: 'dcc',
    token: (kind === 'file.offer' ? undefined : offer?.token) ?? request.token ?? portText(request),
    endpoint: endpointOf(request),
  };
  if (request.position !== undefined) file.offset = request.position;
  event.file = file;
  return event;
}

function newOffer(
  flow: IrcFlow,
  request: DccRequest,
  parties: DccParties,
  senderListens: boolean,
): TransferOffer {
  return {
    service: 'irc',
    account: flow.nick,
    sender: kept(parties.from),
    recipient: kept(parties.to),
    senderListens,
    room: kept(parties.room),
    name: kept(some(request.name ?? '')),
    size: request.size,
    offset: 0,
    mime: undefined,
    token: kept(request.token) ?? portText(request),
    method: 'dcc',
    origin: flow.toServer ? 'client' : 'server',
  };
}

/** What outlives the line, in the parser and with the connection that is waited for. */
function kept(text: string | undefined): string | undefined {
  return text === undefined ? undefined : boundedCopy(text, NAME_LIMIT);
}

/** The offer that an answer speaks of, when the offer itself was not seen. */
function answered(
  flow: IrcFlow,
  request: DccRequest,
  { from, to, room }: DccParties,
): TransferOffer {
  const offer = newOffer(flow, request, { from: to, to: from, room }, false);
  return { ...offer, origin: flow.toServer ? 'server' : 'client' };
}

function chatOffer(
  flow: IrcFlow,
  request: DccRequest,
  parties: DccParties,
  offererListens: boolean,
): TransferOffer {
  return { ...newOffer(flow, request, parties, offererListens), name: undefined, size: undefined };
}

/** The content of SSEND and SCHAT is TLS, which is recognised by itself. */
function expect(
  flow: IrcFlow,
  protocol: 'dcc-send' | 'dcc-chat',
  { address, port, secure }: DccRequest,
  offer: TransferOffer,
  refused: boolean,
): void {
  if (secure || address === undefined || address === '0.0.0.0') return;
  if (port === undefined || port === 0) return;
  flow.sink.expect({ protocol, service: 'irc', address, port, offer }, refused);
}

function check(flow: IrcFlow, request: DccRequest): void {
  if (request.port === undefined || (request.port === 0 && request.token === undefined)) {
    flow.anomaly(Anomaly.DccBadPort);
  }
  if (request.address === undefined) flow.anomaly(Anomaly.DccBadAddress);
  if (request.badSize) flow.anomaly(Anomaly.DccBadSize);
}

function endpointOf({ address, port }: DccRequest): string | undefined {
  if (address === undefined || port === undefined || port === 0) return undefined;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function portText({ port }: DccRequest): string | undefined {
  return port === undefined || port === 0 ? undefined : String(port);
}

/** The party at the other end, folded. */
function peerOf(flow: IrcFlow, { from, to, room }: DccParties): string {
  return flow.support.fold((flow.toServer ? (to ?? room) : from) ?? '');
}
