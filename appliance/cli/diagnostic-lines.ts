/** Diagnostics of rule files as lines, bounded: a file that is no rule file at all has thousands. */
import { type Diagnostic, formatDiagnostic } from '../../rules/source/diagnostic.ts';
import { harmless } from '../../src/event/harmless.ts';
import { counted } from '../report/amounts.ts';
import type { Paint } from '../report/paint.ts';

const MOST = 50;
const CODE_UNITS = 400;

/** `file:line:column: …`, errors red and warnings yellow. */
export function diagnosticLines(diagnostics: readonly Diagnostic[], paint: Paint): string[] {
  const lines = diagnostics.slice(0, MOST).map((diagnostic) => {
    const text = formatDiagnostic(diagnostic);
    const short = text.length > CODE_UNITS ? `${text.slice(0, CODE_UNITS)}…` : text;
    return (diagnostic.severity === 'error' ? paint.red : paint.yellow)(harmless(short));
  });
  const more = diagnostics.length - lines.length;
  return more === 0 ? lines : [...lines, `… and ${counted(more, 'more line')} like these`];
}
