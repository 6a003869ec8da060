import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyArchive } from '../../appliance/archive/evidence/verify/verify-archive.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { readTarget } from '../../appliance/archive/target.ts';
import { type Compiled, compile } from '../../appliance/failsafe/compiled.fixture.ts';
import { archivedIds } from '../support/archived-ids.ts';

const PROGRAM = 'test/archive/ingest.fixture.ts';
const KILLS = 20;
/** It is killed so many acknowledgements after it began, and so many milliseconds after those. */
const acknowledgements = (run: number) => 2 * run;
const delay = (run: number) => 40 * (run % 5);

let compiled: Compiled;
let folder: string;
beforeAll(() => {
  compiled = compile('kill-writer', [PROGRAM, 'appliance/archive/sqlite/thread-main.ts']);
  folder = mkdtempSync(join(tmpdir(), 'sallyport-kill-'));
});
afterAll(() => {
  compiled.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Number of the last event that was acknowledged before it was killed; -1: none was. */
async function ingestAndDie(where: string, run: number): Promise<number> {
  const child = spawn(process.execPath, [compiled.path(PROGRAM), where, String(run)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = -1;
  let heard = -1; // the first line says that it is ready
  for await (const line of createInterface({ input: child.stdout })) {
    heard += 1;
    if (heard > 0) last = Number(line);
    if (heard === acknowledgements(run)) setTimeout(() => child.kill('SIGKILL'), delay(run));
  }
  await ended(child);
  expect(child.signalCode).toBe('SIGKILL');
  return last;
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

describe('killed twenty times while it archives', () => {
  test('the chain verifies each time, what was acknowledged is there in order, and nothing twice', async () => {
    const where = join(folder, 'archive.db');
    const acknowledged: number[] = [];
    for (let run = 0; run < KILLS; run++) {
      acknowledged.push(await ingestAndDie(where, run));
      const archive = await openArchive(readTarget(where), { readOnly: true });
      try {
        const report = await verifyArchive(archive);
        expect(report.firstBreak).toBeUndefined();
        expect(report.clean).toBe(true);
      } finally {
        await archive.close();
      }
    }
    const drained = spawnSync(process.execPath, [compiled.path(PROGRAM), where, 'drain']);
    expect(drained.status).toBe(0);

    const archive = await openArchive(readTarget(where), { readOnly: true });
    try {
      expect((await verifyArchive(archive)).clean).toBe(true);
      const ids = await archivedIds(archive.database);
      expect(new Set(ids).size).toBe(ids.length);
      const byRun = new Map<number, number[]>();
      for (const id of ids) {
        const [run = -1, n = -1] = id.split('-').map(Number);
        byRun.set(run, [...(byRun.get(run) ?? []), n]);
      }
      for (const [run, last] of acknowledged.entries()) {
        const numbers = byRun.get(run) ?? [];
        // From the first one on without a hole, to the last acknowledged at least.
        expect(numbers).toEqual(numbers.map((_, n) => n));
        expect(numbers.length).toBeGreaterThan(last);
      }
      // It did die in the middle of work.
      expect(acknowledged.filter((last) => last >= 0).length).toBeGreaterThan(KILLS / 2);
      expect(ids.length).toBeGreaterThan(1000);
    } finally {
      await archive.close();
    }
  }, 120_000);
});
