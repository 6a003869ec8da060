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
  readonly #seen = new Recent<string, Seen>(REMEMBERED);

  /**
   * True for every sighting of a message but the first, unless something else was decided about it there.
   * Ask once for each event.
   */
  isRepeated(event: Sighting): boolean {
    const { kind, flow, text, form, time } = event;
    if (kind !== 'message' || flow === undefined) return false;
    if (text === undefined && form === undefined) return false;
    const key = keyOf(event);
    const decided = decisionOf(event);
    const seen = this.#seen.get(key);
    if (seen === undefined || Math.abs(time - seen.time) > WINDOW) {
      this.#seen.set(key, {
        flow: flow.id,
        count: 1,
        others: undefined,
        most: 1,
        time,
        decided,
        decidedToo: undefined,
      });
      return false;
    }
    seen.time = time;
    const count = countOf(seen, flow.id);
    if (count === undefined) return true;
    const isNew = count > seen.most || !wasDecided(seen, decided);
    seen.most = Math.max(seen.most, count);
    if (isNew && decided !== seen.decided) {
      seen.decidedToo ??= new Set();
      seen.decidedToo.add(decided);
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

function keyOf({ service, from, to, room, text, form }: Sighting): string {
  const parties = room === undefined ? (to ?? []).join(' ') : `room ${room}`;
  return boundedKey(
    `${service ?? ''}\n${from ?? ''}\n${parties}\n${form ?? ''}\n${text ?? ''}`,
    KEY_CODE_UNITS,
  );
}
