/** Partitions of `record`, made as months come up: never more than MONTHS, whatever times a capture has. */
import type pg from 'pg';
import { bounds, NO_MONTH, partitionName } from './months.ts';

/** Twenty years: more of them make every query slower, and are the sign of times that are made up. */
export const MONTHS = 240;

/** Any number that nobody else uses for pg_advisory_xact_lock. */
const LOCK = 7_236_401;

/** Months that have a partition, as far as this process knows. */
export type Months = Set<number>;

/** Where a record of this month goes. */
export function partitionOf(known: Months, month: number): number {
  return known.has(month) ? month : NO_MONTH;
}

/** Months that have no partition, and can have one. */
export function missingMonths(known: Months, months: readonly number[], most = MONTHS): number[] {
  if (known.size >= most) return [];
  return [...new Set(months)].filter((month) => month !== NO_MONTH && !known.has(month));
}

/** Makes the partitions of `missing` that are not there, in the transaction of `client`. */
export async function makeMonths(
  client: pg.ClientBase,
  known: Months,
  missing: readonly number[],
  most = MONTHS,
): Promise<void> {
  // One process at a time, so that the next one sees what this one made.
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
  for (const month of await existingMonths(client)) known.add(month);
  for (const month of [...missing].sort((a, b) => a - b)) {
    if (known.has(month)) continue;
    if (known.size >= most) return;
    await makePartition(client, month);
    known.add(month);
  }
}

async function existingMonths(client: pg.ClientBase): Promise<number[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
      WHERE inhparent = 'record'::regclass`,
  );
  return rows.flatMap(({ name }) => {
    const digits = /^record_(\d{4})_(\d\d)$/.exec(name);
    return digits === null ? [] : [Number(digits[1]) * 100 + Number(digits[2])];
  });
}

/** Made beside and then attached, which waits for no reader (postgres-schema.ts). */
async function makePartition(client: pg.ClientBase, month: number): Promise<void> {
  const name = partitionName(month);
  const { from, to } = bounds(month);
  await client.query(`CREATE TABLE ${name} (LIKE record INCLUDING DEFAULTS,
    CHECK (time >= ${from} AND time < ${to}), CHECK (month = ${month}))`);
  // LIKE does not take what ALTER … SET STATISTICS said.
  await client.query(`ALTER TABLE ${name} ALTER COLUMN envelope SET STATISTICS 0`);
  await client.query(`ALTER TABLE ${name} ALTER COLUMN content SET STATISTICS 0`);
  await client.query(`ALTER TABLE record ATTACH PARTITION ${name} FOR VALUES IN (${month})`);
}
