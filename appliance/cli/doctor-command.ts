/** `sallyport doctor`: would a gateway work here? */
import { Command } from 'commander';
import type { DoctorOptions } from './doctor-action.ts';
import type { Terminal } from './terminal.ts';

export function doctorCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command('doctor')
    .summary('look whether a gateway would work here')
    .description(
      'Tries what a gateway needs: packet sockets and rings, kernel bridge, netfilter queue, ' +
        'capabilities; and looks at the interfaces, memory, disk and clock. Each fault comes with its ' +
        'fix. What it opens or makes for that it closes and removes again.',
    )
    .argument('[TARGET...]', 'a configuration (sallyport.yaml), or interfaces')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ sudo sallyport doctor                    this machine
  $ sudo sallyport doctor eth1 eth2          and these two as a wire
  $ sudo sallyport doctor sallyport.yaml     and everything that this configuration needs

Exit codes: 0 no fault (there may be warnings), 1 a fault, 2 the configuration is wrong.`,
    )
    .action(async (targets: string[], options: DoctorOptions) => {
      const { runDoctor } = await import('./doctor-action.ts');
      exit(await runDoctor(targets, options, terminal));
    });
}
