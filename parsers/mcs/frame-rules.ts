/**
 * Frames of Google's push connection (chromium google_apis/gcm; ../shared/protocols/protobuf-im.md §2), which is inside
 * TLS and seen where that was taken away: once u8 version in each direction, then u8 tag, varint length, message.
 */
import type { FrameRules } from '../framing/length-frames.ts';

export const LOGIN_REQUEST = 2;
export const DATA_MESSAGE = 8;
/** Versions in use; clients of today say 41. */
export const VERSION_FIRST = 38;
export const VERSION_LAST = 41;
const TAG_LAST = 15;

/** Octets of a frame kept whole: pushes carry 4 KiB of data, beyond which the app's name is not found. */
const KEPT = 8192;
/** No stanza is longer. */
const LENGTH_MOST = 1 << 20;
const VARINT_MOST = 4;

/** A varint at `at`: value and where it ends; undefined while it has not come; -1 where it is too long. */
export function varintAt(octets: Uint8Array, at: number, end: number) {
  let value = 0;
  for (let i = 0; i < VARINT_MOST; i++) {
    if (at + i >= end) return undefined;
    const octet = octets[at + i] ?? 0;
    value |= (octet & 0x7f) << (7 * i);
    if (octet < 0x80) return { value, end: at + i + 1 };
  }
  return { value: -1, end };
}

export const MCS_FRAMES: FrameRules = {
  limit: KEPT,
  measure(buffer, at, end) {
    if ((buffer[at] ?? 0) > TAG_LAST) return -1;
    const length = varintAt(buffer, at + 1, end);
    if (length === undefined) return 0;
    if (length.value < 0 || length.value > LENGTH_MOST) return -1;
    return length.end - at + length.value;
  },
  plausible: () => false,
};
