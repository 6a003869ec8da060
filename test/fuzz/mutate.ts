/**
 * Ways to spoil a capture: at the level of octets, of headers, of packets and of TCP payloads.
 * Every mutation takes the frames and gives new ones; the originals stay whole.
 */
import type { StoredFrame } from '../corpus/frames.ts';
import { at, type Headers, headersOf, put16, u32, withPayload } from '../corpus/headers.ts';
import { cut } from '../corpus/recut.ts';
import type { Random } from './random.ts';

export type Mutation = (
  frames: readonly StoredFrame[],
  other: readonly StoredFrame[],
  random: Random,
) => StoredFrame[];

/** Octets that mean something to some protocol: more likely to reach code than random ones. */
const TELLING = [
  0x00, 0x01, 0x0a, 0x0d, 0x20, 0x22, 0x26, 0x27, 0x2f, 0x3a, 0x3c, 0x3e, 0x40, 0x7f, 0x80, 0xff,
];
/** What a hostile peer would send. */
const TELLING_TEXT = [
  '<stream:stream xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams" version="1.0">',
  '<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]>',
  '&#x0;&#1114112;&lt;&bogus;&amp',
  '<![CDATA[',
  '<a>'.repeat(300),
  `<a ${'b="c" '.repeat(300)}>`,
  '</stream:stream>',
  ':a!b@c PRIVMSG #d :\x01DCC SEND "e f" 4294967296 65536 99999999999999999999\x01\r\n',
  '\x01DCC RESUME x 0 18446744073709551616 7\x01\r\n',
  `@${'a=b;'.repeat(2500)} :x PRIVMSG y :z\r\n`,
  ':s 001 n :\r\n:s 353 n = #c :',
  'BATCH +x draft/multiline #c\r\n',
  'STARTTLS\r\n',
  '\x05\x01\x00\x05\x01\x00\x03\x28',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  '\x16\x03\x01\x00\x01\x01\x16\x03\x01\x00\x01\x00',
  '\x16\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x20\x01\x00\x00\xff\x00\x00\x00\x00\x00\xff',
  `\xc0\x00\x00\x00\x01\x08abcdefgh\x00\x00\x44\xd0${'\x01'.repeat(1200)}`,
  '\xf0\x00\x00\x00\x01\x00\x08abcdefgh',
  '\x00\x01\x00\x08\x21\x12\xa4\x42abcdefghijkl\x40\x03\x00\x04\x00\x00\x00\x00',
  '\x00\x01\xff\xfc\x21\x12\xa4\x42abcdefghijkl',
  '\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x02e7\x08whatsapp\x03net\x00\x00\x01\x00\x01',
  '\x12\x34\x81\x80\x00\x01\xff\xff\x00\x00\x00\x00\xc0\x0c\xc0\x0c\xc0\x0c\x00\x01\x00\x01',
  'GET /ws/chat HTTP/1.1\r\nHost: web.whatsapp.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
  '\x81\xfe\xff\xff\x01\x02\x03\x04',
  '\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x02\x03\x04',
  'CONNECT web.whatsapp.com:443 HTTP/1.1\r\n\r\n',
  'PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n',
  'WA\x06\x03\x00\x00\x28\x12\x26',
  'ED\x00\x01\x00\x00\x04\x08\x01',
  '\xef\x7f\xff\xff\xff',
  '\xee\xee\xee\xee\xff\xff\xff\x7f',
  '\x16\xf1\x04\x00\xff\x19\xf1\x04\xff\xff',
  '\x00\x00\xff\xff\x00\x10\x00\x01\x00\x00\x00\x06',
  'VT01\xff\xff\xff\x7f',
];

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'flip bits': (frames, _other, random) =>
    frames.map((frame) => (random.chance(0.2) ? flipped(frame, random) : frame)),
  'flip bits of headers': (frames, _other, random) =>
    frames.map((frame) => (random.chance(0.2) ? flipped(frame, random, 60) : frame)),
  'spoil lengths': (frames, _other, random) =>
    frames.map((frame) => (random.chance(0.2) ? withWrongLength(frame, random) : frame)),
  'truncate frames': (frames, _other, random) =>
    frames.map((frame) => (random.chance(0.2) ? truncated(frame, random) : frame)),
  'drop packets': (frames, _other, random) => {
    const share = random.chance(0.5) ? 0.02 : 0.3;
    return frames.filter(() => !random.chance(share));
  },
  'repeat packets': (frames, _other, random) =>
    frames.flatMap((frame) => (random.chance(0.1) ? [frame, frame] : [frame])),
  'reorder packets': (frames, _other, random) => reordered(frames, random),
  'start late': (frames, _other, random) => frames.slice(random.below(frames.length)),
  'stop early': (frames, _other, random) => frames.slice(0, random.below(frames.length) + 1),
  'turn time back': (frames, _other, random) =>
    frames.map((f) =>
      random.chance(0.05) ? { ...f, time: f.time + (random.bits() - 2 ** 31) * 1000 } : f,
    ),
  'change payload octets': (frames, _other, random) =>
    payloads(frames, 0.3, (payload) => changed(payload, random), random),
  'change payload lengths': (frames, _other, random) =>
    payloads(frames, 0.2, (payload) => resized(payload, random), random),
  'insert what is telling': (frames, _other, random) =>
    payloads(frames, 0.2, (payload) => withTelling(payload, random), random),
  'splice payloads of another capture': (frames, other, random) => {
    const foreign = other.flatMap((frame) => dataOf(frame) ?? []);
    return payloads(frames, 0.2, (payload) => random.pick(foreign) ?? payload, random);
  },
  'cut small': (frames, _other, random) => cut(frames.slice(0, 200), random.below(9) + 1),
  'overlap with other content': (frames, _other, random) =>
    frames.flatMap((frame) => (random.chance(0.2) ? [frame, conflicting(frame, random)] : [frame])),
  'mix two captures': (frames, other, random) => {
    const mixed = [...frames];
    for (const frame of other) mixed.splice(random.below(mixed.length + 1), 0, frame);
    return mixed;
  },
  'change the link type': (frames, _other, random) =>
    frames.map((f) => (random.chance(0.1) ? { ...f, linkType: random.below(300) } : f)),
};

