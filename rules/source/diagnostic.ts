/** What is wrong in a rule file, where, and what would be right. */
export interface Place {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units as editors count. */
  readonly column: number;
}

export type Severity = 'error' | 'warning';

export interface Diagnostic extends Place {
  readonly severity: Severity;
  readonly what: string;
  /** Why it is refused, or what was probably meant. */
  readonly hint?: string | undefined;
}

/** `file:line:column: message`, as compilers write it and editors jump to it. */
export function formatDiagnostic(d: Diagnostic): string {
  const word = d.severity === 'warning' ? 'warning: ' : '';
  const hint = d.hint === undefined ? '' : ` (${d.hint})`;
  return `${d.file}:${d.line}:${d.column}: ${word}${d.what}${hint}`;
}

/** Collects what is found; a file may have many faults and all are told. */
export class Diagnostics {
  readonly all: Diagnostic[] = [];

  error(place: Place, what: string, hint?: string): void {
    this.#add('error', place, what, hint);
  }

  warn(place: Place, what: string, hint?: string): void {
    this.#add('warning', place, what, hint);
  }

  get failed(): boolean {
    return this.all.some((d) => d.severity === 'error');
  }

  #add(severity: Severity, place: Place, what: string, hint: string | undefined): void {
    const { file, line, column } = place;
    this.all.push({ file, line, column, severity, what, hint });
  }
}

/** By file in the order of loading, then line and column. */
export function inOrder(found: readonly Diagnostic[]): Diagnostic[] {
  const files = [...new Set(found.map((d) => d.file))];
  const rank = new Map(files.map((file, i) => [file, i]));
  return [...found].sort(
    (a, b) =>
      (rank.get(a.file) ?? 0) - (rank.get(b.file) ?? 0) || a.line - b.line || a.column - b.column,
  );
}
