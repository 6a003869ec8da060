/** `sallyport top`: what a running gateway is doing. */
import { Command, Option } from 'commander';
import { DEFAULT_ADMIN } from '../config/default-settings.ts';
import { listenAddress } from './live-options.ts';
import type { Terminal } from './terminal.ts';
import type { TopOptions } from './top-action.ts';

export function topCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const { address, port } = DEFAULT_ADMIN;
  return new Command('top')
    .summary('watch a running gateway')
    .description(
      'Shows what a running gateway does, each second: packets and events, drops, workers, verdicts ' +
        'by rule, conversations and the connections that are read. Keys: q quits, p pauses, s sorts.',
    )
    .addOption(
      new Option(
        '--admin <ADDR:PORT>',
        `the gateway's admin server (${address}:${port})`,
      ).argParser(listenAddress),
    )
    .option('--token-file <FILE>', 'its token, where it was not started by this user here')
    .option('--once', 'print one picture, over one second, and end')
    .option('--json', 'print JSON: one line each second, or with --once one')
    .addHelpText(
      'after',
      `
Examples:
  $ sudo sallyport top
  $ sallyport top --admin 10.0.0.2:9580 --token-file gateway.token
  $ sallyport top --once --json | jq .rates.packets

Exit codes: 0 it was left, 1 no gateway answers.`,
    )
    .action(async (options: TopOptions) => {
      const { runTop } = await import('./top-action.ts');
      exit(await runTop(options, terminal));
    });
}
