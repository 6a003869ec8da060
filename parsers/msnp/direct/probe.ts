/**
 * A direct connection begins, from who connects, with `04 00 00 00 'foo' 00`, then a packet of 48 octets
 * (`30 00 00 00`) whose flags say handshake and whose last 16 octets are the nonce; who listens answers with
 * the same kind of packet (dossier §8). Between clients of version 2 it may have the 16 octets alone.
 */
import { i32le } from '../../../src/bytes/read.ts';
import { Direction, Probe } from '../../contract.ts';
import { NONCE } from '../p2p/guid.ts';
import { Flag, HEADER_V1 } from '../p2p/packet.ts';

export const PROBE_LIMIT = 64;
const FOO = Uint8Array.of(0x04, 0, 0, 0, 0x66, 0x6f, 0x6f, 0);
const LENGTH = 4;
const NONCE_AT = 32; // in the header

export function probeDirect(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  let at = 0;
  if (octets.length > 0 && octets[0] === FOO[0]) {
    for (; at < FOO.length && at < octets.length; at++) if (octets[at] !== FOO[at]) return Probe.No;
    if (at < FOO.length) return Probe.More;
  } else if (octets.length > 0 && octets[0] !== HEADER_V1 && octets[0] !== NONCE) return Probe.No;
  const connects = at > 0;
  // The client is who connects, unless the beginning was not seen and the two are exchanged.
  if (!midstream && octets.length > 0 && connects !== (direction === Direction.ToServer)) {
    return Probe.No;
  }
  return octets[at] === NONCE ? probeShort(octets, at, connects) : probeHandshake(octets, at);
}

function probeHandshake(octets: Uint8Array, at: number): Probe {
  for (let i = 0; i < LENGTH; i++) {
    if (at + i >= octets.length) return Probe.More;
    if (octets[at + i] !== (i === 0 ? HEADER_V1 : 0)) return Probe.No;
  }
  const header = at + LENGTH;
  for (let i = 0; i < NONCE_AT; i++) {
    if (header + i >= octets.length) return Probe.More;
    const identifier = i >= 4 && i < 8;
    if (!identifier && i < 28 && octets[header + i] !== 0) return Probe.No;
  }
  return (i32le(octets, header + 28) & Flag.Handshake) === 0 ? Probe.No : Probe.Yes;
}

/** Sixteen octets of anything are no evidence by themselves. */
function probeShort(octets: Uint8Array, at: number, connects: boolean): Probe {
  for (let i = 1; i < LENGTH; i++) {
    if (at + i >= octets.length) return Probe.More;
    if (octets[at + i] !== 0) return Probe.No;
  }
  return connects ? Probe.Yes : Probe.More;
}
