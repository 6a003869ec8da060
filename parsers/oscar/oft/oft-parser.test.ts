import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuMilliseconds } from '../../../test/support/cpu-time.ts';
import {
  client,
  cut,
  describeRows,
  Ear,
  feed,
  flowContext,
  joined,
  octets,
  server,
} from '../../../test/support/parser-harness.ts';
import { Direction, Status } from '../../contract.ts';
import { OFT } from './definition.ts';
import { ack, done, prompt, remembered } from './oft.fixture.ts';
import { FILES, ODDITIES } from './oft-files.fixture.ts';
import { HEADER_MOST, NAME_LIMIT, OFT_HELD } from './oft-limits.ts';

const { ToServer, ToClient } = Direction;
const HELD_MOST = OFT_HELD + 4 * HEADER_MOST + 2 * NAME_LIMIT;

describe('files', () => describeRows(OFT, FILES, { step: 13 }));
describe('oddities', () => describeRows(OFT, ODDITIES, { step: 13 }));

describe('octets that are missing', () => {
  const open = () => {
    const parser = OFT.create(flowContext({ memory: remembered() }));
    return { parser, ear: feed(parser, [server(prompt()), client(ack()), server('0123')]) };
  };

  test('inside the file: complete without a hash, and the next file is read', () => {
    const { parser, ear } = open();
    expect(parser.gap(ToClient, 4, ear)).toBe(Status.More);
    feed(parser, [server('89'), client(done()), server(prompt()), client(ack())], undefined, ear);
    expect(ear.heard.map((said) => [said.kind, said.reason])).toEqual([
      ['file.start', undefined],
      ['file.complete', 'gap'],
      ['file.start', undefined],
    ]);
    expect(ear.heard[1]?.file).not.toHaveProperty('sha256');
    expect(ear.heard[1]?.file).toMatchObject({ size: 10 });
  });

  test('beyond the file: it ends, and a header is looked for', () => {
    const { parser, ear } = open();
    parser.gap(ToClient, 40, ear);
    feed(parser, [server('rest of a header', prompt({ size: 0 })), client(ack())], undefined, ear);
    expect(ear.heard.map((said) => said.kind ?? said.anomaly)).toEqual([
      'file.start',
      'file.complete',
      'oft-size-differs',
      'file.start',
      'file.complete',
    ]);
  });

  test('of a header: what follows is found again', () => {
    const parser = OFT.create(flowContext());
    const ear = feed(parser, [server(prompt().subarray(0, 100))]);
    parser.gap(ToClient, 50, ear);
    feed(parser, [server(prompt().subarray(150), prompt()), client(ack())], undefined, ear);
    expect(ear.heard.map((said) => said.kind)).toEqual(['file.start']);
  });

  test('a stream that ends early cancels its file, once', () => {
    const { parser, ear } = open();
    parser.end(ToServer, ear);
    parser.end(ToClient, ear);
    parser.end(ToClient, ear);
    expect(ear.heard.slice(1)).toMatchObject([
      { kind: 'file.cancel', reason: 'incomplete', file: { size: 4 } },
    ]);
  });
});

test('an unfinished answer is held back, content is not', () => {
  const parser = OFT.create(flowContext());
  const ear = feed(parser, [server(prompt()), client(ack().subarray(0, 200))]);
  expect(parser.holdFrom(ToServer)).toBe(0);
  expect(ear.heard).toEqual([]);
  feed(parser, [client(ack().subarray(200)), server('012')], undefined, ear);
  expect([parser.holdFrom(ToServer), parser.holdFrom(ToClient)]).toEqual([-1, -1]);
  expect(ear.units[0]).toMatchObject({ direction: ToClient, start: 256, end: -1, form: -1 });
});

describe('any octets', () => {
  const wire = joined(prompt({ size: 20 }), octets('x'.repeat(20)), prompt({ size: 0 }), done());
  const turns = fc.array(
    fc.tuple(
      fc.constantFrom<Direction>(ToServer, ToClient),
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(prompt(), ack(), done(), octets('OFT2')),
        fc.tuple(fc.nat(wire.length - 1), fc.nat(255)).map(([at, octet]) => {
          const mutated = wire.slice();
          mutated[at] = octet;
          return mutated;
        }),
      ),
      fc.boolean(),
    ),
    { maxLength: 12 },
  );

  test('throw nothing, are held in bounds, and say the same in any pieces', () => {
    fc.assert(
      fc.property(turns, fc.array(fc.nat(600), { maxLength: 5 }), (pieces, cuts) => {
        const run = (at: readonly number[]) => {
          const parser = OFT.create(flowContext({ memory: remembered() }));
          const ear = new Ear();
          for (const [direction, lent, gap] of pieces) {
            if (gap) parser.gap(direction, 9, ear);
            for (const piece of cut(
              lent,
              at.filter((a) => a < lent.length),
            )) {
              parser.push(direction, piece.slice(), ear);
              expect(parser.held()).toBeLessThanOrEqual(HELD_MOST);
            }
          }
          parser.end(ToServer, ear);
          parser.end(ToClient, ear);
          return ear.heard;
        };
        expect(run(cuts)).toEqual(run([]));
      }),
      { numRuns: 150 },
    );
  });

  test('a megabyte that is no header costs no more than its octets', () => {
    const parser = OFT.create(flowContext({ midstream: true }));
    const ear = new Ear();
    const junk = octets('OFT2OFTOO'.repeat(120_000));
    const before = cpuMilliseconds();
    for (let at = 0; at < junk.length; at += 1460)
      parser.push(ToClient, junk.subarray(at, at + 1460), ear);
    expect(cpuMilliseconds() - before).toBeLessThan(4000);
    expect(ear.heard).toEqual([{ anomaly: 'oft-no-header' }]);
    expect(parser.held()).toBeLessThanOrEqual(HELD_MOST);
  });
});
