/** Test support: MQTT packets that people can read. */
import {
  client,
  type Heard,
  joined,
  type Row,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';

type Part = Uint8Array | string | number;

/** A number below 256 is an octet, a text the octets of its UTF-8. */
function bytes(parts: readonly Part[]): Uint8Array {
  return joined(
    ...parts.map((part) => {
      if (typeof part === 'number') return Uint8Array.of(part);
      return typeof part === 'string' ? new TextEncoder().encode(part) : part;
    }),
  );
}

/** With two octets of length before it. */
export function text(value: string | Uint8Array): Uint8Array {
  const content = bytes([value]);
  return bytes([content.length >> 8, content.length & 0xff, content]);
}

/** First octet, remaining length, body. */
export function packet(first: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytes(parts);
  const length: number[] = [];
  let left = body.length;
  do {
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>= 7;
  } while (left > 0);
  return bytes([first, ...length, body]);
}

export const id = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);

/** CONNECT with user name `ann`, password `secret` and client identifier `phone`. */
export function connect(level = 4): Uint8Array {
  const name = text(level === 3 ? 'MQIsdp' : 'MQTT');
  const none = level >= 5 ? [0] : [];
  return packet(
    0x10,
    name,
    level,
    0xc2,
    id(60),
    ...none,
    text('phone'),
    text('ann'),
    text('secret'),
  );
}

export const connack = (level = 4) => (level === 5 ? packet(0x20, 0, 0, 0) : packet(0x20, 0, 0));

/** Signed in. */
export const login = (level = 4): Turn[] => [client(connect(level)), server(connack(level))];

const VERSIONS = ['3.1', '3.1.1', '5.0'];
export const common = (level = 4): Heard => ({
  protocolVersion: VERSIONS[level - 3] ?? '',
  account: 'ann',
});
export const signedIn = (level = 4): Heard => ({
  kind: 'session.login',
  ...common(level),
  origin: 'server',
  from: 'ann',
  fromResource: 'phone',
  route: 'service',
});

export const sent: Heard = { kind: 'message', origin: 'client', from: 'ann', route: 'room' };
export const received: Heard = { kind: 'message', origin: 'server', route: 'room' };

export function row(name: string, level: number, turns: readonly Turn[], ...want: Heard[]): Row {
  const said = want.map((heard) =>
    heard.anomaly === undefined ? { ...common(level), ...heard } : heard,
  );
  return { name, turns: [...login(level), ...turns], want: [signedIn(level), ...said] };
}
