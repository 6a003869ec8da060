/**
 * Whether a message was shown already: where both ends of a conversation pass the same wire, each
 * message is seen on its way to the server and on its way from it.
 *
 * The same words between the same parties on several connections are one message; on one connection
 * they are said again. So of equal messages there are as many as the connection has that saw most.
 */
import { Recent } from '../archive/vault/recent.ts';
import { boundedKey } from './kept.ts';

/** Microseconds: what comes later was said again. Offline messages wait longer, and are shown twice. */
const WINDOW = 120e6;
/** Messages remembered at a time. */
const REMEMBERED = 4096;
const KEY_CODE_UNITS = 1000;
/** Messages of one digest: there are more only where somebody makes them so, and then the oldest is forgotten. */
const MOST_ALIKE = 16;
const FACTOR = 0x9e3779b1; // 2^32 / golden ratio: what differs in a few bits ends far apart
/** Connections counted for one message: members of a room on this side of the wire. */
const MOST_FLOWS = 256;

/** What is looked at: an event, or what the archive keeps of one. */
export interface Sighting {
  /** Microseconds since 1970. */
  readonly time: number;
  readonly kind: string;
  readonly service: string | undefined;
  readonly flow: { readonly id: string } | undefined;
  readonly from: string | undefined;
  readonly to: readonly string[] | undefined;
  readonly room: string | undefined;
  readonly text: string | undefined;
  readonly form: string | undefined;
  readonly verdict: Decision | undefined;
}

interface Decision {
  readonly action: string;
  readonly rule?: string | undefined;
  readonly alert?: string | undefined;
}

interface Seen {
  /** What tells it from other messages. Of a long one, all of that is in `text`, bounded. */
  readonly service: string;
  readonly from: string;
  readonly parties: string;
  readonly form: string;
  readonly text: string;
  /** Another one of the same digest, seen before. */
  next: Seen | undefined;
  /** The connection that saw it first, and how often. */
  readonly flow: string;
  count: number;
  /** How often each other connection saw it. */
  others: Map<string, number> | undefined;
  most: number;
  time: number;
  /** What was decided where it was shown: first, and then. */
  readonly decided: string;
  decidedToo: Set<string> | undefined;
}

export class Deliveries {
  /** By digest: to make one text of all that tells a message apart would take longer than all else here. */
  readonly #seen = new Recent<number, Seen>(REMEMBERED);

  /**
   * True for every sighting of a message but the first, unless something else was decided about it there.
   * Ask once for each event.
   */
  isRepeated(event: Sighting): boolean {
    const { kind, flow, text, form, time } = event;
    if (kind !== 'message' || flow === undefined) return false;
    if (text === undefined && form === undefined) return false;
    const now = sightingOf(event, flow.id);
    const digest = digestOf(now);
    const alike = this.#seen.get(digest);
    const seen = alike && find(alike, now);
    if (seen === undefined || Math.abs(time - seen.time) > WINDOW) {
      now.next = alike && without(alike, seen, MOST_ALIKE - 1);
      this.#seen.set(digest, now);
      return false;
    }
    seen.time = time;
    const count = countOf(seen, flow.id);
    if (count === undefined) return true;
    const isNew = count > seen.most || !wasDecided(seen, now.decided);
    seen.most = Math.max(seen.most, count);
    if (isNew && now.decided !== seen.decided) {
      seen.decidedToo ??= new Set();
      seen.decidedToo.add(now.decided);
    }
    return !isNew;
  }
}

/** With this time; undefined: too many connections see it to count them. */
function countOf(seen: Seen, flow: string): number | undefined {
  if (flow === seen.flow) {
    seen.count += 1;
    return seen.count;
  }
  seen.others ??= new Map();
  const before = seen.others.get(flow);
  if (before === undefined && seen.others.size >= MOST_FLOWS - 1) return undefined;
  const count = (before ?? 0) + 1;
  seen.others.set(flow, count);
  return count;
}

function wasDecided({ decided, decidedToo }: Seen, decision: string): boolean {
  return decision === decided || decidedToo?.has(decision) === true;
}

/** An alert or a refusal, by rule; nothing where it passes quietly. */
function decisionOf({ verdict }: Sighting): string {
  if (verdict === undefined || (verdict.action === 'pass' && verdict.alert === undefined))
    return '';
  return `${verdict.action} ${verdict.rule} ${verdict.alert}`;
}

/** As if it were the first one. */
function sightingOf(event: Sighting, flow: string): Seen {
  let { service = '', from = '', form = '', text = '' } = event;
  let parties = event.room === undefined ? named(event.to) : `room ${event.room}`;
  const length = service.length + from.length + parties.length + form.length + text.length;
  if (length > KEY_CODE_UNITS) {
    text = boundedKey([service, from, parties, form, text].join('\n'), KEY_CODE_UNITS);
    service = '';
    from = '';
    parties = '';
    form = '';
  }
  return {
    service,
    from,
    parties,
    form,
    text,
    next: undefined,
    flow,
    count: 1,
    others: undefined,
    most: 1,
    time: event.time,
    decided: decisionOf(event),
    decidedToo: undefined,
  };
}

function named(to: readonly string[] = []): string {
  return to.length === 1 ? (to[0] ?? '') : to.join(' ');
}

function find(alike: Seen, sought: Seen): Seen | undefined {
  for (let seen: Seen | undefined = alike; seen !== undefined; seen = seen.next) {
    if (isSame(seen, sought)) return seen;
  }
  return undefined;
}

function isSame(a: Seen, b: Seen): boolean {
  return (
    a.text === b.text &&
    a.from === b.from &&
    a.parties === b.parties &&
    a.service === b.service &&
    a.form === b.form
  );
}

/** The first `most` of them, without one. */
function without(alike: Seen, one: Seen | undefined, most: number): Seen | undefined {
  if (alike === one) return alike.next;
  if (most === 0) return undefined;
  alike.next = alike.next && without(alike.next, one, most - 1);
  return alike;
}

/** 30 bits: a small integer. */
function digestOf({ service, from, parties, form, text }: Seen): number {
  let hash = mixed(0, service);
  hash = mixed(hash, from);
  hash = mixed(hash, parties);
  hash = mixed(hash, form);
  return mixed(hash, text) >>> 2;
}

function mixed(before: number, text: string): number {
  let hash = before ^ text.length;
  let i = 0;
  for (; i + 1 < text.length; i += 2) {
    hash = Math.imul(hash ^ text.charCodeAt(i) ^ (text.charCodeAt(i + 1) << 16), FACTOR);
    hash ^= hash >>> 15;
  }
  if (i < text.length) hash = Math.imul(hash ^ text.charCodeAt(i), FACTOR);
  return hash ^ (hash >>> 16);
}
