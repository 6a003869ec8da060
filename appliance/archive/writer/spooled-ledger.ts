/**
 * What the writer itself has to tell in the record: it goes into the spool, to its place among the events, as
 * soon as there is room for it.
 */
import { rfc3339 } from '../../../src/event/time.ts';
import type { LedgerEntry } from '../contract.ts';
import type { Spool } from '../spool/spool.ts';
import { EntryKind } from '../spool/spool-entry.ts';
import type { MemorySpool } from './memory-spool.ts';
import { OwedEntries } from './owed-entries.ts';

export class SpooledLedger {
  readonly #spool: Spool | MemorySpool;
  readonly #owed = new OwedEntries();

  constructor(spool: Spool | MemorySpool) {
    this.#spool = spool;
  }

  add(entry: LedgerEntry): void {
    this.#owed.add(entry);
  }

  /** Of events, now. */
  owe(what: string, events: number, why: string): void {
    const now = rfc3339(Date.now() * 1000);
    this.#owed.add({ what, from: now, to: now, counts: { events }, why });
  }

  /** True: something was told of that was not before. */
  tell(): boolean {
    let told = false;
    for (const entry of this.#owed.take()) {
      const line = Buffer.from(`${JSON.stringify(entry)}\n`);
      const { refused } = this.#spool.add(EntryKind.Ledger, line);
      if (refused > 0) this.#owed.add(entry);
      else told = true;
    }
    return told;
  }
}
