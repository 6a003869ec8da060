/** GUIDs: what an invitation is for, and the nonces of direct connections. */
import { sha1 } from '../../../src/bytes/sha1.ts';

/** EUF-GUIDs of session requests (dossier §8): without braces, upper case. */
export const Purpose = {
  File: '5D3E02AB-6190-11D3-BBBB-00C04F795683',
  /** Pictures, emoticons, winks: whoever asks wants an object that the other one announced. */
  Object: 'A4268EEC-FEC5-49E5-95C3-F126696BDBF6',
  WebcamShare: '4BD96FC0-AB17-4425-A14A-439185962DC8',
  WebcamRequest: '1C9AA97E-9C05-4583-A3BD-908A196F1E92',
} as const;

/** Octets of a nonce on the wire. */
export const NONCE = 16;
/** Where the octets of the text stand on the wire: three little-endian numbers, then octets in order. */
const ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
const GROUPS = /^\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?$/;

/** Without braces, upper case; undefined where it is none. */
export function canonicalGuid(text: string | undefined): string | undefined {
  return text === undefined ? undefined : GROUPS.exec(text)?.[1]?.toUpperCase();
}

/** The GUID that these 16 octets stand for. */
export function guidText(buffer: Uint8Array, at: number): string {
  let text = '';
  for (const [i, place] of ORDER.entries()) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += (buffer[at + place] ?? 0).toString(16).padStart(2, '0');
  }
  return text.toUpperCase();
}

/** What `Hashed-Nonce` says of a nonce: the beginning of its SHA-1, written like a GUID. */
export function hashedNonce(buffer: Uint8Array, at: number): string {
  return guidText(sha1(buffer.subarray(at, at + NONCE)), 0);
}
