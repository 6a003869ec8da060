/** Changes of TCP and IP headers in place; lengths stay, but for cutPayload. */
import { addWords, foldChecksum } from '../../bytes/checksum.ts';
import { u16be } from '../../bytes/read.ts';
import type { Frame } from '../../capture/frame.ts';
import type { PacketView } from '../../decode/packet-view.ts';
import { correctChecksum, touchedSum } from './checksum-field.ts';

const FLAGS = 13; // offsets in the TCP header
const CHECKSUM = 16;
const URGENT = 18;
const URG = 32;
const TCP = 6;
const ETHERNET = 1;
/** No path is longer; hosts send with 64 at least. */
const LEAST_HOPS = 32;
const HOPS = 64;

/** An urgent octet may be taken out of the stream by its receiver (RFC 6093): it becomes one like others. */
export function clearUrgent(frame: Frame, view: PacketView): void {
  const { buffer, transportAt: at } = view;
  const before = touchedSum(view, at + FLAGS, at + URGENT + 2);
  buffer[at + FLAGS] = (buffer[at + FLAGS] ?? 0) & ~URG;
  buffer[at + URGENT] = buffer[at + URGENT + 1] = 0;
  correctHeader(frame, view, before, touchedSum(view, at + FLAGS, at + URGENT + 2));
}

export function setSequence(frame: Frame, view: PacketView, sequence: number): void {
  const { buffer, transportAt: at } = view;
  const before = touchedSum(view, at + 4, at + 8);
  buffer[at + 4] = sequence >>> 24;
  buffer[at + 5] = (sequence >>> 16) & 255;
  buffer[at + 6] = (sequence >>> 8) & 255;
  buffer[at + 7] = sequence & 255;
  correctHeader(frame, view, before, touchedSum(view, at + 4, at + 8));
}

/** Ranges that span the checksum field hold it twice the same: the difference is that of the rest. */
function correctHeader(frame: Frame, view: PacketView, before: number, after: number): void {
  correctChecksum(frame, view, before, after);
}

/** Raises a hop limit with which the packet might not arrive; false where it does anyway. */
export function raiseHops({ buffer, networkAt: ip, ipVersion }: PacketView): boolean {
  const at = ipVersion === 4 ? ip + 8 : ip + 7;
  if ((buffer[at] ?? 0) >= LEAST_HOPS) return false;
  buffer[at] = HOPS;
  if (ipVersion === 4) sumIpv4(buffer, ip);
  return true;
}

function sumIpv4(buffer: Uint8Array, ip: number): void {
  const header = ((buffer[ip] ?? 0) & 15) << 2;
  put16(buffer, ip + 10, 0);
  put16(buffer, ip + 10, foldChecksum(addWords(buffer, ip, ip + header, 0)));
}

/**
 * Takes the payload off a packet: lengths and checksums follow. Returns where the frame ends now, or -1 where it
 * cannot be done (a tunnel, or a link layer whose lengths are not understood).
 */
export function cutPayload(frame: Frame, view: PacketView, payloadEnd: number): number {
  const { buffer, networkAt: ip, transportAt: at, payloadStart: end } = view;
  if (view.tunnelled || (frame.linkType === ETHERNET && u16be(buffer, ip - 2) < 0x0600)) return -1;
  const cut = payloadEnd - end;
  const isIpv4 = view.ipVersion === 4;
  const lengthAt = isIpv4 ? ip + 2 : ip + 4;
  const length = u16be(buffer, lengthAt) - cut;
  if (length < 0) return -1;
  put16(buffer, lengthAt, length);
  if (isIpv4) sumIpv4(buffer, ip);
  put16(buffer, at + CHECKSUM, 0);
  let sum = TCP + (end - at);
  for (let i = 0; i < 8; i++) {
    const word = view.addresses[i] ?? 0;
    sum += (word >>> 16) + (word & 0xffff);
  }
  put16(buffer, at + CHECKSUM, foldChecksum(addWords(buffer, at, end, sum)));
  return end;
}

function put16(buffer: Uint8Array, at: number, value: number): void {
  buffer[at] = (value >>> 8) & 255;
  buffer[at + 1] = value & 255;
}
