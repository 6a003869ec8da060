/** `sallyport run [CONFIG]`: everything a configuration says, until it is stopped. */
import { Command } from 'commander';
import { DEFAULT_CONFIG } from './check-command.ts';
import type { Terminal } from './terminal.ts';

export function runCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command('run')
    .summary('run as a configuration file says')
    .description(
      'Runs a tap, a bridge or a netfilter queue as sallyport.yaml says, until it is stopped. ' +
        'SIGHUP, and a change of a file, load configuration, rules, lists and directory again; a ' +
        'wrong file changes nothing. docs/configuration.md has every setting.',
    )
    .argument('[CONFIG]', 'configuration file', DEFAULT_CONFIG)
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport check && sallyport run
  $ sallyport run /etc/sallyport/sallyport.yaml

Exit codes: 0 stopped by SIGINT or SIGTERM and drained, 1 it could not go on, 2 the configuration or
the rules are wrong.`,
    )
    .action(async (file: string) => {
      const { runConfigured } = await import('./run-action.ts');
      exit(await runConfigured(file, terminal));
    });
}
