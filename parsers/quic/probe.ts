/**
 * Is it QUIC? A long header of a known version whose lengths fit the datagram, or Google's older headers. Other
 * versions only as a client's first datagram: padded to 1200 octets, and filled exactly by the packet.
 *
 * Who is the client shows in what only one side sends: a connection id of eight octets or more that the client made
 * up, a token, 0-RTT (client); Retry, version negotiation (server). Where it does not show, who was heard first is.
 */
import { i32be } from '../../src/bytes/read.ts';
import { Direction, Probe } from '../contract.ts';
import { googleVersion } from './google-header.ts';
import { LongHeader, PacketType } from './long-header.ts';
import { Header, versionOf } from './versions.ts';

/** A datagram is whole: none is asked for more. */
export const PROBE_LIMIT = 65_535;
/** Octets of the datagrams of a client's first flight (RFC 9000 §14.1). */
const FIRST_FLIGHT = 1200;
/** Of the connection id that a client makes up (RFC 9000 §7.2). */
const MADE_UP_ID = 8;
const QUIC_BIT = 0x40;

const header = new LongHeader();

export function probeQuic(direction: Direction, octets: Uint8Array, _midstream: boolean): Probe {
  const isToServer = direction === Direction.ToServer;
  if (googleVersion(octets) !== undefined) return isToServer ? Probe.Yes : Probe.No;
  if (!header.read(octets, 0)) return Probe.No;
  if (header.type === PacketType.Negotiation) return negotiation(octets, isToServer);
  const { isKnown, version } = header;
  if (version.header !== Header.Long) return Probe.No;
  const isCertain =
    isKnown && !version.isForced
      ? hasQuicBit(octets)
      : isToServer && hasQuicBit(octets) && isFirstFlight(octets);
  return isCertain && mayBeSentBy(isToServer) ? Probe.Yes : Probe.No;
}

/** A client may clear the bit only with a token (RFC 9287 §3.1). */
function hasQuicBit(octets: Uint8Array): boolean {
  return ((octets[0] ?? 0) & QUIC_BIT) !== 0 || (header.tokenLength > 0 && isFilled(octets));
}

function mayBeSentBy(client: boolean): boolean {
  switch (header.type) {
    case PacketType.Retry:
      return !client;
    case PacketType.ZeroRtt:
      return client;
    case PacketType.Initial: {
      if (header.idEnd - header.idStart < MADE_UP_ID) return !client;
      return client || header.tokenLength === 0;
    }
    default:
      return true;
  }
}

/** Of an unknown version. */
function isFirstFlight(octets: Uint8Array): boolean {
  return (
    octets.length >= FIRST_FLIGHT &&
    header.type === PacketType.Initial &&
    header.idEnd - header.idStart >= MADE_UP_ID &&
    isFilled(octets)
  );
}

/** Behind the packet stands nothing, another one of the same version, or padding. */
function isFilled(octets: Uint8Array): boolean {
  const { end, number } = header;
  if (end === octets.length) return true;
  if (((octets[end] ?? 0) & 0x80) !== 0) return i32be(octets, end + 1) >>> 0 === number;
  for (let i = end; i < octets.length; i++) if (octets[i] !== 0) return false;
  return true;
}

function negotiation(octets: Uint8Array, isToServer: boolean): Probe {
  if (isToServer) return Probe.No;
  for (let at = header.bodyStart; at < octets.length; at += 4) {
    const version = versionOf(i32be(octets, at) >>> 0);
    if (version !== undefined && !version.isForced) return Probe.Yes;
  }
  return Probe.No;
}
