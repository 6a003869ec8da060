/**
 * Records that are not there (purged) and content that is not there (erased): accepted only where an audit record
 * names exactly these. Tombstones come before the audit record that tells why, since a purge names what was there
 * before it: so a few numbers a purge are all that is kept.
 */
import { createHash, type Hash } from 'node:crypto';
import type { Findings } from './findings.ts';

export type AbsenceKind = 'purge' | 'erase';

/** Purges whose audit record has not come yet. Honest archives have one; a forged one cannot fill memory. */
const MOST_OPEN = 65_536;

const TABLES = { purge: 'tombstone', erase: 'erasure' } as const;
const WORDS = { purge: 'purged', erase: 'erased' } as const;

interface Open {
  readonly leaves: Hash;
  /** Over `12-40\n44\n`. */
  readonly ranges: Hash;
  readonly first: number;
  from: number;
  to: number;
  count: number;
}

export class Absences {
  readonly #kind: AbsenceKind;
  readonly #findings: Findings;
  readonly #open = new Map<number, Open>();
  #first = 1;
  #accepted = 0;
  #unjudged = 0;

  constructor(kind: AbsenceKind, findings: Findings) {
    this.#kind = kind;
    this.#findings = findings;
  }

  /** Records before this one are not looked at. */
  startAt(first: number): void {
    this.#first = first;
  }

  /** Records that audit records named. */
  get accepted(): number {
    return this.#accepted;
  }

  /** `audit` is the number of the audit record that the row points to. */
  add(sequence: number, audit: number, leaf: Uint8Array): void {
    if (!(audit > sequence)) {
      this.#forged(
        sequence,
        `says it was ${this.#word} by record ${audit}, which is older than itself`,
      );
      return;
    }
    let open = this.#open.get(audit);
    if (open === undefined) {
      if (this.#open.size >= MOST_OPEN) {
        this.#forged(sequence, `says it was ${this.#word} by record ${audit}: too many to be true`);
        return;
      }
      open = {
        leaves: createHash('sha256'),
        ranges: createHash('sha256'),
        first: sequence,
        from: sequence,
        to: sequence - 1,
        count: 0,
      };
      this.#open.set(audit, open);
    }
    open.leaves.update(leaf);
    if (sequence !== open.to + 1) {
      open.ranges.update(range(open.from, open.to));
      open.from = sequence;
    }
    open.to = sequence;
    open.count += 1;
  }

  /** An audit record with this action. */
  close(audit: number, details: unknown): void {
    const open = this.#open.get(audit);
    this.#open.delete(audit);
    const named = readDetails(details);
    if (named === undefined) {
      // Acts that delete nothing (a dry run, nothing was due) name nothing.
      if (open !== undefined)
        this.#forged(open.first, `record ${audit} does not name what was ${this.#word}`);
      return;
    }
    if (Number.parseInt(named.ranges[0] ?? '', 10) < this.#first) {
      this.#unjudged += named.count;
      return;
    }
    if (open === undefined) {
      if (named.count > 0) {
        this.#findings.add(
          'removed',
          audit,
          TABLES[this.#kind],
          `it names ${named.count} ${this.#word} records, and no row of ${TABLES[this.#kind]} is about it`,
        );
      }
      return;
    }
    open.ranges.update(range(open.from, open.to));
    const leaves = open.leaves.digest('hex');
    const ranges = createHash('sha256');
    for (const one of named.ranges) ranges.update(`${one}\n`);
    if (named.count !== open.count) {
      this.#differs(
        audit,
        open.first,
        `it names ${named.count} ${this.#word} records, there are ${open.count}`,
      );
    } else if (ranges.digest('hex') !== open.ranges.digest('hex')) {
      this.#differs(audit, open.first, `it names other records than those that are ${this.#word}`);
    } else if (leaves !== named.leaves) {
      this.#differs(
        audit,
        open.first,
        `the records it names were others: their leaves have another digest`,
      );
    } else {
      this.#accepted += open.count;
    }
  }

  /**
   * Audit records that never came. `last`: the last record seen; what points beyond it is not judged in a range.
   * Returns how many absences were not judged.
   */
  end(last: number, isRange: boolean): number {
    let unjudged = this.#unjudged;
    for (const [audit, { first, count }] of this.#open) {
      if (isRange && audit > last) unjudged += count;
      else {
        this.#forged(
          first,
          `${count === 1 ? 'it is' : `${count} records are`} said to be ${this.#word} by record ${audit}, which is no ${this.#kind}`,
        );
      }
    }
    this.#open.clear();
    return unjudged;
  }

  get #word(): string {
    return WORDS[this.#kind];
  }

  #forged(sequence: number, text: string): void {
    this.#findings.add('forged', sequence, TABLES[this.#kind], text);
  }

  #differs(audit: number, first: number, text: string): void {
    this.#findings.add('forged', first, TABLES[this.#kind], `record ${audit} tells why: ${text}`);
  }
}

function range(from: number, to: number): string {
  return from === to ? `${from}\n` : `${from}-${to}\n`;
}

function readDetails(details: unknown) {
  if (typeof details !== 'object' || details === null) return undefined;
  const { ranges, count, leaves } = details as Readonly<Record<string, unknown>>;
  if (!Array.isArray(ranges) || typeof count !== 'number' || typeof leaves !== 'string')
    return undefined;
  return { ranges: ranges.map(String), count, leaves };
}
