/** One frame through a decoder, for tests. */
import { Frame } from '../capture/frame.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { Decoder } from './decoder.ts';
import { Decoded, PacketView } from './packet-view.ts';

export function decoder(limits: Partial<Limits> = {}, checksums = false): Decoder {
  return new Decoder({ ...DEFAULT_LIMITS, ...limits }, { checksums });
}

/** Octets around a frame that must never matter. */
const MARGIN = 64;

export interface FrameInfo {
  readonly linkType?: number;
  readonly originalLength?: number;
  /** Microseconds since 1970. */
  readonly time?: number;
  /** What stands before and after the frame in its buffer. */
  readonly around?: number;
}

export function frameOf(octets: Uint8Array, info: FrameInfo = {}): Frame {
  const frame = new Frame();
  frame.buffer = new Uint8Array(octets.length + 2 * MARGIN).fill(info.around ?? 0xee);
  frame.buffer.set(octets, MARGIN);
  frame.start = MARGIN;
  frame.end = MARGIN + octets.length;
  frame.linkType = info.linkType ?? 1;
  frame.originalLength = info.originalLength ?? octets.length;
  frame.time[0] = info.time ?? 0;
  frame.number = 7;
  return frame;
}

const NAMES = Object.keys(Decoded);

/** What a frame came to, as values that can be compared. */
export function outcome(by: Decoder, octets: Uint8Array, info: FrameInfo = {}) {
  const frame = frameOf(octets, info);
  const view = new PacketView();
  const decoded = by.decode(frame, view);
  const name = NAMES[decoded];
  if (decoded !== Decoded.Tcp && decoded !== Decoded.Udp) return { decoded: name };
  return {
    decoded: name,
    version: view.ipVersion,
    addresses: [...view.addresses],
    ports: [view.sourcePort, view.destinationPort],
    payload: String.fromCharCode(...view.buffer.slice(view.payloadStart, view.payloadEnd)),
    missing: view.payloadMissing,
    vlan: view.vlan,
    bad: view.badChecksum,
  };
}
