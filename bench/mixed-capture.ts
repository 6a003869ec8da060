/**
 * A big capture made of many small ones: every copy of every capture gets other addresses, so that
 * its flows are new flows, and all copies are interleaved by time. Ethernet, pcap, microseconds.
 *
 * Addresses are changed by a constant of the copy (XOR), and the checksums by the difference
 * (RFC 1624), so that what was right stays right. Addresses inside payloads stay as they are.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCapture, type StoredFrame } from '../test/corpus/frames.ts';
import { at, put16, u16 } from '../test/corpus/headers.ts';
import { asEthernet } from './as-ethernet.ts';

export interface MixedCapture {
  readonly path: string;
  readonly packets: number;
  readonly octets: number; // of captured frames, without the capture file's own headers
  readonly sources: number; // captures that went in
  readonly copies: number;
}

/** Gaps between packets of one capture are shortened to this: some captures last for days. */
const LONGEST_GAP = 100_000; // microseconds
/** Copies start within this time. */
const SPREAD = 60_000_000; // microseconds
const EPOCH = 1_795_411_200_000_000; // microseconds
const OUTPUT = 4 << 20; // octets written at a time
const SNAP_LENGTH = 262_144; // octets

/**
 * Builds (or finds, when the same was built before) a capture of at least `packets` packets. Captures with a
 * frame of more than `longest` octets are left out: without it their connections would have gaps.
 */
export async function buildMixedCapture(
  name: string,
  paths: readonly string[],
  packets: number,
  longest = SNAP_LENGTH,
): Promise<MixedCapture> {
  const captures: StoredFrame[][] = [];
  for (const path of paths) {
    const { frames } = await loadCapture(path);
    if (frames.some(({ octets }) => octets.length > longest)) continue;
    const ethernet = frames.flatMap((frame) => asEthernet(frame) ?? []);
    if (ethernet.length > 0) captures.push(ethernet);
  }
  const perCopy = captures.reduce((sum, frames) => sum + frames.length, 0);
  if (perCopy === 0) throw new Error(`${name}: no packets in ${paths.length} captures`);
  const copies = Math.ceil(packets / perCopy);
  const octets = copies * captures.flat().reduce((sum, frame) => sum + frame.octets.length, 0);
  const folder = join(tmpdir(), 'sallyport-bench');
  const path = join(folder, `${name}-${contentKey(paths, copies, longest)}.pcap`);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    writeMix(`${path}.part`, captures, copies);
    renameSync(`${path}.part`, path);
  }
  return { path, packets: perCopy * copies, octets, sources: captures.length, copies };
}

/** Changes when the inputs or this way of mixing do. */
function contentKey(paths: readonly string[], copies: number, longest: number): string {
  const hash = createHash('sha256').update(`4 ${copies} ${longest} ${LONGEST_GAP} ${SPREAD}\n`);
  for (const path of paths) hash.update(`${path} ${statSync(path).size}\n`);
  return hash.digest('hex').slice(0, 16);
}

interface Placed {
  readonly frame: StoredFrame;
  readonly copy: number;
  readonly time: number;
}

function writeMix(path: string, captures: readonly StoredFrame[][], copies: number): void {
  const placed = captures.flatMap((frames, i) => placeCopies(frames, copies, i));
  placed.sort((a, b) => a.time - b.time);
  const file = openSync(path, 'w');
  const buffer = new Uint8Array(OUTPUT + SNAP_LENGTH + 16);
  const view = new DataView(buffer.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, SNAP_LENGTH, true);
  view.setUint32(20, 1, true);
  let used = 24;
  for (const { frame, copy, time } of placed) {
    const length = Math.min(frame.octets.length, SNAP_LENGTH);
    view.setUint32(used, Math.floor(time / 1e6), true);
    view.setUint32(used + 4, time % 1e6, true);
    view.setUint32(used + 8, length, true);
    view.setUint32(used + 12, frame.originalLength, true);
    buffer.set(frame.octets.subarray(0, length), used + 16);
    readdress(buffer.subarray(used + 16, used + 16 + length), copy);
    used += 16 + length;
    if (used < OUTPUT) continue;
    writeSync(file, buffer, 0, used);
    used = 0;
  }
  writeSync(file, buffer, 0, used);
  closeSync(file);
}

function placeCopies(frames: readonly StoredFrame[], copies: number, capture: number): Placed[] {
  const placed: Placed[] = [];
  for (let copy = 0; copy < copies; copy++) {
    let time = EPOCH + (scatter(capture * 65_537 + copy) % SPREAD);
    let before = frames[0]?.time ?? 0;
    for (const frame of frames) {
      time += Math.min(Math.max(Math.round(frame.time - before), 0), LONGEST_GAP);
      before = frame.time;
      placed.push({ frame, copy, time });
    }
  }
  return placed;
}

/** XORs 24 bits of every address with the copy's constant; copy 0 stays as it was recorded. */
export function readdress(b: Uint8Array, copy: number): void {
  if (copy === 0) return;
  let type = 12;
  while (u16(b, type) === 0x8100 || u16(b, type) === 0x88a8) type += 4;
  const ip = type + 2;
  const mask = scatter(copy) & 0xffffff;
  if (u16(b, type) === 0x0800 && b.length >= ip + 20) {
    const first = (u16(b, ip + 6) & 0x1fff) === 0;
    const transport = ip + (at(b, ip) & 15) * 4;
    const sum = first ? checksumPlace(b, at(b, ip + 9), transport) : -1;
    xorAddress(b, ip + 13, mask, [ip + 10, sum]);
    xorAddress(b, ip + 17, mask, [ip + 10, sum]);
  } else if (u16(b, type) === 0x86dd && b.length >= ip + 40) {
    const sum = checksumPlace(b, at(b, ip + 6), ip + 40);
    xorAddress(b, ip + 21, mask, [sum]);
    xorAddress(b, ip + 37, mask, [sum]);
  }
}

function checksumPlace(b: Uint8Array, protocol: number, transport: number): number {
  if (protocol === 6 && b.length >= transport + 18) return transport + 16;
  if (protocol !== 17 || b.length < transport + 8) return -1;
  return u16(b, transport + 6) === 0 ? -1 : transport + 6;
}

/** Octets [start, start + 3) of an address; `start` is the odd octet of its 16-bit word. */
function xorAddress(b: Uint8Array, start: number, mask: number, sums: readonly number[]): void {
  const words = [start - 1, start + 1];
  const before = words.map((word) => u16(b, word));
  for (let i = 0; i < 3; i++) b[start + i] = at(b, start + i) ^ (mask >> (16 - 8 * i));
  for (const sum of sums) {
    if (sum < 0) continue;
    for (const [i, word] of words.entries()) {
      put16(b, sum, adjusted(u16(b, sum), before[i] ?? 0, u16(b, word)));
    }
  }
}

/** RFC 1624 equation 3. */
function adjusted(checksum: number, from: number, to: number): number {
  let sum = (~checksum & 0xffff) + (~from & 0xffff) + to;
  sum = (sum & 0xffff) + (sum >>> 16);
  sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** A fixed well-mixed 32-bit number for a small one (the finaliser of MurmurHash3). */
function scatter(value: number): number {
  let h = Math.imul(value + 1, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
