/** UDP (RFC 768): source(2) destination(2) length(2, with these 8) checksum(2) payload. */
import { u16be } from '../bytes/read.ts';
import { Decoded } from './packet-view.ts';
import { transportIntact } from './transport-checksum.ts';
import { udpTunnel } from './udp-tunnel.ts';
import type { Step, Walk } from './walk.ts';

const HEADER = 8;

export function udp(walk: Walk): Step {
  const { buffer, at, view } = walk;
  const room = walk.end - at;
  if (room < HEADER) return walk.short();
  // 0: a jumbogram (RFC 2675 §4) or segmentation left to the network card; as long as the packet.
  const length = u16be(buffer, at + 4) || room + walk.missing;
  if (length < HEADER || length > room + walk.missing) return Decoded.Malformed;
  const end = length < room ? at + length : walk.end;
  const missing = length < room ? 0 : length - room;
  const source = u16be(buffer, at);
  const destination = u16be(buffer, at + 2);
  // 0 is no checksum (IPv4, and tunnels over IPv6: RFC 6935).
  if (walk.checksums && u16be(buffer, at + 6) !== 0) {
    walk.missing = missing;
    if (!transportIntact(walk, at, end)) view.badChecksum = true;
  }
  walk.end = end;
  walk.missing = missing;
  const step = udpTunnel(walk, source, destination, at + HEADER);
  if (step !== Decoded.Udp) return step;
  view.buffer = buffer;
  view.transportAt = at;
  view.sourcePort = source;
  view.destinationPort = destination;
  view.payloadStart = at + HEADER;
  view.payloadEnd = end;
  view.payloadMissing = missing;
  return Decoded.Udp;
}
