/** Telegram by its first octets: the transports' descriptions, and the vector of ../shared/protocols. */
import { createCipheriv } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { crc32 } from '../../src/bytes/crc32.ts';
import {
  client,
  describeRows,
  Ear,
  flowContext,
  hex,
  joined,
} from '../../test/support/parser-harness.ts';
import { describeProbe, hostile, type ProbeRow } from '../../test/support/probe-harness.ts';
import { Direction, Probe, Status } from '../contract.ts';
import { TELEGRAM, TELEGRAM_OBFUSCATED } from './definition.ts';

const REQ_PQ = hex(
  '00 00 00 00 00 00 00 00 51 e5 7a c4 2c 77 0b 5e 14 00 00 00 f1 8e 7e be 3e 05 49 82 8c ca 27 e9 66 b3 01 a4 8f ec e2 fc',
);
const REQ_PQ_OLD = hex(
  '00 00 00 00 00 00 00 00 51 e5 7a c4 2c 77 0b 5e 14 00 00 00 78 97 46 60 3e 05 49 82 8c ca 27 e9 66 b3 01 a4 8f ec e2 fc',
);
/** Key id, message key and 48 sealed octets. */
const SEALED = hex(`91 bd 3a 0f 5c 77 e8 c2 ${'5a b3 '.repeat(8)} ${'c1 0d 7e '.repeat(16)}`);
/** With the id of another key. */
const OTHER = hex(`11 bd 3a 0f 5c 77 e8 c2 ${'5a b3 '.repeat(8)} ${'c1 0d 7e '.repeat(16)}`);

const u32 = (n: number) => Uint8Array.of(n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24);
function full(payload: Uint8Array, number = 0): Uint8Array {
  const body = joined(u32(payload.length + 12), u32(number), payload);
  return joined(body, u32(crc32(body, 0, body.length)));
}
const abridged = (payload: Uint8Array) => joined(Uint8Array.of(payload.length / 4), payload);
const EF = hex('ef');
const intermediate = (payload: Uint8Array) => joined(u32(payload.length), payload);
const EE = hex('ee ee ee ee');
const DD = hex('dd dd dd dd');
/** Of which the length needs four octets. */
const LONG = joined(SEALED, new Uint8Array(16 * 30).fill(0x77));

const CLEAR: readonly ProbeRow[] = [
  { name: 'abridged, asks for a key', wire: joined(EF, abridged(REQ_PQ)), at: 26 },
  { name: 'abridged, asks in the old way', wire: joined(EF, abridged(REQ_PQ_OLD)), at: 26 },
  { name: 'abridged, sealed', wire: joined(EF, abridged(SEALED)), at: 74 },
  { name: 'intermediate, asks', wire: joined(EE, intermediate(REQ_PQ)), at: 32 },
  { name: 'intermediate, sealed', wire: joined(EE, intermediate(SEALED)), at: 8 },
  {
    name: 'padded, asks',
    wire: joined(DD, u32(47), REQ_PQ, hex('01 02 03 04 05 06 07')),
    at: 32,
  },
  { name: 'padded, sealed', wire: joined(DD, u32(75), SEALED, hex('01 02 03')), at: 8 },
  { name: 'full, asks', wire: full(REQ_PQ), at: 52 },
  { name: 'full, sealed', wire: full(SEALED), at: 84 },
  { name: 'the server', direction: Direction.ToClient, wire: joined(EF, abridged(REQ_PQ)) },
  { name: 'its end', midstream: true, wire: joined(EE, intermediate(REQ_PQ)) },
  { name: 'a byte order mark', wire: hex("ef bb bf 'hello'") },
  { name: 'abridged, another first request', wire: joined(EF, hex('0a'), new Uint8Array(40)) },
  { name: 'abridged, no length of a sealed message', wire: hex('ef 0b 91 bd 3a 0f') },
  { name: 'the marks alone, and nonsense', wire: hex('ee ee ee ee ee ee ee ee') },
  { name: 'intermediate, no length of a message', wire: joined(EE, u32(41), SEALED) },
  { name: 'full, another number', wire: full(REQ_PQ, 1) },
  { name: 'full, another sum', wire: joined(full(SEALED).subarray(0, 83), hex('00')) },
  { name: 'text', wire: hex("'GET / HTTP/1.1'") },
];
describeProbe(TELEGRAM, CLEAR);

test('abridged: a second message with the same key makes it certain at any cut', () => {
  for (const next of [SEALED, LONG]) {
    const length =
      next === LONG ? joined(hex('7f'), u32(next.length / 4).subarray(0, 3)) : hex('12');
    const wire = joined(EF, abridged(SEALED), length, next);
    const first = 2 + SEALED.length;
    for (let end = first + 1; end <= wire.length; end++) {
      const said = TELEGRAM.probe?.(Direction.ToServer, wire.slice(0, end), false);
      expect(said, `${end}`).toBe(end < first + length.length + 8 ? Probe.More : Probe.Yes);
    }
  }
});

test('abridged: a second message with another key refuses it', () => {
  const wire = joined(EF, abridged(SEALED), abridged(OTHER));
  expect(TELEGRAM.probe?.(Direction.ToServer, wire, false)).toBe(Probe.No);
});

