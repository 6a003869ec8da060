/**
 * From a captured frame to the innermost TCP or UDP packet in it. Layers are functions that move one
 * Walk forward and answer what comes next; nothing is allocated but for fragments.
 */
import type { Frame } from '../capture/frame.ts';
import type { Limits } from '../limits.ts';
import { cookedV1, cookedV2 } from './cooked.ts';
import { DecodeCounters } from './counters.ts';
import { ethernet } from './ethernet.ts';
import { gre } from './gre.ts';
import { ipv4 } from './ipv4.ts';
import { ipv6 } from './ipv6.ts';
import { firstLayer } from './link-types.ts';
import { loopback } from './loopback.ts';
import { mpls } from './mpls.ts';
import { nflog } from './nflog.ts';
import { Decoded, type PacketView } from './packet-view.ts';
import { hdlc, ppp, pppoe } from './ppp.ts';
import { Reassembly } from './reassembly.ts';
import { tcp } from './tcp.ts';
import { udp } from './udp.ts';
import { Layer, type Step, Walk } from './walk.ts';

export interface DecoderOptions {
  /** Verify the IPv4 header's, TCP's and UDP's checksums; PacketView.badChecksum tells. */
  readonly checksums: boolean;
}

export class Decoder {
  readonly counters: DecodeCounters = new DecodeCounters();
  readonly #walk: Walk;

  constructor(limits: Limits, options: DecoderOptions) {
    const reassembly = new Reassembly(limits, this.counters);
    this.#walk = new Walk(limits.tunnelDepth, options.checksums, reassembly);
  }

  /**
   * The datagram of the fragment last seen (counters.fragments), by a key of its own; empty where it was none that
   * can be part of one, and inside a tunnel.
   */
  get fragmentKey(): string {
    return this.#walk.reassembly.key;
  }

  /**
   * Fills `view` from the frame. After Decoded.Tcp and Decoded.Udp all of it holds, until the next
   * call; after OtherTransport and FragmentHeld the addresses and the protocol do; else only `time`,
   * `frame` and `vlan`.
   */
  decode(frame: Frame, view: PacketView): Decoded {
    const walk = this.#walk;
    walk.buffer = frame.buffer;
    walk.at = frame.start;
    walk.end = frame.end;
    walk.missing = frame.originalLength - (frame.end - frame.start);
    walk.depth = 0;
    walk.networks = 0;
    walk.view = view;
    view.time[0] = frame.time[0] ?? 0;
    view.frame = frame.number;
    view.vlan = -1;
    view.badChecksum = false;
    let step = firstLayer(frame.linkType);
    while (step >= Layer.Ethernet) step = advance(walk, step);
    const decoded = step as Decoded;
    const outcomes = this.counters.outcomes;
    outcomes[decoded] = (outcomes[decoded] ?? 0) + 1;
    return decoded;
  }
}

function advance(walk: Walk, layer: Step): Step {
  switch (layer) {
    case Layer.Ethernet:
      return ethernet(walk);
    case Layer.Ipv4:
      return ipv4(walk);
    case Layer.Tcp:
      return tcp(walk);
    case Layer.Udp:
      return udp(walk);
    case Layer.Ipv6:
      return ipv6(walk);
    case Layer.Ip:
      return ip(walk);
    case Layer.Loopback:
      return loopback(walk);
    case Layer.CookedV1:
      return cookedV1(walk);
    case Layer.CookedV2:
      return cookedV2(walk);
    case Layer.Ppp:
      return ppp(walk);
    case Layer.Hdlc:
      return hdlc(walk);
    case Layer.Nflog:
      return nflog(walk);
    case Layer.Pppoe:
      return pppoe(walk);
    case Layer.Mpls:
      return mpls(walk);
    case Layer.Gre:
      return gre(walk);
    default:
      return layer;
  }
}

function ip(walk: Walk): Step {
  if (walk.end - walk.at < 1) return walk.short();
  const version = (walk.buffer[walk.at] ?? 0) >>> 4;
  if (version === 4) return Layer.Ipv4;
  return version === 6 ? Layer.Ipv6 : Decoded.NotIp;
}
