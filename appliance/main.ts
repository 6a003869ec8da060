#!/usr/bin/env node
/** The program `sallyport`: arguments in, exit code out. */
import { CommanderError } from 'commander';
import { buildProgram } from './cli/program.ts';
import { complain, openTerminal, type Terminal } from './cli/terminal.ts';
import { BrokenPipe, Exit, systemErrorText, UserError } from './cli/user-error.ts';

const terminal = openTerminal();
process.exit(await main(terminal));

async function main(terminal: Terminal): Promise<number> {
  let code: number = Exit.Ok;
  try {
    await buildProgram(terminal, (given) => {
      code = given;
    }).parseAsync();
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
