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

/** The same for one that appends: within its transaction nobody else can move it. */
export const takeHead = readHead;

export async function putHead(database: ArchiveDatabase, head: Head): Promise<void> {
  await putMeta(database, NAME, headText(head));
}

/** As it stands in `meta`. */
export function headText({ sequence, hash }: Head): string {
  return `${sequence} ${Buffer.from(hash).toString('hex')}`;
}

function parse(value: string | undefined): Head {
  const parts = /^(\d{1,16}) ([0-9a-f]{64})$/.exec(value ?? '');
  if (parts === null) return NO_RECORD;
  return { sequence: Number(parts[1]), hash: Buffer.from(parts[2] ?? '', 'hex') };
}
