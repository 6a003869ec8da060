/**
 * Mumble's control channel (mumble docs, protocol_stack_tcp; ../shared/protocols/protobuf-im.md §1), which is inside
 * TLS and seen where that was taken away: u16 type, u32 length, message. Each side begins with Version, the client
 * goes on with Authenticate.
 */
import { i32be, u16be } from '../../src/bytes/read.ts';

export const HEAD = 6;
export const VERSION = 0;
export const AUTHENTICATE = 2;
/** Octets of Version and of Authenticate; real ones have some dozen. */
export const FIRST_MOST = 1024;

export interface Frame {
  readonly type: number;
  /** Of its message. */
  readonly start: number;
  readonly end: number;
}

/** The frame at `at`; undefined while its head has not come. */
export function frameAt(octets: Uint8Array, at: number, end: number): Frame | undefined {
  if (end < at + HEAD) return undefined;
  const start = at + HEAD;
  return { type: u16be(octets, at), start, end: start + (i32be(octets, at + 2) >>> 0) };
}
