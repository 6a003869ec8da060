/** The page a report is written on. */
import type { Paint } from './paint.ts';

export interface Layout {
  /** Display cells of a line, 60 to 120. */
  readonly width: number;
  readonly paint: Paint;
}

/** Width for a terminal of `columns`, or for a file when undefined. */
export function pageWidth(columns: number | undefined): number {
  // Some pseudo-terminals say 0.
  if (columns === undefined || !(columns > 0)) return 100;
  return Math.min(120, Math.max(60, Math.floor(columns)));
}
