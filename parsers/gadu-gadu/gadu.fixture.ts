/** Test support: Gadu-Gadu packets that people can read. */

import { toWindows1250 } from '../../src/bytes/windows-1250.ts';
import {
  client,
  type Heard,
  joined,
  octets,
  type Row,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';

/** Little-endian u32 each. */
export function u32(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((v) => [v, v >>> 8, v >>> 16, v >>> 24]));
}

export const u16 = (value: number): Uint8Array => Uint8Array.of(value & 0xff, value >> 8);

type Part = Uint8Array | string | number;

/** A number is an octet, a text its UTF-8. */
export function bytes(...parts: readonly Part[]): Uint8Array {
  return joined(
    ...parts.map((part) => {
      if (typeof part === 'number') return Uint8Array.of(part);
      return typeof part === 'string' ? new TextEncoder().encode(part) : part;
    }),
  );
}

export function packet(type: number, ...parts: readonly Part[]): Uint8Array {
  const payload = bytes(...parts);
  return joined(u32(type, payload.length), payload);
}

/** windows-1250 with its NUL. */
export const old = (text: string): Uint8Array => joined(toWindows1250(text), octets('\0'));

export const ME = 123456;
export const BOB = 654321;
const SEED = 0x12345678;

export const welcome = packet(0x01, u32(SEED));
const HASH = 'SECRETHASH'.padEnd(64, '\0');

export function login80(status = 2, description = ''): Uint8Array {
  const fields = [u32(status, 0, 0x27, 0), u16(0), u32(0), u16(0), 100, 0x64] as const;
  const version = bytes('Gadu-Gadu Client Build 8.0');
  return packet(
    0x31,
    u32(ME),
    'pl',
    2,
    HASH,
    ...fields,
    u32(version.length),
    version,
    u32(bytes(description).length),
    description,
  );
}

export function login70(status = 2): Uint8Array {
  return packet(
    0x19,
    u32(ME),
    2,
    HASH,
    u32(status, 0x2a),
    0,
    u32(0),
    u16(0),
    u32(0),
    u16(0),
    100,
    0xbe,
  );
}

/** Protobuf: number, and a number, four octets (`fixed`) or octets. */
export const field = (number: number, value: Part): Uint8Array => {
  if (typeof value === 'number') return bytes(number << 3, varint(value));
  const content = bytes(value);
  return bytes((number << 3) | 2, varint(content.length), content);
};
export const fixed = (number: number, value: number): Uint8Array =>
  bytes((number << 3) | 5, u32(value));
export const fixed64 = (number: number, value: number): Uint8Array =>
  bytes((number << 3) | 1, u32(value, 0));
export const written = (uin: number): Uint8Array => bytes(0, String(uin).length, String(uin));

function varint(value: number): Uint8Array {
  const out: number[] = [];
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) out.push((left % 0x80) | 0x80);
  return Uint8Array.from([...out, left]);
}

export function login105(): Uint8Array {
  return packet(
    0x83,
    field(1, 'pl'),
    field(2, written(ME)),
    field(3, HASH),
    field(7, 'GG-Phoenix/11'),
    fixed(8, 2),
    field(9, ''),
  );
}

type Version = '7' | '8' | '10.5';
const LOGINS: Readonly<Record<Version, () => Uint8Array>> = {
  7: login70,
  8: login80,
  '10.5': login105,
};
const ANSWERS: Readonly<Record<Version, Uint8Array>> = {
  7: packet(0x03),
  8: packet(0x35, u32(1)),
  '10.5': packet(0x9d, field(1, 1), field(2, 'HASH'), field(3, ME), fixed(4, 1000)),
};

/** Signed in. */
export const login = (version: Version = '8'): Turn[] => [
  server(welcome),
  client(LOGINS[version]()),
  server(ANSWERS[version]),
];

export const me = String(ME);
export const bob = String(BOB);
export const common = (version: Version = '8'): Heard => ({
  protocolVersion: version,
  account: me,
});
export const signedIn = (version: Version = '8'): Heard[] => [
  { kind: 'presence', ...common(version), origin: 'client', from: me, state: 'available' },
  { kind: 'session.login', ...common(version), origin: 'server', from: me, route: 'service' },
];

export const sent: Heard = {
  kind: 'message',
  origin: 'client',
  from: me,
  to: [bob],
  route: 'direct',
};
export const received: Heard = {
  kind: 'message',
  origin: 'server',
  from: bob,
  to: [me],
  route: 'direct',
};

export function row(
  name: string,
  turns: readonly Turn[],
  want: readonly Heard[],
  version: Version = '8',
): Row {
  const said = want.map((heard) =>
    heard.anomaly === undefined ? { ...common(version), ...heard } : heard,
  );
  return { name, turns: [...login(version), ...turns], want: [...signedIn(version), ...said] };
}

/** A message of 8.0 to the server. */
export function send80(
  markup: string,
  plain: string,
  attributes: Part = '',
  seq = 5,
  flags = 8,
  to = BOB,
): Uint8Array {
  const html = bytes(markup, 0);
  const text = old(plain);
  const at = 20 + html.length;
  return packet(0x2d, u32(to, seq, flags, at, at + text.length), html, text, attributes);
}

/** And to the client. */
export function receive80(
  markup: string,
  plain: string,
  attributes: Part = '',
  type = 0x2e,
  time = 1000,
  flags = 8,
): Uint8Array {
  const html = bytes(markup, 0);
  const text = old(plain);
  const at = 24 + html.length;
  return packet(type, u32(BOB, 5, time, flags, at, at + text.length), html, text, attributes);
}

export const receive = (text: string, attributes: Part = '', flags = 8): Uint8Array =>
  packet(0x0a, u32(BOB, 5, 1000, flags), old(text), attributes);
export const send = (text: string, attributes: Part = '', flags = 8): Uint8Array =>
  packet(0x0b, u32(BOB, 5, flags), old(text), attributes);

export const ID = '0807060504030201';
const id = octets('\x08\x07\x06\x05\x04\x03\x02\x01');
export function offer(
  name: string,
  size: number,
  { kind = 4, sha1 = '', from = ME, to = BOB } = {},
): Uint8Array {
  const hash = Uint8Array.from({ length: 20 }, (_, i) =>
    Number.parseInt(sha1.slice(2 * i, 2 * i + 2) || '0', 16),
  );
  return packet(
    0x20,
    id,
    u32(from, to, kind),
    toWindows1250(name.padEnd(255, '\0')),
    u32(size, 0),
    hash,
  );
}
export const accept = (uin: number, offset = 0) => packet(0x21, u32(uin), id, u32(offset, 0));
export const reject = (uin: number, reason = 2) => packet(0x22, u32(uin), id, u32(reason));
export const abort = () => packet(0x25, id);
export const info = (uin: number, text: string, kind = 1) =>
  packet(0x1f, u32(uin, kind), id, text.padEnd(32, '\0'), ''.padEnd(32, 'c'));
