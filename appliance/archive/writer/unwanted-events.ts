/** Events that policy did not want kept: counted, and told of in the record now and then. */
import { rfc3339 } from '../../../src/event/time.ts';
import type { LedgerEntry } from '../contract.ts';
import type { NotArchived } from './taken-position.ts';

/** Milliseconds of them that are told of in one entry. */
const TELL_EVERY = 60_000;

/** What has no ledger entry yet, with `events` more: it goes with each position that is written. */
export function withUnwanted(
  untold: NotArchived | undefined,
  events: number,
): NotArchived | undefined {
  if (events === 0) return untold;
  const now = rfc3339(Date.now() * 1000);
  const { from = now, events: before = 0 } = untold ?? {};
  return { from, to: now, events: before + events };
}

/** undefined: there are none, or they can wait. */
export function unwantedEntry(
  untold: NotArchived | undefined,
  now: boolean,
): LedgerEntry | undefined {
  if (untold === undefined) return undefined;
  const { from, to, events } = untold;
  if (!now && Date.now() - Date.parse(from) < TELL_EVERY) return undefined;
  const why = 'policy did not want them kept';
  return { what: 'not-archived', from, to, counts: { events }, why };
}
