/** `=?utf-8?B?…?=` and `=?utf-8?Q?…?=` (RFC 2047) in the headers of mail notices. */
import { decodeBase64 } from '../../src/bytes/base64.ts';
import { ascii, utf8OrWindows1252 } from '../../src/bytes/text.ts';

const WORD = /=\?[\w-]{1,40}\?([BbQq])\?([^?\s]{0,1000})\?=(?:\s+(?==\?))?/g;

export function encodedWords(text: string): string {
  if (!text.includes('=?')) return text;
  return text.replace(WORD, (whole, kind: string, coded: string) => {
    const octets = kind.toUpperCase() === 'B' ? base64(coded) : quoted(coded);
    return octets === undefined ? whole : utf8OrWindows1252(octets, 0, octets.length);
  });
}

function base64(coded: string): Uint8Array | undefined {
  const octets = ascii(coded);
  return decodeBase64(octets, 0, octets.length);
}

function quoted(coded: string): Uint8Array {
  const plain = coded.replaceAll('_', ' ');
  const text = plain.replace(/=([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return ascii(text);
}
