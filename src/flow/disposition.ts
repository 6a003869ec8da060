/** What the inspection made of a flow; kept per slot, and the first thing the hot path asks. */
export const Disposition = {
  /** Identification still looks at it: reassemble. */
  Undecided: 0,
  /** A parser reads it: reassemble. */
  Session: 1,
  /** Not IM: count and forward, nothing else. */
  LetGo: 2,
  /** Recognised but unreadable from here on: count. */
  Opaque: 3,
} as const;
export type Disposition = (typeof Disposition)[keyof typeof Disposition];
