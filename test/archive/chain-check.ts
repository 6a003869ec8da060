/** The chain as contract.ts describes it, checked with nothing of the code that made it. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { ArchiveDatabase } from '../../appliance/archive/contract.ts';

interface Row {
  readonly sequence: number;
  readonly envelope: Uint8Array;
  readonly content: Uint8Array | null;
  readonly hash: Uint8Array;
}

/** Every record from 1 is there, in order, as it was chained; `meta.head` is the last. Gives how many. */
export async function expectChain(database: ArchiveDatabase): Promise<number> {
  let before: Uint8Array = Buffer.alloc(32);
  let sequence = 0;
  const rows = database.each<Row>(
    'SELECT sequence, envelope, content, hash FROM record ORDER BY sequence',
  );
  for await (const row of rows) {
    sequence += 1;
    expect(row.sequence).toBe(sequence);
    const number = Buffer.alloc(8);
    number.writeBigUInt64BE(BigInt(sequence));
    const leaf = sha256(Buffer.from('sallyport record 1\n'), number, row.envelope);
    before = sha256(before, leaf);
    if (Buffer.compare(before, row.hash) !== 0) throw new Error(`the chain breaks at ${sequence}`);
    const { content } = JSON.parse(Buffer.from(row.envelope).toString());
    const digest = row.content === null ? undefined : sha256(row.content).toString('hex');
    if (content !== digest) throw new Error(`content of ${sequence} is not what was chained`);
  }
  const [head] = await database.rows<{ value: string }>(
    "SELECT value FROM meta WHERE name = 'head'",
  );
  expect(head?.value).toBe(`${sequence} ${Buffer.from(before).toString('hex')}`);
  return sequence;
}

function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
