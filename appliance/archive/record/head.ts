/** Where the chain ends: `head` in `meta`, read and written in the transaction of every append. */
import type { ArchiveDatabase } from '../contract.ts';
import { NO_HASH } from './chain.ts';
import { putMeta, readMeta } from './meta.ts';

export interface Head {
  /** Of the last record; 0: there is none. */
  readonly sequence: number;
  readonly hash: Uint8Array;
}

const NAME = 'head';
export const NO_RECORD: Head = { sequence: 0, hash: NO_HASH };

/** The end of the chain as it stands. */
export async function readHead(database: ArchiveDatabase): Promise<Head> {
  return parse(await readMeta(database, NAME));
}

/** The same within a transaction that will append: whoever else would append waits until it ends. */
export async function takeHead(database: ArchiveDatabase): Promise<Head> {
  // A change that changes nothing locks the row in PostgreSQL, and gives it as it stands when the lock is had.
  const [row] = await database.rows<{ value: string }>(
    'UPDATE meta SET value = value WHERE name = ? RETURNING value',
    NAME,
  );
  return parse(row?.value);
}

export async function putHead(database: ArchiveDatabase, { sequence, hash }: Head): Promise<void> {
  await putMeta(database, NAME, `${sequence} ${Buffer.from(hash).toString('hex')}`);
}

function parse(value: string | undefined): Head {
  const parts = /^(\d{1,16}) ([0-9a-f]{64})$/.exec(value ?? '');
  if (parts === null) return NO_RECORD;
  return { sequence: Number(parts[1]), hash: Buffer.from(parts[2] ?? '', 'hex') };
}
