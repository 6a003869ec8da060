/**
 * How full a ring is, 0 to 1: its slots are filled in order, so those that wait for us stand together,
 * from `head` on, and their number is found by halving.
 */
export function ringFill(
  statuses: Int32Array,
  head: number,
  slots: number,
  wordOf: (slot: number) => number,
): number {
  let low = 0; // so many are ready for certain
  let high = slots;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const slot = (head + middle) % slots;
    if ((Atomics.load(statuses, wordOf(slot)) & 1) !== 0) low = middle + 1;
    else high = middle;
  }
  return low / slots;
}
