/** A frame of every encapsulation, and of what is not one: all say hello. */
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
} from './frame.fixture.ts';

export const HELLO = text('hello');
export const TCP4 = ipv4(6, tcp(HELLO));
export const UDP4 = ipv4(17, udp(53, HELLO));
const TCP6 = ipv6(6, tcp(HELLO));
export const ETHERNET = ethernet(0x0800, TCP4);
const PADDING = new Uint8Array(6);

const plain = {
  version: 4,
  addresses: VIEW4,
  payload: 'hello',
  missing: 0,
  vlan: -1,
  bad: false,
};
export const tcp4 = { ...plain, decoded: 'Tcp', ports: [40000, 5222] };
export const udp4 = { ...plain, decoded: 'Udp', ports: [40000, 53] };
export const tcp6 = { ...tcp4, version: 6, addresses: VIEW6 };
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

/** Name, link type, frame, and what it comes to. */
export const ENCAPSULATIONS: readonly (readonly [string, number, Uint8Array, object])[] = [
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
  [
    'netfilter log, attribute of no length',
    239,
    octets('02000000 0000 0100 0000 0100', TCP4),
    { decoded: 'Malformed' },
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
