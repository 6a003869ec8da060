/** Frames that a wire has to carry and nobody needs to understand: each from a source address of its own. */
import { fixChecksums, headersOf, put16, u16 } from '../../corpus/headers.ts';

export interface OddFrame {
  readonly name: string;
  readonly octets: Uint8Array;
  /**
   * What the kernel's bridge does with it. It keeps link-local groups (IEEE 802.1D, table 7-10), STP unless
   * it speaks none itself, and where br_netfilter is loaded broken IP packets and the padding of short ones.
   */
  readonly overKernel: 'passes' | 'stays' | 'may stay';
}

/** Locally administered; the last octet numbers the frame. */
export const OWN_SOURCE = [0x02, 0x5a, 0x11, 0x70, 0x00] as const;

const BROADCAST = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
const UNICAST = [0x02, 0x00, 0x00, 0x00, 0x00, 0x99];
const IPV4_TCP = 6;
const IPV4_UDP = 17;

export function oddFrames(): OddFrame[] {
  const made: OddFrame[] = [];
  const add = (
    name: string,
    to: readonly number[],
    type: number,
    payload: Uint8Array,
    overKernel: OddFrame['overKernel'] = 'passes',
  ) => {
    const octets = new Uint8Array(14 + payload.length);
    octets.set(to);
    octets.set([...OWN_SOURCE, made.length + 1], 6);
    put16(octets, 12, type);
    octets.set(payload, 14);
    made.push({ name, octets, overKernel });
  };
  const tagged = (tci: number, type: number, payload: Uint8Array) =>
    Uint8Array.of(tci >> 8, tci & 0xff, type >> 8, type & 0xff, ...payload);

  add('ARP request', BROADCAST, 0x0806, arp());
  add('LLDP', [0x01, 0x80, 0xc2, 0, 0, 0x0e], 0x88cc, pattern(60), 'stays');
  add('STP', [0x01, 0x80, 0xc2, 0, 0, 0], 38, pattern(46), 'may stay');
  add('LACP', [0x01, 0x80, 0xc2, 0, 0, 0x02], 0x8809, pattern(110), 'stays');
  add('IPX over 802.3', UNICAST, 60, pattern(60));
  add('an unknown type', UNICAST, 0x1234, pattern(300));
  add('MPLS', UNICAST, 0x8847, pattern(90));
  add('PPPoE', UNICAST, 0x8864, pattern(90));
  add(
    'short, padded',
    UNICAST,
    0x0800,
    padded(ipv4(IPV4_UDP, udp(5353, 5353, pattern(2))), 46),
    'may stay',
  );
  add('UDP', UNICAST, 0x0800, ipv4(IPV4_UDP, udp(1000, 2000, pattern(700))));
  add(
    'UDP without a checksum',
    UNICAST,
    0x0800,
    ipv4(IPV4_UDP, udp(1000, 2000, pattern(70), false)),
  );
  add('ICMP', UNICAST, 0x0800, ipv4(1, pattern(64)));
  add('ESP', UNICAST, 0x0800, ipv4(50, pattern(200)));
  add('first fragment', UNICAST, 0x0800, ipv4(IPV4_UDP, pattern(400), 0x2000));
  add('later fragment', UNICAST, 0x0800, ipv4(IPV4_UDP, pattern(200), 50));
  add('IP options', UNICAST, 0x0800, ipv4(IPV4_UDP, udp(7, 7, pattern(30)), 0, 8));
  add('TCP, wrong checksum', UNICAST, 0x0800, ipv4(IPV4_TCP, tcp(9, 9, pattern(50))));
  add('broken IP header', UNICAST, 0x0800, pattern(40), 'may stay');
  add(
    'IPv6 extension headers',
    UNICAST,
    0x86dd,
    ipv6(0, extension(IPV4_UDP, udp(1, 2, pattern(90)))),
  );
  add('one VLAN', UNICAST, 0x8100, tagged(0xa02a, 0x0800, ipv4(IPV4_UDP, udp(1, 2, pattern(90)))));
  add('priority only', UNICAST, 0x8100, tagged(0xe000, 0x0806, arp()));
  add(
    'two VLANs',
    UNICAST,
    0x88a8,
    tagged(0x0064, 0x8100, tagged(0x0065, 0x0800, ipv4(1, pattern(80)))),
  );
  add('full size', UNICAST, 0x0800, ipv4(IPV4_UDP, udp(3, 4, pattern(1472))));
  add(
    'full size, tagged',
    UNICAST,
    0x8100,
    tagged(7, 0x0800, ipv4(IPV4_UDP, udp(3, 4, pattern(1472)))),
  );
  add('jumbo', UNICAST, 0x0800, ipv4(IPV4_UDP, udp(3, 4, pattern(8972))));
  add('jumbo TCP', UNICAST, 0x0800, ipv4(IPV4_TCP, tcp(3, 4, pattern(8960))));
  return made.map((frame) => (frame.name.includes('wrong') ? frame : summed(frame)));
}

