/** Whatever lies in `incoming/`: a gateway starts, says so in a line, and takes the honest files beside it. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { spawnSqlite } from '../../../test/support/sqlite-thread.ts';
import { DEFAULT_ARCHIVE } from '../../config/default-settings.ts';
import type { LogFacts } from '../../log/log.ts';
import { openArchive } from '../open-archive.ts';
import { Appender } from '../record/appender.ts';
import { readTarget } from '../target.ts';
import { makeKeyFile } from '../vault/key-file.ts';
import { openVault } from '../vault/open-vault.ts';
import { ArchiveWriter } from '../writer/archive-writer.ts';
import { IncomingFolder } from './incoming-folder.ts';
import { makeNoteKey } from './note-key.ts';
import { readNote } from './read-note.ts';
import { ASIDE_NAME, setAside } from './set-aside.ts';
import { FileTakeOver } from './take-over.ts';

const TIME = Date.UTC(2026, 10, 26) * 1000;
const WORDS = Buffer.from('the eagle lands at noon');
const SHA256 = createHash('sha256').update(WORDS).digest('hex');

let home: string;
let where: string;
let incoming: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hostile-incoming-'));
  where = join(home, 'archive.db');
  incoming = `${where}.d/incoming`;
  mkdirSync(incoming, { recursive: true, mode: 0o700 });
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

function idOf(n: number): string {
  return `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}

function noteText(n: number, more: object = {}): string {
  const size = WORDS.length;
  return JSON.stringify({
    v: 1,
    id: idOf(n),
    time: TIME,
    state: 'kept',
    size,
    sha256: SHA256,
    ...more,
  });
}

/** As a worker leaves it; its event is `eventLine(n)`. */
function leaveHonest(n: number, to = new IncomingFolder(incoming, DEFAULT_ARCHIVE.files, 'w')) {
  const writer = to.open();
  writer.write(WORDS);
  writer.keep({ id: idOf(n), time: TIME, sha256: SHA256, mime: undefined, offset: 0 });
}

function eventLine(n: number): string {
  const flow = { kind: 'file.complete', service: 'irc', protocol: 'irc', visibility: 'content' };
  const event = { v: 1, id: idOf(n), ts: '2026-11-26T00:00:00.000000Z', ...flow, from: 'alice' };
  const file = { name: 'plan', size: WORDS.length, sha256: SHA256 };
  return `${JSON.stringify({ ...event, file })}\n`;
}

interface Logged {
  readonly message: string;
  readonly facts: LogFacts | undefined;
}

/** A gateway's writer, to which the events `of` come; what it logged, and what became of the files. */
async function run(of: readonly number[], keyFile?: string) {
  const logged: Logged[] = [];
  const writer = new ArchiveWriter({
    target: readTarget(where),
    settings: {
      ...DEFAULT_ARCHIVE,
      store: where,
      spool: { size: 2 ** 20, sync: 'never' },
      encryption: { ...DEFAULT_ARCHIVE.encryption, keyFile },
    },
    through: 'spool',
    log: (_level, message, facts) => logged.push({ message, facts }),
    acknowledge: () => undefined,
    failed: () => undefined,
    spawn: spawnSqlite,
  });
  await writer.start();
  writer.lines(Buffer.from(of.map(eventLine).join('')));
  await writer.stop(10_000);
  return { logged, files: writer.status.files, status: writer.status };
}