const clear = (transport: string) => ({
  identify: {
    evidence: 'signature',
    signatures: [`telegram-${transport}`],
    reason: `MTProto, ${transport} transport`,
  },
});
describeRows(TELEGRAM, [
  { name: 'abridged', turns: [client(EF, abridged(REQ_PQ))], want: [clear('abridged')] },
  {
    name: 'abridged, sealed',
    turns: [client(EF, abridged(SEALED))],
    want: [{ identify: { ...clear('abridged').identify, confidence: 'medium' } }],
  },
  {
    name: 'intermediate',
    turns: [client(EE, intermediate(REQ_PQ))],
    want: [clear('intermediate')],
  },
  { name: 'padded', turns: [client(DD, u32(40), REQ_PQ)], want: [clear('padded')] },
  { name: 'full', turns: [client(full(REQ_PQ))], want: [clear('full')] },
]);

/** A header as clients make it: random octets of which 56 to 61 were enciphered with what they hold. */
function header(tag: number, centre: number, seed = 7): Uint8Array {
  const octets = Uint8Array.from(
    { length: 64 },
    (_, i) => (seed + i * 37 + (i * i) / 3) & 255 || 1,
  );
  const plain = octets.slice();
  plain.fill(tag, 56, 60);
  plain[60] = centre & 255;
  plain[61] = (centre >> 8) & 255;
  const key = createCipheriv('aes-256-ctr', octets.subarray(8, 40), octets.subarray(40, 56));
  octets.set(new Uint8Array(key.update(plain)).subarray(56), 56);
  return octets;
}
/** vectors.json, "obfuscated2 init (intermediate, dc 2)". */
const VECTOR = hex(
  '0b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f81d42678cb1d6fb20456a8fb4d9feee2da500f11feb30',
);
const beginning = (octets: string) => joined(hex(octets), VECTOR.subarray(hex(octets).length));

describeProbe(TELEGRAM_OBFUSCATED, [
  { name: 'the vector, and what follows', wire: joined(VECTOR, SEALED), at: 64 },
  { name: 'abridged', wire: header(0xef, 4), at: 64 },
  { name: 'padded', wire: header(0xdd, -2), at: 64 },
  { name: 'of the server', direction: Direction.ToClient, wire: VECTOR },
  { name: 'not from the start', midstream: true, wire: VECTOR },
  { name: 'another tag', wire: header(0xcc, 2) },
  { name: 'one bit of the key', wire: VECTOR.map((octet, i) => (i === 20 ? octet ^ 1 : octet)) },
  { name: 'TLS', wire: beginning('16 03 01 02 00 01') },
  { name: 'POST', wire: beginning("'POST'") },
  { name: 'the clear transports', wire: beginning('ef 0a') },
  { name: 'small numbers', wire: beginning('01 00 00 00 05') },
  { name: 'text', wire: hex("'NICK sallyport and so on, a line of text that has more than 64'") },
]);

const obfuscated = (what: string, more = {}) => ({
  identify: {
    evidence: 'signature',
    signatures: ['telegram-obfuscated'],
    reason: `MTProto, obfuscated ${what}`,
    ...more,
  },
});
describeRows(TELEGRAM_OBFUSCATED, [
  {
    name: 'the vector',
    turns: [client(VECTOR)],
    want: [obfuscated('intermediate transport, data centre 2')],
  },
  {
    name: 'a centre for media',
    turns: [client(header(0xdd, -4))],
    want: [obfuscated('padded transport, data centre 4', { activity: 'media' })],
  },
  {
    name: 'a test centre',
    turns: [client(header(0xee, -10002))],
    want: [obfuscated('intermediate transport, data centre 10002', { activity: 'media' })],
  },
  {
    name: 'no centre',
    turns: [client(header(0xef, 4711))],
    want: [obfuscated('abridged transport')],
  },
]);

describe('what is no header', () => {
  test('a key that does not fit is another protocol', () => {
    const parser = TELEGRAM_OBFUSCATED.create(flowContext());
    const ear = new Ear();
    expect(parser.push(Direction.ToServer, header(0xcc, 2), ear)).toBe(Status.Lost);
    expect(ear.heard).toEqual([]);
  });

  test('of 20 000 random beginnings none is taken for one, and nearly all are worth deciphering', () => {
    let seed = 1;
    let tried = 0;
    for (let run = 0; run < 20_000; run++) {
      const octets = Uint8Array.from({ length: 64 }, () => {
        seed = (Math.imul(seed, 1103515245) + 12345) | 0;
        return (seed >>> 16) & 255;
      });
      expect(TELEGRAM_OBFUSCATED.probe?.(Direction.ToServer, octets, false)).toBe(Probe.No);
      if (
        TELEGRAM_OBFUSCATED.probe?.(Direction.ToServer, octets.subarray(0, 63), false) ===
        Probe.More
      )
        tried += 1;
    }
    // 1 of 256 begins with ef, and some have two zeros in a row.
    expect(tried).toBeGreaterThan(19_850);
  });
});

const CLEAR_WIRES = CLEAR.map(({ wire }) => wire);
describe('clear', () => hostile(TELEGRAM, CLEAR_WIRES, 8192));
describe('obfuscated', () => hostile(TELEGRAM_OBFUSCATED, [VECTOR, header(0xef, 1)], 1024));
