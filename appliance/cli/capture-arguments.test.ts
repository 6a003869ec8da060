import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkCaptures } from './capture-arguments.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-captures-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a capture that may not be read is refused before anything is read', () => {
  const path = join(folder, 'secret.pcap');
  writeFileSync(path, '');
  chmodSync(path, 0);
  chmodSync(folder, 0o755);
  expect(() => asAnybody(() => checkCaptures([path]))).toThrow(`${path}: permission denied`);
});

/** Root may read everything: then as nobody (65534 on Linux, -2 on macOS). */
function asAnybody<T>(work: () => T): T {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.('nobody');
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}
