/**
 * Is it DTLS? The first record of a datagram holds the client's hello, or one of the server's answers to it, in clear
 * (RFC 6347 §4.1, §4.2.2; DTLS 1.3 begins the same way, RFC 9147 §5.3):
 *
 *   22 · fe ff|fd · u16 epoch 0 · u48 sequence · u16 length · type · u24 length · u16 sequence · u24 from · u24 octets
 */
import { u16be } from '../../src/bytes/read.ts';
import { Direction, Probe } from '../contract.ts';
import { DTLS_RECORD_HEAD, isDtlsRecord } from '../framing/dtls-record.ts';
import { FRAGMENT_HEAD } from './fragments.ts';

export const PROBE_LIMIT = DTLS_RECORD_HEAD + FRAGMENT_HEAD;

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const HELLO_VERIFY_REQUEST = 3;

export function probeDtls(direction: Direction, datagram: Uint8Array): Probe {
  if (datagram.length < PROBE_LIMIT || datagram[0] !== HANDSHAKE) return Probe.No;
  // The sequence counts from 0 in each epoch: its upper half is still empty.
  if (!isDtlsRecord(datagram) || u16be(datagram, 3) !== 0 || u16be(datagram, 5) !== 0) {
    return Probe.No;
  }
  const content = u16be(datagram, 11);
  const type = datagram[DTLS_RECORD_HEAD];
  const length = u24(datagram, DTLS_RECORD_HEAD + 1);
  const from = u24(datagram, DTLS_RECORD_HEAD + 6);
  const octets = u24(datagram, DTLS_RECORD_HEAD + 9);
  if (octets > content - FRAGMENT_HEAD || from + octets > length) return Probe.No;
  if (direction === Direction.ToServer) return type === CLIENT_HELLO ? Probe.Yes : Probe.No;
  return type === SERVER_HELLO || type === HELLO_VERIFY_REQUEST ? Probe.Yes : Probe.No;
}

function u24(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 16) | u16be(octets, at + 1);
}
