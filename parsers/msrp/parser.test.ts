import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  client,
  DROP,
  describeRows,
  Ear,
  feed,
  flowContext,
  octets,
  PASS,
  server,
  sha256,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { MSRP } from './definition.ts';
import { FILES } from './files.fixture.ts';
import { announced, other, send } from './msrp.fixture.ts';
import { CHUNK_LIMIT, HEAD_LIMIT, MESSAGE_LIMIT } from './msrp-limits.ts';
import { EVASIONS, TEXTS } from './texts.fixture.ts';

const { ToServer, ToClient } = Direction;

describeRows(MSRP, [...TEXTS, ...FILES, ...EVASIONS], { step: 3 });

const parser = (file?: Parameters<typeof announced>[0]) =>
  MSRP.create(flowContext({ ...announced(file) }));
const texts = (ear: Ear) =>
  ear.heard.map((heard) => heard.text ?? heard.anomaly ?? heard.reason ?? heard.kind);

test('units are chunks, text is where it stands; the watermark is the unfinished chunk', () => {
  const msrp = parser();
  const ear = new Ear();
  const wire = octets(send('a001', 'one') + send('a002', 'two'));
  const second = wire.length / 2;
  msrp.push(ToServer, wire.subarray(0, second + 30), ear);
  expect(msrp.holdFrom(ToServer)).toBe(second);
  msrp.push(ToServer, wire.subarray(second + 30), ear);
  expect(msrp.holdFrom(ToServer)).toBe(-1);
  const shown = ear.units.map(({ start, end, head, form, textStart, textEnd }) => {
    const text = new TextDecoder().decode(wire.subarray(textStart, textEnd));
    const body = new TextDecoder().decode(wire.subarray(start + head, start + head + 3));
    return [start, end, form, text, body];
  });
  expect(shown).toEqual([
    [0, second, 4, 'one', 'one'],
    [second, wire.length, 4, 'two', 'two'],
  ]);
});

test('a large file streams: nothing of it is held, its digest is of all of it', () => {
  const content = Uint8Array.from({ length: 3 * CHUNK_LIMIT }, (_, i) => (i * 7919) & 0xff);
  const wire = octets(send('a001', 'BODY', { type: 'application/pdf', total: content.length }));
  const at = new TextDecoder('latin1').decode(wire).indexOf('BODY');
  const msrp = parser({ size: content.length });
  const ear = new Ear();
  msrp.push(ToServer, wire.subarray(0, at), ear);
  for (let n = 0; n < content.length; n += 1400) {
    msrp.push(ToServer, content.slice(n, n + 1400), ear);
    expect(msrp.held()).toBeLessThan(4 * CHUNK_LIMIT);
  }
  msrp.push(ToServer, wire.subarray(at + 4), ear);
  expect(ear.heard.map(({ kind }) => kind)).toEqual(['file.start', 'file.complete']);
  expect(ear.heard[1]?.file).toMatchObject({ size: content.length, sha256: sha256(content) });
  expect(ear.units[0]).toMatchObject({ start: 0, end: -1, form: -1 });
  expect(msrp.held()).toBeLessThan(20_000);
});

test('a text that is too large is reported in its beginning', () => {
  const msrp = parser();
  const ear = feed(msrp, [client(send('a001', 'x'.repeat(MESSAGE_LIMIT + 5000)))], () => [
    500, 1000, 90_000,
  ]);
  expect(ear.heard[0]).toEqual({ anomaly: 'msrp-message-truncated' });
  expect(String(ear.heard[1]?.text)).toHaveLength(MESSAGE_LIMIT);
  expect(msrp.held()).toBeLessThan(20_000);
});

test('a gap costs the chunk it hits; a file with a hole has no digest', () => {
  const msrp = parser();
  const ear = new Ear();
  const wire = octets(send('a001', 'lost') + send('a002', 'kept'));
  msrp.push(ToServer, wire.subarray(0, 40), ear);
  msrp.gap(ToServer, 30, ear);
  msrp.push(ToServer, wire.subarray(70), ear);
  expect(texts(ear)).toEqual(['kept']);
  const files = parser({});
  const said = new Ear();
  const chunks = octets(
    send('a001', '01', { type: 'a/b', flag: '+', total: 10 }) +
      send('a002', '23', { type: 'a/b', flag: '+', from: 2, total: 10 }) +
      send('a003', '456789', { type: 'a/b', from: 4, total: 10 }),
  );
  const first = octets(send('a001', '01', { type: 'a/b', flag: '+', total: 10 })).length;
  files.push(ToServer, chunks.subarray(0, first), said);
  files.gap(ToServer, 50, said);
  files.push(ToServer, chunks.subarray(first + 50), said);
  expect(said.heard.at(-1)).toMatchObject({ kind: 'file.complete', reason: 'gap' });
  expect(said.heard.at(-1)?.file).not.toHaveProperty('sha256');
});

