/** A place in a spool. */
export interface SpoolPosition {
  /** Of the process that wrote it: each has one of its own, larger than those before. */
  readonly generation: number;
  /** Of the last entry up to there. */
  readonly number: number;
}

/** Whether `a` is at `b` or beyond. */
export function isAtOrPast(a: SpoolPosition, b: SpoolPosition): boolean {
  if (a.generation !== b.generation) return a.generation > b.generation;
  return a.number >= b.number;
}
