/** `sallyport rules test PATH…`: do the tests in the rule files hold? */
import { Command } from 'commander';
import type { Terminal } from './terminal.ts';

export function rulesTestCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command('test')
    .summary('run the tests of rule files')
    .description(
      'Runs the `tests:` of rule files against all the rules given, as they would apply together. ' +
        'Without PATH, those that ship with Sallyport.',
    )
    .argument('[PATH...]', 'rule files, or directories of them')
    .option('--directory <FILE>', 'people and their accounts (YAML or CSV)')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport rules test policy/
  $ sallyport rules test files.yaml words.yaml --directory people.csv

Exit codes: 0 all hold, 1 some do not, 2 the rules are wrong.`,
    )
    .action(async (paths: string[], { directory }: { directory?: string }) => {
      const { runRulesTest } = await import('./rules-test-action.ts');
      exit(runRulesTest(paths, directory, terminal));
    });
}
