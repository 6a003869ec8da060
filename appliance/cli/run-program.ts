/** A command line, from its arguments to its exit code: nothing that goes wrong leaves here as an error. */
import { CommanderError } from 'commander';
import { buildProgram } from './program.ts';
import { complain, type Terminal } from './terminal.ts';
import { BrokenPipe, Exit, systemErrorText, UserError } from './user-error.ts';

/** Resolves with the exit code; all output is flushed. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = Exit.Ok;
  try {
    const program = buildProgram(terminal, (given) => {
      code = given;
    });
    await program.parseAsync(args, { from: 'user' });
    terminal.out.flush();
    return code;
  } catch (error) {
    return explain(error, terminal);
  } finally {
    flushErrors(terminal);
  }
}

function explain(error: unknown, terminal: Terminal): number {
  if (error instanceof BrokenPipe) return Exit.Ok;
  if (error instanceof CommanderError) {
    // Help and version end here too, with exit code 0; commander has said what is wrong.
    return error.exitCode === 0 ? flushHelp(terminal) : Exit.Usage;
  }
  if (process.env.SALLYPORT_DEBUG === '1' && error instanceof Error) {
    terminal.errors.line(error.stack ?? error.message);
  }
  if (error instanceof UserError) {
    complain(terminal, error.message, error.hint);
    return error.exitCode;
  }
  const system = systemErrorText(error);
  const message = system ?? (error instanceof Error ? error.message : String(error));
  const hint =
    system === undefined
      ? 'This is a fault of Sallyport; SALLYPORT_DEBUG=1 shows where.'
      : undefined;
  complain(terminal, message, hint);
  return Exit.Failed;
}

function flushHelp(terminal: Terminal): number {
  try {
    terminal.out.flush();
  } catch (error) {
    if (!(error instanceof BrokenPipe)) throw error;
  }
  return Exit.Ok;
}

function flushErrors({ errors }: Terminal): void {
  try {
    errors.flush();
  } catch {
    // Standard error is closed: there is nobody left to tell.
  }
}
