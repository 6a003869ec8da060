/** Octets hashed and compared four at a time: a call of the runtime for each run of them would cost more. */
const FACTOR = 0x9e3779b1; // 2^32 / golden ratio: what differs in a few bits ends far apart
const WIDE = 0x80808080 | 0;

/** `hash` with the octets from `from` up to `to` in it. */
export function mixed(hash: number, view: DataView, from: number, to: number): number {
  let at = from;
  for (; at + 4 <= to; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), FACTOR);
    hash ^= hash >>> 15;
  }
  for (; at < to; at++) hash = Math.imul(hash ^ view.getUint8(at), FACTOR);
  return hash;
}

/** With all of its bits in the lowest ones. */
export function settled(hash: number): number {
  return hash ^ (hash >>> 16);
}

/** Those from `from` up to `to` in `view`, and as many from `at` on in `other`. */
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

/** None is above 0x7f. */
export function isAsciiRun(view: DataView, from: number, to: number): boolean {
  let all = 0;
  let at = from;
  for (; at + 4 <= to; at += 4) all |= view.getInt32(at, true);
  for (; at < to; at++) all |= view.getUint8(at);
  return (all & WIDE) === 0;
}
