/** `sallyport archive keys rotate-signing`: a new key that signs the record. */
import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { type ArchiveOptions, withArchive } from './archive-options.ts';

export function rotateSigningCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return withArchive(
    new Command('rotate-signing').summary('a new signing key, for which the old one vouches'),
  )
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive keys rotate-signing --archive day.db --why 'yearly'

The old key signs the record of it for the last time. A gateway that runs takes the new key with its
next checkpoint. Take a copy of the new signing.pub.pem to where you verify
(docs/archive-evidence.md).

Exit codes: 0 rotated, 1 it cannot be, 2 wrong usage.`,
    )
    .action(async (options: ArchiveOptions) => {
      const { rotateSigningKey } = await import('../../archive/evidence/rotate-signing-key.ts');
      const { homePaths } = await import('../../archive/target.ts');
      const { withOpenArchive } = await import('./open-for-command.ts');
      const { Exit } = await import('../user-error.ts');
      exit(
        await withOpenArchive(options, terminal, async ({ archive }) => {
          const fingerprint = await rotateSigningKey(archive, options.why);
          const { publicKey } = homePaths(archive.target);
          terminal.out.line(`signs now: ${fingerprint}`);
          terminal.out.line(`its public key: ${publicKey}`);
          return Exit.Ok;
        }),
      );
    });
}
