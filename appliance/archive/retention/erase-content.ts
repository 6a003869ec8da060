/**
 * Takes what somebody said out of an archive: content, index entries, ties to files. Envelopes stay, and audit
 * records name which records have lost their content. In batches, each a transaction: what a crash leaves is an
 * erasure half done, that verifies, and that is ended by asking for it once more.
 */
import type { Archive } from '../archive.ts';
import { ArchiveError } from '../archive-error.ts';
import type { ArchiveDatabase, Envelope } from '../contract.ts';
import { auditDraft } from '../evidence/audit-draft.ts';
import { Appender } from '../record/appender.ts';
import { leafOf } from '../record/chain.ts';
import { decodeEnvelope } from '../record/envelope.ts';
import { absenceOf, partsOf } from './absence.ts';
import { heldAmong, readHolds } from './holds.ts';
import { type ErasedSubject, isOf } from './subjects.ts';

/** Records looked at in one transaction. */
const BATCH = 2000;
/** Numbers of one statement. */
const NUMBERS = 250;

export interface EraseCounts {
  records: number;
  /** Of those, content that was encrypted. */
  sealed: number;
}

interface Row {
  readonly sequence: number;
  readonly envelope: Uint8Array;
  /** First octet of the content: 1 where it is sealed. null: a file of it was kept, and nothing else. */
  readonly content: Uint8Array | null;
  /** It was erased before; what is tied to it now came later. */
  readonly again: number;
}

/**
 * Erases nothing where a hold covers any of it. Rejects with ArchiveError, which names the holds.
 */
export async function refuseHeld(archive: Archive, subject: ErasedSubject): Promise<void> {
  const { database, vault } = archive;
  const holds = await readHolds(database);
  if (holds.length === 0) return;
  const covering = new Map<string, number>();
  for await (const { rows, first, last } of pages(database)) {
    const theirs = rows.filter((row) => isTheirs(row, subject));
    if (theirs.length === 0) continue;
    const held = await heldAmong(database, vault, holds, first, last);
    for (const { sequence } of theirs) {
      const name = held.get(sequence);
      if (name !== undefined) covering.set(name, (covering.get(name) ?? 0) + 1);
    }
  }
  if (covering.size > 0) throw heldError(subject, covering);
}

/** `why`, and whom, stand in each audit record. Records up to `after` are not looked at. */
export async function eraseContent(
  archive: Archive,
  subject: ErasedSubject,
  why: string,
  onBatch?: (counts: EraseCounts) => void,
  heed: 'holds' | 'nothing' = 'holds',
  after = 0,
): Promise<EraseCounts> {
  const { database } = archive;
  const counts: EraseCounts = { records: 0, sealed: 0 };
  for await (const { rows, first, last } of pages(database, after)) {
    if (!rows.some((row) => isTheirs(row, subject))) continue;
    const done = await database.transaction((within) =>
      eraseBatch(archive, within, subject, why, first, last, heed),
    );
    counts.records += done.records;
    counts.sealed += done.sealed;
    onBatch?.(counts);
  }
  return counts;
}

async function eraseBatch(
  archive: Archive,
  database: ArchiveDatabase,
  subject: ErasedSubject,
  why: string,
  first: number,
  last: number,
  heed: 'holds' | 'nothing',
): Promise<EraseCounts> {
  const rows = (await page(database, first - 1, last)).filter((row) => isTheirs(row, subject));
  if (heed === 'holds') {
    const holds = await readHolds(database);
    const held = await heldAmong(database, archive.vault, holds, first, last);
    const covering = new Map<string, number>();
    for (const { sequence } of rows) {
      const name = held.get(sequence);
      if (name !== undefined) covering.set(name, (covering.get(name) ?? 0) + 1);
    }
    if (covering.size > 0) throw heldError(subject, covering);
  }
  const appender = new Appender(archive);
  await deleteTransfers(database, rows);
  const fresh = rows.filter(({ again }) => Number(again) === 0);
  for (const part of partsOf(fresh)) {
    const leaves = part.map(({ sequence, envelope }) => ({
      sequence,
      leaf: leafOf(sequence, envelope),
    }));
    const { last: audit } = await appender.within(database, [
      auditDraft('erase', { ...absenceOf(leaves), of: subject.what }, why),
    ]);
    await database.insert(
      'erasure',
      ['sequence', 'erasure'],
      part.map(({ sequence }) => [sequence, audit]),
    );
    const sequences = part.map(({ sequence }) => sequence);
    await database.unindex(sequences);
    for (let at = 0; at < sequences.length; at += NUMBERS) {
      const some = sequences.slice(at, at + NUMBERS);
      const list = `sequence IN (${some.map(() => '?').join(', ')})`;
      await database.run(`UPDATE record SET content = NULL WHERE ${list}`, ...some);
    }
  }
  return { records: fresh.length, sealed: fresh.filter(isSealed).length };
}

async function deleteTransfers(database: ArchiveDatabase, rows: readonly Row[]): Promise<void> {
  for (let at = 0; at < rows.length; at += NUMBERS) {
    const some = rows.slice(at, at + NUMBERS).map(({ sequence }) => sequence);
    const list = some.map(() => '?').join(', ');
    await database.run(`DELETE FROM transfer WHERE sequence IN (${list})`, ...some);
  }
}

interface Page {
  readonly rows: readonly Row[];
  readonly first: number;
  readonly last: number;
}

/** All records that have content or a kept file, as they are when it begins. */
async function* pages(database: ArchiveDatabase, from = 0): AsyncIterable<Page> {
  const [end] = await database.rows<{ last: number | null }>(
    'SELECT MAX(sequence) AS last FROM record',
  );
  let after = from;
  for (;;) {
    const rows = await page(database, after, end?.last ?? 0);
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) return;
    yield { rows, first: first.sequence, last: last.sequence };
    after = last.sequence;
  }
}

function page(database: ArchiveDatabase, after: number, upTo: number): Promise<Row[]> {
  return database.rows<Row>(
    `SELECT sequence, envelope, substr(content, 1, 1) AS content,
       CASE WHEN EXISTS (SELECT 1 FROM erasure WHERE erasure.sequence = record.sequence)
         THEN 1 ELSE 0 END AS again
     FROM record WHERE sequence > ? AND sequence <= ?
       AND (content IS NOT NULL OR sequence IN (SELECT transfer.sequence FROM transfer))
     ORDER BY sequence LIMIT ?`,
    after,
    upTo,
    BATCH,
  );
}

function isTheirs({ envelope }: Row, subject: ErasedSubject): boolean {
  let read: Envelope;
  try {
    read = decodeEnvelope(envelope);
  } catch {
    return false; // verify names it
  }
  return isOf(read, subject);
}

function isSealed({ content }: Row): boolean {
  return content?.[0] === 1;
}

function heldError({ what }: ErasedSubject, covering: ReadonlyMap<string, number>): ArchiveError {
  const holds = [...covering].map(([name, n]) => `${name} (${n} records)`).join(', ');
  return new ArchiveError(
    `${what} cannot be erased: held by ${holds}`,
    "A hold wins. Release it first: sallyport archive release NAME --why '…'",
  );
}
