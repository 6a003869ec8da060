#!/usr/bin/env node
/** The program `sallyport`: arguments in, exit code out. */
import { runProgram } from './cli/run-program.ts';
import { openTerminal } from './cli/terminal.ts';

process.exit(await runProgram(process.argv.slice(2), openTerminal()));
