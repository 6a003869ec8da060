/** Where the truth is shown to be wrong or silent: what is amended, and the evidence. */
import type { Expected } from './compare.ts';

interface Amendment {
  readonly capture: RegExp;
  /** What shows it, so that a reader can look for himself. */
  readonly evidence: string;
  readonly amend: (expected: readonly Expected[]) => readonly Expected[];
}

const AMENDMENTS: readonly Amendment[] = [];

export function amend(capture: string, expected: readonly Expected[]): readonly Expected[] {
  const own = AMENDMENTS.filter((amendment) => amendment.capture.test(capture));
  return own.reduce((amended, { amend }) => amend(amended), expected);
}
