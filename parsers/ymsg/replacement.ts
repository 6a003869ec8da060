/**
 * What a proxy puts in the place of a refused packet (dossier §8): the refusal that the protocol itself
 * has, to whoever sent it, and the notice to the user. The table is in README.md.
 */
import type { ImEvent } from '../../src/event/event.ts';
import { Direction, type Replacement, type Unit } from '../contract.ts';
import { type Field, joined, packetOf } from './packet-writer.ts';
import { withoutRefused } from './rest-of-packet.ts';
import { HeaderStatus, Service } from './services.ts';
import { canonicalId } from './text-value.ts';
import type { YmsgFlow } from './ymsg-flow.ts';
import { HEADER } from './ymsg-limits.ts';

const NOTHING = new Uint8Array(0);
const HELPER = 'YahooHelper';
/** Key 66 of 0x83: not 0 (done) and not 2 (on the list already). */
const NO = 3;
const DENIED = 2;

interface Refusal {
  readonly service: number;
  readonly status: number;
  readonly fields: readonly Field[];
}

export function replacementFor(
  flow: YmsgFlow,
  event: ImEvent,
  unit: Unit,
  notice: string | undefined,
): Replacement | undefined {
  if (unit.head !== HEADER || flow.protocol !== 'ymsg') return undefined;
  const toServer = flow.toServer;
  const refusal = refusalOf(flow, event, notice);
  const back = refusal === undefined ? NOTHING : packet(flow, opposite(flow.direction), refusal);
  const told = notice === undefined ? NOTHING : noticeOf(flow, event, notice);
  if (toServer) {
    // The user reads a notice instead of the bare word that something was not sent.
    const isBare = refusal?.status === HeaderStatus.NotSent && notice !== undefined;
    return { forward: forwardOf(flow, event), back: joined([isBare ? NOTHING : back, told]) };
  }
  return { forward: joined([forwardOf(flow, event), told]), back };
}

/** The protocol's own refusal to whoever sent the packet; undefined where it has none. */
function refusalOf(
  flow: YmsgFlow,
  event: ImEvent,
  notice: string | undefined,
): Refusal | undefined {
  const { toServer, packet } = flow;
  switch (packet.service) {
    case Service.Message:
      return toServer ? notSent(flow) : acknowledged(flow);
    case Service.AddBuddy:
      return toServer ? notAdded(flow) : undefined;
    case Service.NewContact:
      return event.kind === 'contact.request' && !toServer
        ? clientSays(Service.RejectContact, [
            [1, flow.id(1) ?? flow.account ?? ''],
            [7, event.from ?? ''],
            [14, notice ?? ''],
          ])
        : undefined;
    case Service.AuthRequest15:
      return event.kind === 'contact.request' && !toServer
        ? denied(flow, event, notice)
        : undefined;
    case Service.FileTransfer15:
      if (event.kind === 'file.offer') return fileStep(flow, 4);
      return event.kind === 'file.accept' ? fileStep(flow, 2) : undefined;
    case Service.FileInfo15:
    case Service.FileAccept15:
      return givenUp(flow, packet.service);
    case Service.ConferenceInvite:
    case Service.ConferenceAddInvite:
      return toServer ? inviteDeclined(flow, event) : declining(flow, event, notice);
    default:
      return undefined;
  }
}

/** What goes on instead: nothing, but where the protocol waits for an answer, or others' words stay. */
function forwardOf(flow: YmsgFlow, event: ImEvent): Uint8Array {
  const { packet: head, direction } = flow;
  if (head.service === Service.Message && !flow.toServer) return withoutRefused(flow);
  if (head.service === Service.FileTransfer15 && event.kind === 'file.accept') {
    const { fields } = asSent(flow, 4);
    return packetOf(flow, direction, head.service, head.status, fields);
  }
  return NOTHING;
}

/** S→C 0x06 with status 2: clients say that the message was not sent. */
function notSent(flow: YmsgFlow): Refusal {
  return serverSays(
    Service.Message,
    [
      [4, flow.id(5) ?? HELPER],
      [5, flow.id(1) ?? flow.account ?? ''],
    ],
    HeaderStatus.NotSent,
  );
}

