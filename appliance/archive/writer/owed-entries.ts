/** Ledger entries that found no room yet: those of one kind and cause become one of a longer stretch. */
import type { LedgerEntry } from '../contract.ts';

/** Kinds and causes told apart; what comes after shares one. */
const MOST = 64;

export class OwedEntries {
  readonly #entries = new Map<string, LedgerEntry>();

  add(entry: LedgerEntry): void {
    const key = `${entry.what}\n${entry.why ?? ''}`;
    const known = this.#entries.get(key);
    if (known === undefined && this.#entries.size >= MOST) {
      const { what, why, ...rest } = entry;
      this.#put('(others)', { ...rest, what: 'lost', why: 'several causes' });
    } else this.#put(key, entry);
  }

  /** All of them; they are no longer owed. */
  take(): LedgerEntry[] {
    const all = [...this.#entries.values()];
    this.#entries.clear();
    return all;
  }

  #put(key: string, entry: LedgerEntry): void {
    const known = this.#entries.get(key);
    if (known === undefined) {
      this.#entries.set(key, entry);
      return;
    }
    const counts: Record<string, number> = { ...known.counts };
    for (const [name, count] of Object.entries(entry.counts)) {
      counts[name] = (counts[name] ?? 0) + count;
    }
    this.#entries.set(key, { ...known, to: entry.to, counts });
  }
}
