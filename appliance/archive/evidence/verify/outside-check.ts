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
    if (line.upTo > options.last) {
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
    `records ${last + 1} to ${upTo} and more are missing: record ${upTo} was signed at ${at}; the end was cut off, or the database put back to an older copy`,
  );
}

async function compare(
  lines: readonly CheckpointLine[],
  { database, findings }: OutsideOptions,
): Promise<number> {
  if (lines.length === 0) return 0;
  const marks = lines.map(() => '?').join(', ');
  const wanted = lines.map(({ upTo }) => upTo);
  const rows = await database.rows<{ sequence: number; hash: Uint8Array }>(
    `SELECT sequence, hash FROM record WHERE sequence IN (${marks})
     UNION ALL SELECT sequence, hash FROM tombstone WHERE sequence IN (${marks})`,
    ...wanted,
    ...wanted,
  );
  const hashes = new Map(
    rows.map(({ sequence, hash }) => [sequence, Buffer.from(hash).toString('hex')]),
  );
  let good = 0;
  for (const { upTo, hash, at } of lines) {
    if (hashes.get(upTo) === hash) {
      good += 1;
      continue;
    }
    findings.add(
      'changed',
      upTo,
      'record',
      `it, or what was before it, is not what was signed at ${at}: the chain was made anew, or the database put back and written on`,
    );
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