/** C→S 0xFB: what is not acknowledged is sent once more. Messages before YMSG 16 have no number. */
function acknowledged(flow: YmsgFlow): Refusal | undefined {
  // Of this message, where the packet holds several.
  const { pairs } = flow;
  const [from, to] = flow.block ?? [0, pairs.size];
  const id = pairs.text(429, false, from, to);
  if (id === undefined) return undefined;
  return clientSays(Service.MessageAck, [
    [1, canonicalId(pairs.text(5, false, from, to)) ?? flow.account ?? ''],
    [5, canonicalId(pairs.text(4, false, from, to)) ?? ''],
    [302, 430],
    [430, id],
    [303, 430],
    [450, 0],
  ]);
}

function notAdded(flow: YmsgFlow): Refusal {
  return serverSays(Service.AddBuddy, [
    [1, flow.id(1) ?? flow.account ?? ''],
    [66, NO],
    [7, flow.id(7) ?? ''],
    [65, flow.pairs.text(65) ?? ''],
  ]);
}

function denied(flow: YmsgFlow, event: ImEvent, notice: string | undefined): Refusal {
  return clientSays(Service.AuthRequest15, [
    [1, flow.id(5) ?? flow.account ?? ''],
    [5, event.from ?? ''],
    [13, DENIED],
    [334, 0],
    [97, 1],
    [14, notice ?? ''],
  ]);
}

/** 0xDC as the other party would say it. */
function fileStep(flow: YmsgFlow, step: number): Refusal {
  return {
    service: Service.FileTransfer15,
    status: flow.toServer ? HeaderStatus.Server : HeaderStatus.Default,
    fields: [...parties(flow), [265, flow.pairs.text(265) ?? ''], [222, step]],
  };
}

function givenUp(flow: YmsgFlow, service: number): Refusal {
  return {
    service,
    status: HeaderStatus.Failed,
    fields: [...parties(flow), [265, flow.pairs.text(265) ?? ''], [66, -1]],
  };
}

/** The same 0xDC as it came, with another step. */
function asSent(flow: YmsgFlow, step: number): { fields: readonly Field[] } {
  const [key, from] = flow.toServer ? ([1, flow.id(1)] as const) : ([4, flow.id(4)] as const);
  return {
    fields: [
      [key, from ?? ''],
      [5, flow.id(5) ?? ''],
      [265, flow.pairs.text(265) ?? ''],
      [222, step],
    ],
  };
}

/** Keys 4 and 5 of an answer to the client, 1 and 5 of one to the server. */
function parties(flow: YmsgFlow): readonly Field[] {
  const own = flow.toServer ? flow.id(1) : flow.id(5);
  const other = flow.toServer ? flow.id(5) : flow.id(4);
  return flow.toServer
    ? [
        [4, other ?? ''],
        [5, own ?? flow.account ?? ''],
      ]
    : [
        [1, own ?? flow.account ?? ''],
        [5, other ?? ''],
      ];
}

function inviteDeclined(flow: YmsgFlow, event: ImEvent): Refusal {
  return serverSays(Service.ConferenceDecline, [
    [1, flow.id(1) ?? flow.account ?? ''],
    [57, flow.pairs.text(57) ?? ''],
    [54, event.to?.[0] ?? ''],
    [14, ''],
  ]);
}

function declining(flow: YmsgFlow, event: ImEvent, notice: string | undefined): Refusal {
  return clientSays(Service.ConferenceDecline, [
    [1, flow.id(1) ?? flow.account ?? ''],
    [3, event.from ?? ''],
    [57, flow.pairs.text(57) ?? ''],
    [14, notice ?? ''],
  ]);
}

/** S→C 0x06 in the conversation that it is about; the network's helper says the rest. */
function noticeOf(flow: YmsgFlow, event: ImEvent, notice: string): Uint8Array {
  const peer = flow.toServer ? event.to?.[0] : event.from;
  const speaker = event.route === 'direct' && event.kind === 'message' ? peer : undefined;
  const fields: Field[] = [
    [4, speaker ?? HELPER],
    [5, flow.account ?? ''],
    [14, notice],
    [97, 1],
  ];
  return packetOf(flow, Direction.ToClient, Service.Message, HeaderStatus.Server, fields);
}

function serverSays(
  service: number,
  fields: readonly Field[],
  status: number = HeaderStatus.Server,
): Refusal {
  return { service, status, fields };
}

function clientSays(service: number, fields: readonly Field[]): Refusal {
  return { service, status: HeaderStatus.Default, fields };
}

function packet(flow: YmsgFlow, direction: Direction, refusal: Refusal): Uint8Array {
  return packetOf(flow, direction, refusal.service, refusal.status, refusal.fields);
}

function opposite(direction: Direction): Direction {
  return direction === Direction.ToServer ? Direction.ToClient : Direction.ToServer;
}
