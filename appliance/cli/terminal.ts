/** The two ends of the command line, and what they are: a terminal, a file, a pipe. */
import { harmless } from '../../src/event/harmless.ts';
import { type Layout, pageWidth } from '../report/page.ts';
import { createPaint, type Paint, wantsColour } from '../report/paint.ts';
import { LineWriter } from './line-writer.ts';
import { canRedraw } from './progress-bar.ts';
import { BrokenPipe } from './user-error.ts';

export interface Terminal {
  readonly out: LineWriter;
  readonly errors: LineWriter;
  /** For standard output. */
  readonly layout: Layout;
  /** For standard error. */
  readonly errorPaint: Paint;
  /** Standard error is a terminal that can redraw a line. */
  readonly interactive: boolean;
}

export function openTerminal(): Terminal {
  const { env, stdout, stderr } = process;
  const paint = createPaint(wantsColour(stdout.isTTY === true, env));
  const columns = stdout.isTTY === true ? stdout.columns : Number(env.COLUMNS || Number.NaN);
  return {
    out: new LineWriter(1, 'standard output'),
    errors: new LineWriter(2, 'standard error'),
    layout: { width: pageWidth(columns), paint },
    errorPaint: createPaint(wantsColour(stderr.isTTY === true, env)),
    interactive: canRedraw(stderr.isTTY === true, env),
  };
}

/** `sallyport: message` on standard error; a closed standard error is nobody's loss. */
export function complain(terminal: Terminal, message: string, hint?: string): void {
  const { errors, errorPaint } = terminal;
  try {
    errors.line(`${errorPaint.red('sallyport:')} ${harmless(message)}`);
    if (hint !== undefined) errors.line(`  ${harmless(hint)}`);
    errors.flush();
  } catch (error) {
    if (!(error instanceof BrokenPipe)) throw error;
  }
}