/** What lies there for file 1; its event is a record. What is said of it. */
const HOSTILE: Readonly<Record<string, readonly [(path: string) => void, string]>> = {
  empty: [(path) => writeFileSync(`${path}.note`, ''), 'its note is damaged, or forged'],
  cut: [
    (path) => writeFileSync(`${path}.note`, noteText(1).slice(0, 80)),
    'its note is damaged, or forged',
  ],
  random: [
    (path) => writeFileSync(`${path}.note`, Buffer.alloc(500, 0xd5)),
    'its note is damaged, or forged',
  ],
  'of wrong types': [
    (path) => writeFileSync(`${path}.note`, noteText(1, { time: {}, size: '3', id: ['x'] })),
    'its note is damaged, or forged',
  ],
  'without a digest': [
    (path) => writeFileSync(`${path}.note`, noteText(1, { sha256: undefined })),
    'its note is damaged, or forged',
  ],
  nested: [(path) => writeFileSync(`${path}.note`, '['.repeat(4000)), 'damaged, or forged'],
  huge: [
    (path) => {
      writeFileSync(`${path}.note`, noteText(1));
      truncateSync(`${path}.note`, 3e9);
    },
    'its note is larger than 4096 octets',
  ],
  'of another file': [
    (path) => writeFileSync(`${path}.note`, noteText(2)),
    'its note is that of another file',
  ],
  'with a path for a name': [
    (path) => writeFileSync(`${path}.note`, noteText(1, { id: '../../../../tmp/x' })),
    'its note is damaged, or forged',
  ],
  'a folder': [(path) => mkdirSync(`${path}.note`), 'its note is no file'],
  'a FIFO': [(path) => execFileSync('mkfifo', [`${path}.note`]), 'its note is no file'],
  'a link': [(path) => symlinkSync('/dev/zero', `${path}.note`), 'it is a link'],
  'a folder in place of the octets': [
    (path) => {
      rmSync(path);
      mkdirSync(path);
      writeFileSync(`${path}.note`, noteText(1));
    },
    'it is no file',
  ],
  'a FIFO in place of the octets': [
    (path) => {
      rmSync(path);
      execFileSync('mkfifo', [path]);
      writeFileSync(`${path}.note`, noteText(1));
    },
    'it is no file',
  ],
  'a link in place of the octets': [
    (path) => {
      rmSync(path);
      writeFileSync(join(home, 'secret'), WORDS);
      symlinkSync(join(home, 'secret'), path);
      writeFileSync(`${path}.note`, noteText(1));
    },
    'it is no file',
  ],
};

for (const [name, [make, why]] of Object.entries(HOSTILE)) {
  test(`a note that is ${name}`, async () => {
    leaveHonest(1);
    const path = join(incoming, idOf(1));
    rmSync(`${path}.note`);
    make(path);
    leaveHonest(2);
    const { logged, files } = await run([1, 2]);
    const told = logged.filter(({ message }) => message.includes('set aside'));
    expect(told).toHaveLength(1);
    expect(told[0]?.facts?.path).toBe(`${path}.note`);
    expect(told[0]?.facts?.why).toContain(why);
    expect(files).toMatchObject({ kept: 1, setAside: 1, orphaned: 0, damaged: 0 });
    expect(readdirSync(incoming)).toEqual([ASIDE_NAME]);
    const aside = join(incoming, ASIDE_NAME);
    expect(readdirSync(aside)).toEqual([idOf(1), `${idOf(1)}.note`]);
    // What was honest is there still, and is taken when its note is put right.
    if (why.includes('it is no file')) return;
    expect(readFileSync(join(aside, idOf(1))).equals(WORDS)).toBe(true);
    writeFileSync(join(incoming, idOf(1)), readFileSync(join(aside, idOf(1))));
    writeFileSync(`${path}.note`, noteText(1));
    expect((await run([])).files).toMatchObject({ repeated: 1, setAside: 0 });
  });
}

/** A note of another archive, whole and sealed, for file 1. */
function leaveSealed(): void {
  const other = `${where}.other`;
  makeKeyFile(join(home, 'kek'));
  const settings = { ...DEFAULT_ARCHIVE.encryption, keyFile: join(home, 'kek') };
  const vault = openVault(readTarget(other), settings, { create: true });
  const key = vault.spool?.current();
  if (key === undefined) throw new Error('no key');
  const sealed = makeNoteKey(key, idOf(1), Buffer.alloc(32));
  vault.close();
  writeFileSync(join(incoming, `${idOf(1)}.note`), noteText(1, { sealed, sha256: 'f'.repeat(64) }));
  writeFileSync(join(incoming, idOf(1)), WORDS);
}

test('a sealed note in a new home does not keep it from being made, where it encrypts', async () => {
  leaveSealed();
  const { files, status } = await run([1, 2], join(home, 'kek'));
  expect(status).toMatchObject({ archived: 2 });
  expect(files).toMatchObject({ keyless: 1 });
  expect(existsSync(`${where}.d/keys.db`)).toBe(true);
});

test('a sealed note, where nobody encrypts, waits: the others are taken', async () => {
  leaveSealed();
  leaveHonest(2);
  const { logged, files } = await run([1, 2]);
  expect(files).toMatchObject({ kept: 1, keyless: 1, setAside: 0 });
  expect(logged.map(({ message }) => message)).toEqual([
    expect.stringMatching(/0001: a sealed file waits in it, and cannot be read/),
  ]);
  expect(readdirSync(incoming)).toEqual([idOf(1), `${idOf(1)}.note`]);
});

