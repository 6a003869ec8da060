import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openArchive } from '../../open-archive.ts';
import { Appender } from '../../record/appender.ts';
import { readTarget } from '../../target.ts';
import { verifyArchive } from './verify-archive.ts';

/** More than between two looks at the signal. */
const RECORDS = 2500;

test('Ctrl-C is heard while SQLite is read, which leaves no room for it by itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-interrupted-'));
  const archive = await openArchive(readTarget(join(folder, 'a.db')), { create: true });
  try {
    const ledger = { what: 'start', from: 'a', to: 'b', counts: {} };
    await new Appender(archive).append(
      Array.from({ length: RECORDS }, () => ({ kind: 'ledger', ledger }) as const),
    );
    const controller = new AbortController();
    // As a signal comes: in a turn of the event loop of its own.
    setImmediate(() => controller.abort());
    await expect(verifyArchive(archive, { signal: controller.signal })).rejects.toThrow(/abort/i);
  } finally {
    await archive.close();
    rmSync(folder, { recursive: true });
  }
});
