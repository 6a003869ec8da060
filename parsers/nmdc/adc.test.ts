import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  client,
  describeRows,
  Ear,
  feed,
  flowContext,
  neutralised,
  octets,
  replaced,
  server,
} from '../../test/support/parser-harness.ts';
import { Direction, Probe, Status } from '../contract.ts';
import {
  ADC_CHAT,
  ADC_EVASIONS,
  ADC_FILES,
  ADC_MEET,
  ADC_MEMORY,
  ADC_PEOPLE,
  ADC_SIGN_IN,
  ADC_SIGNED_IN,
} from './adc.fixture.ts';
import { probeAdc } from './adc-probe.ts';
import { ADC } from './definition.ts';

const { ToServer, ToClient } = Direction;
const text = (wire: Uint8Array | undefined) => new TextDecoder('latin1').decode(wire);

describe('chat', () => describeRows(ADC, ADC_CHAT));
describe('people', () => describeRows(ADC, ADC_PEOPLE));
describe('files', () => describeRows(ADC, ADC_FILES));
describe('evasions', () => describeRows(ADC, ADC_EVASIONS));

test('secrets are in no event', () => {
  const { events } = feed(ADC.create(flowContext()), ADC_SIGN_IN);
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('texts stand where they are, unless escaped', () => {
  const wire =
    'BMSG AAAC plain\nDMSG AAAC AAAB two\\swords PMAAAC\nDMSG AAAC AAAB caf\xc3\xa9 PMAAAC\n';
  const ear = feed(ADC.create(flowContext()), [...ADC_SIGN_IN, server(wire)]);
  const before = ADC_SIGN_IN.filter(({ direction }) => direction === ToClient)
    .map((turn) => turn.wire.length)
    .reduce((sum, length) => sum + length);
  const shown = ear.units
    .slice(ADC_SIGNED_IN.length)
    .map(({ textStart, textEnd }) =>
      textStart === -1 ? '-' : wire.slice(textStart - before, textEnd - before),
    );
  expect(shown).toEqual(['plain', '-', 'caf\xc3\xa9']);
});

describe('connections between clients are announced', () => {
  test('at the address of who listens', () => {
    const { expected } = feed(ADC.create(flowContext()), [
      ...ADC_SIGN_IN,
      client('DCTM AAAB AAAC ADC/1.0 3000 42\nDCTM AAAB AAAC ADCS/0.10 3001 43\n'),
      server(
        'DCTM AAAC AAAB ADC/1.0 412 44\nDCTM AAAD AAAB ADC/1.0 412 45\nDCTM AAAC AAAB ADC/1.0 x 45\n',
      ),
    ]);
    expect(
      expected.map(({ protocol, address, port, token }) => [protocol, address, port, token]),
    ).toEqual([
      ['adc', '10.0.0.1', 3000, '42'],
      ['adc', '10.0.0.9', 412, '44'],
    ]);
  });

  test('and their account is the one of the hub connection', () => {
    const hub = feed(ADC.create(flowContext()), [
      ...ADC_SIGN_IN,
      client('DCTM AAAB AAAC ADC/1.0 3000 42\n'),
    ]);
    const [found] = hub.expected;
    const memory = new Map([...ADC_MEMORY, ['cid CID1', 'bob'], ['cid CID2', 'ann']]);
    const ear = feed(
      ADC.create(
        flowContext({ memory, expectedByToken: (token) => (token === '42' ? found : undefined) }),
      ),
      [...ADC_MEET, client('CGET list / 0 -1\n')],
    );
    expect(ear.heard).toMatchObject([
      { kind: 'file.offer', origin: 'client', account: 'ann', from: 'ann', to: ['bob'] },
    ]);
  });
});

test('what is asked for by its hash has the name that a search found', () => {
  const memory = new Map(ADC_MEMORY);
  const hash = 'A'.repeat(39);
  feed(ADC.create(flowContext({ memory })), [
    ...ADC_SIGN_IN,
    server(`DRES AAAC AAAB FN/docs/my\\splan.xls SI1000 SL2 TR${hash} TOx\n`),
  ]);
  const ear = feed(ADC.create(flowContext({ memory })), [
    ...ADC_MEET,
    client(`CGET file TTH/${hash} 0 -1\n`),
  ]);
  expect(ear.heard).toMatchObject([
    { kind: 'file.offer', file: { name: 'my plan.xls', token: hash } },
  ]);
});

describe('refusing', () => {
  const talk = [
    ...ADC_SIGN_IN,
    client('BMSG AAAB bad\nBMSG AAAB one\nDMSG AAAB AAAC bad PMAAAB\n'),
    server('DMSG AAAC AAAB bad PMAAAC\nBMSG AAAC bad\nBMSG AAAC two\n'),
  ];
  const isBad = ({ text }: { text: string | undefined }) => text === 'bad';

  test('in a bridge the line becomes empty ones: read again, only it is gone', () => {
    const quiet = neutralised(ADC, talk, isBad);
    expect(text(quiet.at(-1)?.wire)).toBe(`${'\n'.repeat(40)}BMSG AAAC two\n`);
    expect(feed(ADC.create(flowContext()), quiet).heard).toEqual(
      feed(ADC.create(flowContext()), talk).heard.filter((said) => said.text !== 'bad'),
    );
  });

  test('a proxy tells the user, in the room or in the talk', () => {
    const sides = replaced(ADC, talk, isBad, 'not here').map(({ replacement }) => [
      text(replacement?.forward),
      text(replacement?.back),
    ]);
    expect(sides).toEqual([
      ['', 'IMSG not\\shere\n'],
      ['', 'DMSG AAAC AAAB not\\shere PMAAAC\n'],
      ['DMSG AAAC AAAB not\\shere PMAAAC\n', ''],
      ['IMSG not\\shere\n', ''],
    ]);
  });

  test('a file that is asked for is not there; one that is sent is a reset', () => {
    const found = replaced(
      ADC,
      [...ADC_MEET, client('CGET file a 0 -1\n'), server('CSND file a 0 1\nx')],
      () => true,
      'no',
      { memory: ADC_MEMORY },
    );
    expect(
      found.map(
        ({ replacement }) => replacement && [text(replacement.forward), text(replacement.back)],
      ),
    ).toEqual([['', 'CSTA 151 File\\snot\\savailable\n'], undefined, undefined, undefined]);
  });
});

describe('the probe', () => {
  const { Yes, No, More } = Probe;
  test.each<[Direction, string, boolean, Probe]>([
    [ToServer, 'HSUP ADBASE ADTIGR\n', false, Yes],
    [ToClient, 'HSUP ADBASE ADTIGR\n', false, No],
    [ToClient, 'ISUP ADTIGR ADBAS0\n', false, Yes],
    [ToServer, 'CSUP ADBASE', false, Yes],
    [ToClient, 'CSUP ADTIGR\n', false, No],
    [ToServer, 'HSU', false, More],
    [ToServer, '', false, More],
    [ToServer, 'HELO example', false, No],
    [ToServer, `HSUP AD${'X'.repeat(2000)}`, false, No],
    [ToServer, 'BMSG AAAB hi\n', false, No],
    [ToServer, 'BMSG AAAB hi\n', true, Yes],
    [ToClient, '\n\nIQUI AAAB\n', true, No],
    [ToClient, 'IQUI AAAB\n', true, Yes],
    [ToServer, 'IQUI AAAB\n', true, No],
    [ToClient, 'DMSG AAAC AAAB hi PMAAAC\n', true, Yes],
    [ToClient, 'DMSG AAAC hi\n', true, No],
    [ToServer, 'CGET file a 0 -1\n', true, Yes],
    [ToServer, 'HPAS abc\nBINF AAAB NIa\n', true, Yes],
    [ToServer, 'HEAD / HTTP/1.1\r\n', true, More],
    [ToServer, 'HELO mail.example\r\n', true, More],
    [ToServer, 'HELO mail.example\r\nMAIL FROM', true, No],
    [ToServer, 'EHLO mail', true, More],
    [ToServer, 'FETCH 1', true, No],
  ])('%i %j %s: %i', (direction, wire, midstream, want) => {
    expect(probeAdc(direction, octets(wire), midstream)).toBe(want);
  });
});

test('a gap costs the line it hits; then a certain line goes on', () => {
  const parser = ADC.create(flowContext());
  const ear = feed(parser, [...ADC_SIGN_IN, server('BMSG AAAC wh')]);
  parser.gap(ToClient, 10, ear);
  parser.push(ToClient, octets('ole\nhalf\nBMSG AAAC kept\n'), ear);
  expect(ear.heard.slice(ADC_SIGNED_IN.length)).toMatchObject([{ kind: 'message', text: 'kept' }]);
});

test('users without end are forgotten', () => {
  const parser = ADC.create(flowContext());
  const quiet = {
    event: () => ({ action: 'pass', enforced: false }) as const,
    anomaly() {},
    expect() {},
    handOver() {},
    identify: () => false,
    resolved() {},
  };
  const sid = (i: number) =>
    [15, 10, 5, 0].map((shift) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[(i >> shift) & 31]).join('');
  for (let i = 0; i < 10_000; i++)
    parser.push(
      ToClient,
      octets(`BINF ${sid(i)} IDc${i} NIn${i} DE${'d'.repeat(i % 300)}\n`),
      quiet,
    );
  expect(parser.held()).toBeLessThan(3 << 20);
});

test('random and mutated octets: no throw, bounded, the same in any pieces', () => {
  const mutated = fc
    .tuple(
      fc.constantFrom(...ADC_CHAT, ...ADC_PEOPLE, ...ADC_FILES, ...ADC_EVASIONS),
      fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 4 }),
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
      const whole = feed(ADC.create(flowContext()), turns);
      const parser = ADC.create(flowContext());
      const pieces = feed(parser, turns, (length) =>
        Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step),
      );
      expect(pieces.heard).toEqual(whole.heard);
      expect(parser.held()).toBeLessThan(300_000);
    }),
    { numRuns: 200 },
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(ToServer, ToClient), fc.uint8Array({ maxLength: 200 }))),
      (pieces) => {
        const parser = ADC.create(flowContext({ midstream: true }));
        const ear = new Ear();
        for (const [direction, wire] of pieces)
          if (parser.push(direction, wire, ear) !== Status.More) break;
      },
    ),
  );
});
