/** Of an even number of values, the upper one of the two in the middle. */
export function median(of: readonly number[]): number {
  return of.toSorted((a, b) => a - b)[of.length >> 1] ?? Number.NaN;
}
