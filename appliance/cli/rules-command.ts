/** `sallyport rules …`: a policy checked, tested, explained and compared before it is trusted. */
import { Command } from 'commander';
import { rulesCheckCommand } from './rules-check-command.ts';
import { rulesDiffCommand } from './rules-diff-command.ts';
import { rulesExplainCommand } from './rules-explain-command.ts';
import { rulesTestCommand } from './rules-test-command.ts';
import type { Terminal } from './terminal.ts';

export function rulesCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command('rules')
    .summary('check, test, explain and compare policies')
    .description('Checks, tests, explains and compares policies before they are trusted.')
    .addCommand(rulesCheckCommand(terminal, exit))
    .addCommand(rulesTestCommand(terminal, exit))
    .addCommand(rulesExplainCommand(terminal, exit))
    .addCommand(rulesDiffCommand(terminal, exit))
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport rules check policy/ --mode replay
  $ sallyport rules test policy/
  $ sallyport rules explain event.json --rules policy/
  $ sallyport rules diff old/ new/ --on events.jsonl`,
    );
}
