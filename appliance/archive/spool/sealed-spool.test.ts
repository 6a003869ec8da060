import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SpoolSettings } from '../../config/settings.ts';
import { readTarget } from '../target.ts';
import { keyFile, makeKeyFile } from '../vault/key-file.ts';
import { KeyStore } from '../vault/key-store.ts';
import { openVault } from '../vault/open-vault.ts';
import type { SpoolKeys } from '../vault/spool-keys.ts';
import { SEALED_HEADER } from './sealed-header.ts';
import { readSegmentHeader, readSegmentName } from './segment-header.ts';
import { SEAL_OCTETS } from './segment-seal.ts';
import { Spool } from './spool.ts';
import { ENTRY_HEADER, EntryKind } from './spool-entry.ts';

const ROOMY: SpoolSettings = { size: 2 ** 30, sync: 'never' };
const TEXTS = ['the eagle lands', 'at noon', 'near the old mill', 'bring nobody'];

let folder: string;
let home: string;
let keys: SpoolKeys;
let close: () => void;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sealed-spool-'));
  folder = mkdtempSync(join(tmpdir(), 'sealed-spool-'));
  makeKeyFile(join(home, 'kek'));
  openKeys('kek');
});
afterEach(() => {
  close();
  for (const one of [home, folder]) rmSync(one, { recursive: true, force: true });
});

/** As the writer has them. */
function openKeys(file: string): void {
  const settings = { keyFile: join(home, file), keyCommand: undefined, index: 'off' as const };
  const vault = openVault(readTarget(join(home, 'archive.db')), settings, { create: true });
  if (vault.spool === undefined) throw new Error('it does not seal');
  keys = vault.spool;
  close = () => vault.close();
}

function opened(settings = ROOMY, by: SpoolKeys | undefined = keys): Spool {
  const spool = new Spool(folder, settings);
  spool.unlock(by);
  return spool;
}

function lines(...texts: string[]): Buffer {
  return Buffer.from(texts.map((text) => `${text}\n`).join(''));
}

/** What a process that was killed leaves. */
function leave(...texts: string[]): string {
  const spool = opened();
  expect(spool.add(EntryKind.Event, lines(...texts)).taken).toBe(texts.length);
  spool.close();
  return segments().at(-1) ?? '';
}

function drain(spool: Spool) {
  const texts: string[] = [];
  let [missing, torn] = [0, 0];
  while (!spool.isDrained) {
    const read = spool.read(100, 2 ** 20);
    texts.push(...read.entries.map(({ payload }) => payload.toString()));
    missing += read.missing;
    torn += read.torn;
  }
  return { texts, missing, torn };
}

/** All that a new process finds. */
function found(by: SpoolKeys | undefined = keys) {
  const spool = opened(ROOMY, by);
  const result = drain(spool);
  spool.close();
  return result;
}

/** Paths, in order. */
function segments(): string[] {
  const names = readdirSync(folder).filter((name) => /\.(spool|sealed)$/.test(name));
  return names.sort().map((name) => join(folder, name));
}

function everyOctet(): Buffer {
  return Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
}

/** Where each entry begins, and the end. */
function places(texts: readonly string[]): number[] {
  const sizes = texts.map((text) => ENTRY_HEADER + SEAL_OCTETS + Buffer.byteLength(text));
  const found = [SEALED_HEADER];
  for (const size of sizes) found.push((found.at(-1) ?? 0) + size);
  return found;
}

/** As somebody makes it who can count a CRC. */
function checked(entry: Buffer): Buffer {
  const octets = Buffer.from(entry);
  octets.writeUInt32BE(crc32(octets.subarray(8)), 4);
  return octets;
}

