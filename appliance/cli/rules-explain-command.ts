/** `sallyport rules explain EVENT.json`: why does this event get this verdict? */
import { Command } from 'commander';
import type { Terminal } from './terminal.ts';
import { Exit } from './user-error.ts';

interface Options {
  readonly rules?: readonly string[];
  readonly directory?: string;
}

export function rulesExplainCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command('explain')
    .summary('tell why an event gets its verdict')
    .description(
      'Judges an event and tells, for each rule about such events, which conditions held. The event ' +
        'is a line of `sallyport replay --json`, or any part of one; several lines are judged in order.',
    )
    .argument('<EVENT.json>', "a file with the event; '-' is standard input")
    .option('--rules <PATH...>', 'rule files, or directories of them, instead of the shipped ones')
    .option('--directory <FILE>', 'people and their accounts (YAML or CSV)')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport rules explain event.json --rules policy/
  $ echo '{"kind":"message","service":"irc","text":"hi"}' | sallyport rules explain -`,
    )
    .action(async (path: string, { rules, directory }: Options) => {
      const { runRulesExplain } = await import('./rules-explain-action.ts');
      runRulesExplain(path, rules, directory, terminal);
      exit(Exit.Ok);
    });
}
