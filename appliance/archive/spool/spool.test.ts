import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SpoolSettings } from '../../config/settings.ts';
import { Spool } from './spool.ts';
import { EntryKind } from './spool-entry.ts';
import type { SpoolPosition } from './spool-position.ts';

const ROOMY: SpoolSettings = { size: 2 ** 30, sync: 'never' };
const MANY = 1_000_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spool-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function lines(...texts: string[]): Buffer {
  return Buffer.from(texts.map((text) => `${text}\n`).join(''));
}

interface Drained {
  readonly texts: string[];
  readonly missing: number;
  readonly torn: number;
  readonly position: SpoolPosition | undefined;
}

/** Everything there is; `acknowledged`: and the database has it. */
function drain(spool: Spool, acknowledged = true, most = MANY): Drained {
  const texts: string[] = [];
  let missing = 0;
  let torn = 0;
  let position: SpoolPosition | undefined;
  while (!spool.isDrained && texts.length < most) {
    const read = spool.read(Math.min(100, most - texts.length), MANY);
    texts.push(...read.entries.map(({ payload }) => payload.toString()));
    missing += read.missing;
    torn += read.torn;
    position = read.position ?? position;
    if (acknowledged && position !== undefined) spool.acknowledge(position);
  }
  return { texts, missing, torn, position };
}

function segments(): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.spool'));
}

test('lines come out as they went in, and leave nothing behind', () => {
  const spool = new Spool(folder, ROOMY);
  expect(spool.add(EntryKind.Event, lines('one', 'zwei', ''))).toEqual({
    taken: 3,
    refused: 0,
    why: undefined,
  });
  expect(spool.oldest).toBeLessThanOrEqual(Date.now());
  expect(statSync(join(folder, segments()[0] ?? '')).mode & 0o777).toBe(0o600);
  expect(drain(spool).texts).toEqual(['one', 'zwei', '']);
  spool.add(EntryKind.Ledger, lines('three'));
  expect(spool.read(1, MANY).entries[0]).toMatchObject({ kind: EntryKind.Ledger, number: 4 });
  spool.acknowledge({ generation: 1, number: 4 });
  expect(spool.oldest).toBeUndefined();
  spool.tidy();
  expect(segments()).toEqual([]);
  spool.close();
});

test('what was not acknowledged is there for the next process; what was is not', () => {
  const first = new Spool(folder, ROOMY);
  first.add(EntryKind.Event, lines('a', 'b', 'c'));
  const { position } = drain(first, false, 2);
  first.close();
  const second = new Spool(folder, ROOMY);
  second.add(EntryKind.Event, lines('d'));
  expect(second.identity).toEqual({ spool: first.identity.spool, generation: 2 });
  if (position !== undefined) second.skipTo(position);
  expect(drain(second).texts).toEqual(['c', 'd']);
  second.close();
  // Died between the commit and the deletion.
  const third = new Spool(folder, ROOMY);
  third.skipTo({ generation: 2, number: 1 });
  expect(drain(third)).toMatchObject({ texts: [], missing: 0, torn: 0 });
  third.close();
});

test('one process a spool', () => {
  const spool = new Spool(folder, ROOMY);
  expect(() => new Spool(folder, ROOMY)).toThrow('another process archives through this spool');
  spool.close();
  new Spool(folder, ROOMY).close();
});

test('what finds no room is refused, and there is room again when the database has some of it', () => {
  const spool = new Spool(folder, { size: 4096, sync: 'never' });
  const long = 'x'.repeat(300);
  const added = Array.from({ length: 20 }, (_, i) => spool.add(EntryKind.Event, lines(long + i)));
  const taken = added.filter((one) => one.taken === 1).length;
  expect(taken).toBeGreaterThan(5);
  expect(added.at(-1)).toMatchObject({ taken: 0, refused: 1 });
  expect(String(added.at(-1)?.why)).toContain('the spool is full');
  expect(spool.octets).toBeLessThanOrEqual(4096);
  expect(segments().length).toBeGreaterThan(3);
  expect(drain(spool).texts).toEqual(Array.from({ length: taken }, (_, i) => long + i));
  expect(spool.add(EntryKind.Event, lines('again')).taken).toBe(1);
  spool.close();
});

