/** Input made to cost: what is held is no more than is told. */
import { describe, expect, test } from 'vitest';
import { memoryInUse } from '../../test/support/heap.ts';
import { flowContext, joined, octets, PASS } from '../../test/support/parser-harness.ts';
import type { Direction } from '../contract.ts';
import { flap, item, name, snac, tlv, user } from './oscar.fixture.ts';
import { OscarParser } from './parser.ts';

const NOISE = 1 << 20; // octets that the process itself comes and goes by meanwhile
const quiet = {
  event: () => PASS,
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};
const many = (n: number, one: (i: number) => Uint8Array) =>
  joined(...Array.from({ length: n }, (_, i) => one(i)));
const long = (text: string) => text.padEnd(240, 'x');

const HALF = flap(2, new Uint8Array(20_000)).subarray(0, 19_000);

/** Octets that one parser occupies after `wire`: the mean of many. */
async function occupied(count: number, direction: Direction, wire: (k: number) => Uint8Array) {
  const make = (k: number) => {
    const oscar = new OscarParser(flowContext());
    const all = wire(k);
    for (let at = 0; at < all.length; at += 1460) {
      oscar.push(direction, all.slice(at, at + 1460), quiet);
    }
    return oscar;
  };
  const kept: OscarParser[] = [make(-1)];
  const before = await memoryInUse();
  for (let k = 0; k < count; k++) kept.push(make(k));
  const real = ((await memoryInUse()) - before) / count;
  return { real, held: Math.max(...kept.map((oscar) => oscar.held())) };
}

describe('what is held is no more than is told', () => {
  test.each<[string, number, Direction, (k: number) => Uint8Array]>([
    ['nothing yet', 500, 0, () => octets('')],
    ['half a frame', 100, 0, () => HALF],
    [
      'presence of many, with long texts',
      5,
      1,
      (k) =>
        many(1100, (i) => {
          const text = octets(long(`${k} ${i} `)).subarray(0, 200);
          const status = tlv(0x1d, '0002 04 cc 00c8', text, '0000');
          return snac('0003/000b', user(long(`${k} ${i}`).slice(0, 100), status));
        }),
    ],
    ['groups', 10, 1, (k) => many(600, (i) => snac('0013/0008', item(long(`${k} ${i}`), i, 1)))],
    [
      'messages without an answer',
      10,
      0,
      (k) =>
        many(200, (i) =>
          flap(
            2,
            `0004 0006 0000 0000 ${(i + 256).toString(16).padStart(4, '0')}`,
            "'12345678' 0001",
            name(long(`${k} ${i}`)),
          ),
        ),
    ],
  ])('%s', async (_, count, direction, wire) => {
    const { real, held } = await occupied(count, direction, wire);
    expect(real * count).toBeLessThanOrEqual(1.25 * held * count + NOISE);
    expect(held).toBeLessThan(2 << 20);
  });
});
