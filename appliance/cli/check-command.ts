/** `sallyport check [CONFIG]`: would this configuration run, and what would it do? */
import { Command } from 'commander';
import type { Terminal } from './terminal.ts';

export const DEFAULT_CONFIG = 'sallyport.yaml';

export function checkCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command('check')
    .summary('check a configuration and its rules')
    .description(
      'Points at line and column of everything that is wrong or doubtful in a configuration, its ' +
        'rules, lists and directory; says what would run, and which rules that deployment could ' +
        'not, or only partly, carry out. Opens no interface and changes nothing.',
    )
    .argument('[CONFIG]', 'configuration file', DEFAULT_CONFIG)
    .option('--all', 'show the rules that are enforced without reserve too')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport check
  $ sallyport check /etc/sallyport/sallyport.yaml && systemctl reload sallyport

Exit codes: 0 no errors (there may be warnings), 2 something is wrong.`,
    )
    .action(async (file: string, options: { readonly all?: true }) => {
      const { runCheck } = await import('./check-action.ts');
      exit(runCheck(file, options.all === true, terminal));
    });
}