test('notes that name keys that are not there hold up neither the start nor the files after them', async () => {
  const keyFile = join(home, 'kek');
  makeKeyFile(keyFile);
  const settings = { ...DEFAULT_ARCHIVE.encryption, keyFile };
  const vault = openVault(readTarget(where), settings, { create: true });
  const key = vault.spool?.current();
  if (key === undefined) throw new Error('no key');
  const many = Array.from({ length: 300 }, (_, n) => n + 1);
  for (const n of many) {
    const { number } = key;
    const by = { number: n === 1 ? number : number + n, key: key.key };
    // The first by a key that is there, for another event: it does not open.
    const sealed = makeNoteKey(by, n === 1 ? idOf(2) : idOf(n), Buffer.alloc(32));
    writeFileSync(
      join(incoming, `${idOf(n)}.note`),
      noteText(n, { sealed, sha256: 'f'.repeat(64) }),
    );
    writeFileSync(join(incoming, idOf(n)), WORDS);
  }
  leaveHonest(999, new IncomingFolder(incoming, DEFAULT_ARCHIVE.files, 'w', key));
  vault.close();
  const { files, status } = await run([...many, 999], keyFile);
  expect(status).toMatchObject({ archived: 301, lost: 0 });
  expect(files).toMatchObject({ kept: 1, keyless: 300, setAside: 0 });
  expect(readdirSync(incoming)).toHaveLength(600);
});

test('what cannot be moved is passed over, and counted once', async () => {
  writeFileSync(join(incoming, ASIDE_NAME), 'in the way');
  writeFileSync(join(incoming, `${idOf(1)}.note`), '');
  leaveHonest(2);
  const { files } = await run([2]);
  expect(files).toMatchObject({ kept: 1, setAside: 1 });
  expect(existsSync(join(incoming, `${idOf(1)}.note`))).toBe(true);
});

test('nothing in the folder is written over, and it has an end', () => {
  for (const text of ['one', 'two']) {
    writeFileSync(join(incoming, 'a'), text);
    writeFileSync(join(incoming, 'a.note'), text);
    expect(setAside(incoming, ['a', 'a.note'])).toBeDefined();
  }
  const aside = join(incoming, ASIDE_NAME);
  expect(readdirSync(aside)).toEqual(['2-a', '2-a.note', 'a', 'a.note']);
  expect(readFileSync(join(aside, 'a'), 'utf8')).toBe('one');
  for (let n = 0; n < 1995; n++) writeFileSync(join(aside, `x${n}`), '');
  writeFileSync(join(incoming, 'b.note'), '');
  expect(setAside(incoming, ['b', 'b.note'])).toBeUndefined();
  expect(existsSync(join(incoming, 'b.note'))).toBe(true);
});

test('the longest note that is written is read', () => {
  const mime = '\u0007'.repeat(200);
  const by = { key: 2 ** 32 - 1, wrapped: 'A'.repeat(80), check: -(2 ** 31) };
  const text = noteText(1, { mime, size: Number.MAX_SAFE_INTEGER, state: 'unfinished' });
  writeFileSync(join(incoming, `${idOf(1)}.note`), text);
  expect(text.length + JSON.stringify(by).length).toBeLessThan(2048);
  expect(readNote(incoming, `${idOf(1)}.note`)?.note?.mime).toBe(mime);
  expect(readNote(incoming, `${idOf(2)}.note`)).toBeUndefined();
});

test('whose record never comes, goes after a minute, whatever the clock of the machine says', async () => {
  const archive = await openArchive(readTarget(where), { create: true });
  try {
    leaveHonest(1);
    const note = join(incoming, `${idOf(1)}.note`);
    const ahead = new Date('2038-01-19');
    utimesSync(note, ahead, ahead);
    const takeOver = new FileTakeOver(archive, DEFAULT_ARCHIVE.files, new Appender(archive));
    const clock = vi.spyOn(performance, 'now');
    const began = performance.now();
    expect(await takeOver.run()).toEqual({ taken: 0, left: true });
    clock.mockReturnValue(began + 59_000);
    expect(await takeOver.run()).toEqual({ taken: 0, left: true });
    clock.mockReturnValue(began + 62_000);
    expect(await takeOver.run()).toEqual({ taken: 1, left: false });
    expect(takeOver.counters.orphaned).toBe(1);
    expect(readdirSync(incoming)).toEqual([]);
    vi.restoreAllMocks();
    // Nor is it too old in the first moment.
    leaveHonest(2);
    const past = new Date('1970-01-02');
    utimesSync(join(incoming, `${idOf(2)}.note`), past, past);
    expect(await takeOver.run()).toEqual({ taken: 0, left: true });
  } finally {
    vi.restoreAllMocks();
    await archive.close();
  }
});
