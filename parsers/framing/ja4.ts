/**
 * JA4 fingerprint of a client (FoxIO, technical_details/JA4.md; the method is BSD-3-Clause): `a_b_c`.
 *
 *   a  t TLS, q QUIC, d DTLS · version · d with, i without server name · ciphers · extensions · first ALPN
 *   b  12 digits of SHA-256 over the cipher suites, sorted
 *   c  the same over the extensions, sorted, without server name and ALPN, `_` signature algorithms as they came
 *
 * GREASE counts nowhere.
 */
import { sha256Hex } from '../../src/bytes/sha256.ts';
import type { ClientHello } from './client-hello.ts';

export type Ja4Transport = 't' | 'q' | 'd';

const VERSIONS: Readonly<Record<number, string>> = {
  772: '13',
  771: '12',
  770: '11',
  769: '10',
  768: 's3',
  2: 's2',
  65279: 'd1',
  65277: 'd2',
  65276: 'd3',
};
const SERVER_NAME = 0;
const ALPN = 16;
const MOST = 99; // two digits
const NOTHING = '000000000000';

export function ja4(hello: ClientHello, transport: Ja4Transport): string {
  const { a, b, c } = parts(hello, transport);
  return `${a}_${hash(b)}_${hash(c)}`;
}

/** Before it is hashed (`JA4_r`). */
export function ja4Raw(hello: ClientHello, transport: Ja4Transport): string {
  const { a, b, c } = parts(hello, transport);
  return `${a}_${b}_${c}`;
}

function parts(hello: ClientHello, transport: Ja4Transport): { a: string; b: string; c: string } {
  const ciphers = hello.cipherSuites();
  const extensions = hello.extensionTypes();
  const named = extensions.includes(SERVER_NAME) ? 'd' : 'i';
  const counts = `${twoDigits(ciphers.length)}${twoDigits(extensions.length)}`;
  const version = VERSIONS[highest(hello)] ?? '00';
  const kinds = sorted(extensions.filter((type) => type !== SERVER_NAME && type !== ALPN));
  const algorithms = hello.signatureAlgorithms().map(hex4).join(',');
  return {
    a: `${transport}${version}${named}${counts}${alpnEnds(hello.alpn()[0])}`,
    b: sorted(ciphers),
    c: algorithms === '' ? kinds : `${kinds}_${algorithms}`,
  };
}

/** The greatest number, as the method has it; DTLS counts downwards, so there it is the oldest. */
function highest(hello: ClientHello): number {
  const versions = hello.supportedVersions();
  return versions.length === 0 ? hello.legacyVersion : Math.max(...versions);
}

/** First and last character; of the hex digits where one of them is no letter or digit. */
function alpnEnds(protocol: string | undefined): string {
  if (protocol === undefined || protocol === '') return '00';
  const first = protocol.charAt(0);
  const last = protocol.charAt(protocol.length - 1);
  if (isAlphanumeric(first) && isAlphanumeric(last)) return first + last;
  return hex2(first).charAt(0) + hex2(last).charAt(1);
}

function isAlphanumeric(character: string): boolean {
  return /^[0-9A-Za-z]$/.test(character);
}

function sorted(values: readonly number[]): string {
  return values.map(hex4).sort().join(',');
}

function hash(text: string): string {
  return text === '' ? NOTHING : sha256Hex(text).slice(0, 12);
}

function twoDigits(count: number): string {
  return String(Math.min(count, MOST)).padStart(2, '0');
}

function hex2(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(2, '0');
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0');
}
