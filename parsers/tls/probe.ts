/**
 * Is it TLS? The client's first record holds a ClientHello, the server's a ServerHello, alone or cut over several
 * records (RFC 8446 §5.1, §4):
 *
 *   22 · 03 00..04 · u16 length · 1 or 2 · u24 length …
 *
 * Where the record holds the message's length too, that is looked at as well. The SSLv2-compatible hello is none of
 * ours: nothing has sent it for years, and nothing it could name is in it.
 */
import { u16be } from '../../src/bytes/read.ts';
import { Direction, Probe } from '../contract.ts';

/** Octets looked at: a record's head, and the message's. */
export const PROBE_LIMIT = 9;

const RECORD_HEAD = 5;
const HANDSHAKE = 22;
const PLAINTEXT_LIMIT = 16_384;
const SHORTEST = 38; // octets of either hello: version, random, empty session id, one cipher suite or its list
const LONGEST = 0x01ffff; // octets of a hello; OpenSSL and BoringSSL take no longer one

export function probeTls(direction: Direction, octets: Uint8Array): Probe {
  return probeRecord(direction, octets, 0, octets.length);
}

/** The same of buffer[start, end). */
export function probeRecord(
  direction: Direction,
  buffer: Uint8Array,
  start: number,
  end: number,
): Probe {
  const length = end - start;
  if (length > 0 && buffer[start] !== HANDSHAKE) return Probe.No;
  if (length > 1 && buffer[start + 1] !== 3) return Probe.No;
  if (length > 2 && (buffer[start + 2] ?? 0) > 4) return Probe.No;
  if (length < RECORD_HEAD) return Probe.More;
  const content = u16be(buffer, start + 3);
  if (content === 0 || content > PLAINTEXT_LIMIT) return Probe.No;
  if (length < RECORD_HEAD + 1) return Probe.More;
  if (buffer[start + 5] !== (direction === Direction.ToServer ? 1 : 2)) return Probe.No;
  if (content < 4) return Probe.Yes;
  if (length < PROBE_LIMIT) return Probe.More;
  const told = ((buffer[start + 6] ?? 0) << 16) | u16be(buffer, start + 7);
  return told >= SHORTEST && told <= LONGEST ? Probe.Yes : Probe.No;
}
