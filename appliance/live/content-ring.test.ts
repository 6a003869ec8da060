/** Files through a ring of shared memory: whole, in order, round its end, and never waited for. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IncomingFolder } from '../archive/files/incoming-folder.ts';
import { ContentRingReader, ContentRingWriter, createContentRing, Frame } from './content-ring.ts';
import { RingFiles, RingFilesTaker } from './ring-files.ts';

const RING = 1 << 16;
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-ring-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function ends(octets = RING) {
  const memory = createContentRing(octets);
  const incoming = new IncomingFolder(folder, { largest: 1e6, total: 1e7 }, 'worker-0');
  const taker = new RingFilesTaker(new ContentRingReader(memory), incoming);
  return { memory, incoming, taker, files: new RingFiles(new ContentRingWriter(memory)) };
}

function whole(n: number) {
  const id = `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
  return { id, time: n, sha256: '0'.repeat(64), mime: undefined, offset: 0 };
}

function noteOf(id: string): { state: string; size: number } {
  return JSON.parse(readFileSync(join(folder, `${id}.note`), 'utf8'));
}

test('frames come out as they went in, however the ring wraps', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.uint8Array({ maxLength: 700 }), fc.boolean()), { maxLength: 60 }),
      (pieces) => {
        const memory = createContentRing(1024);
        const writer = new ContentRingWriter(memory);
        const reader = new ContentRingReader(memory);
        const sent: string[] = [];
        const got: string[] = [];
        const drain = () => {
          while (
            reader.take((what, transfer, octets) => {
              got.push(`${what} ${transfer} ${Buffer.from(octets).toString('hex')}`);
            })
          );
        };
        for (const [n, [octets, read]] of pieces.entries()) {
          if (writer.write(Frame.Octets, n, octets)) {
            sent.push(`1 ${n} ${Buffer.from(octets).toString('hex')}`);
          } else expect(octets.length + 12).toBeGreaterThan(0);
          if (read) drain();
        }
        drain();
        expect(got).toEqual(sent);
        expect(writer.write(Frame.Octets, 1, new Uint8Array(900))).toBe(true);
      },
    ),
  );
});

describe('files', () => {
  test('several at a time, each in its own', () => {
    const { files, taker } = ends();
    const [a, b] = [files.open(), files.open()];
    a.write(Buffer.from('first '));
    b.write(Buffer.from('second'));
    a.write(Buffer.from('file'));
    const gone = files.open();
    gone.write(Buffer.from('unwanted'));
    gone.discard();
    a.keep(whole(1));
    b.keep(whole(2));
    while (taker.take(2));
    expect(readFileSync(join(folder, whole(1).id), 'utf8')).toBe('first file');
    expect(readFileSync(join(folder, whole(2).id), 'utf8')).toBe('second');
    expect(readdirSync(folder)).toHaveLength(4);
  });

  test('that find no room are given up, and it is said; the next one is kept', () => {
    const { files, taker } = ends();
    const late = files.open();
    late.write(Buffer.alloc(RING / 2));
    late.write(Buffer.alloc(RING));
    late.write(Buffer.alloc(10));
    late.keep(whole(1));
    while (taker.take(10));
    expect(noteOf(whole(1).id)).toMatchObject({ state: 'behind', size: RING * 1.5 + 10 });
    const next = files.open();
    next.write(Buffer.from('next'));
    next.keep(whole(2));
    while (taker.take(10));
    expect(noteOf(whole(2).id)).toMatchObject({ state: 'kept', size: 4 });
    expect(readdirSync(folder).sort()).toEqual([
      `${whole(1).id}.note`,
      whole(2).id,
      `${whole(2).id}.note`,
    ]);
  });

  test('of which nothing can be told are counted, and leave no descriptor open', () => {
    const { files, taker, memory } = ends();
    const begun = files.open();
    begun.write(Buffer.alloc(100));
    while (taker.take(10));
    const full = files.open();
    full.write(Buffer.alloc(RING - 60));
    begun.write(Buffer.alloc(1000));
    begun.keep(whole(1));
    expect(new ContentRingReader(memory).lost).toBe(1);
    while (taker.take(10));
    full.discard();
    while (taker.take(10));
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of a worker that died are not mixed with those of its next life', () => {
    const { files, taker, memory } = ends();
    const cut = files.open();
    cut.write(Buffer.from('of the dead '));
    while (taker.take(10));
    const again = new RingFiles(new ContentRingWriter(memory));
    const anew = again.open();
    anew.write(Buffer.from('of the living'));
    anew.keep(whole(1));
    while (taker.take(10));
    expect(readFileSync(join(folder, whole(1).id), 'utf8')).toBe('of the living');
    expect(readdirSync(folder)).toHaveLength(2);
  });
});
