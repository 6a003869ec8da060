/**
 * Entries of the spool that become records in one transaction. They are made drafts one by one while they are
 * written, and again where they are written again, so that thousands of drafts need not be held; what each
 * entry turned out to be is told once.
 */
import { rfc3339 } from '../../../src/event/time.ts';
import type { LedgerEntry, RecordDraft } from '../contract.ts';
import type { EventDrafts } from '../record/draft-event.ts';
import { EntryKind, type SpoolEntry } from '../spool/spool-entry.ts';
import type { SpoolPosition } from '../spool/spool-position.ts';
import type { SpoolRead } from '../spool/spool-reader.ts';

const Fate = { Unknown: 0, Record: 1, Unwanted: 2, Refused: 3 } as const;

/** Events. */
export interface Taken {
  readonly archived: number;
  /** Policy did not want them kept. */
  readonly unwanted: number;
}

export class WaitingBatch {
  /** After its last entry. */
  readonly position: SpoolPosition;
  /** Entries that had been spooled and are gone. */
  readonly missing: number;
  readonly #entries: readonly SpoolEntry[];
  readonly #fates: Uint8Array;
  readonly #drafts: EventDrafts;
  readonly #refuse: (line: string, why: string) => void;
  /** Made already, of the first entries. */
  #ahead: (RecordDraft | undefined)[] = [];
  /** Entries that the database has: a part of it came through. */
  #taken = 0;

  /** undefined: there was nothing to be read. `refuse` hears of what is no event. */
  static of(
    { entries, position, missing, torn }: SpoolRead,
    drafts: EventDrafts,
    refuse: (line: string, why: string) => void,
  ): WaitingBatch | undefined {
    if (position === undefined) return undefined;
    const before = (entries[0]?.number ?? position.number + 1) - 1;
    const told = damage(missing, torn).map((entry) => ledgerEntry(before, entry));
    const all = told.length === 0 ? entries : [...told, ...entries];
    return new WaitingBatch(all, { position, missing }, drafts, refuse);
  }

  private constructor(
    entries: readonly SpoolEntry[],
    { position, missing }: Pick<WaitingBatch, 'position' | 'missing'>,
    drafts: EventDrafts,
    refuse: (line: string, why: string) => void,
  ) {
    this.#entries = entries;
    this.#fates = new Uint8Array(entries.length);
    this.position = position;
    this.missing = missing;
    this.#drafts = drafts;
    this.#refuse = refuse;
  }

  /** The first entry that the database has not. */
  get from(): number {
    return this.#taken;
  }

  get to(): number {
    return this.#entries.length;
  }

  /** Of the entries before `end`. */
  positionAt(end: number): SpoolPosition {
    const { generation, number } = this.position;
    if (end === this.#entries.length) return this.position;
    return { generation, number: this.#entries[end - 1]?.number ?? number };
  }

  /** Of the entries from `from` to before `to`. */
  *drafts(from: number, to: number): Generator<RecordDraft> {
    for (let n = from; n < to; n++) {
      const draft = this.#ahead[n] ?? this.#draft(n);
      if (n < this.#ahead.length) this.#ahead[n] = undefined;
      if (draft !== undefined) yield draft;
    }
  }

  /** Makes some drafts before they are asked for; false: there are as many as are made ahead. */
  draftAhead(count: number, most: number): boolean {
    const end = Math.min(this.#ahead.length + count, most, this.#entries.length);
    for (let n = this.#ahead.length; n < end; n++) this.#ahead.push(this.#draft(n));
    return end < most && end < this.#entries.length;
  }

  line(n: number): string {
    return this.#entries[n]?.payload.toString('utf8') ?? '';
  }

  /** Events that policy did not want kept, of the entries before `end` that the database has not. */
  unwantedTo(end: number): number {
    let events = 0;
    for (let n = this.#taken; n < end; n++) if (this.#fates[n] === Fate.Unwanted) events += 1;
    return events;
  }

  /** The database has the entries before `end`: what became of those that it was not known to have. */
  took(end: number): Taken {
    const unwanted = this.unwantedTo(end);
    let archived = 0;
    for (; this.#taken < end; this.#taken++) {
      const isRecord = this.#fates[this.#taken] === Fate.Record;
      if (isRecord && this.#entries[this.#taken]?.kind === EntryKind.Event) archived += 1;
    }
    return { archived, unwanted };
  }

  /** The database refuses the entry before `end`, and has those before it. */
  refused(end: number): Taken {
    this.#fates[end - 1] = Fate.Refused;
    return this.took(end);
  }

  /** As `took`, by the number of the last entry that it has. */
  tookUpTo(number: number): Taken {
    let end = this.#taken;
    while ((this.#entries[end]?.number ?? Infinity) <= number) end += 1;
    return this.took(end);
  }

  #draft(n: number): RecordDraft | undefined {
    const entry = this.#entries[n];
    const fate = this.#fates[n];
    if (entry === undefined || fate === Fate.Unwanted || fate === Fate.Refused) return undefined;
    const { kind, payload } = entry;
    const draft = kind === EntryKind.Event ? this.#drafts.read(payload) : ledgerDraft(payload);
    if (draft !== undefined) this.#fates[n] = Fate.Record;
    else if (isUnwanted(entry, this.#drafts)) this.#fates[n] = Fate.Unwanted;
    else {
      this.#fates[n] = Fate.Refused;
      this.#refuse(payload.toString('utf8'), 'it is no event');
    }
    return draft;
  }
}

/** Policy wants nothing kept of it. */
function isUnwanted({ kind }: SpoolEntry, drafts: EventDrafts): boolean {
  return kind === EntryKind.Event && drafts.takeCounts().notArchived > 0;
}

/** Written by this program, and checked by the spool. */
function ledgerDraft(line: Buffer): RecordDraft | undefined {
  try {
    return { kind: 'ledger', ledger: JSON.parse(line.toString('utf8')) as LedgerEntry };
  } catch {
    return undefined;
  }
}

/** One that the writer itself adds, with the number of the entry before. */
function ledgerEntry(number: number, entry: LedgerEntry): SpoolEntry {
  const payload = Buffer.from(JSON.stringify(entry));
  return { number, kind: EntryKind.Ledger, payload, size: payload.length };
}

function damage(missing: number, torn: number): LedgerEntry[] {
  const now = rfc3339(Date.now() * 1000);
  const found: LedgerEntry[] = [];
  if (missing > 0) {
    const why = 'the spool was damaged';
    found.push({ what: 'lost', from: now, to: now, counts: { events: missing }, why });
  }
  if (torn > 0) {
    const why = 'the spool ends within what was being written when a process or the machine died';
    found.push({ what: 'torn', from: now, to: now, counts: { octets: torn }, why });
  }
  return found;
}
