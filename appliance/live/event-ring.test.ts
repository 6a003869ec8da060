import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEventRing, EventRingReader, EventRingWriter } from './event-ring.ts';

const CAPACITY = 512;

function ring(patience = 0, octets = CAPACITY) {
  const memory = createEventRing(octets);
  return { writer: new EventRingWriter(memory, patience), reader: new EventRingReader(memory) };
}

function linesOf(octets: Uint8Array): string[] {
  return Buffer.from(octets).toString('utf8').split('\n').slice(0, -1);
}

function takeAll(reader: EventRingReader, most = 200): string[] {
  const lines: string[] = [];
  for (let chunk = reader.take(most); chunk.length > 0; chunk = reader.take(most)) {
    const taken = linesOf(chunk);
    lines.push(...taken);
    reader.release(chunk.length, taken.length);
  }
  return lines;
}

test('what is written is read, in order, whatever its letters', () => {
  const { writer, reader } = ring();
  for (const line of ['a', '', 'Grüße', '日本語', 'x'.repeat(90)]) {
    expect(writer.push(line)).toBe(true);
  }
  expect(reader.queued).toBe(5);
  expect(takeAll(reader)).toEqual(['a', '', 'Grüße', '日本語', 'x'.repeat(90)]);
  expect(reader.queued).toBe(0);
});

test('a full ring sheds the line and counts it; what is in it stays whole', () => {
  const { writer, reader } = ring();
  const line = 'y'.repeat(99);
  const taken = Array.from({ length: 7 }, () => writer.push(line));
  expect(taken).toEqual([true, true, true, true, true, false, false]);
  expect(writer.shed).toBe(2);
  expect(takeAll(reader)).toEqual(Array.from({ length: 5 }, () => line));
  expect(writer.push('after')).toBe(true);
  expect(takeAll(reader)).toEqual(['after']);
});

test('a line longer than the ring is shed at once, however patient the writer', () => {
  const { writer, reader } = ring(10_000);
  expect(writer.push('z'.repeat(CAPACITY))).toBe(false);
  expect(writer.push('z'.repeat(CAPACITY - 1))).toBe(true);
  expect(takeAll(reader, 64)).toEqual(['z'.repeat(CAPACITY - 1)]);
});

test('a reader that stays away is waited for once, not once a line', () => {
  const patience = 60;
  const { writer, reader } = ring(patience);
  const line = 'w'.repeat(255);
  expect([writer.push(line), writer.push(line)]).toEqual([true, true]);
  const began = performance.now();
  for (let i = 0; i < 50; i++) expect(writer.push(line)).toBe(false);
  const waited = performance.now() - began;
  expect(waited).toBeGreaterThanOrEqual(patience - 2);
  expect(waited).toBeLessThan(patience * 20);
  expect(writer.shed).toBe(50);
  takeAll(reader);
  expect(writer.push(line)).toBe(true);
});

test('a writer goes on where the one before it died', () => {
  const memory = createEventRing(CAPACITY);
  const reader = new EventRingReader(memory);
  new EventRingWriter(memory, 0).push('first life');
  new EventRingWriter(memory, 0).push('second life');
  expect(takeAll(reader)).toEqual(['first life', 'second life']);
});

describe('any interleaving of writing and reading', () => {
  const step = fc.oneof(
    fc.record({ push: fc.string({ unit: 'grapheme', maxLength: 120 }) }),
    fc.record({ take: fc.integer({ min: 1, max: 300 }) }),
  );

  test('loses nothing but what it counts, and tears nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const { writer, reader } = ring();
        const written: string[] = [];
        const read: string[] = [];
        let shed = 0;
        for (const one of steps) {
          if ('push' in one) {
            const line = one.push.replaceAll('\n', ' ').toWellFormed();
            if (writer.push(line)) written.push(line);
            else shed += 1;
          } else {
            const chunk = reader.take(one.take);
            const lines = linesOf(chunk);
            read.push(...lines);
            reader.release(chunk.length, lines.length);
          }
          expect(reader.queued).toBe(written.length - read.length);
        }
        read.push(...takeAll(reader));
        expect(read).toEqual(written);
        expect(writer.shed).toBe(shed);
      }),
    );
  });
});

test('lines that come whole are one piece, and wait outside while there is no room', () => {
  const { writer, reader } = ring(0, 64);
  expect(writer.pushLines(Buffer.from('first\nsecond\n'))).toBe(true);
  expect(reader.queued).toBe(2);
  const long = Buffer.from(`${'x'.repeat(59)}\n`);
  expect(writer.pushLines(long)).toBe(false);
  expect(writer.shed).toBe(0);
  expect(Buffer.from(reader.take(1000)).toString()).toBe('first\nsecond\n');
});
