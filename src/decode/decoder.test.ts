/** Every encapsulation, whole, at every prefix, and with other octets around it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decoder, frameOf, outcome } from './decode-fixture.ts';
import {
  ethernet,
  fragment6,
  ipv4,
  ipv6,
  octets,
  tcp,
  text,
  u16,
  udp,
  VIEW4,
  VIEW6,
} from './frame-fixture.ts';
import { linkTypeName } from './link-types.ts';
import { Decoded, PacketView } from './packet-view.ts';

const HELLO = text('hello');
const TCP4 = ipv4(6, tcp(HELLO));
const UDP4 = ipv4(17, udp(53, HELLO));
const TCP6 = ipv6(6, tcp(HELLO));
const ETHERNET = ethernet(0x0800, TCP4);
const PADDING = new Uint8Array(6);

const plain = {
  version: 4,
  addresses: VIEW4,
  payload: 'hello',
  missing: 0,
  vlan: -1,
  bad: false,
};
const tcp4 = { ...plain, decoded: 'Tcp', ports: [40000, 5222] };
const udp4 = { ...plain, decoded: 'Udp', ports: [40000, 53] };
const tcp6 = { ...tcp4, version: 6, addresses: VIEW6 };
const udpTo = (port: number, payload: Uint8Array) => ({
  ...plain,
  decoded: 'Udp',
  ports: [40000, port],
  payload: String.fromCharCode(...payload),
});

const gre = (flags: number, type: number, ...rest: Uint8Array[]): Uint8Array =>
  ethernet(0x0800, ipv4(47, octets(u16(flags), u16(type), ...rest)));
const tunnel = (port: number, ...payload: (Uint8Array | string)[]): Uint8Array =>
  ethernet(0x0800, ipv4(17, udp(port, octets(...payload))));
const gtp = (flags: number, extra: string, inner: Uint8Array): Uint8Array =>
  tunnel(
    2152,
    octets([flags, 255], u16(octets(extra).length + inner.length), '00000001'),
    extra,
    inner,
  );
const cooked = (type: number, payload: Uint8Array) =>
  octets('0000 0001 0006 0200000000010000', u16(type), payload);
const cooked2 = (type: number, payload: Uint8Array) =>
  octets(u16(type), '0000 00000002 0001 00 06 0200000000010000', payload);
const pppoe = (payload: Uint8Array) =>
  ethernet(0x8864, octets('11 00 0001', u16(payload.length), payload, PADDING));
const vxlan = '08000000 00002a00';

const TABLE: readonly (readonly [string, number, Uint8Array, object])[] = [
  ['Ethernet, IPv4, TCP', 1, ETHERNET, tcp4],
  ['Ethernet, IPv4, UDP', 1, ethernet(0x0800, UDP4), udp4],
  ['Ethernet, IPv6, TCP', 1, ethernet(0x86dd, TCP6), tcp6],
  ['Ethernet padding is no payload', 1, octets(ETHERNET, PADDING), tcp4],
  [
    'IPv4 options',
    1,
    ethernet(0x0800, ipv4(6, tcp(HELLO), { options: '01010101 94040000' })),
    tcp4,
  ],
  ['TCP options', 1, ethernet(0x0800, ipv4(6, tcp(HELLO, '0101080a 00000001 00000002'))), tcp4],
  [
    'total length 0: as long as captured',
    1,
    ethernet(0x0800, ipv4(6, tcp(HELLO), { totalLength: 0 })),
    tcp4,
  ],
  ['IPv6 length 0: as long as captured', 1, ethernet(0x86dd, ipv6(6, tcp(HELLO), 0)), tcp6],
  [
    'UDP length less than the packet',
    1,
    ethernet(0x0800, ipv4(17, octets(udp(53, HELLO), PADDING))),
    udp4,
  ],
  ['UDP length 0', 1, ethernet(0x0800, ipv4(17, octets('9c40 0035 0000 0000', HELLO))), udp4],
  ['VLAN', 1, ethernet(0x8100, octets('6005 0800', TCP4)), { ...tcp4, vlan: 5 }],
  ['VLAN 0 is only a priority', 1, ethernet(0x8100, octets('6000 0800', TCP4)), tcp4],
  ['QinQ', 1, ethernet(0x88a8, octets('0007 8100 0fff 86dd', TCP6)), { ...tcp6, vlan: 4095 }],
  [
    'QinQ, old number',
    1,
    ethernet(0x9100, octets('0007 8100 0009 0800', TCP4)),
    { ...tcp4, vlan: 9 },
  ],
  [
    '802.3, LLC, SNAP',
    1,
    ethernet(8 + TCP4.length, octets('aaaa03 000000 0800', TCP4, PADDING)),
    tcp4,
  ],
  ['802.3, LLC with IP', 1, ethernet(3 + TCP4.length, octets('060603', TCP4, PADDING)), tcp4],
  [
    '802.3, spanning tree',
    1,
    ethernet(38, octets('424203', new Uint8Array(43))),
    { decoded: 'NotIp' },
  ],
  ['ARP', 1, ethernet(0x0806, new Uint8Array(28)), { decoded: 'NotIp' }],
  ['ICMP', 1, ethernet(0x0800, ipv4(1, HELLO)), { decoded: 'OtherTransport' }],
  ['raw IP', 101, TCP4, tcp4],
  ['raw IP, BSD', 12, TCP6, tcp6],
  ['raw IP, OpenBSD', 14, TCP6, tcp6],
  ['raw IPv4', 228, TCP4, tcp4],
  ['raw IPv6', 229, TCP6, tcp6],
  ['raw, neither', 101, octets('50', HELLO), { decoded: 'NotIp' }],
  ['loopback, little', 0, octets('02000000', TCP4), tcp4],
  ['loopback, big', 0, octets('00000002', TCP4), tcp4],
  ['loopback, Darwin IPv6', 0, octets('1e000000', TCP6), tcp6],
  ['loopback, FreeBSD IPv6', 0, octets('0000001c', TCP6), tcp6],
  ['loopback, OpenBSD IPv6', 108, octets('00000018', TCP6), tcp6],
  ['loopback, unknown family with IP', 0, octets('0f000800', TCP4), tcp4],
  ['loopback, unknown family', 0, octets('07000000', HELLO), { decoded: 'NotIp' }],
  ['Linux cooked', 113, cooked(0x0800, TCP4), tcp4],
  ['Linux cooked, VLAN', 113, cooked(0x8100, octets('0005 86dd', TCP6)), { ...tcp6, vlan: 5 }],
  ['Linux cooked, LLC', 113, cooked(4, HELLO), { decoded: 'NotIp' }],
  ['Linux cooked v2', 276, cooked2(0x86dd, TCP6), tcp6],
  ['PPP', 9, octets('0021', TCP4), tcp4],
  ['PPP with HDLC framing', 50, octets('ff03 0057', TCP6), tcp6],
  ['PPP, compressed protocol field', 9, octets('21', TCP4), tcp4],
  ['PPP, link control', 9, octets('ff03 c021', HELLO), { decoded: 'NotIp' }],
  ['PPP, MPLS', 9, octets('ff03 0281 00064140', TCP4), tcp4],
  ['Cisco HDLC', 104, octets('0f00 0800', TCP4), tcp4],
  ['Cisco HDLC in a PPP capture', 50, octets('8f00 86dd', TCP6), tcp6],
  ['PPPoE', 1, pppoe(octets('0021', TCP4)), tcp4],
  [
    'netfilter log',
    239,
    octets('02000000 0800 0100 00000001', [TCP4.length + 4, 0], '0900', TCP4),
    tcp4,
  ],
  [
    'netfilter log, big-endian',
    239,
    octets('0a000000 0008 0001 00000001', u16(TCP6.length + 4), '0009', TCP6),
    tcp6,
  ],
  ['MPLS', 1, ethernet(0x8847, octets('00064040 00065140', TCP4)), tcp4],
  [
    'MPLS, pseudowire with control word',
    1,
    ethernet(0x8847, octets('00065140 00000001', ETHERNET)),
    tcp4,
  ],
  ['MPLS, pseudowire without', 1, ethernet(0x8848, octets('00065140', ETHERNET)), tcp4],
  ['MPLS, something else', 1, ethernet(0x8847, octets('00065140', HELLO)), { decoded: 'NotIp' }],
  ['GRE', 1, gre(0, 0x0800, TCP4), tcp4],
  [
    'GRE, every optional field',
    1,
    gre(0xb000, 0x86dd, octets('00000000 00000001 00000002'), TCP6),
    tcp6,
  ],
  [
    'GRE, routing',
    1,
    gre(0x4000, 0x0800, octets('00000000 0800 0004 0a000001 00000000'), TCP4),
    tcp4,
  ],
  ['GRE, Ethernet', 1, gre(0x2000, 0x6558, octets('00000001'), ETHERNET), tcp4],
  ['GRE, MPLS', 1, gre(0, 0x8847, octets('00065140'), TCP4), tcp4],
  ['GRE, WCCP', 1, gre(0, 0x883e, octets('00000000'), TCP4), tcp4],
  ['GRE, keep-alive', 1, gre(0, 0), { decoded: 'OtherTransport' }],
  ['ERSPAN I', 1, gre(0, 0x88be, ETHERNET), tcp4],
  ['ERSPAN II', 1, gre(0x1000, 0x88be, octets('00000001 10050001 00000000'), ETHERNET), tcp4],
  [
    'ERSPAN III',
    1,
    gre(0x1000, 0x22eb, octets('00000001 20050001 00000000 00000000'), ETHERNET),
    tcp4,
  ],
  [
    'ERSPAN III, with subheader',
    1,
    gre(0x1000, 0x22eb, octets('00000001 20050001 00000000 00000001 0000000000000000'), ETHERNET),
    tcp4,
  ],
  ['PPTP', 1, gre(0x3081, 0x880b, octets('00210001 00000001 00000002 ff030021'), TCP4), tcp4],
  [
    'PPTP, only an acknowledgement',
    1,
    gre(0x2081, 0x880b, octets('00000001 00000002')),
    { decoded: 'OtherTransport' },
  ],
  ['IP in IP', 1, ethernet(0x0800, ipv4(4, TCP4)), tcp4],
  ['6in4', 1, ethernet(0x0800, ipv4(41, TCP6)), tcp6],
  ['4in6', 1, ethernet(0x86dd, ipv6(4, TCP4)), tcp4],
  ['6in6', 1, ethernet(0x86dd, ipv6(41, TCP6)), tcp6],
  ['MPLS in IP', 1, ethernet(0x0800, ipv4(137, octets('00065140', TCP6))), tcp6],
  ['Ethernet in IP', 1, ethernet(0x0800, ipv4(97, octets('3000', ETHERNET))), tcp4],
  [
    'IPsec authentication header',
    1,
    ethernet(
      0x0800,
      ipv4(51, octets('06 04 0000 00000001 00000001 000000000000000000000000', tcp(HELLO))),
    ),
    tcp4,
  ],
  ['VXLAN', 1, tunnel(4789, vxlan, ETHERNET), tcp4],
  [
    'VXLAN, VLAN inside is not ours',
    1,
    tunnel(4789, vxlan, ethernet(0x8100, octets('0009 0800', TCP4))),
    tcp4,
  ],
  ['VXLAN, old Linux port', 1, tunnel(8472, vxlan, ETHERNET), tcp4],
  ['VXLAN port without VXLAN', 1, tunnel(4789, HELLO), udpTo(4789, HELLO)],
  [
    'VXLAN header without a frame',
    1,
    tunnel(4789, vxlan, HELLO),
    udpTo(4789, octets(vxlan, HELLO)),
  ],
  ['GENEVE, Ethernet', 1, tunnel(6081, '02 00 6558 00002a00 0102800100000000', ETHERNET), tcp4],
  ['GENEVE, IPv6', 1, tunnel(6081, '00 00 86dd 00002a00', TCP6), tcp6],
  ['GENEVE port without GENEVE', 1, tunnel(6081, HELLO), udpTo(6081, HELLO)],
  ['GTP-U', 1, gtp(0x30, '', TCP4), tcp4],
  ['GTP-U, sequence', 1, gtp(0x32, '00010000', TCP6), tcp6],
  ['GTP-U, two extensions', 1, gtp(0x34, '00000085 011001c0 01000000', TCP4), tcp4],
  [
    'GTP-U, extension of length 0',
    1,
    gtp(0x34, '00000085 00000000', TCP4),
    udpTo(2152, octets('34ff', u16(8 + TCP4.length), '00000001 00000085 00000000', TCP4)),
  ],
  ['GTP-U, one extension', 1, gtp(0x34, '00000085 01100100', TCP4), tcp4],
  ['GTP-U port without GTP-U', 1, tunnel(2152, HELLO), udpTo(2152, HELLO)],
  ['Teredo', 1, tunnel(3544, TCP6), tcp6],
  [
    'Teredo, authentication and origin',
    1,
    tunnel(3544, '0001 00 00 0000000000000000 00', '0000 63bf 3ffffdfe', TCP6),
    tcp6,
  ],
  [
    'IPv6 hop-by-hop and destination',
    1,
    ethernet(
      0x86dd,
      ipv6(0, octets('3c00010400000000 0601010c00000000 0000000000000000', tcp(HELLO))),
    ),
    tcp6,
  ],
  [
    'IPv6 routing and mobility',
    1,
    ethernet(0x86dd, ipv6(43, octets('8700040000000000 0600010200000000', tcp(HELLO)))),
    tcp6,
  ],
  [
    'IPv6 authentication header',
    1,
    ethernet(0x86dd, ipv6(51, octets('06 01 0000 00000001 00000001', tcp(HELLO)))),
    tcp6,
  ],
  [
    'IPv6 fragment that is the whole',
    1,
    ethernet(0x86dd, fragment6(6, 9, 0, false, tcp(HELLO))),
    tcp6,
  ],
  [
    'IPv6 without a next header',
    1,
    ethernet(0x86dd, ipv6(59, HELLO)),
    { decoded: 'OtherTransport' },
  ],
  [
    'fragment',
    1,
    ethernet(0x0800, ipv4(17, udp(53, new Uint8Array(16)), { more: true })),
    { decoded: 'FragmentHeld' },
  ],
  ['IP version 5', 1, ethernet(0x0800, octets('55', TCP4.slice(1))), { decoded: 'Malformed' }],
  [
    'IPv4 header of 16 octets',
    1,
    ethernet(0x0800, octets('44', TCP4.slice(1))),
    { decoded: 'Malformed' },
  ],
  [
    'IPv4 shorter than its header',
    1,
    ethernet(0x0800, ipv4(6, tcp(HELLO), { totalLength: 19 })),
    { decoded: 'Malformed' },
  ],
  [
    'TCP data offset 4',
    1,
    ethernet(0x0800, ipv4(6, octets(tcp(HELLO).slice(0, 12), '40', tcp(HELLO).slice(13)))),
    { decoded: 'Malformed' },
  ],
  [
    'TCP data offset beyond',
    1,
    ethernet(0x0800, ipv4(6, octets(tcp(HELLO).slice(0, 12), 'f0', tcp(HELLO).slice(13)))),
    { decoded: 'Malformed' },
  ],
  [
    'UDP length 7',
    1,
    ethernet(0x0800, ipv4(17, octets('9c40 0035 0007 0000', HELLO))),
    { decoded: 'Malformed' },
  ],
  [
    'UDP length beyond',
    1,
    ethernet(0x0800, ipv4(17, octets('9c40 0035 000e 0000', HELLO))),
    { decoded: 'Malformed' },
  ],
  ['802.11', 105, HELLO, { decoded: 'UnknownLinkType' }],
];

describe.each(TABLE)('%s', (_name, linkType, frame, expected) => {
  test('whole', () => {
    expect(outcome(decoder(), frame, { linkType })).toEqual(expected);
  });

  test('no prefix throws or is read beyond its end', () => {
    for (let length = 0; length <= frame.length; length++) {
      const prefix = frame.slice(0, length);
      for (const originalLength of [length, frame.length]) {
        const dark = outcome(decoder(), prefix, { linkType, originalLength, around: 0 });
        const light = outcome(decoder(), prefix, { linkType, originalLength, around: 0xff });
        expect(dark).toEqual(light);
      }
    }
  });
});

describe('snap length', () => {
  test('cut payload is counted as missing', () => {
    const cut = { originalLength: ETHERNET.length };
    const seen = outcome(decoder(), ETHERNET.slice(0, -3), cut);
    expect(seen).toEqual({ ...tcp4, payload: 'he', missing: 3 });
    const datagram = ethernet(0x0800, UDP4);
    expect(outcome(decoder(), datagram.slice(0, -5), { originalLength: datagram.length })).toEqual({
      ...udp4,
      payload: '',
      missing: 5,
    });
  });

  test('cut TCP options leave the ports and the length', () => {
    const whole = ethernet(0x0800, ipv4(6, tcp(HELLO, '0101080a 00000001 00000002')));
    const seen = outcome(decoder(), whole.slice(0, 14 + 20 + 24), { originalLength: whole.length });
    expect(seen).toEqual({ ...tcp4, payload: '', missing: 5 });
  });

  test('a cut header is truncated where the frame was cut, malformed where it was not', () => {
    const half = ETHERNET.slice(0, 14 + 20 + 10);
    const fits = ethernet(0x0800, ipv4(6, tcp(HELLO).slice(0, 10)));
    expect(outcome(decoder(), half, { originalLength: 79 })).toEqual({ decoded: 'Truncated' });
    expect(outcome(decoder(), fits)).toEqual({ decoded: 'Malformed' });
  });
});

describe('bounds', () => {
  const nested = (depth: number): Uint8Array => {
    let packet = TCP4;
    for (let i = 0; i < depth; i++) packet = ipv4(4, packet);
    return packet;
  };

  test('tunnels up to the limit', () => {
    const by = decoder({ tunnelDepth: 3 });
    expect(outcome(by, nested(3), { linkType: 101 })).toEqual(tcp4);
    expect(outcome(by, nested(4), { linkType: 101 })).toEqual({ decoded: 'TooDeep' });
    expect(by.counters.outcomes[Decoded.TooDeep]).toBe(1);
  });

  test('IPv6 extension headers', () => {
    const chain = (count: number) =>
      ipv6(60, octets('3c00010400000000'.repeat(count - 1), '0600010400000000', tcp(HELLO)));
    expect(outcome(decoder(), chain(31), { linkType: 101 })).toEqual(tcp6);
    expect(outcome(decoder(), chain(500), { linkType: 101 })).toEqual({ decoded: 'TooDeep' });
  });

  test('a long stack of labels or tags costs its octets', () => {
    const tags = octets('0001 8100'.repeat(10_000));
    expect(outcome(decoder(), ethernet(0x8100, tags))).toEqual({ decoded: 'Malformed' });
    const labels = octets('00064040'.repeat(10_000));
    expect(outcome(decoder(), ethernet(0x8847, labels))).toEqual({ decoded: 'Malformed' });
  });
});

test('the view has every TCP field', () => {
  const view = new PacketView();
  const frame = frameOf(ETHERNET, { time: 1.5e15 });
  decoder().decode(frame, view);
  expect(view).toMatchObject({
    transport: 6,
    sequence: 0x01020304,
    acknowledgement: 0xfffefdfc | 0,
    flags: 0x18,
    window: 0x1234,
    frame: 7,
  });
  expect(view.time[0]).toBe(1.5e15);
  expect(view.buffer).toBe(frame.buffer);
});

test('link types have names', () => {
  expect(linkTypeName(1)).toBe('Ethernet (1)');
  expect(linkTypeName(147)).toBe('link type 147');
});

describe('hostile frames', () => {
  const linkTypes = fc.constantFrom(0, 1, 9, 50, 101, 104, 108, 113, 228, 229, 239, 276);
  const sane = (linkType: number, frame: Uint8Array, originalLength: number) => {
    const by = decoder();
    const dark = outcome(by, frame, { linkType, originalLength, around: 0 });
    expect(outcome(by, frame, { linkType, originalLength, around: 0xff })).toEqual(dark);
    const view = new PacketView();
    const packet = frameOf(frame, { linkType, originalLength });
    const decoded = by.decode(packet, view);
    if (decoded !== Decoded.Tcp && decoded !== Decoded.Udp) return;
    const end = view.buffer === packet.buffer ? packet.end : view.buffer.length;
    expect(view.payloadStart).toBeLessThanOrEqual(view.payloadEnd);
    expect(view.payloadEnd).toBeLessThanOrEqual(end);
    expect(view.payloadMissing).toBeGreaterThanOrEqual(0);
  };

  test('random octets', () => {
    const any = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(linkTypes, any, fc.nat(300), (linkType, frame, extra) => {
        sane(linkType, frame, frame.length + extra);
      }),
      { numRuns: 2000 },
    );
  });

  test('good frames with a few octets changed', () => {
    const change = fc.tuple(fc.nat(200), fc.integer({ min: 0, max: 255 }));
    const changes = fc.array(change, { minLength: 1, maxLength: 4 });
    const cut = fc.nat(20);
    fc.assert(
      fc.property(fc.constantFrom(...TABLE), changes, cut, ([, linkType, good], list, less) => {
        const frame = good.slice(0, Math.max(0, good.length - less));
        for (const [at, octet] of list) if (frame.length > 0) frame[at % frame.length] = octet;
        sane(linkType, frame, good.length);
      }),
      { numRuns: 4000 },
    );
  });
});
