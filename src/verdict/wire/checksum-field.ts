/**
 * The TCP or UDP checksum of a segment whose octets change in place (RFC 1624): corrected by the
 * difference, so that a segment that was damaged on its way stays damaged, and one whose checksum is left to
 * the network card stays so.
 */
import { addWords, foldChecksum } from '../../bytes/checksum.ts';
import { u16be } from '../../bytes/read.ts';
import type { Frame } from '../../capture/frame.ts';
import type { PacketView } from '../../decode/packet-view.ts';

const TCP = 6;
const TCP_CHECKSUM = 16; // offset in the header
const UDP_CHECKSUM = 6;
/** virtio_net_hdr.flags: the checksum field holds the sum of the pseudo-header only (linux/virtio_net.h). */
const NEEDS_CHECKSUM = 1;

/** Whether the frame's checksum is computed by whoever sends it. */
export function isPartial(frame: Frame): boolean {
  return frame.virtio >= 0 && ((frame.buffer[frame.virtio] ?? 0) & NEEDS_CHECKSUM) !== 0;
}

/**
 * The sum of the words that [from, to) of the view's buffer touches: take it before and after a change, and
 * give both to `correctChecksum`. Words are counted from the transport header.
 */
export function touchedSum(view: PacketView, from: number, to: number): number {
  const odd = (from - view.transportAt) & 1;
  const start = from - odd;
  const end = Math.min(view.payloadEnd, to + ((to - start) & 1));
  return addWords(view.buffer, start, end, 0);
}

export function correctChecksum(
  frame: Frame,
  view: PacketView,
  before: number,
  after: number,
): void {
  if (isPartial(frame)) return;
  const isTcp = view.transport === TCP;
  const { buffer } = view;
  const at = view.transportAt + (isTcp ? TCP_CHECKSUM : UDP_CHECKSUM);
  const old = u16be(buffer, at);
  if (!isTcp && old === 0) return; // none (RFC 768)
  // RFC 1624 §3: HC' = ~(~HC + ~m + m'); ~m of a folded sum is foldChecksum.
  const sum = (~old & 0xffff) + foldChecksum(before) + (~foldChecksum(after) & 0xffff);
  let corrected = foldChecksum(sum);
  if (!isTcp && corrected === 0) corrected = 0xffff;
  buffer[at] = corrected >>> 8;
  buffer[at + 1] = corrected & 255;
}

/**
 * Whether the receiver will take the segment: its checksums are right, or left to the network card. A
 * segment that was cut by the snap length counts as intact.
 */
export function isIntact(frame: Frame, view: PacketView): boolean {
  if (view.ipVersion === 4) {
    const { networkAt: ip } = view;
    const header = ((frame.buffer[ip] ?? 0) & 15) << 2;
    if (foldChecksum(addWords(frame.buffer, ip, ip + header, 0)) !== 0) return false;
  }
  if (isPartial(frame) || view.payloadMissing > 0) return true;
  const { buffer, transportAt, payloadEnd, addresses, transport } = view;
  if (transport !== TCP && u16be(buffer, transportAt + UDP_CHECKSUM) === 0) return true;
  let sum = transport + (payloadEnd - transportAt);
  for (let i = 0; i < 8; i++) {
    const word = addresses[i] ?? 0;
    sum += (word >>> 16) + (word & 0xffff);
  }
  return foldChecksum(addWords(buffer, transportAt, payloadEnd, sum)) === 0;
}