/** Checksums made right where there are any. */
function summed(frame: OddFrame): OddFrame {
  const { octets } = frame;
  const stored = { octets, originalLength: octets.length, linkType: 1, time: 0 };
  const headers = headersOf(stored);
  if (headers !== undefined && !/short|without/.test(frame.name)) fixChecksums(octets, headers);
  return frame;
}

function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 0xff);
}

function padded(packet: Uint8Array, length: number): Uint8Array {
  const octets = new Uint8Array(Math.max(length, packet.length));
  octets.set(packet);
  return octets;
}

function arp(): Uint8Array {
  const addresses = [...OWN_SOURCE, 1, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2];
  return Uint8Array.of(0, 1, 8, 0, 6, 4, 0, 1, ...addresses);
}

function ipv4(protocol: number, payload: Uint8Array, fragment = 0, options = 0): Uint8Array {
  const header = new Uint8Array(20 + options).fill(1, 20); // no-operation options
  header[0] = 0x40 | (header.length / 4);
  put16(header, 2, header.length + payload.length);
  put16(header, 4, 0x1234);
  put16(header, 6, fragment);
  header.set([64, protocol], 8);
  header.set([192, 0, 2, 1, 192, 0, 2, 2], 12);
  put16(header, 10, checksum(header));
  return Uint8Array.of(...header, ...payload);
}

function ipv6(next: number, payload: Uint8Array): Uint8Array {
  const header = new Uint8Array(40);
  header[0] = 0x60;
  put16(header, 4, payload.length);
  header.set([next, 64], 6);
  header.set([0x20, 0x01, 0x0d, 0xb8], 8);
  header.set([0x20, 0x01, 0x0d, 0xb8], 24);
  return Uint8Array.of(...header, ...payload);
}

/** RFC 1071, over octets of even length whose checksum field is zero. */
function checksum(octets: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < octets.length; i += 2) total += u16(octets, i);
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return ~total & 0xffff;
}

/** A hop-by-hop header that only pads (RFC 8200 4.3). */
function extension(next: number, payload: Uint8Array): Uint8Array {
  return Uint8Array.of(next, 0, 1, 4, 0, 0, 0, 0, ...payload);
}

function udp(source: number, target: number, payload: Uint8Array, summed = true): Uint8Array {
  const header = new Uint8Array(8);
  put16(header, 0, source);
  put16(header, 2, target);
  put16(header, 4, 8 + payload.length);
  put16(header, 6, summed ? 0xbeef : 0);
  return Uint8Array.of(...header, ...payload);
}

function tcp(source: number, target: number, payload: Uint8Array): Uint8Array {
  const header = new Uint8Array(20);
  put16(header, 0, source);
  put16(header, 2, target);
  header.set([0x50, 0x10, 0x10, 0x00], 12);
  return Uint8Array.of(...header, ...payload);
}
