/** Numbers of linux/if_packet.h, linux/if_ether.h, linux/if_arp.h and asm-generic/socket.h. */

export const AF_PACKET = 17;
export const SOCK_RAW = 3;
export const SOCK_CLOEXEC = 0o2000000;
export const SOL_SOCKET = 1;
export const SOL_PACKET = 263;

/** Every protocol (linux/if_ether.h). */
export const ETH_P_ALL = 0x0003;
export const ETH_P_8021Q = 0x8100;

export const PacketOption = {
  AddMembership: 1, // PACKET_ADD_MEMBERSHIP
  RxRing: 5,
  Statistics: 6,
  CopyThreshold: 7, // PACKET_COPY_THRESH
  Version: 10,
  Reserve: 12,
  VnetHeader: 15,
  Timestamp: 17,
  Fanout: 18,
  QdiscBypass: 20,
  IgnoreOutgoing: 23,
} as const;

export const SocketOption = {
  Error: 4, // SO_ERROR
  AttachFilter: 26,
  SendBufferForce: 32, // SO_SNDBUFFORCE
  ReceiveBufferForce: 33, // SO_RCVBUFFORCE
  LockFilter: 44,
} as const;

export const TPACKET_V2 = 1;
export const TPACKET_V3 = 2;

/** Bits of tp_status, and of a block's status. */
export const Status = {
  User: 1 << 0,
  /** V2: the frame was larger than its slot, and waits whole in the socket's queue (PACKET_COPY_THRESH). */
  Copy: 1 << 1,
  /** The sender left the checksum to the card. */
  ChecksumNotReady: 1 << 3,
  VlanValid: 1 << 4,
  VlanTpidValid: 1 << 6,
} as const;

export const Membership = { Promiscuous: 1, AllMulticast: 2 } as const; // PACKET_MR_…

export const Fanout = {
  Hash: 0, // PACKET_FANOUT_HASH: symmetric, both directions of a flow give the same number
  FlagDefragment: 0x8000, // PACKET_FANOUT_FLAG_DEFRAG
} as const;

/** SOF_TIMESTAMPING_RAW_HARDWARE of linux/net_tstamp.h. */
export const TIMESTAMP_RAW_HARDWARE = 1 << 6;

export const MSG_DONTWAIT = 0x40;
export const POLLIN = 0x001;
export const POLLOUT = 0x004;
export const POLLERR = 0x008;

/** struct sockaddr_ll. */
export const SOCKADDR_LL = 20;
