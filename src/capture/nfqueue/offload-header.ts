/**
 * The kernel says of a queued packet whether its checksum is left to the network card; the judge hears it as
 * from a ring: by a virtio_net_hdr (linux/virtio_net.h), of which only what is known is filled in.
 *
 *     flags(1) segmentation(1) headers(2) segment(2) checksum start(2) checksum offset(2)
 */
import { VIRTIO_HEADER } from '../frame.ts';
import { SkbInfo } from './netlink-layout.ts';

const NEEDS_CHECKSUM = 1;
const SEGMENTED_TCP4 = 1;
const SEGMENTED_TCP6 = 4;

/** Writes the header at `at` for the datagram that begins at `start`; -1 where none is needed, else `at`. */
export function offloadHeader(buffer: Uint8Array, at: number, info: number, start: number): number {
  if ((info & (SkbInfo.ChecksumNotReady | SkbInfo.Offloaded)) === 0) return -1;
  buffer.fill(0, at, at + VIRTIO_HEADER);
  if ((info & SkbInfo.ChecksumNotReady) !== 0) buffer[at] = NEEDS_CHECKSUM;
  if ((info & SkbInfo.Offloaded) !== 0) {
    buffer[at + 1] = (buffer[start] ?? 0) >>> 4 === 6 ? SEGMENTED_TCP6 : SEGMENTED_TCP4;
  }
  return at;
}

export function needsChecksum(buffer: Uint8Array, virtio: number): boolean {
  return virtio >= 0 && ((buffer[virtio] ?? 0) & NEEDS_CHECKSUM) !== 0;
}
