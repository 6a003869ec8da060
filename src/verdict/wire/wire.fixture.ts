/** Segments with right checksums in frames of every kind that a wire may carry. */
import { Frame } from '../../capture/frame.ts';
import { Decoder } from '../../decode/decoder.ts';
import { ethernet, ipv4, ipv6, octets, tcp, text, u16, udp } from '../../decode/frame.fixture.ts';
import { Decoded, PacketView } from '../../decode/packet-view.ts';
import { DEFAULT_LIMITS } from '../../limits.ts';

const ETHERNET = 1;
const RAW = 101;

export interface Decoding {
  readonly frame: Frame;
  readonly view: PacketView;
}

export function frameOf(packet: Uint8Array, linkType: number): Frame {
  const frame = new Frame();
  // Octets around the frame: whoever looks at offsets from 0 is found out.
  frame.buffer = octets([1, 2, 3], packet, [4, 5, 6]);
  frame.start = 3;
  frame.end = 3 + packet.length;
  frame.originalLength = packet.length;
  frame.linkType = linkType;
  return frame;
}

export function decoded(packet: Uint8Array, linkType: number, checksums = true): Decoding {
  const frame = frameOf(packet, linkType);
  const view = new PacketView();
  const step = new Decoder(DEFAULT_LIMITS, { checksums }).decode(frame, view);
  if (step !== Decoded.Tcp && step !== Decoded.Udp) throw new Error(`decoded as ${step}`);
  return { frame, view };
}

const tags = (payload: Uint8Array) =>
  ethernet(0x88a8, octets(u16(7), u16(0x8100), u16(0x2007), u16(0x0800), payload));
const pppoe = (payload: Uint8Array) =>
  ethernet(0x8864, octets([0x11, 0], u16(9), u16(payload.length + 2), u16(0x0021), payload));

/** Name, link type, and how an IP payload of a transport is put into a frame. */
export const WIRES: readonly (readonly [
  string,
  number,
  (protocol: number, payload: Uint8Array) => Uint8Array,
])[] = [
  ['IPv4 on Ethernet', ETHERNET, (p, o) => ethernet(0x0800, ipv4(p, o))],
  ['IPv6 on Ethernet', ETHERNET, (p, o) => ethernet(0x86dd, ipv6(p, o))],
  [
    'IPv6 with an extension header',
    ETHERNET,
    (p, o) => ethernet(0x86dd, ipv6(60, octets([p, 0, 1, 4, 0, 0, 0, 0], o))),
  ],
  ['IPv4 with options', ETHERNET, (p, o) => ethernet(0x0800, ipv4(p, o, { options: '01010100' }))],
  ['IPv4 behind two VLAN tags', ETHERNET, (p, o) => tags(ipv4(p, o))],
  ['IPv4 in PPPoE', ETHERNET, (p, o) => pppoe(ipv4(p, o))],
  ['raw IPv4', RAW, (p, o) => ipv4(p, o)],
  ['raw IPv6', RAW, (p, o) => ipv6(p, o)],
];

export const SEGMENT: Uint8Array = tcp(text('PRIVMSG bob :hello world\r\n'));
export const DATAGRAM: Uint8Array = udp(5060, text('MESSAGE sip:bob@example.com SIP/2.0\r\n'));