test('no word is in any file, and all of it is there for the next process', () => {
  const spool = opened();
  spool.add(EntryKind.Event, lines(...TEXTS, ''));
  spool.add(EntryKind.Ledger, lines('{"what":"start"}'));
  spool.sync();
  const octets = everyOctet();
  for (const word of ['eagle', 'noon', 'mill', 'bring', 'what']) {
    expect(octets.includes(word), word).toBe(false);
  }
  const [path = '', ...others] = segments();
  expect(others).toEqual([]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  // As the doctor looks at it.
  expect(readSegmentName(basename(path))).toMatchObject({ generation: 1, first: 1 });
  expect(readSegmentHeader(readFileSync(path))?.made).toBeGreaterThan(Date.now() - 60_000);
  expect(drain(spool).texts).toEqual([...TEXTS, '', '{"what":"start"}']);
  spool.close();
  const next = opened();
  next.skipTo({ generation: 1, number: 4 });
  const [empty, ledger] = next.read(9, 2 ** 20).entries;
  expect(empty).toMatchObject({ number: 5, kind: EntryKind.Event });
  expect(ledger).toMatchObject({ number: 6, kind: EntryKind.Ledger });
  next.acknowledge({ generation: 1, number: 6 });
  next.tidy();
  next.close();
});

test('a nonce is never used twice, nor the key of a segment', () => {
  const texts = Array.from({ length: 500 }, () => 'again');
  const paths = [leave(...texts), leave(...texts)];
  for (const path of paths) {
    const octets = readFileSync(path);
    const nonces = places(texts).map((at) =>
      octets.toString('hex', at + ENTRY_HEADER, at + ENTRY_HEADER + 12),
    );
    expect(new Set(nonces).size).toBe(texts.length + 1);
  }
  const [one, other] = paths.map((path) => readFileSync(path).subarray(56, 116));
  expect(one).not.toEqual(other);
});

test('long entries, and segments of a small spool: its size is kept', () => {
  const long = ['y'.repeat(2_000_000), 'z'.repeat(2 ** 20 - ENTRY_HEADER - SEAL_OCTETS), 'x'];
  leave(...long);
  expect(found()).toEqual({ texts: long, missing: 0, torn: 0 });
  for (const path of segments()) rmSync(path);
  const small = opened({ size: 4096, sync: 'never' });
  const added = Array.from({ length: 20 }, (_, i) =>
    small.add(EntryKind.Event, lines(`${i}`.padEnd(300, 'x'))),
  );
  const taken = added.filter((one) => one.taken === 1).length;
  expect(String(added.at(-1)?.why)).toContain('the spool is full');
  expect(taken).toBeGreaterThan(5);
  expect(small.octets).toBeLessThanOrEqual(4096);
  expect(segments().length).toBeGreaterThan(3);
  expect(drain(small)).toMatchObject({ missing: 0, torn: 0 });
  small.close();
});

describe('damage', () => {
  test('the last entry cut at any octet is torn, and those before it come', () => {
    const path = leave(...TEXTS);
    const whole = readFileSync(path);
    const [last = 0, end = 0] = places(TEXTS).slice(-2);
    expect(end).toBe(whole.length);
    for (let cut = last; cut < end; cut++) {
      writeFileSync(path, whole.subarray(0, cut));
      expect(found(), `cut at ${cut}`).toEqual({
        texts: TEXTS.slice(0, -1),
        missing: 0,
        torn: cut - last,
      });
    }
  });

  test('an entry that somebody changed is noticed, whatever its CRC says, and its neighbours come', () => {
    const path = leave(...TEXTS);
    const whole = readFileSync(path);
    const [, from = 0, to = 0] = places(TEXTS);
    const [first = '', , ...rest] = TEXTS;
    // Its length is bound too: octets that are cut off, or come in, are not what was sealed.
    for (let at = from + 8; at < to; at++) {
      const entry = Buffer.from(whole.subarray(from, to));
      entry[at - from] = (entry[at - from] ?? 0) ^ 3;
      const octets = [whole.subarray(0, from), checked(entry), whole.subarray(to)];
      writeFileSync(path, Buffer.concat(octets));
      expect(found(), `octet ${at}`).toEqual({
        texts: [first, ...rest],
        missing: 1,
        torn: to - from,
      });
    }
  });

  test('an entry that was moved, repeated, or is of another segment is none', () => {
    const path = leave(...TEXTS);
    const whole = readFileSync(path);
    const [first = 0, second = 0, third = 0] = places(TEXTS);
    const entry = whole.subarray(second, third);
    const renumbered = Buffer.from(entry);
    renumbered.writeUInt32BE(TEXTS.length + 1, 12);
    for (const more of [entry, checked(renumbered)]) {
      writeFileSync(path, Buffer.concat([whole, more]));
      expect(found()).toEqual({ texts: TEXTS, missing: 0, torn: more.length });
    }
    writeFileSync(path, Buffer.concat([whole.subarray(0, first), entry, whole.subarray(first)]));
    expect(found()).toEqual({ texts: TEXTS.slice(1), missing: 1, torn: third - first });

    writeFileSync(path, whole);
    const other = leave(...TEXTS);
    expect(other).not.toBe(path);
    const foreign = readFileSync(other);
    const mixed = [foreign.subarray(0, second), entry, foreign.subarray(third)];
    writeFileSync(other, Buffer.concat(mixed));
    const texts = [...TEXTS, ...TEXTS.filter((_, i) => i !== 1)];
    expect(found()).toEqual({ texts, missing: 1, torn: entry.length });
  });

  test('a header that is damaged in one place still opens its segment; in both it is counted', () => {
    const small = opened({ size: 1024, sync: 'never' });
    for (const text of TEXTS.slice(0, 3)) small.add(EntryKind.Event, lines(text));
    small.close();
    const [, path = '', ...others] = segments();
    expect(others).toHaveLength(1);
    const whole = readFileSync(path);
    for (let at = 0; at < SEALED_HEADER; at += 7) {
      const octets = Buffer.from(whole);
      octets[at] = (octets[at] ?? 0) ^ 0x10;
      writeFileSync(path, octets);
      expect(found(), `octet ${at}`).toEqual({ texts: TEXTS.slice(0, 3), missing: 0, torn: 0 });
    }
    const octets = Buffer.from(whole);
    for (const at of [60, 60 + SEALED_HEADER / 2]) octets[at] = (octets[at] ?? 0) ^ 0x10;
    writeFileSync(path, octets);
    const torn = whole.length - SEALED_HEADER;
    expect(found()).toEqual({ texts: [TEXTS[0], TEXTS[2]], missing: 1, torn });
  });
});

describe('keys', () => {
  test('what was spooled in plain is drained, and what comes is sealed', () => {
    const before = new Spool(folder, ROOMY);
    before.add(EntryKind.Event, lines('old one'));
    before.close();
    const spool = new Spool(folder, ROOMY);
    spool.add(EntryKind.Event, lines('old two'));
    spool.unlock(keys);
    spool.add(EntryKind.Event, lines('new three'));
    const octets = everyOctet();
    expect(octets.includes('old two')).toBe(true);
    expect(octets.includes('three')).toBe(false);
    expect(drain(spool)).toEqual({
      texts: ['old one', 'old two', 'new three'],
      missing: 0,
      torn: 0,
    });
    spool.close();
  });

  test('nothing is written in plain where a key is to come', () => {
    const spool = new Spool(folder, ROOMY, true);
    const { taken, refused, why } = spool.add(EntryKind.Event, lines('a'));
    expect([taken, refused, String(why)]).toEqual([0, 1, 'Error: the spool has no key yet']);
    expect(segments()).toEqual([]);
    spool.unlock(keys);
    expect(spool.add(EntryKind.Event, lines('b')).taken).toBe(1);
    expect(drain(spool)).toEqual({ texts: ['b'], missing: 0, torn: 0 });
    spool.close();
  });

  test('without its key it waits, says so, and loses nothing', () => {
    const path = leave(...TEXTS);
    const whole = readFileSync(path);
    const spool = new Spool(folder, ROOMY);
    expect(spool.isLocked).toBe(true);
    expect(() => spool.unlock(undefined)).toThrow(
      `${path}: sealed events wait in it, and cannot be read: no key is configured`,
    );
    expect(() => spool.read(9, 2 ** 20)).toThrow('sealed events wait in it');
    spool.tidy();
    spool.close();

    close();
    rmSync(join(home, 'archive.db.d'), { recursive: true });
    openKeys('kek');
    expect(() => opened().close()).toThrow(/cannot be read: key \d+ is not in .*keys\.db$/);
    rmSync(join(folder, 'lock'));
    keys.current();
    expect(() => opened().close()).toThrow('key 1 of keys.db does not open it');
    expect(readFileSync(path)).toEqual(whole);
  });

  test('a segment under another name does not open', () => {
    const path = leave(...TEXTS);
    const name = join(folder, '00000001-00000000000002.sealed');
    copyFileSync(path, name);
    expect(existsSync(name)).toBe(true);
    const spool = new Spool(folder, ROOMY);
    expect(() => spool.unlock(keys)).toThrow(`${name}: sealed events wait in it`);
    spool.close();
    renameSync(name, path);
    expect(found().texts).toEqual(TEXTS);
  });

  test('what was sealed before a rotation is read after it', () => {
    const before = leave('before');
    makeKeyFile(join(home, 'new'));
    const store = new KeyStore(join(home, 'archive.db.d', 'keys.db'), keyFile(join(home, 'kek')));
    store.retire();
    store.rewrap(keyFile(join(home, 'new')));
    expect(store.counts().subjects).toBe(0); // nobody's
    store.close();
    close();
    openKeys('new');
    const after = leave('after');
    const keyNumber = (path: string) => readFileSync(path).readUInt32BE(52);
    expect(keyNumber(after)).toBeGreaterThan(keyNumber(before));
    expect(found().texts).toEqual(['before', 'after']);
  });
});
