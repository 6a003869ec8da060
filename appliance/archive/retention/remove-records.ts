/** Takes records out of the tables, and leaves what proves the chain: within the transaction that tells why. */
import type { AbsenceDetails, ArchiveDatabase } from '../contract.ts';
import type { Appended } from '../record/appender.ts';
import { leafOf } from '../record/chain.ts';
import { absenceOf, partsOf, runsOf } from './absence.ts';
import { correctConversations } from './correct-conversations.ts';
import type { DueRecord } from './due-records.ts';

/** Tables besides `record` that have rows about a record, by its number. */
const TABLES = ['record_tag', 'transfer'] as const;
/** Numbers of one statement. */
const NUMBERS = 250;

/** `tell` appends the audit record of a part. */
export async function removeRecords(
  database: ArchiveDatabase,
  records: readonly DueRecord[],
  tell: (details: AbsenceDetails) => Promise<Appended>,
): Promise<void> {
  for (const part of partsOf(records)) {
    const leaves = part.map(({ sequence, envelope }) => ({
      sequence,
      leaf: leafOf(sequence, envelope),
    }));
    const { last: audit } = await tell(absenceOf(leaves));
    await database.insert(
      'tombstone',
      ['sequence', 'leaf', 'hash', 'purge'],
      part.map(({ sequence, hash }, n) => [sequence, leaves[n]?.leaf ?? hash, hash, audit]),
    );
    await database.unindex(part.map(({ sequence }) => sequence));
    const times = timesOf(part);
    for (const { sql, values } of conditions(part)) {
      for (const table of TABLES) {
        await database.run(`DELETE FROM ${table} WHERE ${sql}`, ...values);
      }
      // The times leave out partitions of other months.
      await database.run(
        `DELETE FROM record WHERE ${sql} AND time >= ? AND time <= ?`,
        ...values,
        ...times,
      );
    }
  }
  await correctConversations(database, records);
}

/** As few as there can be: ranges, or lists where the records are scattered. */
function* conditions(part: readonly DueRecord[]): Iterable<{ sql: string; values: number[] }> {
  const runs = runsOf(part);
  if (runs.length <= Math.ceil(part.length / NUMBERS)) {
    for (const { first, last } of runs) {
      yield { sql: 'sequence >= ? AND sequence <= ?', values: [first, last] };
    }
    return;
  }
  for (let at = 0; at < part.length; at += NUMBERS) {
    const values = part.slice(at, at + NUMBERS).map(({ sequence }) => sequence);
    yield { sql: `sequence IN (${values.map(() => '?').join(', ')})`, values };
  }
}

function timesOf(part: readonly DueRecord[]): [number, number] {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { time } of part) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  return [first, last];
}
