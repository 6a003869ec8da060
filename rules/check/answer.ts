/** How far a deployment carries a rule out. */
export const MODES = ['replay', 'tap', 'inline', 'proxy'] as const;
export type Mode = (typeof MODES)[number];
export type Degree = 'enforced' | 'partly' | 'not';

export interface Means {
  /** A tap that can send resets. */
  readonly resets?: boolean;
}

export interface Answer {
  readonly degree: Degree;
  /** Empty when enforced without reserve. */
  readonly reasons: readonly string[];
}

export const FULL: Answer = { degree: 'enforced', reasons: [] };
export const REPLAYED = not('replay reports what would happen and changes nothing');

export function not(reason: string): Answer {
  return { degree: 'not', reasons: [reason] };
}

export function partly(reason: string): Answer {
  return { degree: 'partly', reasons: [reason] };
}

/** Enforced, with something to know. */
export function noting(reason: string): Answer {
  return { degree: 'enforced', reasons: [reason] };
}
