/** Frames of other link types as Ethernet frames, so that one capture file can hold them all. */
import type { StoredFrame } from '../test/corpus/frames.ts';
import { at, put16, u16 } from '../test/corpus/headers.ts';

/** LINKTYPE_ value → octets before the IP header, for links that carry nothing else of interest. */
const IP_AFTER: Readonly<Record<number, number>> = {
  0: 4, // BSD loopback
  12: 0, // raw IP, as some systems number it
  101: 0, // raw IP
  108: 4, // OpenBSD loopback
  228: 0, // raw IPv4
  229: 0, // raw IPv6
};
/** Linux cooked captures: header length and where the EtherType stands. */
const COOKED: Readonly<Record<number, readonly [header: number, type: number]>> = {
  113: [16, 14],
  276: [20, 0],
};
const ETHERNET = 1;
const HEADER = 14; // octets

/** Undefined for frames of links that are none of these. */
export function asEthernet(frame: StoredFrame): StoredFrame | undefined {
  if (frame.linkType === ETHERNET) return frame;
  const cooked = COOKED[frame.linkType];
  if (cooked) return withHeader(frame, cooked[0], u16(frame.octets, cooked[1]));
  const skip = IP_AFTER[frame.linkType];
  if (skip === undefined) return undefined;
  return withHeader(frame, skip, at(frame.octets, skip) >> 4 === 6 ? 0x86dd : 0x0800);
}

function withHeader(frame: StoredFrame, skip: number, etherType: number): StoredFrame {
  const octets = new Uint8Array(HEADER + Math.max(frame.octets.length - skip, 0));
  octets.set(frame.octets.subarray(skip), HEADER);
  octets[0] = 2; // locally administered, as is the source
  octets[6] = 2;
  put16(octets, 12, etherType);
  const originalLength = frame.originalLength - skip + HEADER;
  return { ...frame, octets, originalLength, linkType: ETHERNET };
}
