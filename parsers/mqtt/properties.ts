/**
 * Properties of MQTT 5.0 (§2.2.2): a variable byte integer with their octets, then identifier and
 * value, one after the other. Read in place; what the parser wants of them is kept as places.
 */
import { u16be } from '../../src/bytes/read.ts';
import { utf8 } from '../../src/bytes/text.ts';
import { varintOctets, varintValue } from './fixed-header.ts';

const Kind = { Octet: 1, Two: 2, Four: 4, Varint: 5, Text: 6, Pair: 7 } as const;

/** Kind of value by identifier (§2.2.2.2, table 2-4). */
const KINDS = new Uint8Array(0x2b);
for (const id of [0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2a]) KINDS[id] = Kind.Octet;
for (const id of [0x13, 0x21, 0x22, 0x23]) KINDS[id] = Kind.Two;
for (const id of [0x02, 0x11, 0x18, 0x27]) KINDS[id] = Kind.Four;
KINDS[0x0b] = Kind.Varint;
for (const id of [0x03, 0x08, 0x09, 0x12, 0x15, 0x16, 0x1a, 0x1c, 0x1f]) KINDS[id] = Kind.Text;
KINDS[0x26] = Kind.Pair;

const ASSIGNED_CLIENT = 0x12;
const REASON_STRING = 0x1f;
const TOPIC_ALIAS = 0x23;

export class Properties {
  /** Where they end: behind the last one; -1 where they do not fit or are not all there. */
  end = -1;
  /** How many there are, and whether any carries text or octets of somebody's own. */
  count = 0;
  free = false;
  topicAlias = 0;
  #assigned = -1;
  #reason = -1;

  /** Reads from the octets that tell their length; false where they are none. */
  read(buffer: Uint8Array, at: number, end: number): boolean {
    this.none(-1);
    const octets = varintOctets(buffer, at, end);
    if (octets <= 0) return false;
    const last = at + octets + varintValue(buffer, at);
    if (last > end) return false;
    let next = at + octets;
    while (next < last) {
      next = this.#one(buffer, next, last);
      if (next === -1) return false;
    }
    this.end = last;
    return true;
  }

  /** There are none, and what follows starts at `end`. */
  none(end: number): void {
    this.end = end;
    this.count = 0;
    this.free = false;
    this.topicAlias = 0;
    this.#assigned = -1;
    this.#reason = -1;
  }

  assignedClient(buffer: Uint8Array): string | undefined {
    return textAt(buffer, this.#assigned);
  }

  reason(buffer: Uint8Array): string | undefined {
    return textAt(buffer, this.#reason);
  }

  /** Behind the property at `at`, or -1. */
  #one(buffer: Uint8Array, at: number, end: number): number {
    const id = buffer[at] ?? 0;
    const value = at + 1;
    this.count += 1;
    const kind = KINDS[id] ?? 0;
    let next = -1;
    if (kind === Kind.Octet || kind === Kind.Two || kind === Kind.Four) next = value + kind;
    else if (kind === Kind.Varint) {
      const octets = varintOctets(buffer, value, end);
      next = octets <= 0 ? -1 : value + octets;
    } else if (kind === Kind.Text) next = behindText(buffer, value, end);
    else if (kind === Kind.Pair) {
      const second = behindText(buffer, value, end);
      next = second === -1 ? -1 : behindText(buffer, second, end);
    }
    if (next === -1 || next > end) return -1;
    if (kind === Kind.Text || kind === Kind.Pair) this.free = true;
    if (id === TOPIC_ALIAS) this.topicAlias = u16be(buffer, value);
    else if (id === ASSIGNED_CLIENT) this.#assigned = value;
    else if (id === REASON_STRING) this.#reason = value;
    return next;
  }
}

/** Behind the text (or binary data) whose two octets of length stand at `at`; -1 where it does not fit. */
export function behindText(buffer: Uint8Array, at: number, end: number): number {
  if (at + 2 > end) return -1;
  const next = at + 2 + u16be(buffer, at);
  return next > end ? -1 : next;
}

function textAt(buffer: Uint8Array, at: number): string | undefined {
  if (at === -1) return undefined;
  const text = utf8(buffer, at + 2, at + 2 + u16be(buffer, at));
  return text === '' ? undefined : text;
}
