/**
 * Is it STUN or TURN? A datagram that is exactly one message with more in it than a keep-alive is a Yes: an
 * allocation, a user name, a proof of integrity, a mark of somebody's. A bare Binding wants more: SIP and others keep
 * their flows open with it (RFC 5626 §4.4.2). A stream begins with a message, or with the length of one (RFC 4571).
 */
import { i32be, u16be } from '../../src/bytes/read.ts';
import { type Direction, Probe } from '../contract.ts';
import { StunMarks } from './marks.ts';
import { COOKIE, STUN_HEADER } from './message.ts';

/** Octets of a datagram that are looked at. */
export const PROBE_LIMIT = 65_535;
/** Of a stream: a message's header, and the length before it. */
export const STREAM_PROBE_LIMIT = 2 + STUN_HEADER;

const marks = new StunMarks();

export function probeStun(_direction: Direction, octets: Uint8Array, _midstream: boolean): Probe {
  const first = octets[0] ?? 0;
  if (first >= 0x40 && first !== 0xff) return Probe.No;
  if (octets.length === 0) return Probe.More;
  if (!marks.read(octets)) return Probe.No;
  return marks.isCall || marks.signature !== undefined ? Probe.Yes : Probe.More;
}

export function probeStunStream(
  _direction: Direction,
  octets: Uint8Array,
  _midstream: boolean,
): Probe {
  const bare = beginsMessage(octets, 0);
  const framed = beginsMessage(octets, 2);
  if (bare === Probe.Yes || framed === Probe.No) return bare;
  if (framed === Probe.More) return bare === Probe.No && octets.length < 2 ? Probe.More : framed;
  return u16be(octets, 0) === STUN_HEADER + u16be(octets, 4) ? Probe.Yes : bare;
}

/** Whether a message with a cookie stands at `at`. */
function beginsMessage(octets: Uint8Array, at: number): Probe {
  const there = octets.length - at;
  if (there > 0 && (octets[at] ?? 0) >= 0x40) return Probe.No;
  if (there >= 5 && octets[at + 4] !== COOKIE >>> 24) return Probe.No;
  if (there < 8) return Probe.More;
  return i32be(octets, at + 4) === COOKIE ? Probe.Yes : Probe.No;
}
