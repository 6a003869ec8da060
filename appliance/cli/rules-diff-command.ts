/** `sallyport rules diff OLD NEW --on events.jsonl`: whose verdict changes? */
import { Command } from 'commander';
import { wholeNumber } from './numbers.ts';
import type { DiffOptions } from './rules-diff-action.ts';
import type { Terminal } from './terminal.ts';
import { Exit } from './user-error.ts';

export function rulesDiffCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command('diff')
    .summary('show whose verdict changes on recorded events')
    .description(
      'Judges recorded events with two policies and shows, by person and peer, the verdicts that ' +
        'change: before the new policy goes live.',
    )
    .argument('<OLD>', 'a rule file, or a directory of them')
    .argument('<NEW>', 'a rule file, or a directory of them')
    .requiredOption('--on <FILE>', "recorded events (JSONL); '-' is standard input")
    .option('--directory <FILE>', 'people and their accounts (YAML or CSV)')
    .option('--show <N>', 'changes shown', wholeNumber(1, 100_000), 50)
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport replay day.pcap --events events.jsonl
  $ sallyport rules diff policy/ policy-new/ --on events.jsonl

Exit codes: 0 whether or not anything changes, 2 the rules or the events are wrong.`,
    )
    .action(async (before: string, after: string, options: DiffOptions) => {
      const { runRulesDiff } = await import('./rules-diff-action.ts');
      await runRulesDiff(before, after, options, terminal);
      exit(Exit.Ok);
    });
}