/** Frames longer than this are left alone by what makes them grow. */
const LARGEST = 65_535; // octets

function flipped(frame: StoredFrame, random: Random, within = frame.octets.length): StoredFrame {
  const octets = frame.octets.slice();
  for (let n = random.below(8) + 1; n > 0; n--) {
    const i = random.below(Math.min(within, octets.length));
    octets[i] = at(octets, i) ^ (1 << random.below(8));
  }
  return { ...frame, octets };
}

/** One 16-bit field among the headers becomes small, big, or off by a little. */
function withWrongLength(frame: StoredFrame, random: Random): StoredFrame {
  const h = headersOf(frame);
  const octets = frame.octets.slice();
  const places = h
    ? [
        h.ipStart,
        h.ipStart + 2,
        h.ipStart + 4,
        h.ipStart + 6,
        h.transportStart + 4,
        h.transportStart + 12,
      ]
    : [12, 16, 20];
  const place = random.pick(places) ?? 0;
  if (place + 2 > octets.length) return frame;
  const near = octets.length + random.below(9) - 4;
  put16(octets, place, random.pick([0, 1, 4, 19, 20, 0xffff, near, random.bits()]) ?? 0);
  return { ...frame, octets };
}

function truncated(frame: StoredFrame, random: Random): StoredFrame {
  const octets = frame.octets.slice(0, random.below(frame.octets.length + 1));
  const originalLength = random.chance(0.5) ? octets.length : frame.originalLength;
  return { ...frame, octets, originalLength };
}

