/** Numbers of linux/netlink.h, linux/netfilter/nfnetlink.h and linux/netfilter/nfnetlink_queue.h. */

export const NetlinkFlag = { Request: 1, Acknowledge: 4 } as const;

/** nlmsghdr.type. The queue's messages: subsystem 3 (NFNL_SUBSYS_QUEUE) above, message below. */
export const MessageType = {
  Error: 2,
  Packet: 0x300,
  Verdict: 0x301,
  Config: 0x302,
  VerdictBatch: 0x303,
} as const;

/** enum nfqnl_attr_type: NFQA_ */
export const PacketAttribute = {
  PacketHeader: 1,
  VerdictHeader: 2,
  Mark: 3,
  Timestamp: 4,
  Payload: 10,
  CapturedLength: 13,
  SkbInfo: 14,
} as const;

/** enum nfqnl_attr_config: NFQA_CFG_ */
export const ConfigAttribute = {
  Command: 1,
  Parameters: 2,
  MaxLength: 3,
  Mask: 4,
  Flags: 5,
} as const;

/** NFQA_CFG_F_ */
export const QueueFlag = {
  /** A packet that finds the queue full goes on instead of being dropped. */
  FailOpen: 1,
  /** Packets come as large as the stack carries them, with checksums left to the network card. */
  Offload: 4,
} as const;

/** NFQA_SKB_INFO */
export const SkbInfo = { ChecksumNotReady: 1, Offloaded: 2 } as const;

/** linux/netfilter.h: NF_ */
export const Verdict = { Drop: 0, Accept: 1 } as const;

/**
 * Octets that the kernel copies of a packet at most (NFQNL_MAX_COPY_RANGE less an attribute's header): of a
 * superframe above, the end is cut.
 */
export const MOST_COPIED = 0xffff - 4;

/** Netlink pads messages and attributes to four octets. */
export function padded(octets: number): number {
  return (octets + 3) & ~3;
}
