/** Processes that append to one file at the same time, and one that dies while it does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { readTarget } from '../../appliance/archive/target.ts';
import { type Compiled, compiled } from '../support/compiled.ts';
import { expectChain } from './chain-check.ts';

let program: Compiled;
const folders: string[] = [];

beforeAll(() => {
  program = compiled(join(import.meta.dirname, 'append-process.ts'));
}, 120_000);
afterAll(() => rmSync(program.folder, { recursive: true, force: true }));
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-record-'));
  folders.push(folder);
  return join(folder, 'archive.db');
}

function append(...args: string[]): ChildProcess {
  return spawn(process.execPath, [program.path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** No file may grow beyond `blocks` of 1 KiB (bash's unit). */
function appendWithin(blocks: number, ...args: string[]): ChildProcess {
  const script = `ulimit -f ${blocks}; exec "$@"`;
  return spawn('bash', ['-c', script, 'bash', process.execPath, program.path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function ended(process: ChildProcess): Promise<string | number> {
  process.stdout?.resume();
  const [code, signal] = await once(process, 'close');
  return signal ?? code;
}

describe('several processes and one archive', () => {
  it('make it at the same time, and write one chain', async () => {
    const path = newPath();
    const names = ['alice', 'bob', 'carol'];
    const ends = names.map((name) => ended(append(path, name, '8')));
    expect(await Promise.all(ends)).toEqual([0, 0, 0]);
    const archive = await openArchive(readTarget(path));
    expect(await expectChain(archive.database)).toBe(240);
    const parties = await archive.database.rows('SELECT count(*) AS n FROM party');
    expect(parties).toEqual([{ n: 10 }]);
    const threads = await archive.database.rows(
      'SELECT count(*) AS n, sum(messages) AS messages FROM conversation',
    );
    expect(threads).toEqual([{ n: 21, messages: 240 }]);
    const said = await archive.database.rows(
      `SELECT sum(participant.messages) AS said FROM participant
       JOIN party ON party.id = participant.party WHERE party.address = 'bob'`,
    );
    expect(said).toEqual([{ said: 80 }]);
    await archive.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  }, 60_000);

  it('leave nothing of a transaction in which they die', async () => {
    const path = newPath();
    expect(await ended(append(path, 'alice', '3', 'die'))).toBe('SIGKILL');
    const archive = await openArchive(readTarget(path));
    expect(await expectChain(archive.database)).toBe(30);
    const { sql, values } = archive.database.matching({ phrases: [['3', '0']] });
    const found = await archive.database.rows(
      `SELECT sequence FROM record WHERE ${sql}`,
      ...values,
    );
    expect(found).toEqual([]);
    await archive.close();
    expect(await ended(append(path, 'alice', '2'))).toBe(0);
  }, 60_000);

  it('say what is wrong where there is no more space, and go on where there is', async () => {
    const path = newPath();
    expect(await ended(append(path, 'alice', '2'))).toBe(0);
    const full = appendWithin(420, path, 'bob', '2000');
    let complaint = '';
    full.stderr?.on('data', (octets: Buffer) => {
      complaint += octets.toString();
    });
    expect(await ended(full)).toBe(1);
    expect(complaint).toContain(`ArchiveError: ${path}: the device fails to read or write it`);
    const archive = await openArchive(readTarget(path));
    const before = await expectChain(archive.database);
    expect(before % 10).toBe(0);
    await archive.close();
    expect(await ended(append(path, 'carol', '1'))).toBe(0);
    const again = await openArchive(readTarget(path));
    expect(await expectChain(again.database)).toBe(before + 10);
    await again.close();
  }, 60_000);
});
