/**
 * What stands in the place of a refused unit: a packet of the same length, type and packet identifier, so
 * that every acknowledgement still finds its packet, and that nobody gets.
 *
 *   Blank        spaces from `head` on (a will's payload; a PUBLISH whose topic is an alias)
 *   Publish…     the topic becomes `$$…`: no wildcard matches a topic that begins so (§4.7.2), and no
 *                retained message stays behind; behind it come the packet identifier and spaces
 *   Subscribe    its topics become one filter `$$…` of QoS 0
 *   Unsubscribe  the same without options
 */
import type { Neutraliser, RefusedUnit } from '../contract.ts';
import { varintLength } from './fixed-header.ts';

export const Form = {
  Blank: 0,
  /** PUBLISH of QoS 0; of QoS 1 or 2; the same with properties (5.0). */
  Publish: 1,
  PublishWithId: 2,
  Publish5: 3,
  Publish5WithId: 4,
  Subscribe: 5,
  Unsubscribe: 6,
} as const;
export type Form = (typeof Form)[keyof typeof Form];

const SPACE = 0x20;
export const DOLLAR = 0x24;
const RETAIN = 0x01;

export const neutralise: Neutraliser = (part, from, unit) => {
  const topic =
    unit.form === Form.Blank ? 0 : unit.form >= Form.Subscribe ? unit.head + 2 : topicAt(unit);
  for (let i = 0; i < part.length; i++) {
    part[i] = octetAt(from + i, part[i] ?? 0, topic, unit);
  }
};

/** Where the topic of a PUBLISH starts: behind the fixed header and two octets of its length. */
function topicAt({ length }: RefusedUnit): number {
  let header = 2;
  while (header < 5 && 1 + varintLength(Math.max(0, length - header)) !== header) header++;
  return header + 2;
}

function octetAt(at: number, was: number, topic: number, unit: RefusedUnit): number {
  const { form, head, length } = unit;
  if (form === Form.Blank) return at < head ? was : SPACE;
  if (form >= Form.Subscribe) {
    const options = form === Form.Subscribe ? 1 : 0;
    if (at < head) return was;
    const octets = Math.max(0, length - head - 2 - options);
    if (at === head) return (octets >> 8) & 0xff;
    if (at === head + 1) return octets & 0xff;
    return at < topic + octets ? DOLLAR : 0;
  }
  if (at === 0) return was & ~RETAIN;
  const withId = form === Form.PublishWithId || form === Form.Publish5WithId;
  if (at < topic) return was;
  if (at < head - (withId ? 2 : 0)) return DOLLAR;
  if (at < head) return was;
  // No properties: their length is 0.
  return at === head && form >= Form.Publish5 ? 0 : SPACE;
}
