/** How the reader gets at files that rule files name; the loader knows the disk. */
import type { Diagnostics, Place } from './diagnostic.ts';

export type Opened =
  | { readonly file: string; readonly text: string }
  /** `file`: it was found, and the fault is its own. */
  | { readonly fault: string; readonly file?: string };

/** Opens `name` as it is written in `from`, relative to it. */
export type OpenFile = (from: string, name: string) => Opened;

/** Tells of a fault where it is: in the file if it is there, or else where it is named. */
export function tellFault(
  { fault, file }: Extract<Opened, { fault: string }>,
  named: Place,
  what: string,
  found: Diagnostics,
): void {
  if (file === undefined) found.error(named, `cannot read ${what}`, fault);
  else found.error({ file, line: 1, column: 1 }, fault);
}
