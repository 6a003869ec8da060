/** Gaps, mid-stream pick-up, any octets: nothing throws, little is held, others' messages are read. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import {
  client,
  Ear,
  feed,
  flowContext,
  octets,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { SIP, SIP_UDP } from './definition.ts';
import { message, register } from './sip.fixture.ts';
import { BODY_LIMIT, HEAD_LIMIT } from './sip-limits.ts';

const { ToServer, ToClient } = Direction;
const parser = (midstream = false) => SIP.create(flowContext({ midstream }));
const texts = (ear: Ear) => ear.heard.map((heard) => heard.text ?? heard.anomaly ?? heard.kind);

test('the watermark is the start of the unfinished message', () => {
  const sip = parser();
  const ear = new Ear();
  const wire = octets(`\r\n\r\n${message('text/plain', 'one')}${message('text/plain', 'two')}`);
  sip.push(ToServer, wire.subarray(0, 3), ear);
  expect(sip.holdFrom(ToServer)).toBe(-1);
  sip.push(ToServer, wire.subarray(3, 100), ear);
  expect(sip.holdFrom(ToServer)).toBe(4);
  const second = wire.length - (wire.length - 4) / 2;
  sip.push(ToServer, wire.subarray(100, second + 20), ear);
  expect(sip.holdFrom(ToServer)).toBe(second);
  sip.push(ToServer, wire.subarray(second + 20), ear);
  expect(sip.holdFrom(ToServer)).toBe(-1);
  expect(ear.units.map(({ start, end }) => [start, end])).toEqual([
    [4, second],
    [second, wire.length],
  ]);
});

test('text is where it stands, however the message was cut; markup and wrappers with encodings have no place', () => {
  const wire = octets(
    `\r\n\r\n${message('text/plain', 'caf\xc3\xa9')}${message('text/html', '<b>x</b>')}${message('message/cpim', 'A: b\r\n\r\nContent-Type: text/plain\r\n\r\ninner')}`,
  );
  for (const at of [5, 150, 300, 500]) {
    const ear = feed(parser(), [client(wire)], () => [at]);
    const shown = ear.units.map(({ textStart, textEnd }) =>
      textStart === -1 ? '-' : new TextDecoder().decode(wire.subarray(textStart, textEnd)),
    );
    expect(shown).toEqual(['café', '-', 'inner']);
  }
});

test('a gap costs the message it hits, and only in its direction', () => {
  const sip = parser();
  const ear = new Ear();
  const wire = octets(message('text/plain', 'lost') + message('text/plain', 'kept'));
  sip.push(ToClient, wire.subarray(0, 40), ear);
  sip.push(ToServer, wire.subarray(0, 40), ear);
  sip.gap(ToServer, 30, ear);
  sip.push(ToServer, wire.subarray(70), ear);
  sip.push(ToClient, wire.subarray(40), ear);
  expect(texts(ear)).toEqual(['kept', 'lost', 'kept']);
  expect(ear.units[0]).toMatchObject({ start: wire.length / 2, end: wire.length });
});

test('picked up inside a body', () => {
  const ear = feed(parser(true), [
    client('half of a text\r\nMESSAGE is a word\r\n', message('text/plain', 'whole')),
  ]);
  expect(texts(ear)).toEqual(['whole']);
});

test('a header or a body without end is skipped, named, and held no longer than its limit', () => {
  const sip = parser();
  const ear = new Ear();
  sip.push(ToServer, octets('OPTIONS sip:x SIP/2.0\r\n'), ear);
  for (let n = 0; n < 2 * HEAD_LIMIT; n += 1000) {
    sip.push(ToServer, octets(`X: ${'y'.repeat(995)}\r\n`), ear);
    expect(sip.held()).toBeLessThan(3 * HEAD_LIMIT);
  }
  sip.push(ToServer, octets('\r\n'), ear);
  expect(texts(ear)).toEqual(['sip-too-large']);
  const large = message('text/plain', '').replace('Length: 0', `Length: ${BODY_LIMIT + 1}`);
  sip.push(ToServer, octets(large), ear);
  for (let n = 0; n < 16; n++) sip.push(ToServer, new Uint8Array(BODY_LIMIT / 16).fill(0x41), ear);
  sip.push(ToServer, octets(`!${message('text/plain', 'after')}`), ear);
  expect(ear.heard.slice(1).map(({ reason, text, anomaly }) => reason ?? text ?? anomaly)).toEqual([
    'sip-too-large',
    'MESSAGE too large',
    'after',
  ]);
  expect(ear.units[0]).toMatchObject({ end: -1, form: -1 });
  expect(sip.held()).toBeLessThan(20_000);
});

test('lines without a colon, as many as fit, cost no more than their octets', () => {
  const wire = octets(message('text/plain', 'x').replace('Via:', `${'a\r\n'.repeat(20_000)}Via:`));
  const before = cpuMilliseconds();
  expect(texts(feed(parser(), [client(wire)]))).toEqual(['sip-bad-header', 'x']);
  expect(cpuMilliseconds() - before).toBeLessThan(2000);
});

describe('any octets', () => {
  const words = [
    message('text/plain', 'hello'),
    message('multipart/mixed;boundary=b', '--b\r\n\r\nx\r\n--b--'),
    register(),
    'SIP/2.0 200 OK\r\n',
    'INVITE sip:a@b SIP/2.0\r\n',
    'Content-Length: 5\r\n',
    'Content-Length: 99999999999\r\n',
    'l: -1\r\n',
    'To: "<;tag',
    'Content-Type: message/cpim\r\n',
    '\r\n\r\n',
    '\r\n',
    ' folded\r\n',
    'm=message 1 TCP/MSRP *\r\na=path:msrp://\r\n',
    '%',
    '<',
    '\0',
    '\xff',
  ];
  const sipish = fc
    .array(fc.constantFrom(...words), { maxLength: 12 })
    .map((parts) => octets(parts.join('')));
  const turn: fc.Arbitrary<Turn> = fc.record({
    direction: fc.constantFrom<Direction>(ToServer, ToClient),
    wire: fc.oneof(fc.uint8Array({ maxLength: 200 }), sipish),
  });

  test('cut anywhere say the same, throw nothing, hold little', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 6 }), fc.array(fc.nat()), (turns, cuts) => {
        const sip = parser();
        const said = feed(sip, turns, (length) => cuts.map((at) => at % (length + 1))).heard;
        expect(sip.held()).toBeLessThan(400_000);
        expect(said).toEqual(feed(parser(), turns).heard);
        feed(SIP_UDP.create(flowContext({ transport: 'udp' })), turns);
      }),
      { numRuns: 200 },
    );
  });

  test('a changed octet changes one message, not the next', () => {
    const wire = octets(message('text/plain', 'hello'));
    fc.assert(
      fc.property(fc.nat(wire.length - 1), fc.nat(255), (at, octet) => {
        const changed = wire.slice();
        changed[at] = octet;
        const ear = feed(parser(), [
          client(changed),
          client('\r\n\r\n', message('text/plain', 'next'), message('text/plain', 'last')),
        ]);
        expect(texts(ear)).toContain('last');
      }),
      { numRuns: 300 },
    );
  });
});
