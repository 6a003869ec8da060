/**
 * The kernel takes the outer VLAN tag out of every frame it receives and tells it beside the frame
 * (tp_vlan_tci, tp_vlan_tpid). Here it goes back, in front of the frame: the addresses move down by the
 * four octets of the tag, the rest stays where it is.
 *
 *     before:      [virtio header] destination(6) source(6) type …
 *     after:  [virtio header] destination(6) source(6) TPID(2) TCI(2) type …
 */
import { ETH_P_8021Q, Status } from './packet-constants.ts';

export const TAG = 4;

/** Octets of PACKET_RESERVE in front of a frame: room for a tag and a virtio header; keeps alignment. */
export const TAG_ROOM = 16;

const ADDRESSES = 12;

/** The tag's type by what stands beside the frame, or 0 where the frame had no tag. */
export function strippedTag(status: number, tpid: number): number {
  if ((status & Status.VlanValid) === 0) return 0;
  return (status & Status.VlanTpidValid) !== 0 ? tpid : ETH_P_8021Q;
}

/** Puts the tag into the frame at `mac`; the frame now begins TAG octets earlier. */
export function putTagBack(buffer: Uint8Array, mac: number, tpid: number, tci: number): void {
  buffer.copyWithin(mac - TAG, mac, mac + ADDRESSES);
  const tag = mac + ADDRESSES - TAG;
  buffer[tag] = tpid >>> 8;
  buffer[tag + 1] = tpid & 0xff;
  buffer[tag + 2] = tci >>> 8;
  buffer[tag + 3] = tci & 0xff;
}

/**
 * Moves the virtio header at `at` along with its frame. Its offsets count from the start of the frame
 * (linux/virtio_net.h: flags(1) gso_type(1) hdr_len(2) gso_size(2) csum_start(2) csum_offset(2)).
 */
export function moveVirtioHeader(buffer: Uint8Array, at: number): void {
  buffer.copyWithin(at - TAG, at, at + 10);
  const header = at - TAG;
  const needsChecksum = ((buffer[header] ?? 0) & 1) !== 0; // VIRTIO_NET_HDR_F_NEEDS_CSUM
  const segmented = (buffer[header + 1] ?? 0) !== 0; // not VIRTIO_NET_HDR_GSO_NONE
  if (segmented) addTag(buffer, header + 2);
  if (needsChecksum) addTag(buffer, header + 6);
}

function addTag(buffer: Uint8Array, at: number): void {
  const value = (buffer[at] ?? 0) + ((buffer[at + 1] ?? 0) << 8) + TAG;
  buffer[at] = value & 0xff;
  buffer[at + 1] = (value >>> 8) & 0xff;
}
