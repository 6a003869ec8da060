/** The marks by which rules and gateway understand each other. */

/** Packets of our own carry it, so that rules do not queue them: a bit that `mark` does not have. */
export function injectedMark(mark: number): number {
  const lowest = 31 - Math.clz32(mark & -mark);
  for (let i = 1; i < 32; i++) {
    const bit = (1 << ((lowest + i) & 31)) >>> 0;
    if ((mark & bit) === 0) return bit;
  }
  return 0;
}
