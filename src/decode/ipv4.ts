/**
 * IPv4 (RFC 791).
 *
 *     version and header length(1) service(1) total length(2) identification(2) fragment(2)
 *     TTL(1) protocol(1) checksum(2) source(4) destination(4) options
 */
import { addWords, foldChecksum } from '../bytes/checksum.ts';
import { i32be, u16be } from '../bytes/read.ts';
import { Decoded } from './packet-view.ts';
import { transport } from './transport.ts';
import type { Step, Walk } from './walk.ts';

const MIN_HEADER = 20;
const MORE_FRAGMENTS = 0x2000;
const FRAGMENT = 0x3fff; // offset and MORE_FRAGMENTS

export function ipv4(walk: Walk): Step {
  const { buffer, at, view } = walk;
  const room = walk.end - at;
  if (room < MIN_HEADER) return walk.short();
  const first = buffer[at] ?? 0;
  const header = (first & 15) << 2;
  const total = u16be(buffer, at + 2);
  if (first >>> 4 !== 4 || header < MIN_HEADER) return Decoded.Malformed;
  if (total !== 0) {
    if (total < header) return Decoded.Malformed;
    if (total <= room) {
      walk.end = at + total; // the rest is padding of the link layer
      walk.missing = 0;
    } else {
      walk.missing = total - room;
    }
  } // 0: segmentation left to the network card, the packet is as long as what was captured
  if (room < header) return walk.short();

  const addresses = view.addresses;
  addresses[0] = addresses[1] = addresses[2] = 0;
  addresses[4] = addresses[5] = addresses[6] = 0;
  addresses[3] = i32be(buffer, at + 12);
  addresses[7] = i32be(buffer, at + 16);
  view.ipVersion = 4;
  view.networkAt = at;
  view.tunnelled = walk.networks++ > 0;
  walk.rerouted = false;
  if (walk.checksums && !headerIntact(buffer, at, at + header)) view.badChecksum = true;

  const protocol = buffer[at + 9] ?? 0;
  walk.at = at + header;
  const fragment = u16be(buffer, at + 6) & FRAGMENT;
  if (fragment === 0) return transport(walk, protocol);

  view.transport = protocol;
  const offset = (fragment & ~MORE_FRAGMENTS) << 3;
  const more = (fragment & MORE_FRAGMENTS) !== 0;
  const step = walk.reassembly.addV4(walk, u16be(buffer, at + 4), protocol, offset, more);
  return step === Decoded.OtherTransport ? transport(walk, protocol) : step;
}

/** A checksum of 0 is left to the network card. */
function headerIntact(buffer: Uint8Array, start: number, end: number): boolean {
  return u16be(buffer, start + 10) === 0 || foldChecksum(addWords(buffer, start, end, 0)) === 0;
}
