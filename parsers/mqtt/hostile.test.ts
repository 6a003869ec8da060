/** Input made to cost: what is held is told, and time grows with the octets. */
import { describe, expect, test } from 'vitest';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import { memoryInUse } from '../../test/support/heap.ts';
import { flowContext, joined, octets, PASS } from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { connect, id, packet, text } from './mqtt.fixture.ts';
import { MqttParser } from './parser.ts';

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

function feedAll(parser: MqttParser, all: Uint8Array): MqttParser {
  for (let at = 0; at < all.length; at += 1460) {
    parser.push(Direction.ToServer, all.slice(at, at + 1460), quiet);
  }
  return parser;
}

function signedIn(): MqttParser {
  return feedAll(new MqttParser(flowContext()), connect(5));
}

async function occupied(count: number, wire: (k: number) => Uint8Array) {
  const kept = [feedAll(signedIn(), wire(-1))];
  const before = await memoryInUse();
  for (let k = 0; k < count; k++) kept.push(feedAll(signedIn(), wire(k)));
  const real = ((await memoryInUse()) - before) / count;
  return { real, held: Math.max(...kept.map((parser) => parser.held())) };
}

const long = (k: number, i: number) => `${k}/${i}/${'x'.repeat(900)}`;

describe('what is held is no more than is told', () => {
  test.each<[string, number, (k: number) => Uint8Array]>([
    ['nothing yet', 500, () => octets('')],
    ['half a packet', 30, () => packet(0x30, text('t'), 'x'.repeat(100_000)).subarray(0, 70_000)],
    [
      'aliases of long topics',
      10,
      (k) => many(300, (i) => packet(0x30, text(long(k, i)), 3, 0x23, id(i + 1), 'x')),
    ],
    [
      'messages that nobody acknowledges',
      10,
      (k) => many(300, (i) => packet(0x32, text('t'), id(i + 1), 0, long(k, i))),
    ],
    [
      'long lists of topics that nobody answers',
      5,
      (k) =>
        many(40, (j) =>
          packet(
            0x82,
            id(j + 1),
            0,
            many(300, (i) => joined(text(`${long(k, i)}${j}`.slice(0, 25)), octets('\0'))),
          ),
        ),
    ],
  ])('%s', async (_, count, wire) => {
    const { real, held } = await occupied(count, wire);
    expect(real * count).toBeLessThanOrEqual(1.25 * held * count + NOISE);
    expect(held).toBeLessThan(2 << 20);
  });
});

test('time grows with the octets', () => {
  const cost = (size: number) => {
    const wires = [
      packet(0x30, text('t'), `{"text":"${'"a":'.repeat(size / 4)}`),
      packet(0x30, text('t'), `${'['.repeat(size)}`),
      packet(0x30, text('t'), `{"a":${'['.repeat(size)}`),
      packet(
        0x82,
        id(1),
        0,
        many(size / 4, () => joined(text('a'), octets('\0'))),
      ),
      octets('\0'.repeat(size)),
    ];
    return wires.map((wire) => {
      const parser = signedIn();
      const started = cpuMilliseconds();
      feedAll(parser, wire);
      return cpuMilliseconds() - started;
    });
  };
  cost(10_000);
  const once = cost(15_000);
  cost(60_000).forEach((fourfold, i) => {
    // A square would be sixteenfold; a busy machine is allowed for.
    expect(fourfold, `wire ${i}`).toBeLessThan(10 * (once[i] ?? 0) + 60);
  });
});
