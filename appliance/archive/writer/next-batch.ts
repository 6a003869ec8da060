/** Entries of the spool as drafts of records, with what is to be told of them. */
import { rfc3339 } from '../../../src/event/time.ts';
import type { LedgerEntry, RecordDraft } from '../contract.ts';
import type { EventDrafts } from '../record/draft-event.ts';
import { EntryKind, type SpoolEntry } from '../spool/spool-entry.ts';
import type { SpoolPosition, SpoolRead } from '../spool/spool-reader.ts';

export interface BatchItem {
  /** Of its entry; ledger entries that the writer itself adds have that of the entry before. */
  readonly number: number;
  readonly draft: RecordDraft;
  readonly line: string;
}

export interface Batch {
  readonly items: readonly BatchItem[];
  readonly position: SpoolPosition;
  /** Events that policy did not want kept. */
  readonly notArchived: number;
  /** Entries that had been spooled and are gone. */
  readonly missing: number;
}

/** undefined: there was nothing to be read. `refuse` hears of what is no event. */
export function nextBatch(
  { entries, position, missing, torn }: SpoolRead,
  drafts: EventDrafts,
  refuse: (line: string, why: string) => void,
): Batch | undefined {
  if (position === undefined) return undefined;
  const items: BatchItem[] = [];
  let notArchived = 0;
  const before = (entries[0]?.number ?? position.number + 1) - 1;
  for (const entry of damage(missing, torn)) {
    items.push({ number: before, draft: { kind: 'ledger', ledger: entry }, line: '' });
  }
  for (const entry of entries) {
    const line = entry.payload.toString('utf8');
    const draft = entry.kind === EntryKind.Event ? drafts.read(line) : ledgerDraft(line);
    if (draft !== undefined) items.push({ number: entry.number, draft, line });
    else if (isUnwanted(entry, drafts)) notArchived += 1;
    else refuse(line, 'it is no event');
  }
  return { items, position, notArchived, missing };
}

/** Policy wants nothing kept of it. */
function isUnwanted({ kind }: SpoolEntry, drafts: EventDrafts): boolean {
  return kind === EntryKind.Event && drafts.takeCounts().notArchived > 0;
}

/** Written by this program, and checked by the spool. */
function ledgerDraft(line: string): RecordDraft | undefined {
  try {
    return { kind: 'ledger', ledger: JSON.parse(line) as LedgerEntry };
  } catch {
    return undefined;
  }
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
