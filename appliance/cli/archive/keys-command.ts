/** `sallyport archive keys …`: what the content of an archive is sealed with. */
import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { withArchive } from './archive-options.ts';
import type { KeysOptions, RotateOptions } from './keys-action.ts';
import { rotateSigningCommand } from './rotate-signing-command.ts';

export function keysCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command('keys')
    .summary('make, count and rotate the keys that content is sealed with')
    .description(
      'Text and files are sealed with a key for each person, those by a master key in keys.db, and that by ' +
        'the key-encryption key: a file, or a key management service behind a command.',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive keys new-key /etc/sallyport/archive.key
  $ sallyport archive keys status --config /etc/sallyport/sallyport.yaml

Manual: docs/archive-encryption.md.`,
    )
    .addCommand(
      new Command('new-key')
        .summary('a new key file')
        .argument('<FILE>', 'is made, readable by its owner alone; never overwritten')
        .addHelpText(
          'after',
          `
Examples:
  $ sallyport archive keys new-key /etc/sallyport/archive.key

Keep a copy where the archive is not: without the key nobody reads what was sealed.

Exit codes: 0 made, 1 it cannot be, 2 wrong usage: also where FILE is there already.`,
        )
        .action(async (file: string) => {
          const { newKey } = await import('./keys-action.ts');
          exit(newKey(file, terminal));
        }),
    )
    .addCommand(
      withArchive(new Command('status').summary('how many keys there are, and who holds the first'))
        .option('--json', 'as JSON')
        .addHelpText(
          'after',
          `
Examples:
  $ sallyport archive keys status --config /etc/sallyport/sallyport.yaml
  $ sallyport archive keys status --archive archive.db --json

Exit codes: 0 told, 1 the archive or its key cannot be opened, 2 wrong usage or configuration.`,
        )
        .action(async (options: KeysOptions) => {
          const { keysStatus } = await import('./keys-action.ts');
          exit(await keysStatus(options, terminal));
        }),
    )
    .addCommand(
      withArchive(
        new Command('rotate').summary('wrap all keys by a new key; content stays as it is'),
      )
        .option('--new-key-file <FILE>', 'the new key-encryption key')
        .option(
          '--new-key-command <PROGRAM...>',
          'the program, and its arguments, that has the new one',
        )
        .option('--data-keys', 'what comes is sealed with new keys for everybody, too')
        .addHelpText(
          'after',
          `
Examples:
  $ sallyport archive keys new-key /etc/sallyport/new.key
  $ sallyport archive keys rotate --config sallyport.yaml --new-key-file /etc/sallyport/new.key
  $ sallyport archive keys rotate --config sallyport.yaml --data-keys

Then name the new key in the configuration, or put it in the place of the old one; a gateway that
runs goes on with keys it has in memory, and asks the configured key for every other. With a key
command and no new one, the same command wraps again: for a service that has a new version of its
key.

Exit codes: 0 rotated, 1 it cannot be, 2 wrong usage or configuration.`,
        )
        .action(async (options: RotateOptions) => {
          const { rotateKeys } = await import('./keys-action.ts');
          exit(await rotateKeys(options, terminal));
        }),
    )
    .addCommand(rotateSigningCommand(terminal, exit));
}
