/**
 * TCP (RFC 9293 §3.1).
 *
 *     source(2) destination(2) sequence(4) acknowledgement(4) data offset(4 bits) flags(12 bits)
 *     window(2) checksum(2) urgent(2) options, payload
 */
import { i32be, u16be } from '../bytes/read.ts';
import { Decoded } from './packet-view.ts';
import { transportIntact } from './transport-checksum.ts';
import type { Walk } from './walk.ts';

const MIN_HEADER = 20;

export function tcp(walk: Walk): Decoded {
  const { buffer, at, end, view } = walk;
  const room = end - at;
  if (room < MIN_HEADER) return walk.short();
  const header = ((buffer[at + 12] ?? 0) >>> 4) << 2;
  // Options may be cut by the snap length: what the stream needs to know is before them.
  if (header < MIN_HEADER || header > room + walk.missing) return Decoded.Malformed;
  view.buffer = buffer;
  view.transportAt = at;
  view.sourcePort = u16be(buffer, at);
  view.destinationPort = u16be(buffer, at + 2);
  view.sequence = i32be(buffer, at + 4);
  view.acknowledgement = i32be(buffer, at + 8);
  view.flags = buffer[at + 13] ?? 0;
  view.window = u16be(buffer, at + 14);
  view.payloadStart = header <= room ? at + header : end;
  view.payloadEnd = end;
  view.payloadMissing = header <= room ? walk.missing : walk.missing - (header - room);
  if (walk.checksums && !transportIntact(walk, at, end)) view.badChecksum = true;
  return Decoded.Tcp;
}
