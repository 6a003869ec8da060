/**
 * `checkpoints.jsonl` against the database: what was signed once must be there still. So a database that lost its
 * end, or was put back to an older copy of itself, is noticed.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ArchiveDatabase } from '../../contract.ts';
import { checkpointText } from '../checkpoint-text.ts';
import { type CheckpointLine, decodeLine } from '../checkpoints-file.ts';
import type { Findings } from './findings.ts';
import type { KeyRing } from './key-ring.ts';

/** Lines looked up at once. */
const AT_ONCE = 200;

export interface OutsideCounts {
  /** Lines that hold and stand in the record. */
  lines: number;
  /** Checkpoints of the record that the file lacks at its end. */
  lacking: number;
}

export interface OutsideOptions {
  readonly path: string;
  readonly archive: string;
  readonly database: ArchiveDatabase;
  readonly keys: KeyRing;
  readonly findings: Findings;
  /** The last record that was verified. */
  readonly last: number;
}

/** Rejects with what the file system says. */
export async function checkOutside(options: OutsideOptions): Promise<OutsideCounts> {
  const { path, findings } = options;
  const counts: OutsideCounts = { lines: 0, lacking: 0 };
  let batch: CheckpointLine[] = [];
  let number = 0;
  let upTo = 0;
  let lost = false;
  const last = await lastRecord(options);
  for await (const text of createInterface({ input: createReadStream(path) })) {
    number += 1;
    if (text === '') continue;
    const line = decodeLine(text);
    if (line === undefined || !holds(line, options)) {
      findings.add(
        'forged',
        line?.upTo === undefined ? undefined : line.upTo + 1,
        'checkpoints.jsonl',
        `line ${number} is no checkpoint that a key of this archive signed`,
      );
      continue;
    }
    // The checkpoint is the record after what it signs. What came while this was read is there meanwhile.
    if (line.upTo >= last && line.upTo >= (await lastRecord(options))) {
      if (!lost) truncated(line, options);
      lost = true;
      continue;
    }
    upTo = Math.max(upTo, line.upTo);
    batch.push(line);
    if (batch.length >= AT_ONCE) {
      counts.lines += await compare(batch, options);
      batch = [];
    }
  }
  counts.lines += await compare(batch, options);
  await countLacking(upTo, counts, options);
  return counts;
}

async function lastRecord({ database }: OutsideOptions): Promise<number> {
  const [row] = await database.rows<{ last: number | null }>(
    'SELECT MAX(sequence) AS last FROM record',
  );
  return row?.last ?? 0;
}

function holds(line: CheckpointLine, { archive, keys }: OutsideOptions): boolean {
  const known = keys.get(line.key);
  return (
    line.archive === archive &&
    known?.key.proves(checkpointText(line, line.at), line.signature) === true
  );
}

function truncated({ upTo, at }: CheckpointLine, { last, findings }: OutsideOptions): void {
  findings.add(
    'truncated',
    last + 1,
    'record',
    `records ${last + 1} to ${upTo + 1} or more are missing: record ${upTo} was signed at ${at}; the end was cut off, or the database put back to an older copy`,
  );
}

async function compare(
  lines: readonly CheckpointLine[],
  { database, findings }: OutsideOptions,
): Promise<number> {
  if (lines.length === 0) return 0;
  // What a checkpoint signs, and the checkpoint itself behind it.
  const wanted = lines.flatMap(({ upTo }) => [upTo, upTo + 1]);
  const marks = wanted.map(() => '?').join(', ');
  const rows = await database.rows<{ sequence: number; hash: Uint8Array; kind: string }>(
    `SELECT sequence, hash, kind FROM record WHERE sequence IN (${marks})
     UNION ALL SELECT sequence, hash, 'tombstone' AS kind FROM tombstone WHERE sequence IN (${marks})`,
    ...wanted,
    ...wanted,
  );
  const found = new Map(
    rows.map(({ sequence, hash, kind }) => [
      sequence,
      { hash: Buffer.from(hash).toString('hex'), kind },
    ]),
  );
  let good = 0;
  for (const { upTo, hash, at } of lines) {
    if (found.get(upTo)?.hash !== hash) {
      const text = `it, or what was before it, is not what was signed at ${at}: the chain was made anew, or the database put back and written on`;
      findings.add('changed', upTo, 'record', text);
    } else if (found.get(upTo + 1)?.kind !== 'checkpoint') {
      const text = `the checkpoint of ${at} stood here: the database was put back to an older copy and written on, or it was taken out`;
      findings.add('changed', upTo + 1, 'record', text);
    } else good += 1;
  }
  return good;
}

/** A process may end between the database and the file: so the last ones may be missing, and no others. */
async function countLacking(
  upTo: number,
  counts: OutsideCounts,
  { database, findings, last }: OutsideOptions,
): Promise<void> {
  const [row] = await database.rows<{ before: number; after: number }>(
    `SELECT COALESCE(SUM(CASE WHEN sequence <= ? THEN 1 ELSE 0 END), 0) AS "before",
       COALESCE(SUM(CASE WHEN sequence > ? THEN 1 ELSE 0 END), 0) AS "after"
     FROM record WHERE kind = 'checkpoint' AND sequence <= ?`,
    upTo + 1,
    upTo + 1,
    last,
  );
  counts.lacking = Number(row?.after ?? 0);
  const before = Number(row?.before ?? 0);
  if (before > counts.lines) {
    findings.add(
      'removed',
      undefined,
      'checkpoints.jsonl',
      `${before - counts.lines} of the ${before} checkpoints in the record up to ${upTo + 1} are not in it`,
    );
  }
}
