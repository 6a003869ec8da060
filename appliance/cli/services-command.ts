/** `sallyport services …`: what can be named without being read, and how sure that is. */
import { Command } from 'commander';
import type { ServicesOptions } from './services-action.ts';
import type { Terminal } from './terminal.ts';

export function servicesCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command('services')
    .summary('list, explain and test the service catalogue')
    .description(
      "The catalogue says whose hosts, signatures and addresses are which messenger's, and what a " +
        'connection there is for. It is data: docs/services.md tells how to add to it.',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport services list
  $ sallyport services explain mmg.whatsapp.net
  $ sallyport services test --services /etc/sallyport/services`,
    )
    .addCommand(
      withServices(new Command('list').summary('every service, and what it is known by'))
        .option('--json', 'services and entries as JSON')
        .addHelpText(
          'after',
          `
Examples:
  $ sallyport services list
  $ sallyport services list --services own.yaml --no-shipped-services
  $ sallyport services list --json

Exit codes: 0 listed, 2 wrong usage or services.`,
        )
        .action(async (options: ServicesOptions) => {
          const { listServices } = await import('./services-action.ts');
          exit(listServices(options, terminal));
        }),
    )
    .addCommand(
      withServices(new Command('explain').summary('which entry answers, why, and which would else'))
        .argument('<SUBJECT>', 'HOST[:PORT], ADDRESS[:PORT][/udp], or the name of a signature')
        .addHelpText(
          'after',
          `
Examples:
  $ sallyport services explain mmg.whatsapp.net
  $ sallyport services explain 149.154.167.50:443
  $ sallyport services explain whatsapp-noise

Exit codes: 0 it is known, 1 no entry answers, 2 wrong usage or services.`,
        )
        .action(async (subject: string, options: ServicesOptions) => {
          const { explainServices } = await import('./services-action.ts');
          exit(explainServices(subject, options, terminal));
        }),
    )
    .addCommand(
      withServices(new Command('test').summary('does every entry answer what it should?'))
        .argument('[CAPTURE...]', 'captures in which entries may be seen')
        .option('--corpus <DIR>', "folder of the captures that entries name under 'seen'")
        .addHelpText(
          'after',
          `
Examples:
  $ sallyport services test
  $ sallyport services test --services own.yaml chat.pcap

Each entry is proven by a capture in which it was seen, by the examples written beside it
(proof:), or by nothing, which is said.

Exit codes: 0 nothing contradicts, 1 an example is answered by another entry, a name cannot be
reached, an entry is not seen where its file says it is, or a capture is broken; 2 wrong usage
or services.`,
        )
        .action(async (captures: string[], options: ServicesOptions) => {
          const { testServices } = await import('./services-test-action.ts');
          exit(await testServices(captures, options, terminal));
        }),
    );
}

function withServices(command: Command): Command {
  return command
    .option(
      '--services <PATH...>',
      'service files, or directories of them, besides the shipped ones',
    )
    .option('--no-shipped-services', 'without the services that ship with Sallyport');
}
