/**
 * The same octets in other segments: cut small, merged, reordered. What an engine says about a
 * capture must not depend on how TCP happened to cut it.
 */
import type { StoredFrame } from './frames.ts';
import { at, directionKey, type Headers, headersOf, u32, withPayload } from './headers.ts';

const FIN = 1;
const SYN = 2;
const RST = 4;
const PSH = 8;
/** Largest payload of a merged segment: IPv4's length field holds it with its headers. */
const MERGED = 60_000; // octets

type Segment = readonly [frame: StoredFrame, headers: Headers];

/** Every TCP payload cut in segments of at most `size` octets. */
export function cut(frames: readonly StoredFrame[], size: number): StoredFrame[] {
  return frames.flatMap((frame) => {
    const h = dataOf(frame);
    if (h === undefined || h.payloadEnd - h.payloadStart <= size) return [frame];
    const pieces: StoredFrame[] = [];
    for (let from = h.payloadStart; from < h.payloadEnd; from += size) {
      const to = Math.min(from + size, h.payloadEnd);
      pieces.push(piece(frame, h, from, to));
    }
    return pieces;
  });
}

function piece(frame: StoredFrame, h: Headers, from: number, to: number): StoredFrame {
  const sequence = (u32(frame.octets, h.transportStart + 4) + from - h.payloadStart) >>> 0;
  const all = at(frame.octets, h.transportStart + 13);
  const flags = to === h.payloadEnd ? all : all & ~(FIN | PSH);
  return withPayload(frame, h, frame.octets.subarray(from, to), sequence, flags);
}

/** Successive segments of one direction, with nothing in between, made one. */
export function merge(frames: readonly StoredFrame[]): StoredFrame[] {
  return runsOf(frames).flatMap((run) => {
    const merged: StoredFrame[] = [];
    let pending: Segment | undefined;
    for (const frame of run) {
      const h = dataOf(frame);
      const joined: Segment | undefined = pending && h ? joinedTo(pending, [frame, h]) : undefined;
      if (joined === undefined && pending) merged.push(pending[0]);
      if (joined === undefined && h === undefined) merged.push(frame);
      pending = joined ?? (h ? [frame, h] : undefined);
    }
    if (pending) merged.push(pending[0]);
    return merged;
  });
}

/** Without the segments that only acknowledge: what one side says then stands together. */
export function withoutAcks(frames: readonly StoredFrame[]): StoredFrame[] {
  return frames.filter((frame) => {
    const h = headersOf(frame);
    if (h === undefined || h.transport !== 6 || h.payloadEnd > h.payloadStart) return true;
    return (at(frame.octets, h.transportStart + 13) & (SYN | FIN | RST)) !== 0;
  });
}

function joinedTo([first, h]: Segment, [second, g]: Segment): Segment | undefined {
  const length = h.payloadEnd - h.payloadStart;
  const next = (u32(first.octets, h.transportStart + 4) + length) >>> 0;
  const added = g.payloadEnd - g.payloadStart;
  const flags = at(first.octets, h.transportStart + 13) | at(second.octets, g.transportStart + 13);
  const closed = at(first.octets, h.transportStart + 13) & FIN;
  if (closed || u32(second.octets, g.transportStart + 4) !== next || length + added > MERGED) {
    return undefined;
  }
  const payload = new Uint8Array(length + added);
  payload.set(first.octets.subarray(h.payloadStart, h.payloadEnd));
  payload.set(second.octets.subarray(g.payloadStart, g.payloadEnd), length);
  const whole = withPayload(first, h, payload, u32(first.octets, h.transportStart + 4), flags);
  const headers = headersOf(whole);
  return headers && [{ ...whole, time: second.time }, headers];
}

/**
 * Segments of one direction turned round within `window` successive ones: the last comes first.
 * The order between directions stays, so the conversation stays the same.
 */
export function reorder(frames: readonly StoredFrame[], window: number): StoredFrame[] {
  return runsOf(frames).flatMap((run) => {
    if (run.length === 1) return run;
    const shuffled: StoredFrame[] = [];
    for (let i = 0; i < run.length; i += window) {
      shuffled.push(...run.slice(i, i + window).reverse());
    }
    return shuffled.map((frame, i) => ({ ...frame, time: run[i]?.time ?? frame.time }));
  });
}

/** Runs of successive frames of the same direction of the same flow; other frames stand alone. */
function runsOf(frames: readonly StoredFrame[]): StoredFrame[][] {
  const runs: StoredFrame[][] = [];
  let key: string | undefined;
  for (const frame of frames) {
    const h = dataOf(frame);
    const own = h && directionKey(frame.octets, h);
    const run = runs.at(-1);
    if (run && own !== undefined && own === key) run.push(frame);
    else runs.push([frame]);
    key = own;
  }
  return runs;
}

/** Headers of a TCP segment that carries data and neither opens nor resets. */
function dataOf(frame: StoredFrame): Headers | undefined {
  const h = headersOf(frame);
  if (h === undefined || h.transport !== 6 || h.payloadEnd === h.payloadStart) return undefined;
  return at(frame.octets, h.transportStart + 13) & (SYN | RST) ? undefined : h;
}