test('the end of the stream ends what is under way', () => {
  const msrp = parser({});
  const ear = feed(msrp, [client(send('a001', '01', { type: 'a/b', flag: '+', total: 10 }))]);
  msrp.end(ToServer, ear);
  msrp.end(ToClient, ear);
  expect(ear.heard.at(-1)).toMatchObject({ kind: 'file.cancel', reason: 'incomplete' });
  const chat = parser();
  const said = feed(chat, [client(send('a001', 'half', { flag: '+', total: 8 }))]);
  chat.end(ToServer, said);
  expect(texts(said)).toEqual(['msrp-incomplete-message', 'half']);
});

test('a file that was refused is judged again with every chunk, and never complete', () => {
  const msrp = parser({});
  const ear = new Ear();
  ear.judge = ({ kind }) => (kind === 'file.start' ? DROP : PASS);
  const parts = ['01', '23', '45', '67', '89'].map((text, i) =>
    client(
      send(`a00${i}`, text, { type: 'a/b', flag: i === 4 ? '$' : '+', from: 2 * i, total: 10 }),
    ),
  );
  feed(msrp, parts, (length) => [length >> 1], ear);
  expect(ear.heard.map(({ kind, copy }) => [kind, copy])).toEqual([
    ['file.start', undefined],
    ['file.start', 'echo'],
    ['file.start', 'echo'],
    ['file.start', 'echo'],
    ['file.start', 'echo'],
  ]);
});

describe('what is thrown at it', () => {
  test('a header without end is skipped and named', () => {
    const msrp = parser();
    const ear = new Ear();
    msrp.push(ToServer, octets('MSRP a001 SEND\r\n'), ear);
    for (let n = 0; n < 3 * HEAD_LIMIT; n += 1000) {
      msrp.push(ToServer, octets(`X: ${'y'.repeat(995)}\r\n`), ear);
      expect(msrp.held()).toBeLessThan(4 * HEAD_LIMIT);
    }
    msrp.push(ToServer, octets(send('a002', 'after')), ear);
    expect(texts(ear)).toEqual(['msrp-head-too-large', 'after']);
  });

  test('tables do not grow', () => {
    const msrp = parser();
    const ear = new Ear();
    for (let n = 0; n < 500; n++) {
      const chunk = { flag: '+', total: 9_000_000, messageId: `m${n}` } as const;
      msrp.push(ToServer, octets(send(`a${n}xyz`, 'x'.repeat(20_000), chunk)), ear);
      msrp.push(ToServer, octets(send(`a${n}xyz`, 'x', { ...chunk, from: 300_000 })), ear);
      msrp.push(ToClient, octets(send(`b${n}xyz`, 'x', { ...chunk, type: 'a/b' })), ear);
    }
    expect(msrp.held()).toBeLessThan(3 << 20);
  });

  const words = [
    send('a001', 'hello'),
    send('a001', 'part', { flag: '+', total: 20 }),
    send('b001', 'x', { type: 'a/b' }),
    other('a001', '200 OK'),
    other('b001', 'REPORT', { Status: '000 200 OK' }),
    'MSRP a001 SEND\r\n',
    'To-Path: msrp://h:1/s;tcp\r\n',
    'Byte-Range: 1-*/*\r\n',
    '-------a001$\r\n',
    '-------a001',
    '\r\n',
    '\r',
    '$',
    'x',
  ];
  const turn: fc.Arbitrary<Turn> = fc.record({
    direction: fc.constantFrom<Direction>(ToServer, ToClient),
    wire: fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.array(fc.constantFrom(...words), { maxLength: 10 }).map((w) => octets(w.join(''))),
    ),
  });
  test('any octets, cut anywhere, say the same, throw nothing, hold little', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 6 }), fc.array(fc.nat()), (turns, cuts) => {
        const msrp = parser();
        const said = feed(msrp, turns, (length) => cuts.map((at) => at % (length + 1))).heard;
        expect(msrp.held()).toBeLessThan(200_000);
        expect(said).toEqual(feed(parser(), turns).heard);
      }),
      { numRuns: 300 },
    );
  });

  test('a changed octet costs one message', () => {
    const wire = octets(send('a001', 'hello'));
    fc.assert(
      fc.property(fc.nat(wire.length - 1), fc.nat(255), (at, octet) => {
        const changed = wire.slice();
        changed[at] = octet;
        const ear = feed(parser(), [client(changed), server(send('b001', 'other side'))]);
        expect(texts(ear)).toContain('other side');
      }),
      { numRuns: 300 },
    );
  });
});
