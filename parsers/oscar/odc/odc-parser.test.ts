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
  hex,
  joined,
  neutralised,
  octets,
  replaced,
  server,
} from '../../../test/support/parser-harness.ts';
import { Direction, Probe } from '../../contract.ts';
import { ODC } from './definition.ts';
import {
  CONVERSATIONS,
  COOKIE,
  EVASIONS,
  frame,
  hello,
  PICTURE,
  remembered,
} from './odc.fixture.ts';
import { HEADER_MOST, IMAGES_LIMIT, ODC_HELD, TEXT_LIMIT } from './odc-limits.ts';
import { probeOdc } from './odc-probe.ts';

const { ToServer, ToClient } = Direction;
const context = () => ({ memory: remembered() });
const SIDE_MOST = 2 * TEXT_LIMIT + 2 * HEADER_MOST + IMAGES_LIMIT * (160 + 4 * 256);
const HELD_MOST = ODC_HELD + 2 * SIDE_MOST;

describe('conversations', () => describeRows(ODC, CONVERSATIONS, { step: 5 }));
describe('evasions', () => describeRows(ODC, EVASIONS, { step: 5 }));

describe('probe', () => {
  test('yes at the tenth octet, from either side', () => {
    const wire = hello('ann');
    for (let n = 0; n < 10; n++) {
      expect(probeOdc(ToServer, wire.subarray(0, n), false)).toBe(Probe.More);
    }
    expect(probeOdc(ToServer, wire.subarray(0, 10), false)).toBe(Probe.Yes);
    expect(probeOdc(ToClient, wire, true)).toBe(Probe.Yes);
  });

  test.each(['ODC1', 'ODC2\0\x4b\0\x01\0\x06', 'ODC2\0\x4c\0\x02\0\x06', 'OPTIONS'])(
    '%j: no',
    (wire) => expect(probeOdc(ToServer, octets(wire), false)).toBe(Probe.No),
  );
});

describe('refusing', () => {
  const turns = [client(hello('ann'), frame('ann', 'secret'), frame('ann', 'fine'))];

  test('a message becomes blanks of its length, in its own frame', () => {
    const left = neutralised(ODC, turns, ({ text }) => text === 'secret', { context: context() });
    expect(left[0]?.wire).toEqual(
      joined(hello('ann'), frame('ann', '      '), frame('ann', 'fine')),
    );
    const ear = feed(ODC.create(flowContext(context())), left);
    expect(ear.heard.map(({ text }) => text)).toEqual(['      ', 'fine']);
  });

  test('a picture vanishes with its frame, what stands behind stays', () => {
    const wire = [server(frame('bob', PICTURE), frame('bob', 'fine'))];
    const left = neutralised(ODC, wire, ({ file }) => file?.name === 'cat.gif', {
      context: context(),
    });
    const blank = frame('bob', ' '.repeat(PICTURE.length));
    expect(left[0]?.wire).toEqual(joined(blank, frame('bob', 'fine')));
  });

  test('typing becomes nobody typing', () => {
    const wire = [client(frame('ann', '', { flags: 0x000a }), frame('ann', 'x'))];
    const left = neutralised(ODC, wire, ({ kind }) => kind === 'typing', { context: context() });
    const still = frame('ann', '', { flags: 0x0002 });
    expect(left[0]?.wire).toEqual(joined(still, frame('ann', 'x')));
  });

  test('by a proxy: the frame does not go on, its sender is told in the other’s name', () => {
    const [first] = replaced(
      ODC,
      turns,
      ({ text }) => text === 'secret',
      'No <secrets>.',
      context(),
    );
    const payload = '<HTML>No &lt;secrets&gt;.</HTML>';
    expect(first?.replacement).toEqual({
      forward: new Uint8Array(0),
      back: joined(
        hex(`'ODC2' 004c 0001 0006 0000 ${COOKIE} 0000000000000000 000000`),
        Uint8Array.of(payload.length),
        hex('0000 00000000 0000 00000000'),
        octets('bob'.padEnd(32, '\0')),
        octets(payload),
      ),
    });
    const again = feed(ODC.create(flowContext(context())), [
      server(first?.replacement?.back ?? ''),
    ]);
    expect(again.heard).toMatchObject([{ from: 'bob', to: ['ann'], text: 'No <secrets>.' }]);
  });

  test('by a proxy without a notice: nothing goes anywhere', () => {
    const [first] = replaced(ODC, turns, ({ text }) => text === 'secret', undefined, context());
    expect(first?.replacement?.back).toHaveLength(0);
  });
});

