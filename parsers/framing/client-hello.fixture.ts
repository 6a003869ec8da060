/** ClientHello messages for tests: one of the project's own vectors, and what can be put together. */
import { hex, joined, octets } from '../../test/support/parser-harness.ts';

/** tls-quic-vectors.json of the dossier: mmg.whatsapp.net, with GREASE everywhere. With its record. */
export const VECTOR = hex(
  '16030100db010000d70303404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f2000000000000000000000000000' +
    '00000000000000000000000000000000000000000c1a1a130113021303c02bc02f010000822a2a00000000001500130000106d6d672e' +
    '77686174736170702e6e6574000a000800063a3a001d0017000b00020100000d000800060403080404010010000e000c02683208687474' +
    '702f312e31002b0007064a4a03040303003300260024001d0020000102030405060708090a0b0c0d0e0f101112131415161718191a1b' +
    '1c1d1e1f',
);
export const VECTOR_JA3_TEXT = '771,4865-4866-4867-49195-49199,0-10-11-13-16-43-51,29-23,0';
export const VECTOR_TLS = {
  version: '1.3',
  sni: 'mmg.whatsapp.net',
  alpn: 'h2',
  ja3: 'a201595a21175f023caeaac5fafc1931',
  ja4: 't13d0507h2_e133e205ac38_5e6a61e7dae5',
} as const;

export function u8(value: number): Uint8Array {
  return Uint8Array.of(value);
}

export function u16(...values: number[]): Uint8Array {
  return joined(...values.map((value) => Uint8Array.of(value >> 8, value & 0xff)));
}

export function u24(value: number): Uint8Array {
  return Uint8Array.of(value >> 16, (value >> 8) & 0xff, value & 0xff);
}

/** With its octets told before it. */
export function sized(prefix: 1 | 2 | 3, ...parts: Uint8Array[]): Uint8Array {
  const content = joined(...parts);
  const told = { 1: u8, 2: u16, 3: u24 }[prefix](content.length);
  return joined(told, content);
}

export function extension(type: number, ...content: Uint8Array[]): Uint8Array {
  return joined(u16(type), sized(2, ...content));
}

/** server_name with an entry for each name. */
export function serverName(...names: string[]): Uint8Array {
  return extension(0, sized(2, ...names.map((name) => joined(u8(0), sized(2, octets(name))))));
}

export function alpn(...ids: string[]): Uint8Array {
  return extension(16, sized(2, ...ids.map((id) => sized(1, octets(id)))));
}

export function supportedVersions(...versions: number[]): Uint8Array {
  return extension(43, sized(1, u16(...versions)));
}

export interface HelloParts {
  readonly version?: number;
  readonly sessionId?: Uint8Array;
  /** DTLS: with its cookie, which may be empty. */
  readonly cookie?: Uint8Array;
  readonly ciphers?: readonly number[];
  /** None: the message ends before their list. */
  readonly extensions?: readonly Uint8Array[];
}

/** Without the type and length before it. */
export function helloBody(parts: HelloParts = {}): Uint8Array {
  const {
    version = 0x0303,
    sessionId = octets(''),
    ciphers = [0x1301],
    cookie,
    extensions,
  } = parts;
  return joined(
    u16(version),
    octets('r'.repeat(32)),
    sized(1, sessionId),
    cookie === undefined ? octets('') : sized(1, cookie),
    sized(2, u16(...ciphers)),
    sized(1, u8(0)),
    extensions === undefined ? octets('') : sized(2, ...extensions),
  );
}

export function message(type: number, body: Uint8Array): Uint8Array {
  return joined(u8(type), sized(3, body));
}

export function hello(parts: HelloParts = {}): Uint8Array {
  return message(1, helloBody(parts));
}

/** In records of at most `size` octets. */
export function records(content: Uint8Array, size = 16_384, type = 22): Uint8Array {
  const all: Uint8Array[] = content.length === 0 ? [joined(u8(type), u16(0x0303, 0))] : [];
  for (let at = 0; at < content.length; at += size) {
    const part = content.subarray(at, at + size);
    all.push(joined(u8(type), u16(0x0303), sized(2, part)));
  }
  const whole = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of all) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}
