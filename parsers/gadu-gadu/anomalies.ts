/** Odd input that the Gadu-Gadu parsers name: counted, shown and matched by rules under these names. */
export const Anomaly = {
  /** No packet begins here: octets are passed over until one does. */
  Lost: 'gg-no-packet',
  /** A packet beyond 64 KiB, which no client takes: read as far as it is kept. */
  PacketTooLong: 'gg-packet-too-long',
  /** Fields that do not fit their packet; it is read as far as they do. */
  Malformed: 'gg-malformed',
  /** The two texts of one message say different things: both are reported. */
  TextsDiffer: 'gg-texts-differ',
  /** Text or attributes outside the packet, or in the wrong order. */
  BadOffsets: 'gg-bad-offsets',
  /** A sign-in on a connection where somebody is signed in. */
  SecondLogin: 'gg-second-login',
  /** A ping or pong that carries something. */
  PingCarries: 'gg-ping-carries',
  /** More entries in one packet than are reported. */
  TooManyEntries: 'gg-too-many-entries',
  /** More transfers or images than are remembered: the oldest is forgotten. */
  TableFull: 'gg-table-full',
  /** A compressed contact list that is broken or grows beyond its bounds. */
  BadList: 'gg-bad-list',
  /** An image of another size than announced. */
  ImageSize: 'gg-image-size',
  /** A file whose SHA-1 is not the one of its offer. */
  HashDiffers: 'gg-file-hash-differs',
  /** More octets than the offer announced. */
  BeyondSize: 'gg-beyond-size',
  /** Octets of a file against its direction. */
  BothDirections: 'gg-both-directions',
} as const;
export type Anomaly = (typeof Anomaly)[keyof typeof Anomaly];
