/** What `sallyport run` does once its command line is read. */
import { readConfig } from '../config/read-config.ts';
import { runGateway } from '../live/run-gateway.ts';
import { counted } from '../report/amounts.ts';
import { diagnosticLines } from './diagnostic-lines.ts';
import type { Terminal } from './terminal.ts';
import { UserError } from './user-error.ts';

/** Resolves with the exit code. Throws UserError. */
export async function runConfigured(file: string, terminal: Terminal): Promise<number> {
  const { settings, diagnostics } = readConfig(file);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  // Where it is right, the log tells of its doubts.
  for (const line of diagnosticLines(errors, terminal.errorPaint)) terminal.errors.line(line);
  terminal.errors.flush();
  if (settings !== undefined) return runGateway(settings, file);
  throw new UserError(
    `the configuration is wrong: ${counted(errors.length, 'error')}`,
    `sallyport check ${file} tells more, once these are put right`,
  );
}
