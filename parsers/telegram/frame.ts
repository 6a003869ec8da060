/**
 * The clear transports of MTProto (core.telegram.org/mtproto/mtproto-transports), as a client begins them:
 *
 *   abridged      ef once; frames: u8 length / 4 below 7f, or 7f and u24 LE length / 4; payload
 *   intermediate  ee ee ee ee once; frames: u32 LE length; payload
 *   padded        dd dd dd dd once; frames: u32 LE length; payload and 0 to 15 octets of padding
 *   full          frames: u32 LE length of all, u32 LE number from 0, payload, CRC-32 of what is before it
 *
 * Payload: u64 id of the key, which is 0 until there is one; then u64 message id, u32 LE length, message. With a key:
 * 16 octets of message key, and what is encrypted, in blocks of 16.
 */
import { i32le } from '../../src/bytes/read.ts';

/** What asks for a key: req_pq, req_pq_multi. Nothing else comes first where there is none. */
const REQ_PQ = [0x60469778, 0xbe7e8ef1 | 0];
/** Octets. */
export const KEY_ID = 8;
/** Octets of the request, with its constructor. */
const REQUEST = 20;
/** Octets before a message without a key: key id, message id, length. */
const CLEAR_HEAD = 20;
/** Octets before what is encrypted, and of its blocks. */
const SEALED_HEAD = 24;
const BLOCK = 16;
/** Octets of a request for a key, with its head. */
export const REQUEST_FRAME = CLEAR_HEAD + REQUEST;

/** Whether a message that asks for a key begins at `at`; undefined while its constructor has not come. */
export function asksForKey(octets: Uint8Array, at: number): boolean | undefined {
  const end = octets.length;
  for (let i = at; i < Math.min(end, at + KEY_ID); i++) if (octets[i] !== 0) return false;
  if (end > at + 16 && octets[at + 16] !== REQUEST) return false;
  if (end < at + CLEAR_HEAD + 4) return undefined;
  return i32le(octets, at + 16) === REQUEST && REQ_PQ.includes(i32le(octets, at + CLEAR_HEAD));
}

/** Whether the id of a key can begin at `at`, as far as it is there: 0 is none. */
export function mayBeSealed(octets: Uint8Array, at: number): boolean {
  if (octets.length < at + KEY_ID) return true;
  for (let i = at; i < at + KEY_ID; i++) if (octets[i] !== 0) return true;
  return false;
}

/** Whether a payload can have this many octets. */
export function isSealedLength(length: number): boolean {
  return length >= SEALED_HEAD + BLOCK && (length - SEALED_HEAD) % BLOCK === 0;
}
