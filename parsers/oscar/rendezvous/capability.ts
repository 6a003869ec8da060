/**
 * What a rendezvous is for: 16 octets, `0946XXXX-4C7F-11D1-8222-444553540000` for AOL's own.
 *
 * Source: dossier oscar.md §5 (libpurple oscar.h).
 */
import { u16be } from '../../../src/bytes/read.ts';

export const GUID_LENGTH = 16;

export const Purpose = {
  Unknown: 0,
  SendFile: 1,
  GetFile: 2,
  DirectIm: 3,
  Icon: 4,
  Audio: 5,
  Video: 6,
  /** Chat invitations and ICQ's own relay: not read here. */
  Elsewhere: 7,
} as const;
export type Purpose = (typeof Purpose)[keyof typeof Purpose];

const AOL_TAIL = [0x4c, 0x7f, 0x11, 0xd1, 0x82, 0x22, 0x44, 0x45, 0x53, 0x54, 0, 0];
const CHAT = [0x74, 0x8f, 0x24, 0x20, 0x62, 0x87, 0x11, 0xd1, 0x82, 0x22, 0x44, 0x45, 0x53, 0x54];

const PURPOSES: Readonly<Record<number, Purpose>> = {
  4931: Purpose.SendFile,
  4936: Purpose.GetFile,
  4933: Purpose.DirectIm,
  4934: Purpose.Icon,
  4929: Purpose.Audio,
  260: Purpose.Audio,
  261: Purpose.Video,
  256: Purpose.Video,
  257: Purpose.Video,
  4937: Purpose.Elsewhere,
};

/** Of the GUID at `at`, all of which is there. */
export function purposeOf(buffer: Uint8Array, at: number): Purpose {
  if (u16be(buffer, at) === 0x0946 && stands(buffer, at + 4, AOL_TAIL)) {
    return PURPOSES[u16be(buffer, at + 2)] ?? Purpose.Unknown;
  }
  return stands(buffer, at, CHAT) ? Purpose.Elsewhere : Purpose.Unknown;
}

/** `09461343-4c7f-11d1-8222-444553540000`. */
export function guidText(buffer: Uint8Array, at: number): string {
  const hex = hexText(buffer, at, at + GUID_LENGTH);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

export function hexText(buffer: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += (buffer[i] ?? 0).toString(16).padStart(2, '0');
  return text;
}

function stands(buffer: Uint8Array, at: number, octets: readonly number[]): boolean {
  for (let i = 0; i < octets.length; i++) if (buffer[at + i] !== octets[i]) return false;
  return true;
}
