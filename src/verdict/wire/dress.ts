/**
 * Makes a segment fit to go on: octets that were forwarded before as they were then, refused units neutral,
 * matched text masked, the checksum corrected; and remembers what goes on.
 */
import type { Frame } from '../../capture/frame.ts';
import type { PacketView } from '../../decode/packet-view.ts';
import { correctChecksum, touchedSum } from './checksum-field.ts';
import type { WireDirection } from './wire-flow.ts';

export const Dressed = {
  /** As it came. */
  Same: 0,
  Changed: 1,
  /** It would have to be changed and cannot be: it must not go on. */
  Impossible: 2,
} as const;
export type Dressed = (typeof Dressed)[keyof typeof Dressed];

/** `view` is the segment's; `isFixed`: its octets are not in the frame (a defragmented datagram). */
export function dress(
  wire: WireDirection,
  frame: Frame,
  view: PacketView,
  sequence: number,
  isFixed: boolean,
): Dressed {
  const { payloadStart, payloadEnd, payloadMissing } = view;
  const length = payloadEnd - payloadStart;
  const old = Math.min(length, Math.max(0, (wire.forwarded - sequence) | 0));
  const end = (sequence + length + payloadMissing) | 0;
  const isTouched = differs(wire, view, sequence, old) || isCovered(wire, sequence, end);
  if (isTouched && isFixed) return Dressed.Impossible;
  const before = isTouched ? touchedSum(view, payloadStart, payloadEnd) : 0;
  if (isTouched) {
    restore(wire, view, sequence, old);
    cover(wire, view, sequence, old);
    correctChecksum(frame, view, before, touchedSum(view, payloadStart, payloadEnd));
  }
  // Of a flow that is not read any more nobody knows what is between.
  const isNext = ((sequence - wire.forwarded) | 0) <= 0;
  if (isNext && ((end - wire.forwarded) | 0) > 0) {
    if (isTouched) wire.changedUpTo = end;
    remember(wire, view, old, end);
  }
  return isTouched ? Dressed.Changed : Dressed.Same;
}

/** What was forwarded first at this sequence number; 0 where the receiver has it and nobody needs it. */
function first(wire: WireDirection, sequence: number, now: number): number {
  const at = (sequence - wire.retained.start) | 0;
  if (at >= 0 && at < wire.retained.length) return wire.retained.octet(sequence);
  return ((sequence - wire.origin) | 0) < 0 ? now : 0;
}

function differs(wire: WireDirection, view: PacketView, sequence: number, old: number): boolean {
  const { buffer, payloadStart } = view;
  for (let i = 0; i < old; i++) {
    const now = buffer[payloadStart + i] ?? 0;
    if (first(wire, (sequence + i) | 0, now) !== now) return true;
  }
  return false;
}

function restore(wire: WireDirection, view: PacketView, sequence: number, old: number): void {
  const { buffer, payloadStart } = view;
  for (let i = 0; i < old; i++) {
    buffer[payloadStart + i] = first(wire, (sequence + i) | 0, buffer[payloadStart + i] ?? 0);
  }
}

function isCovered(wire: WireDirection, sequence: number, end: number): boolean {
  for (const { start, end: last } of wire.covers) {
    if (((start - end) | 0) < 0 && ((last - sequence) | 0) > 0) return true;
  }
  return false;
}

function cover(wire: WireDirection, view: PacketView, sequence: number, old: number): void {
  const { buffer, payloadStart, payloadEnd } = view;
  for (const range of wire.covers) {
    const from = payloadStart + Math.max(old, (range.start - sequence) | 0);
    const to = Math.min(payloadEnd, payloadStart + ((range.end - sequence) | 0));
    if (from >= to) continue;
    const within = (sequence + (from - payloadStart) - range.start) | 0;
    range.apply(buffer.subarray(from, to), within);
  }
}

function remember(wire: WireDirection, view: PacketView, old: number, end: number): void {
  const { buffer, payloadStart, payloadEnd, payloadMissing } = view;
  const fresh = payloadEnd - payloadStart - old + payloadMissing;
  if (wire.retained.reserve(fresh)) {
    wire.retained.append(buffer, payloadStart + old, payloadEnd);
    wire.retained.appendMissing(payloadMissing);
  } else {
    // Without memory nothing can be compared: what comes again goes as it comes.
    wire.retained.restart(end);
    wire.origin = end;
  }
  wire.forwarded = end;
  if (wire.covers.length > 0) {
    wire.covers = wire.covers.filter((range) => ((range.end - end) | 0) > 0);
  }
}