test('a line longer than any event is refused, its neighbours are not', () => {
  const spool = new Spool(folder, ROOMY);
  const long = Buffer.alloc(2 ** 24 + 1, 'x').toString();
  expect(spool.add(EntryKind.Event, lines('a', long, 'b'))).toMatchObject({ taken: 2, refused: 1 });
  expect(drain(spool)).toMatchObject({ texts: ['a', 'b'], missing: 0, torn: 0 });
  spool.close();
});

test('entries longer than what is read at once', () => {
  const spool = new Spool(folder, ROOMY);
  const texts = [3, 2_000_000, 5, 1_048_559, 1_048_560, 7].map((n) => 'y'.repeat(n));
  spool.add(EntryKind.Event, lines(...texts));
  expect(drain(spool)).toMatchObject({ texts, missing: 0, torn: 0 });
  spool.close();
});

test('a spool that was put away as a whole begins as another one', () => {
  const first = new Spool(folder, ROOMY);
  first.close();
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  const second = new Spool(folder, ROOMY);
  expect(second.identity.spool).not.toBe(first.identity.spool);
  second.close();
});

test('without its identity, the segments tell which spool it is', () => {
  const first = new Spool(folder, ROOMY);
  first.add(EntryKind.Event, lines('a'));
  first.close();
  writeFileSync(join(folder, 'identity.json'), '{');
  const second = new Spool(folder, ROOMY);
  expect(second.identity).toEqual({ spool: first.identity.spool, generation: 2 });
  expect(drain(second).texts).toEqual(['a']);
  second.close();
});

describe('damage', () => {
  const TEXTS = Array.from({ length: 24 }, (_, i) => `{"n":${i},"text":"${'z'.repeat(i * 3)}"}`);

  /** A spool of several segments, as a process that was killed leaves it. */
  function leave(): string[] {
    const spool = new Spool(folder, { size: 8192, sync: 'never' });
    for (const text of TEXTS) spool.add(EntryKind.Event, lines(text));
    spool.close();
    return segments().map((name) => join(folder, name));
  }

  test('the last segment cut at any octet gives a prefix', () => {
    const texts = TEXTS.slice(0, 6);
    const spool = new Spool(folder, ROOMY);
    spool.add(EntryKind.Event, lines(...texts));
    spool.close();
    const path = join(folder, segments()[0] ?? '');
    const whole = readFileSync(path);
    for (let cut = whole.length; cut >= 0; cut--) {
      writeFileSync(path, whole.subarray(0, cut));
      const spool = new Spool(folder, ROOMY);
      const drained = drain(spool, false);
      expect(drained.texts).toEqual(texts.slice(0, drained.texts.length));
      expect(drained.missing).toBe(0);
      expect(drained.torn).toBeLessThan(60);
      if (cut === whole.length) expect(drained.texts).toEqual(texts);
      spool.close();
    }
  });

  test('whatever is changed, what is whole comes out in order, and the rest is counted', () => {
    const paths = leave();
    const wholes = paths.map((path) => readFileSync(path));
    const change = fc.record({
      file: fc.nat(paths.length - 1),
      at: fc.nat(),
      octets: fc.uint8Array({ minLength: 1, maxLength: 40 }),
      kind: fc.constantFrom('overwrite', 'insert', 'remove'),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const files = wholes.map((whole) => Buffer.from(whole));
        for (const { file, at, octets, kind } of changes) {
          const before = files[file] ?? Buffer.alloc(0);
          const place = at % (before.length + 1);
          const rest = kind === 'insert' ? place : place + octets.length;
          const put = kind === 'remove' ? [] : [octets];
          files[file] = Buffer.concat([before.subarray(0, place), ...put, before.subarray(rest)]);
        }
        for (const [i, octets] of files.entries()) writeFileSync(paths[i] ?? '', octets);
        const spool = new Spool(folder, ROOMY);
        spool.add(EntryKind.Event, lines('after'));
        const { texts, missing } = drain(spool, false);
        spool.close();
        rmSync(join(folder, segments().at(-1) ?? ''));
        const places = texts.slice(0, -1).map((text) => TEXTS.indexOf(text));
        expect(texts.at(-1)).toBe('after');
        expect(places).not.toContain(-1);
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
        // All that is missing is counted, but for what may be missing at the end.
        const last = places.at(-1) ?? -1;
        expect(missing).toBe(last + 1 - places.length);
      }),
      { numRuns: 150 },
    );
  });
});
