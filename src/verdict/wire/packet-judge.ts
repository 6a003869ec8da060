/**
 * Between a wire and who decides about its packets. A bridge (AF_PACKET rings), a netfilter queue and
 * `replay --inline` carry packets; the judge (src/pipeline/bridge.ts) says what becomes of each.
 */
import type { Frame } from '../../capture/frame.ts';

/** The end a packet came in at: interface A or B of a bridge. A queue or a capture has only A. */
export const Side = { A: 0, B: 1 } as const;
export type Side = (typeof Side)[keyof typeof Side];

export function opposite(side: Side): Side {
  return side === Side.A ? Side.B : Side.A;
}

/** What becomes of the packet under the hand. */
export const Fate = {
  /** Goes on, out of the other side, as it now stands in its buffer: the judge may have changed octets in place. */
  Forward: 0,
  /** Goes nowhere. The judge may have taken a copy that it sends later (PacketOut.send). */
  Drop: 1,
} as const;
export type Fate = (typeof Fate)[keyof typeof Fate];

/** How a judge sends packets other than the one under the hand. */
export interface PacketOut {
  /**
   * Sends buffer[start, end), a whole frame of the wire's link type, out of `side`, before the packet under
   * the hand where one is. Copied within the call. `virtio`: where its virtio_net_hdr stands in `buffer`,
   * or -1 when its checksums are complete and it fits the MTU.
   */
  send(side: Side, buffer: Uint8Array, start: number, end: number, virtio: number): void;
}

export interface PacketJudge {
  /** One packet. The frame is lent for the call. */
  packet(frame: Frame, side: Side): Fate;
  /** Time goes on without packets: releases what was held too long. Microseconds since 1970. Call every 10 ms or so. */
  tick(now: number): void;
  /**
   * The flow of the last packet was let go for good: a wire that can (netfilter's connection mark) need not
   * show any more of it. Never of a flow inside a tunnel: the kernel's connection is the tunnel.
   */
  readonly letGo: boolean;
  /**
   * The last packet was forwarded with other octets than it came with: a queue must hand its octets back to
   * the kernel, which otherwise sends on what it has.
   */
  readonly changed: boolean;
  /**
   * The last packet was dropped for now: a copy of the same length, with the same IP and transport header, may be
   * sent later. A queue then keeps its place in the kernel, where address translation knows it.
   */
  readonly kept: boolean;
}
