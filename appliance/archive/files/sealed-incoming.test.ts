/** What `incoming/` of an encrypting archive has: nothing that anybody can read, and all that the archive needs. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readTarget } from '../target.ts';
import { makeKeyFile } from '../vault/key-file.ts';
import { openVault } from '../vault/open-vault.ts';
import type { SpoolKeys } from '../vault/spool-keys.ts';
import { IncomingFolder } from './incoming-folder.ts';
import { incomingSource } from './incoming-source.ts';
import { type KeptNote, parseNote } from './kept-note.ts';
import { requireIncomingKeys, sealedIncoming } from './sealed-incoming.ts';

const BLOCK = 64 * 1024;
const WORDS = 'the eagle lands at noon. ';
const LIMITS = { largest: 1e6, total: 1e7 };

let home: string;
let folder: string;
let keys: SpoolKeys;
let close: () => void;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sealed-incoming-'));
  folder = join(home, 'incoming');
  makeKeyFile(join(home, 'kek'));
  const settings = { keyFile: join(home, 'kek'), keyCommand: undefined, index: 'off' as const };
  const vault = openVault(readTarget(join(home, 'archive.db')), settings, { create: true });
  if (vault.spool === undefined) throw new Error('it does not seal');
  keys = vault.spool;
  close = () => vault.close();
});
afterEach(() => {
  close();
  rmSync(home, { recursive: true, force: true });
});

function incoming(): IncomingFolder {
  return new IncomingFolder(folder, LIMITS, 'worker-0', keys.current());
}

function whole(n: number) {
  const id = `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
  return { id, time: n, sha256: '0'.repeat(64), mime: undefined, offset: 0 };
}

function words(octets: number): Buffer {
  return Buffer.alloc(octets, WORDS);
}

/** As octets come: lent. */
function keep(to: IncomingFolder, n: number, content: Buffer, piece: number): void {
  const writer = to.open();
  for (let at = 0; at < content.length; at += piece) {
    const lent = Buffer.from(content.subarray(at, at + piece));
    writer.write(lent);
    lent.fill(0xee);
  }
  writer.keep(whole(n));
}

function noteOf(n: number): KeptNote {
  const note = parseNote(readFileSync(join(folder, `${whole(n).id}.note`), 'utf8'));
  if (note === undefined) throw new Error('no note');
  return note;
}

async function read(n: number, note = noteOf(n), by: SpoolKeys | undefined = keys) {
  const parts: Buffer[] = [];
  for await (const part of incomingSource(join(folder, whole(n).id), note, by)) {
    parts.push(Buffer.from(part));
  }
  return Buffer.concat(parts);
}

test('octets of any number, in any pieces, come out as they passed', async () => {
  const to = incoming();
  const sizes = [1, 1460, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 77];
  const pieces = [1460, BLOCK, 2 * BLOCK + 5];
  let n = 0;
  for (const size of sizes) {
    for (const piece of pieces) {
      keep(to, ++n, words(size), piece);
      expect(noteOf(n)).toMatchObject({ size, state: 'kept', sealed: { key: 1 } });
      expect((await read(n)).equals(words(size)), `${size} in ${piece}`).toBe(true);
    }
  }
  expect(to.counters).toMatchObject({ kept: n, behind: 0 });
  to.open().keep(whole(99)); // an empty file has nothing to seal
  expect((await read(99)).length).toBe(0);
});

test('no word of them is in any file, while they pass and after', () => {
  const to = incoming();
  const [kept, gone, half] = [to.open(), to.open(), to.open()];
  for (let i = 0; i < 100; i++) for (const one of [kept, gone, half]) one.write(words(1460));
  kept.keep(whole(1));
  const names = readdirSync(folder);
  expect(names.filter((name) => name.endsWith('.partial'))).toHaveLength(2);
  const octets = names.map((name) => readFileSync(join(folder, name)));
  expect(octets.reduce((sum, one) => sum + one.length, 0)).toBeGreaterThan(250_000);
  for (const one of octets) expect(one.includes('eagle')).toBe(false);
  gone.discard();
  // What a process that was killed leaves goes when the next one writes.
  const next = incoming();
  keep(next, 2, words(10), 10);
  expect(readdirSync(folder)).toHaveLength(4);
});

test('the same content is never sealed with the same key', () => {
  const to = incoming();
  for (const n of [1, 2]) keep(to, n, words(3 * BLOCK), 1460);
  const stored = [1, 2].map((n) => readFileSync(join(folder, whole(n).id)));
  const head = 17;
  const blocks = stored.flatMap((octets) =>
    [0, 1, 2].map((i) =>
      octets.toString('hex', head + i * (BLOCK + 16), head + i * (BLOCK + 16) + 99),
    ),
  );
  expect(new Set(blocks).size).toBe(6);
  expect(noteOf(1).sealed?.wrapped).not.toBe(noteOf(2).sealed?.wrapped);
});

test('what was changed, cut or put in the place of another is not what passed', async () => {
  const to = incoming();
  for (const n of [1, 2]) keep(to, n, words(BLOCK + 100), 1460);
  const path = join(folder, whole(1).id);
  const stored = readFileSync(path);
  for (const at of [0, 17, 40, BLOCK + 33, BLOCK + 40, stored.length - 1]) {
    const changed = Buffer.from(stored);
    changed[at] = (changed[at] ?? 0) ^ 1;
    writeFileSync(path, changed);
    await expect(read(1), `octet ${at}`).rejects.toThrow('not what was stored');
  }
  for (const cut of [0, 16, 17, 40, BLOCK + 33, stored.length - 1]) {
    writeFileSync(path, stored.subarray(0, cut));
    await expect(read(1), `cut at ${cut}`).rejects.toThrow('not what was stored');
  }
  writeFileSync(path, readFileSync(join(folder, whole(2).id)));
  await expect(read(1)).rejects.toThrow('not what was stored');
  await expect(read(1, { ...noteOf(2), id: whole(1).id })).rejects.toThrow('does not open it');
});

test('without its key a file is locked; a note that is damaged is none', () => {
  keep(incoming(), 1, words(100), 100);
  const waiting = sealedIncoming(folder);
  expect(waiting?.id).toBe(whole(1).id);
  const none = { current: keys.current, byNumber: () => undefined };
  for (const by of [keys, none]) requireIncomingKeys(waiting, by);
  const path = join(folder, whole(1).id);
  const why = 'a sealed file waits in it, and cannot be read';
  expect(() => requireIncomingKeys(waiting, undefined)).toThrow(
    `${path}: ${why}: no key is configured, or keys.db is gone`,
  );
  expect(() => incomingSource(path, noteOf(1), none)).toThrow(
    `${path}: ${why}: key 1 was destroyed`,
  );
  const text = readFileSync(join(folder, `${whole(1).id}.note`), 'utf8');
  const at = text.indexOf('"wrapped":"') + 20;
  const other = text[at] === 'A' ? 'B' : 'A';
  expect(parseNote(text)).toBeDefined();
  expect(parseNote(text.slice(0, at) + other + text.slice(at + 1))).toBeUndefined();
  expect(sealedIncoming(join(home, 'nowhere'))).toBeUndefined();
});