describe('units', () => {
  test('a message is judged when its text is there; plain text stands where it stands', () => {
    const parser = ODC.create(flowContext());
    const wire = frame('bob', PICTURE);
    const half = wire.length - 30;
    const ear = feed(parser, [server(wire.subarray(0, half))]);
    expect(ear.units[0]).toMatchObject({ start: 0, end: -1, textStart: -1, head: 76, form: 0 });
    const plain = feed(parser, [server(wire.subarray(half), frame('bob', 'abc'))]);
    const { length } = wire;
    expect(plain.units.at(-1)).toMatchObject({
      start: length,
      end: length + 79,
      textStart: length + 76,
      textEnd: length + 79,
    });
  });

  test('a frame is held back until its text is judged', () => {
    const parser = ODC.create(flowContext());
    feed(parser, [server(hello('bob'), frame('bob', PICTURE).subarray(0, 100))]);
    expect(parser.holdFrom(ToClient)).toBe(76);
    feed(parser, [server(frame('bob', PICTURE).subarray(100, 180))]);
    expect(parser.holdFrom(ToClient)).toBe(-1);
  });
});

describe('octets that are missing', () => {
  test('inside an image: it is given up, and the next frame read', () => {
    const parser = ODC.create(flowContext(context()));
    const wire = frame('bob', PICTURE);
    const ear = feed(parser, [server(wire.subarray(0, wire.length - 30))]);
    parser.gap(ToClient, 10, ear);
    feed(parser, [server(wire.subarray(wire.length - 20), frame('bob', 'hi'))], undefined, ear);
    expect(ear.heard.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['message', undefined],
      ['file.offer', undefined],
      ['file.cancel', 'gap'],
      ['message', undefined],
    ]);
  });

  test('beyond a frame: the next header is looked for', () => {
    const parser = ODC.create(flowContext(context()));
    const ear = feed(parser, [server(frame('bob', 'abc').subarray(0, 78))]);
    parser.gap(ToClient, 20, ear);
    feed(parser, [server('middle of a frame', frame('bob', 'hi'))], undefined, ear);
    expect(ear.heard.map(({ text }) => text)).toEqual(['hi']);
  });

  test('at the end: an image is cancelled', () => {
    const parser = ODC.create(flowContext(context()));
    const ear = feed(parser, [server(frame('bob', PICTURE).subarray(0, 190))]);
    parser.end(ToClient, ear);
    expect(ear.heard.at(-1)).toMatchObject({ kind: 'file.cancel', reason: 'incomplete' });
  });
});

describe('hostile octets', () => {
  test('a text of megabytes is read as far as the limit, and named', () => {
    const parser = ODC.create(flowContext(context()));
    const ear = new Ear();
    const wire = frame('bob', `${'x'.repeat(3 << 20)}<BINARY><DATA ID="1" SIZE="1">y</DATA>`);
    for (let at = 0; at < wire.length; at += 1460) {
      parser.push(ToClient, wire.slice(at, at + 1460), ear);
      expect(parser.held()).toBeLessThanOrEqual(HELD_MOST);
    }
    expect(ear.heard[0]).toEqual({ anomaly: 'odc-text-too-long' });
    expect(ear.events[0]?.text).toHaveLength(TEXT_LIMIT);
    expect(ear.events.at(-1)?.kind).toBe('file.complete');
  });

  test('tables do not grow', () => {
    const parser = ODC.create(flowContext(context()));
    const images = '<IMG SRC="a" ID="1" DATASIZE="1">'.repeat(1500);
    const ear = feed(parser, [server(frame('bob', `${images}<BINARY>`.padEnd(60_000)))]);
    expect(ear.heard).toHaveLength(1 + IMAGES_LIMIT);
    expect(parser.held()).toBeLessThanOrEqual(HELD_MOST);
  });

  test('an oddity is named once a frame, however often it comes', () => {
    const images = '<BINARY>'.concat('<DATA ID="1" SIZE="0">'.repeat(3000));
    const ear = feed(ODC.create(flowContext(context())), [server(frame('bob', images))]);
    const named = ear.events.map(({ anomalies }) => anomalies ?? []);
    expect(named).toHaveLength(6000);
    expect(Math.max(...named.map(({ length }) => length))).toBe(1);
  });

  test.each([
    ['tags that never end', '<img '.repeat(13_000)],
    ['NULs', `${'\0'.repeat(65_000)}x`],
  ])('%s cost linear time', (_, text) => {
    const started = cpuMilliseconds();
    feed(ODC.create(flowContext(context())), [server(frame('bob', text))]);
    expect(cpuMilliseconds() - started).toBeLessThan(2000);
  });

  const wire = joined(hello('bob'), frame('bob', PICTURE), frame('bob', 'hi'));
  const turns = fc.array(
    fc.tuple(
      fc.constantFrom<Direction>(ToServer, ToClient),
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom(wire, octets('ODC2'), octets('<BINARY><DATA ID=1 SIZE=5>')),
        fc.tuple(fc.nat(wire.length - 1), fc.nat(255)).map(([at, octet]) => {
          const mutated = wire.slice();
          mutated[at] = octet;
          return mutated;
        }),
      ),
      fc.boolean(),
    ),
    { maxLength: 8 },
  );

  test('any of them throw nothing, are held in bounds, and say the same in any pieces', () => {
    fc.assert(
      fc.property(turns, fc.array(fc.nat(400), { maxLength: 5 }), (pieces, cuts) => {
        const run = (at: readonly number[]) => {
          const parser = ODC.create(flowContext(context()));
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
});
