/**
 * The innermost IP packet of a frame, as integers: one object, reused for every packet.
 * Nothing here is allocated per packet; 32-bit fields are kept as signed int32 (`| 0`), because
 * larger numbers in object fields would be boxed by the JavaScript engine.
 */
export class PacketView {
  /** The frame's buffer, or a defragmented datagram. */
  buffer: Uint8Array = new Uint8Array(0);
  /** 4 or 6. */
  ipVersion = 0;
  /** IP protocol number of the transport header: 6 TCP, 17 UDP. */
  transport = 0;
  /** [0..3] source, [4..7] destination, big-endian words; IPv4 in [3] and [7], the rest 0. */
  readonly addresses: Int32Array = new Int32Array(8);
  sourcePort = 0;
  destinationPort = 0;
  /** The innermost IP header, in the frame's buffer (also of a fragment that completed a datagram). */
  networkAt = 0;
  /** The TCP or UDP header, in `buffer`. */
  transportAt = 0;
  /** IP inside IP: what is changed here has outer headers, lengths and checksums around it. */
  tunnelled = false;
  /** Captured payload octets are buffer[payloadStart, payloadEnd). */
  payloadStart = 0;
  payloadEnd = 0;
  /** Payload octets that were on the wire but not captured (snap length). */
  payloadMissing = 0;
  /** TCP only, int32. */
  sequence = 0;
  acknowledgement = 0;
  /** TCP flag octet: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32. */
  flags = 0;
  window = 0;
  /** Innermost VLAN of the outermost stack, or -1. */
  vlan = -1;
  /** Microseconds since 1970 in [0]. */
  readonly time: Float64Array = new Float64Array(1);
  /** Frame number that completed the packet. */
  frame = 0;
  /** The transport checksum was verified and is wrong (only when checking is on). */
  badChecksum = false;
}

/** What decoding one frame came to. */
export const Decoded = {
  Tcp: 0,
  Udp: 1,
  /** IP, but a transport that is not followed. */
  OtherTransport: 2,
  /** A fragment kept until its datagram is complete. */
  FragmentHeld: 3,
  /** Not IP (ARP, LLC, …). */
  NotIp: 4,
  /** Headers cut by the snap length. */
  Truncated: 5,
  /** Headers that contradict themselves. */
  Malformed: 6,
  UnknownLinkType: 7,
  /** More nested headers than Limits.tunnelDepth. */
  TooDeep: 8,
} as const;
export type Decoded = (typeof Decoded)[keyof typeof Decoded];