function reordered(frames: readonly StoredFrame[], random: Random): StoredFrame[] {
  const result = [...frames];
  const window = random.chance(0.8) ? 8 : 64;
  for (let i = 0; i < result.length; i++) {
    if (!random.chance(0.2)) continue;
    const [moved] = result.splice(i, 1);
    if (moved) result.splice(i + random.below(window), 0, moved);
  }
  return result;
}

/** Frames with other TCP or UDP payloads, headers right; later segments follow on. */
function payloads(
  frames: readonly StoredFrame[],
  share: number,
  change: (payload: Uint8Array) => Uint8Array,
  random: Random,
): StoredFrame[] {
  return frames.map((frame) => {
    const h = random.chance(share) ? headersOf(frame) : undefined;
    if (h === undefined || h.payloadEnd === h.payloadStart) return frame;
    const payload = change(frame.octets.slice(h.payloadStart, h.payloadEnd)).subarray(0, 60_000);
    if (h.transport === 6) return asTcp(frame, h, payload);
    return frame.octets.length + payload.length > LARGEST ? frame : asUdp(frame, h, payload);
  });
}

function asTcp(frame: StoredFrame, h: Headers, payload: Uint8Array): StoredFrame {
  const sequence = u32(frame.octets, h.transportStart + 4);
  return withPayload(frame, h, payload, sequence, at(frame.octets, h.transportStart + 13));
}

function asUdp(frame: StoredFrame, h: Headers, payload: Uint8Array): StoredFrame {
  const octets = new Uint8Array(h.payloadStart + payload.length);
  octets.set(frame.octets.subarray(0, h.payloadStart));
  octets.set(payload, h.payloadStart);
  put16(octets, h.transportStart + 4, 8 + payload.length);
  put16(
    octets,
    h.ipStart + (h.version === 4 ? 2 : 4),
    octets.length - h.ipStart - (h.version === 4 ? 0 : 40),
  );
  return { ...frame, octets, originalLength: octets.length };
}

function dataOf(frame: StoredFrame): Uint8Array | undefined {
  const h = headersOf(frame);
  if (h === undefined || h.payloadEnd === h.payloadStart) return undefined;
  return frame.octets.subarray(h.payloadStart, h.payloadEnd);
}

function changed(payload: Uint8Array, random: Random): Uint8Array {
  for (let n = random.below(6) + 1; n > 0; n--) {
    const octet = random.chance(0.7) ? random.pick(TELLING) : random.bits();
    payload[random.below(payload.length)] = octet ?? 0;
  }
  return payload;
}

function resized(payload: Uint8Array, random: Random): Uint8Array {
  if (random.chance(0.5)) return payload.subarray(0, random.below(payload.length));
  const from = random.below(payload.length);
  const part = payload.subarray(from, from + random.below(payload.length - from) + 1);
  return joined(payload, ...Array.from({ length: random.below(20) + 1 }, () => part));
}

function withTelling(payload: Uint8Array, random: Random): Uint8Array {
  const place = random.below(payload.length + 1);
  const word = Buffer.from(random.pick(TELLING_TEXT) ?? '', 'latin1');
  return joined(
    payload.subarray(0, place),
    word,
    payload.subarray(random.chance(0.5) ? place : payload.length),
  );
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let used = 0;
  for (const part of parts) {
    whole.set(part, used);
    used += part.length;
  }
  return whole;
}

/** The same sequence range with other octets: a retransmission that contradicts the first copy. */
function conflicting(frame: StoredFrame, random: Random): StoredFrame {
  const h = headersOf(frame);
  if (h === undefined || h.transport !== 6 || h.payloadEnd === h.payloadStart) return frame;
  const payload = changed(frame.octets.slice(h.payloadStart, h.payloadEnd), random);
  const shift = random.chance(0.5) ? random.below(payload.length) : 0;
  const sequence = (u32(frame.octets, h.transportStart + 4) + shift) >>> 0;
  return withPayload(frame, h, payload, sequence, at(frame.octets, h.transportStart + 13));
}
