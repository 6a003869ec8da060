/** Events that policy did not want kept: counted, and told of in the record now and then. */
import { rfc3339 } from '../../../src/event/time.ts';
import type { LedgerEntry } from '../contract.ts';
import type { NotArchived } from './taken-position.ts';

/** Milliseconds of them that are told of in one entry. */
const TELL_EVERY = 60_000;

export class UnwantedEvents {
  /** Since the process began. */
  count = 0;
  /** What has no ledger entry yet: it goes with each position that is written. */
  untold: NotArchived | undefined;

  add(events: number): void {
    if (events === 0) return;
    this.count += events;
    const now = rfc3339(Date.now() * 1000);
    const { from = now, events: before = 0 } = this.untold ?? {};
    this.untold = { from, to: now, events: before + events };
  }

  /** undefined: there are none, or they can wait. */
  entry(now: boolean): LedgerEntry | undefined {
    if (this.untold === undefined) return undefined;
    const { from, to, events } = this.untold;
    if (!now && Date.now() - Date.parse(from) < TELL_EVERY) return undefined;
    const why = 'policy did not want them kept';
    return { what: 'not-archived', from, to, counts: { events }, why };
  }
}
