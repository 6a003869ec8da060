/**
 * The version that a ServerHello chose: supported_versions where it is there (RFC 8446 §4.2.1), else the field.
 *
 *   u8 2 · u24 length · u16 version · 32 random · u8 n · session id · u16 cipher · u8 compression
 *   [u16 n · extensions]
 *
 * A HelloRetryRequest is one of TLS 1.3 and tells it the same way.
 */
import { u16be } from '../../src/bytes/read.ts';

const SUPPORTED_VERSIONS = 43;

/** Of the message in buffer[start, end); 0 where it is too short to tell. */
export function chosenVersion(buffer: Uint8Array, start: number, end: number): number {
  const sessionId = start + 38;
  if (sessionId >= end) return 0;
  const version = u16be(buffer, start + 4);
  let at = sessionId + 1 + (buffer[sessionId] ?? 0) + 3 + 2;
  while (at + 4 <= end) {
    if (u16be(buffer, at) === SUPPORTED_VERSIONS && at + 6 <= end) return u16be(buffer, at + 4);
    at += 4 + u16be(buffer, at + 2);
  }
  return version;
}
