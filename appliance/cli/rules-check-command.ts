/** `sallyport rules check PATH…`: are the rules right, and can they be carried out? */
import { Command, Option } from 'commander';
import { MODES } from '../../rules/check/answer.ts';
import type { CheckOptions } from './rules-check-action.ts';
import type { Terminal } from './terminal.ts';

export function rulesCheckCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command('check')
    .summary('check rule files')
    .description(
      'Points at file, line and column of everything that is wrong or doubtful in rule files. With ' +
        '--mode, tells for each rule and service whether a deployment of that kind could carry it ' +
        'out. Without PATH, checks the files that ship with Sallyport.',
    )
    .argument('[PATH...]', 'rule files, or directories of them')
    .addOption(new Option('--mode <MODE>', 'a kind of deployment').choices(MODES))
    .option('--service <NAME...>', 'with --mode: of these services alone')
    .option('--directory <FILE>', 'people and their accounts (YAML or CSV)')
    .option(
      '--services <PATH...>',
      'service files, or directories of them, besides the shipped ones',
    )
    .option('--no-shipped-services', 'without the services that ship with Sallyport')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport rules check policy/
  $ sallyport rules check policy/ --mode inline
  $ sallyport rules check policy/ --mode tap --service whatsapp telegram
  $ sallyport rules check files.yaml words.yaml --directory people.csv

Exit codes: 0 no errors (there may be warnings), 2 the rules are wrong.`,
    )
    .action(async (paths: string[], options: CheckOptions) => {
      const { runRulesCheck } = await import('./rules-check-action.ts');
      exit(runRulesCheck(paths, options, terminal));
    });
}
