import { Command } from 'commander';
import type { Terminal } from './terminal.ts';

export function rulesCommand(_terminal: Terminal, _exit: (code: number) => void): Command {
  return new Command('rules');
}
