/** Where decoding stands in a frame: one object, reused, that every layer moves forward. */
import { Decoded, PacketView } from './packet-view.ts';
import type { Reassembly } from './reassembly.ts';

/** What lies at `Walk.at`, told by the layer before it. The numbers go on after those of Decoded. */
export const Layer = {
  Ethernet: 16,
  /** BSD loopback: an address family. */
  Loopback: 17,
  CookedV1: 18,
  CookedV2: 19,
  Ppp: 20,
  /** PPP in HDLC framing, or Cisco's own HDLC. */
  Hdlc: 21,
  Nflog: 22,
  Pppoe: 23,
  Mpls: 24,
  /** IPv4 or IPv6, as the first four bits say. */
  Ip: 25,
  Ipv4: 26,
  Ipv6: 27,
  Tcp: 28,
  Udp: 29,
  Gre: 30,
} as const;
export type Layer = (typeof Layer)[keyof typeof Layer];

/** What a layer answers: the next layer, or what the frame came to. */
export type Step = Layer | Decoded;

export class Walk {
  buffer: Uint8Array = new Uint8Array(0);
  /** The next layer is buffer[at, end). */
  at = 0;
  end = 0;
  /** Octets of the next layer that were on the wire and not captured. */
  missing = 0;
  /** An IPv6 routing header with segments left: the checksum is over another destination. */
  rerouted = false;
  /** IP headers passed. */
  networks = 0;
  /** Tunnel headers passed. */
  depth = 0;
  view: PacketView = new PacketView();
  readonly tunnelDepth: number;
  readonly checksums: boolean;
  readonly reassembly: Reassembly;

  constructor(tunnelDepth: number, checksums: boolean, reassembly: Reassembly) {
    this.tunnelDepth = tunnelDepth;
    this.checksums = checksums;
    this.reassembly = reassembly;
  }

  /** A header does not fit in what is left: cut by the snap length, or a lie. */
  short(): Decoded {
    return this.missing > 0 ? Decoded.Truncated : Decoded.Malformed;
  }

  /** Past a tunnel header, to `at`; false if there were too many. */
  enter(at: number): boolean {
    this.at = at;
    this.depth++;
    return this.depth <= this.tunnelDepth;
  }

  /** Into what a tunnel carries. */
  into(layer: Layer, at: number): Step {
    return this.enter(at) ? layer : Decoded.TooDeep;
  }
}
