/** Messages under way: put together from chunks, said when their last octet is there. */

import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { ImBody } from '../framing/im-body.ts';
import { contentKind, fillContent } from '../framing/im-body-event.ts';
import { isAnonymous } from '../framing/sip-address.ts';
import { MsrpAnomaly } from './anomalies.ts';
import type { ByteRange } from './byte-range.ts';
import { kept, type MsrpFlow } from './msrp-flow.ts';
import type { MsrpHead } from './msrp-head.ts';
import { MESSAGE_LIMIT, MESSAGES_LIMIT, MESSAGES_OCTETS } from './msrp-limits.ts';
import { OctetRanges } from './octet-ranges.ts';
import type { Parties } from './parties.ts';

const TEXT_HELD = 600; // octets of a message beside its content

/** What of the head counts for the whole message. */
export interface TextHead {
  readonly parties: Parties;
  readonly messageId: string | undefined;
  readonly type: string | undefined;
  readonly encoding: string | undefined;
  readonly transferEncoding: string | undefined;
  readonly disposition: string | undefined;
}

export class Text {
  readonly head: TextHead;
  readonly octets = new OctetRanges(MESSAGE_LIMIT);
  total: number | undefined = undefined;
  /** Where the next octets of a streaming chunk belong. */
  at = 0;
  /** The chunk that says it is the last one has come. */
  last = false;

  constructor(head: TextHead) {
    this.head = head;
  }

  get isWhole(): boolean {
    return this.last && this.octets.covers(this.total ?? this.octets.length);
  }
}

export class Texts {
  readonly #flow: MsrpFlow;
  readonly #open = new Map<string, Text>();

  constructor(flow: MsrpFlow) {
    this.#flow = flow;
  }

  held(): number {
    let octets = 0;
    for (const [key, text] of this.#open) octets += TEXT_HELD + 2 * key.length + text.octets.size;
    return octets;
  }

  get(key: string): Text | undefined {
    return this.#open.get(key);
  }

  delete(key: string): void {
    this.#open.delete(key);
  }

  open(key: string, head: TextHead): Text {
    let octets = 0;
    for (const { octets: there } of this.#open.values()) octets += there.size;
    const [oldest] = this.#open.keys();
    const isFull = this.#open.size >= MESSAGES_LIMIT || octets > MESSAGES_OCTETS;
    if (oldest !== undefined && isFull) {
      this.#flow.anomaly(MsrpAnomaly.TableFull);
      this.#open.delete(oldest);
    }
    const text = new Text(head);
    this.#open.set(key, text);
    return text;
  }

  /** What there is of messages that never came to their end. */
  giveUp(): void {
    for (const text of this.#open.values()) {
      if (text.octets.length === 0) continue;
      this.#flow.anomaly(MsrpAnomaly.Incomplete);
      sayText(this.#flow, text.head, text.octets.buffer, 0, text.octets.length, -1);
    }
    this.#open.clear();
  }
}

export function textHead(head: MsrpHead, parties: Parties): TextHead {
  const { headers } = head;
  const messageId = headers.value('message-id');
  return {
    parties,
    messageId: messageId === undefined || messageId === '' ? undefined : kept(messageId),
    type: headers.value('content-type'),
    encoding: headers.value('content-encoding'),
    transferEncoding: headers.value('content-transfer-encoding'),
    disposition: headers.value('content-disposition'),
  };
}

/** One chunk's octets, at the place its Byte-Range says. */
export function putChunk(flow: MsrpFlow, text: Text, range: ByteRange, octets: Uint8Array): void {
  const { octets: there } = text;
  const before = there.overlapped;
  there.put(range.from, octets);
  if (there.overlapped && !before) flow.anomaly(MsrpAnomaly.Overlap);
  const end = range.from + octets.length;
  if (range.total !== undefined) {
    text.total ??= range.total;
    if (end > range.total) flow.anomaly(MsrpAnomaly.SizeExceeded);
  }
}

/**
 * The message at buffer[start, end). `shift` makes stream offsets of positions in the buffer, or is -1
 * where the message does not stand in the stream as a whole.
 */
export function sayText(
  flow: MsrpFlow,
  head: TextHead,
  buffer: Uint8Array,
  start: number,
  end: number,
  shift: number,
): void {
  const body = new ImBody().read(buffer, start, end, head);
  for (const odd of body.odd) flow.anomaly(odd);
  const inner = body.envelope?.from;
  const { parties } = head;
  const differs =
    parties.room === undefined &&
    parties.sender !== undefined &&
    !isAnonymous(inner) &&
    inner !== parties.sender;
  if (differs) flow.anomaly(MsrpAnomaly.CpimSenderDiffers);
  for (const item of body.items) {
    const kind = contentKind(item);
    if (kind === undefined) continue;
    const event = newTextEvent(flow, kind, head, body);
    fillContent(event, item, 'SEND');
    if (item.kind === 'text' && item.start !== -1 && shift !== -1) {
      flow.say(event, item.start + shift, item.end + shift);
    } else flow.say(event);
  }
}

function newTextEvent(flow: MsrpFlow, kind: EventKind, head: TextHead, body: ImBody): ImEvent {
  const { envelope } = body;
  const { parties } = head;
  const event = flow.newEvent(kind, parties);
  event.messageId = envelope?.messageId ?? head.messageId;
  event.subject = envelope?.subject;
  event.sentAt = envelope?.sentAt;
  if (envelope !== undefined) addressByEnvelope(event, parties, envelope);
  return event;
}

/** In a room the wrapper says who speaks, and to whom alone if not to all (RFC 7701 §6). */
function addressByEnvelope(
  event: ImEvent,
  parties: Parties,
  envelope: { readonly from: string | undefined; readonly to: string | undefined },
): void {
  const { room, origin, account } = parties;
  const { from, to } = envelope;
  if (room !== undefined) {
    if (!isAnonymous(from)) event.from = from;
    if (!isAnonymous(to) && to !== room && to !== undefined) {
      event.to = [to];
      event.route = 'direct';
    }
    if (origin === 'server' && event.from !== undefined && event.from === account) {
      event.copy = 'echo';
    }
    return;
  }
  if (parties.sender === undefined && !isAnonymous(from)) event.from = from;
  if (parties.recipient === undefined && !isAnonymous(to) && to !== undefined) event.to = [to];
  event.account ??= origin === 'client' ? event.from : event.to?.[0];
}
