/** A copy of a packet that is kept: held until what it carries is decided, or aside until a hole is filled. */
import { Frame, VIRTIO_HEADER } from '../../capture/frame.ts';
import type { PacketView } from '../../decode/packet-view.ts';
import type { Side } from './packet-judge.ts';

/** The transport layer of a packet, where it can be changed. */
export type Segment = Pick<
  PacketView,
  | 'buffer'
  | 'transport'
  | 'transportAt'
  | 'tunnelled'
  | 'payloadStart'
  | 'payloadEnd'
  | 'payloadMissing'
>;

export interface HeldPacket {
  readonly frame: Frame;
  readonly side: Side;
  /** Its payload is [sequence, end). */
  readonly sequence: number;
  readonly end: number;
  /** Undefined where the packet completed a fragmented datagram: its octets are elsewhere. */
  readonly segment: Segment | undefined;
  /** Microseconds since 1970. */
  readonly since: number;
  /** Fragments that go on before it. */
  readonly lead: readonly Frame[];
}

export function copyFrame(frame: Frame): Frame {
  const copy = new Frame();
  const lead = frame.virtio < 0 ? 0 : VIRTIO_HEADER;
  const length = frame.end - frame.start;
  copy.buffer = new Uint8Array(lead + length);
  if (lead > 0) {
    copy.buffer.set(frame.buffer.subarray(frame.virtio, frame.virtio + lead));
    copy.virtio = 0;
  }
  copy.buffer.set(frame.buffer.subarray(frame.start, frame.end), lead);
  copy.start = lead;
  copy.end = lead + length;
  copy.originalLength = frame.originalLength;
  copy.linkType = frame.linkType;
  copy.number = frame.number;
  copy.time.set(frame.time);
  return copy;
}

/** Keeps `frame`, whose payload is at `sequence`. */
export function keepPacket(
  frame: Frame,
  view: PacketView,
  side: Side,
  sequence: number,
  since: number,
  lead: readonly Frame[],
): HeldPacket {
  const copy = copyFrame(frame);
  const shift = copy.start - frame.start;
  const { payloadStart, payloadEnd, payloadMissing, transport, transportAt, tunnelled } = view;
  return {
    frame: copy,
    side,
    sequence,
    end: (sequence + payloadEnd - payloadStart + payloadMissing) | 0,
    since,
    lead,
    segment:
      view.buffer !== frame.buffer
        ? undefined
        : {
            buffer: copy.buffer,
            transport,
            transportAt: transportAt + shift,
            tunnelled,
            payloadStart: payloadStart + shift,
            payloadEnd: payloadEnd + shift,
            payloadMissing,
          },
  };
}
