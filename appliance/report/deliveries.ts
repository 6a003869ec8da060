/**
 * Whether a message was shown already: where both ends of a conversation pass the same wire, each
 * message is seen on its way to the server and on its way from it.
 *
 * The same words between the same parties on several connections are one message; on one connection
 * they are said again. So of equal messages there are as many as the connection has that saw most.
 */
import { LRUCache } from 'lru-cache';
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
  /** How often each connection saw it. */
  readonly byFlow: Map<string, number>;
  most: number;
  time: number;
  /** What was decided where it was shown. */
  readonly decided: Set<string>;
}

export class Deliveries {
  readonly #seen = new LRUCache<string, Seen>({ max: REMEMBERED });

  /**
   * True for every sighting of a message but the first, unless something else was decided about it there.
   * Ask once for each event.
   */
  isRepeated(event: Sighting): boolean {
    const { kind, flow, text, form } = event;
    if (kind !== 'message' || flow === undefined) return false;
    if (text === undefined && form === undefined) return false;
    const key = keyOf(event);
    let seen = this.#seen.get(key);
    if (seen === undefined || Math.abs(event.time - seen.time) > WINDOW) {
      seen = { byFlow: new Map(), most: 0, time: event.time, decided: new Set() };
      this.#seen.set(key, seen);
    }
    seen.time = event.time;
    if (seen.byFlow.size >= MOST_FLOWS && !seen.byFlow.has(flow.id)) return true;
    const count = (seen.byFlow.get(flow.id) ?? 0) + 1;
    seen.byFlow.set(flow.id, count);
    const decided = decisionOf(event);
    const isNew = count > seen.most || !seen.decided.has(decided);
    seen.most = Math.max(seen.most, count);
    if (isNew) seen.decided.add(decided);
    return !isNew;
  }
}

/** An alert or a refusal, by rule; nothing where it passes quietly. */
function decisionOf({ verdict }: Sighting): string {
  if (verdict === undefined || (verdict.action === 'pass' && verdict.alert === undefined))
    return '';
  return `${verdict.action} ${verdict.rule} ${verdict.alert}`;
}

function keyOf({ service, from, to, room, text, form }: Sighting): string {
  const parties = room === undefined ? (to ?? []).join(' ') : `room ${room}`;
  return boundedKey([service, from, parties, form, text].join('\n'), KEY_CODE_UNITS);
}
