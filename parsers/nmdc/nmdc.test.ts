import fc from 'fast-check';
import { deflate } from 'pako';
import { describe, expect, test } from 'vitest';
import {
  client,
  describeRows,
  Ear,
  feed,
  flowContext,
  joined,
  neutralised,
  octets,
  replaced,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { Direction, Status } from '../contract.ts';
import { NMDC } from './definition.ts';
import { EVASIONS } from './evasions.fixture.ts';
import { CHAT, COMPRESSED, FILES, MEET, PEOPLE, SIGN_IN, zipped } from './nmdc.fixture.ts';
import { COMMAND_LIMIT } from './nmdc-limits.ts';

const { ToServer, ToClient } = Direction;
const text = (wire: Uint8Array | undefined) => new TextDecoder('latin1').decode(wire);

describe('chat', () => describeRows(NMDC, CHAT));
describe('people', () => describeRows(NMDC, PEOPLE));
describe('compression', () => describeRows(NMDC, COMPRESSED));
describe('files', () => describeRows(NMDC, FILES));
describe('evasions', () => describeRows(NMDC, EVASIONS));

test('a password is in no event', () => {
  const { events } = feed(NMDC.create(flowContext()), [...SIGN_IN, server('$BadPass|')]);
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('units are commands, texts are where they stand; inside compression nothing has a place', () => {
  const wire = joined(
    octets('<bob> caf\xc3\xa9|$To: ann From: bob $<bob> /me &amp;|'),
    octets('<bob> /me nods|$ZOn|'),
    zipped('<bob> hid|'),
  );
  const ear = feed(NMDC.create(flowContext()), [...SIGN_IN, { direction: ToClient, wire }]);
  const before = SIGN_IN.filter(({ direction }) => direction === ToClient)
    .map(({ wire }) => wire.length)
    .reduce((sum, length) => sum + length);
  const shown = ear.units.slice(1).map(({ start, end, textStart, textEnd, form }) => {
    if (start === -1) return [start, end, textStart, form];
    const verbatim =
      textStart === -1 ? '-' : text(wire.subarray(textStart - before, textEnd - before));
    return [text(wire.subarray(start - before, end - before)), verbatim, form];
  });
  expect(shown).toEqual([
    ['<bob> caf\xc3\xa9|', 'caf\xc3\xa9', 0],
    ['$To: ann From: bob $<bob> /me &amp;|', '-', 0],
    ['<bob> /me nods|', 'nods', 0],
    [-1, -1, -1, -1],
  ]);
});

test('the watermark is the start of the unfinished command', () => {
  const parser = NMDC.create(flowContext());
  const ear = new Ear();
  parser.push(ToClient, octets('$Lock a Pk=b|<bo'), ear);
  expect(parser.holdFrom(ToClient)).toBe(13);
  parser.push(ToClient, octets('b> hi|'), ear);
  expect(parser.holdFrom(ToClient)).toBe(-1);
});

describe('connections between peers are announced', () => {
  const announced = (...turns: Turn[]) =>
    feed(NMDC.create(flowContext()), [...SIGN_IN, ...turns]).expected.map(
      ({ protocol, address, port, offer }) => [
        protocol,
        address,
        port,
        offer.account,
        offer.origin,
      ],
    );
  test('by either side, IPv6 too', () => {
    expect(
      announced(
        client('$ConnectToMe bob 10.0.0.1:3000|'),
        server('$ConnectToMe ann 10.0.0.9:412 x|'),
        server('$ConnectToMe ann [2001:db8::9]:412NRann|'),
      ),
    ).toEqual([
      ['nmdc', '10.0.0.1', 3000, 'ann', 'client'],
      ['nmdc', '10.0.0.9', 412, 'ann', 'server'],
    ]);
    expect(announced(server('$ConnectToMe ann [2001:db8::9]:412|'))).toEqual([
      ['nmdc', '2001:db8::9', 412, 'ann', 'server'],
    ]);
  });
  test('not those that will be TLS; bad addresses are named', () => {
    const ear = feed(NMDC.create(flowContext()), [
      ...SIGN_IN,
      client('$ConnectToMe bob 10.0.0.1:3001S|$ConnectToMe bob 10.0.0.1:0|$ConnectToMe bob|'),
    ]);
    expect(ear.expected).toEqual([]);
    expect(ear.heard.slice(1)).toEqual([
      { anomaly: 'dc-bad-address' },
      { anomaly: 'dc-bad-address' },
    ]);
  });
});

test('a file asked for by its hash has the name that a search found', () => {
  const memory = new Map<string, unknown>();
  const hash = 'A'.repeat(39);
  const hub = NMDC.create(flowContext({ memory }));
  feed(hub, [
    ...SIGN_IN,
    server(`$SR bob docs\\plan.xls\x051000 2/3\x05TTH:${hash} (10.0.0.2:411)|`),
  ]);
  const ear = feed(NMDC.create(flowContext({ memory })), [
    ...MEET,
    client(`$ADCGET file TTH/${hash} 0 -1|$ADCGET file TTH/${'B'.repeat(39)} 0 -1|`),
  ]);
  expect(ear.heard.map(({ file }) => file)).toEqual([
    { name: 'plan.xls', token: hash, method: 'nmdc' },
    { name: `TTH/${'B'.repeat(39)}`, token: 'B'.repeat(39), method: 'nmdc' },
  ]);
});

describe('gaps', () => {
  test('cost the command they hit, and only in their direction', () => {
    const parser = NMDC.create(flowContext());
    const ear = feed(parser, [...SIGN_IN, server('<bob> wh'), client('<ann> o')]);
    parser.gap(ToClient, 10, ear);
    parser.push(ToClient, octets('ole|garb\x01age|half > a word|$Hello eve|<bob> kept|'), ear);
    parser.push(ToServer, octets('wn|'), ear);
    expect(ear.heard.slice(1).map(({ kind, from, text }) => [kind, from, text])).toEqual([
      ['room.join', 'eve', undefined],
      ['message', 'bob', 'kept'],
      ['message', 'ann', 'own'],
    ]);
    expect(ear.units.at(-2)?.start).toBeGreaterThan(10);
  });

  test('inside a compressed part end it: the next certain command goes on', () => {
    const parser = NMDC.create(flowContext());
    const packed = zipped(`<bob> ${'x'.repeat(500)}|`);
    const ear = feed(parser, [...SIGN_IN, server('$ZOn|', packed.subarray(0, 5))]);
    parser.gap(ToClient, 5, ear);
    parser.push(ToClient, joined(packed.subarray(10), octets('|<bob> on|')), ear);
    expect(ear.heard.at(-1)).toMatchObject({ kind: 'message', from: 'bob', text: 'on' });
  });

  test('inside a file: its end is known, its hash is not', () => {
    const parser = NMDC.create(flowContext());
    const ear = feed(parser, [
      ...MEET,
      client('$Get a$1|'),
      server('$FileLength 10|'),
      client('$Send|'),
    ]);
    parser.push(ToClient, octets('0123'), ear);
    parser.gap(ToClient, 4, ear);
    parser.push(ToClient, octets('89$Error x|'), ear);
    expect(ear.heard.slice(2).map(({ kind, file, reason }) => ({ kind, file, reason }))).toEqual([
      { kind: 'file.start', file: { name: 'a', size: 10, method: 'nmdc' } },
      { kind: 'file.complete', file: { name: 'a', size: 10, method: 'nmdc' }, reason: 'gap' },
    ]);
  });

  test('inside a compressed file: it is cancelled', () => {
    const parser = NMDC.create(flowContext());
    const ear = feed(parser, [
      ...MEET,
      client('$ADCGET file a 0 -1 ZL1|'),
      server('$ADCSND file a 0 5000 ZL1|'),
    ]);
    const packed = deflate(Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251));
    parser.push(ToClient, packed.subarray(0, 300), ear);
    parser.gap(ToClient, 50, ear);
    parser.push(ToClient, packed.subarray(350), ear);
    parser.push(ToServer, octets('$ADCGET file b 0 -1|'), ear);
    parser.push(ToClient, octets('|$ADCSND file b 0 1|x'), ear);
    expect(ear.heard.map(({ kind }) => kind).filter((kind) => kind !== 'file.offer')).toEqual([
      'file.accept',
      'file.start',
      'file.cancel',
      'file.accept',
      'file.start',
      'file.complete',
    ]);
  });
});

test('the end of the stream inside a file cancels it', () => {
  const parser = NMDC.create(flowContext());
  const ear = feed(parser, [
    ...MEET,
    client('$ADCGET file a 0 -1|'),
    server('$ADCSND file a 0 10|012'),
  ]);
  parser.end(ToServer, ear);
  parser.end(ToClient, ear);
  expect(ear.heard.at(-1)).toMatchObject({
    kind: 'file.cancel',
    reason: 'incomplete',
    file: { size: 3 },
  });
});

describe('refusing', () => {
  const talk = [
    ...SIGN_IN,
    client('<ann> one|<ann> bad word|<ann> two|$To: bob From: ann $<ann> bad|'),
    server('$To: ann From: bob $<bob> bad|<bob> bad too|<bob> three|'),
  ];
  const isBad = ({ text }: { text: string | undefined }) => text?.startsWith('bad') ?? false;

  test('in a bridge the command becomes empty ones: read again, only it is gone', () => {
    const quiet = neutralised(NMDC, talk, isBad);
    expect(text(quiet.at(-1)?.wire)).toBe(`${'|'.repeat(44)}<bob> three|`);
    const all = feed(NMDC.create(flowContext()), talk).heard;
    expect(feed(NMDC.create(flowContext()), quiet).heard).toEqual(
      all.filter(({ text }) => !String(text).startsWith('bad')),
    );
  });

  const sides = (notice: string | undefined) =>
    replaced(NMDC, talk, isBad, notice).map(({ replacement }) => [
      text(replacement?.forward),
      text(replacement?.back),
    ]);

  test('a proxy tells the user, in the room or in the talk', () => {
    expect(sides('Not $here|')).toEqual([
      ['', '<Hub-Security> Not &#36;here&#124;|'],
      ['', '$To: ann From: bob $<Hub-Security> Not &#36;here&#124;|'],
      ['$To: ann From: bob $<Hub-Security> Not &#36;here&#124;|', ''],
      ['<Hub-Security> Not &#36;here&#124;|', ''],
    ]);
    expect(sides(undefined)).toEqual([
      ['', ''],
      ['', ''],
      ['', ''],
      ['', ''],
    ]);
  });

  test('a file that is asked for is not there; one that is sent is a reset', () => {
    const turns = [
      ...MEET,
      client('$ADCGET file a 0 -1|'),
      server('$ADCSND file a 0 2|xy'),
      client('$Get b$1|'),
      server('$FileLength 5|'),
    ];
    const found = replaced(NMDC, turns, ({ kind }) => kind.startsWith('file.'), 'no');
    expect(
      found.map(({ event, unit, replacement }) => [
        event.kind,
        unit.form,
        replacement && text(replacement.forward),
        replacement && text(replacement.back),
      ]),
    ).toEqual([
      ['file.offer', 0, '', '$Error File Not Available|'],
      ['file.accept', -1, undefined, undefined],
      ['file.start', -1, undefined, undefined],
      ['file.complete', -1, undefined, undefined],
      ['file.offer', 0, '', '$Error File Not Available|'],
      ['file.accept', 0, '$Error File Not Available|', ''],
    ]);
  });

  test('what a proxy sends is read as said by the hub', () => {
    const [room, talk2] = replaced(NMDC, talk, isBad, 'no $').flatMap(({ replacement }) =>
      replacement === undefined ? [] : [replacement.back],
    );
    const ear = feed(NMDC.create(flowContext()), [...SIGN_IN, server(room ?? '', talk2 ?? '')]);
    expect(ear.heard.slice(1)).toMatchObject([
      { kind: 'message', from: 'Hub-Security', text: 'no $' },
      { kind: 'message', from: 'Hub-Security', room: 'bob', text: 'no $' },
    ]);
  });
});

describe('limits', () => {
  test('the rest of a command beyond the limit is not kept; the next is read', () => {
    const parser = NMDC.create(flowContext());
    const ear = feed(parser, SIGN_IN);
    for (let i = 0; i < 70; i++) parser.push(ToClient, octets('x'.repeat(1000)), ear);
    expect(parser.held()).toBeLessThan(2 * COMMAND_LIMIT + 10_000);
    parser.push(ToClient, octets('|<bob> hi|'), ear);
    expect(ear.heard.slice(1)).toMatchObject([
      { anomaly: 'dc-command-too-long' },
      { text: 'x'.repeat(COMMAND_LIMIT) },
      { text: 'hi' },
    ]);
    expect(ear.units.map(({ end, form }) => [end, form])).toMatchObject([
      [expect.any(Number), -1],
      [-1, -1],
      [expect.any(Number), 0],
    ]);
  });

  test('of a message beyond it the beginning is judged, however it is cut', () => {
    const long = client(`$To: bob From: ann $<ann> sell the falcon${' '.repeat(70_000)}|`);
    for (const step of [1000, 65_536, 80_000]) {
      const cutAt = (length: number) =>
        Array.from({ length: Math.floor(length / step) }, (_, i) => step * (i + 1));
      const { heard } = feed(NMDC.create(flowContext()), [...SIGN_IN, long], cutAt);
      expect(heard.slice(1)).toMatchObject([
        { anomaly: 'dc-command-too-long' },
        { kind: 'message', to: ['bob'], text: expect.stringMatching(/^sell the falcon +$/) },
      ]);
    }
  });

  test('users without end are forgotten', () => {
    const parser = NMDC.create(flowContext());
    const ear = feed(parser, SIGN_IN);
    const quiet = {
      ...ear,
      event: () => ({ action: 'pass', enforced: false }) as const,
      anomaly() {},
      expect() {},
      handOver() {},
      identify: () => false,
      resolved() {},
    };
    for (let i = 0; i < 10_000; i++)
      parser.push(
        ToClient,
        octets(`$MyINFO $ALL user${i} ${'d'.repeat(i % 300)}$ $x\x01$$0$|`),
        quiet,
      );
    expect(parser.held()).toBeLessThan(2 << 20);
  });

  test('a compressed file that is longer than granted ends the reading', () => {
    const parser = NMDC.create(flowContext());
    const bomb = deflate(new Uint8Array(8 << 20));
    const ear = feed(parser, [
      ...MEET,
      client('$ADCGET file a 0 -1 ZL1|'),
      server('$ADCSND file a 0 10 ZL1|'),
    ]);
    expect(parser.push(ToClient, bomb, ear)).toBe(Status.Lost);
    expect(ear.heard.slice(-2)).toMatchObject([
      { anomaly: 'dc-bad-compression' },
      { kind: 'file.cancel', reason: 'undecodable' },
    ]);
  });

  test('so does a hub’s bomb', () => {
    const parser = NMDC.create(flowContext());
    const ear = feed(parser, SIGN_IN);
    parser.push(ToClient, octets('$ZOn|'), ear);
    expect(parser.push(ToClient, deflate(new Uint8Array(32 << 20)), ear)).toBe(Status.Lost);
    expect(parser.held()).toBeLessThan(200_000);
  });
});

test('random and mutated octets: no throw, bounded, the same in any pieces', () => {
  const rows = [...CHAT, ...PEOPLE, ...COMPRESSED, ...FILES, ...EVASIONS];
  const mutated = fc
    .tuple(
      fc.constantFrom(...rows),
      fc.array(fc.tuple(fc.nat(5000), fc.nat(255)), { maxLength: 4 }),
    )
    .map(([row, changes]) =>
      row.turns.map(({ direction, wire }) => {
        const changed = wire.slice();
        for (const [at, octet] of changes) if (at < changed.length) changed[at] = octet;
        return { direction, wire: changed };
      }),
    );
  fc.assert(
    fc.property(mutated, fc.integer({ min: 1, max: 9 }), (turns, step) => {
      const whole = feed(NMDC.create(flowContext()), turns);
      const parser = NMDC.create(flowContext());
      const pieces = feed(parser, turns, (length) =>
        Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step),
      );
      expect(pieces.heard).toEqual(whole.heard);
      expect(parser.held()).toBeLessThan(300_000);
    }),
    { numRuns: 200 },
  );
});

test('octets of nobody', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.constantFrom(ToServer, ToClient),
          fc.uint8Array({ maxLength: 200 }),
          fc.boolean(),
        ),
      ),
      fc.boolean(),
      (pieces, midstream) => {
        const parser = NMDC.create(flowContext({ midstream }));
        const ear = new Ear();
        for (const [direction, wire, gap] of pieces) {
          const status = gap
            ? parser.gap(direction, wire.length, ear)
            : parser.push(direction, wire, ear);
          if (status !== Status.More) break;
        }
        expect(parser.held()).toBeLessThan(300_000);
      },
    ),
  );
});
