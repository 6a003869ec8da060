/** Octets hashed, compared and looked through four at a time: for short runs, calls of the runtime cost more. */
const FACTOR = 0x9e3779b1; // 2^32 / golden ratio: what differs in a few bits ends far apart
const OTHER_FACTOR = 0x85ebca6b;
/** The bit of each octet that ASCII has not. */
const BEYOND_ASCII = 0x80808080 | 0;

/** 32 bits of the octets from `from` up to `to`. */
export function hashOf(view: DataView, from: number, to: number): number {
  let hash = to - from;
  // Two at a time: each step waits for the one before it.
  let other = 0;
  let at = from;
  for (; at + 8 <= to; at += 8) {
    hash = Math.imul(hash ^ view.getInt32(at, true), FACTOR);
    other = Math.imul(other ^ view.getInt32(at + 4, true), OTHER_FACTOR);
    hash ^= hash >>> 15;
    other ^= other >>> 15;
  }
  hash = Math.imul(hash ^ other, FACTOR);
  for (; at < to; at++) hash = Math.imul(hash ^ view.getUint8(at), FACTOR);
  return hash ^ (hash >>> 16);
}

/** The octets from `from` up to `to` in `view` are those that stand at `at` in `other`. */
export function isSameAt(
  other: DataView,
  at: number,
  view: DataView,
  from: number,
  to: number,
): boolean {
  const length = to - from;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    if (other.getInt32(at + i, true) !== view.getInt32(from + i, true)) return false;
  }
  for (; i < length; i++) if (other.getUint8(at + i) !== view.getUint8(from + i)) return false;
  return true;
}

export function isAsciiRun(view: DataView, from: number, to: number): boolean {
  let all = 0;
  let at = from;
  for (; at + 4 <= to; at += 4) all |= view.getInt32(at, true);
  for (; at < to; at++) all |= view.getUint8(at);
  return (all & BEYOND_ASCII) === 0;
}
