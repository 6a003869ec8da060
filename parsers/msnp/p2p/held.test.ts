/** Input made to cost: what is held is told, and bounded. */
import { describe, expect, test } from 'vitest';
import { cpuMilliseconds } from '../../../test/support/cpu-time.ts';
import { memoryInUse } from '../../../test/support/heap.ts';
import {
  feed,
  flowContext,
  joined,
  PASS,
  type Turn,
} from '../../../test/support/parser-harness.ts';
import { DirectParser } from '../direct/parser.ts';
import { ann, betweenThem, fileContext, invite, OPENING, packet } from './peer.fixture.ts';

const NOISE = 1 << 20; // octets that the process itself comes and goes by meanwhile
const quiet = {
  event: () => PASS,
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};
const many = (n: number, one: (i: number) => Uint8Array): Turn =>
  ann(...Array.from({ length: n }, (_, i) => one(i)));

function parserAfter(turns: readonly Turn[]): DirectParser {
  const parser = new DirectParser(flowContext(betweenThem()));
  for (const { direction, wire } of [...OPENING, ...turns]) {
    for (let at = 0; at < wire.length; at += 1460) {
      parser.push(direction, wire.slice(at, at + 1460), quiet);
    }
  }
  return parser;
}

const early = (session: number) => (i: number) =>
  packet(
    { session, message: 5, offset: 600 * (i + 1), total: 1e9, flags: 0x30 },
    new Uint8Array(500),
  );

const CASES: readonly [string, number, (k: number) => readonly Turn[]][] = [
  ['nothing yet', 500, () => []],
  ['half a packet', 100, () => [{ direction: 0, wire: packet({ total: 1 }).slice(0, 30) }]],
  [
    'offers of long names',
    20,
    (k) => [
      many(100, (i) =>
        packet(
          { message: i },
          invite({
            call: `{call ${k} ${i}}`,
            session: i + 1,
            context: fileContext(`${'n'.repeat(240)}${k} ${i}`, i),
          }),
        ),
      ),
    ],
  ],
  [
    'texts without an end',
    20,
    () => [many(20, (i) => packet({ message: i, total: 60_000 }, new Uint8Array(40_000).fill(65)))],
  ],
  [
    'files of which parts came early',
    20,
    () => Array.from({ length: 40 }, (_, s) => many(70, early(s + 1))),
  ],
  [
    'files that began',
    50,
    () => [many(100, (i) => packet({ session: i + 1, message: i, total: 99, flags: 0x30 }, 'x'))],
  ],
];

describe('what is held is no more than is told', () => {
  test.each(CASES)('%s', async (_, count, turns) => {
    const kept: DirectParser[] = [parserAfter(turns(-1))];
    const before = await memoryInUse();
    for (let k = 0; k < count; k++) kept.push(parserAfter(turns(k)));
    const real = (await memoryInUse()) - before;
    const held = Math.max(...kept.map((parser) => parser.held()));
    expect(real).toBeLessThanOrEqual(1.25 * held * count + NOISE);
    expect(held).toBeLessThan(2 << 20);
  });
});

test('a text in single octets costs no more than its length', () => {
  const offer = invite({ guid: '{later}', context: fileContext('plan.pdf', 1, 40_000) });
  const one = (i: number) => packet({ offset: i, total: offer.length }, offer.subarray(i, i + 1));
  const wire = joined(...Array.from({ length: offer.length }, (_, i) => ann(one(i)).wire));
  const began = cpuMilliseconds();
  const parser = new DirectParser(flowContext(betweenThem()));
  const { heard } = feed(parser, [...OPENING, { direction: 0, wire }]);
  expect(heard).toHaveLength(1);
  expect(heard[0]).toMatchObject({ kind: 'app.unknown', reason: 'EUF-GUID {later}' });
  expect(cpuMilliseconds() - began).toBeLessThan(5000); // each part read from the start would be minutes
});
