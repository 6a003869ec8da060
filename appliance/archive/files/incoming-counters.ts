/** What became of the transfers that came into `incoming/`. */
import { isHeld, type KeptState } from './kept-note.ts';

export interface IncomingCounters {
  /** Files handed to the archive. */
  kept: number;
  octets: number;
  /** Asked for, and not kept: over a cap. */
  tooLarge: number;
  noRoom: number;
  tooMany: number;
  /** The disk refused, or did not keep up. */
  behind: number;
  /** Began, and never were whole. */
  unfinished: number;
}

export function noneIncoming(): IncomingCounters {
  return { kept: 0, octets: 0, tooLarge: 0, noRoom: 0, tooMany: 0, behind: 0, unfinished: 0 };
}

export function countIncoming(counters: IncomingCounters, state: KeptState, size: number): void {
  if (isHeld(state)) {
    counters.kept += 1;
    counters.octets += size;
  } else if (state === 'too-large') counters.tooLarge += 1;
  else if (state === 'no-room') counters.noRoom += 1;
  else if (state === 'too-many') counters.tooMany += 1;
  else if (state === 'unfinished') counters.unfinished += 1;
  else counters.behind += 1;
}
