/**
 * The timestamps option (RFC 7323 §3.2: kind 8, length 10, TSval, TSecr) of segments that were kept.
 *
 * A receiver drops a segment whose TSval is older than that of the segment before it (PAWS, §5). What waited
 * for a hole is older than the retransmission that filled it: as it came, it would be dropped, and its sender
 * would hear of it only by its timer. So it leaves with the TSval of what went on before it.
 */
import type { Frame } from '../../capture/frame.ts';
import type { PacketView } from '../../decode/packet-view.ts';
import { correctChecksum, touchedSum } from './checksum-field.ts';
import type { WireDirection } from './wire-flow.ts';

const HEADER = 20; // TCP's, without options
const END = 0;
const NO_OPERATION = 1;
const TIMESTAMPS = 8;
const LENGTH = 10;
/** RFC 2385 and RFC 5925: a segment that is signed cannot be changed. */
const MD5 = 19;
const AUTHENTICATION = 29;
/** What nearly everybody sends first: two no-operations, kind and length. */
const ALIGNED = 0x0101_080a;

/** Where TSval stands in the buffer of a TCP segment; -1 where there is none, or none that can be changed. */
export function timestampAt({ buffer, transportAt, payloadStart }: PacketView): number {
  let at = transportAt + HEADER;
  if (at + LENGTH > payloadStart) return -1;
  if (payloadStart - at === LENGTH + 2 && u32(buffer, at) === ALIGNED) return at + 4;
  let found = -1;
  while (at + 1 < payloadStart) {
    const kind = buffer[at];
    if (kind === END) break;
    if (kind === NO_OPERATION) {
      at++;
      continue;
    }
    if (kind === MD5 || kind === AUTHENTICATION) return -1;
    const length = buffer[at + 1] ?? 0;
    if (length < 2 || at + length > payloadStart) break;
    if (kind === TIMESTAMPS && length === LENGTH && found < 0) found = at + 2;
    at += length;
  }
  return found;
}

/** Notes the TSval of a segment that goes on; one that was kept gets the newest. Returns whether it was changed. */
export function stamp(
  wire: WireDirection,
  frame: Frame,
  view: PacketView,
  wasKept: boolean,
): boolean {
  const at = timestampAt(view);
  if (at < 0) return false;
  const own = u32(view.buffer, at);
  const newest = wire.newestStamp;
  if (newest === undefined || ((own - newest) | 0) >= 0) {
    wire.newestStamp = own;
    return false;
  }
  if (!wasKept || view.tunnelled) return false;
  const before = touchedSum(view, at, at + 4);
  put32(view.buffer, at, newest);
  correctChecksum(frame, view, before, touchedSum(view, at, at + 4));
  return true;
}

export function u32(buffer: Uint8Array, at: number): number {
  return (
    ((buffer[at] ?? 0) << 24) |
    ((buffer[at + 1] ?? 0) << 16) |
    ((buffer[at + 2] ?? 0) << 8) |
    (buffer[at + 3] ?? 0)
  );
}

export function put32(buffer: Uint8Array, at: number, value: number): void {
  buffer[at] = value >>> 24;
  buffer[at + 1] = (value >>> 16) & 255;
  buffer[at + 2] = (value >>> 8) & 255;
  buffer[at + 3] = value & 255;
}
