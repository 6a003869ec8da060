/** Octets that are hostile: whatever comes, frames, and perhaps one CaptureError. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  block,
  enhanced,
  interfaceBlock,
  joined,
  Octets,
  option,
  read,
  section,
} from './capture.fixture.ts';
import { PcapWriter } from './pcap-writer.ts';

const FRAME = Uint8Array.from([1, 2, 3, 4, 5, 6, 7]);
const writer = new PcapWriter(1);

const GOOD: readonly Uint8Array[] = [
  joined(
    writer.header(),
    writer.record(FRAME, 1),
    writer.record(FRAME, 2),
    writer.record(FRAME, 3),
  ),
  joined(
    section(),
    interfaceBlock(1, 96, option(9, Uint8Array.of(9))),
    enhanced(FRAME, { ticks: 77n }),
    block(0x0bad, FRAME),
    block(3, new Octets(true).u32(7).raw(FRAME).done),
    enhanced(FRAME),
  ),
  joined(
    section(false),
    interfaceBlock(113, 0, new Uint8Array(0), false),
    enhanced(FRAME, { little: false }),
  ),
];

const magics = fc.constantFrom(
  [0xd4, 0xc3, 0xb2, 0xa1],
  [0xa1, 0xb2, 0x3c, 0x4d],
  [0x34, 0xcd, 0xb2, 0xa1],
  [0x0a, 0x0d, 0x0d, 0x0a],
);

describe('hostile octets', () => {
  test('after a good magic number', () => {
    fc.assert(
      fc.property(magics, fc.uint8Array({ maxLength: 300 }), (magic, rest) => {
        const file = joined(Uint8Array.from(magic), rest);
        expect(read(file, 16)).toEqual(read(file));
      }),
    );
  });

  test('in a good file', () => {
    const change = fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 }));
    const changes = fc.array(change, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.constantFrom(...GOOD),
        changes,
        fc.integer({ min: 1, max: 64 }),
        (good, list, size) => {
          const file = good.slice();
          for (const [at, octet] of list) file[at % file.length] = octet;
          const whole = read(file);
          expect(read(file, size)).toEqual(whole);
          // A frame never has more octets than its file.
          for (const frame of whole.seen) expect(frame.octets.length).toBeLessThan(file.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('a good file is what the other tests change', () => {
  expect(GOOD.map((file) => read(file).seen.length)).toEqual([3, 3, 1]);
});
