/** Input made to cost: what is held is told, and time grows with the octets. */
import { deflate } from 'pako';
import { describe, expect, test } from 'vitest';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import { memoryInUse } from '../../test/support/heap.ts';
import { flowContext, joined, octets, PASS } from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import {
  BOB,
  bytes,
  login80,
  ME,
  packet,
  receive,
  send80,
  u16,
  u32,
  welcome,
} from './gadu.fixture.ts';
import { GaduParser } from './parser.ts';

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

function signedIn(): GaduParser {
  const parser = new GaduParser(flowContext());
  parser.push(Direction.ToClient, welcome, quiet);
  parser.push(Direction.ToServer, login80(), quiet);
  return parser;
}

async function occupied(count: number, direction: Direction, wire: (k: number) => Uint8Array) {
  const make = (k: number) => {
    const parser = signedIn();
    const all = wire(k);
    for (let at = 0; at < all.length; at += 1460) {
      parser.push(direction, all.slice(at, at + 1460), quiet);
    }
    return parser;
  };
  const kept = [make(-1)];
  const before = await memoryInUse();
  for (let k = 0; k < count; k++) kept.push(make(k));
  const real = ((await memoryInUse()) - before) / count;
  return { real, held: Math.max(...kept.map((parser) => parser.held())) };
}

const { ToServer, ToClient } = Direction;
const nothing = octets('\0'.repeat(20));

describe('what is held is no more than is told', () => {
  test.each<[string, number, Direction, (k: number) => Uint8Array]>([
    ['nothing yet', 500, ToServer, () => octets('')],
    ['half a packet', 100, ToServer, () => packet(0x2d, 'x'.repeat(30_000)).subarray(0, 20_000)],
    [
      'offers of long names',
      20,
      ToServer,
      (k) =>
        many(100, (i) =>
          packet(0x20, u32(k, i), u32(ME, BOB, 4), 'n'.repeat(255), u32(9, 0), nothing),
        ),
    ],
    [
      'images that never end',
      20,
      ToClient,
      (k) =>
        many(100, (i) =>
          receive('', bytes(5, u32(1 << 30, k * 1000 + i), `${'n'.repeat(1000)}\0`, 'x')),
        ),
    ],
    [
      'a list without line ends',
      50,
      ToServer,
      () => many(20, () => packet(0x16, 1, 'x'.repeat(2000))),
    ],
  ])('%s', async (_, count, direction, wire) => {
    const { real, held } = await occupied(count, direction, wire);
    expect(real * count).toBeLessThanOrEqual(1.25 * held * count + NOISE);
    expect(held).toBeLessThan(1 << 20);
  });
});

describe('time grows with the octets', () => {
  const twice = (direction: Direction, wire: (size: number) => Uint8Array) => {
    const cost = (size: number) => {
      const parser = signedIn();
      const all = wire(size);
      const started = cpuMilliseconds();
      for (let at = 0; at < all.length; at += 1460)
        parser.push(direction, all.subarray(at, at + 1460), quiet);
      return cpuMilliseconds() - started;
    };
    cost(10_000);
    return { once: cost(15_000), fourfold: cost(60_000) };
  };

  test.each<[string, Direction, (size: number) => Uint8Array]>([
    ['images that are not closed', ToServer, (size) => send80('<img '.repeat(size / 5), 'x')],
    ['tags that are not closed', ToServer, (size) => send80('<b '.repeat(size / 3), 'x')],
    [
      'rich text of many records',
      ToServer,
      (size) => send80('', 'x', bytes(2, u16(size), octets('\0\0\x08\0\0\0'.repeat(size / 6)))),
    ],
    ['a list of empty lines', ToServer, (size) => packet(0x16, 1, ';;;;;;1;\n'.repeat(size / 9))],
    ['octets that are no packet', ToServer, (size) => octets('\xff'.repeat(size))],
  ])('%s', (_name, direction, wire) => {
    const { once, fourfold } = twice(direction, wire);
    // A square would be sixteenfold; a busy machine is allowed for.
    expect(fourfold).toBeLessThan(10 * once + 60);
  });
});

describe('an octet costs no more than', () => {
  const line = ';;;;;;1;\n';
  test.each<[string, number, Direction, Uint8Array]>([
    ['images that are not closed', 600, ToServer, send80('<img '.repeat(12_000), 'x')],
    [
      'lists that inflate to empty lines',
      3000,
      ToServer,
      packet(0x40, 0, u32(1), 2, 1, deflate(octets('\n'.repeat(60_000)))),
    ],
    [
      'lists of contacts that inflate',
      3000,
      ToClient,
      packet(0x30, 6, deflate(octets(line.repeat(100_000)))),
    ],
  ])('%s: %i ns', (_name, limit, direction, wire) => {
    const parser = signedIn();
    const all = many(Math.ceil(1_000_000 / wire.length), () => wire);
    const started = cpuMilliseconds();
    for (let at = 0; at < all.length; at += 1460)
      parser.push(direction, all.subarray(at, at + 1460), quiet);
    expect(((cpuMilliseconds() - started) * 1e6) / all.length).toBeLessThan(limit);
  });
});
