/** The command line: `sallyport --help` and everything below it. */
import { Command } from 'commander';
import { harmless } from '../../src/event/harmless.ts';
import { archiveCommand } from './archive/archive-command.ts';
import { checkCommand } from './check-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { inlineCommand } from './inline-command.ts';
import { packageVersion } from './package-root.ts';
import { queueCommand } from './queue-command.ts';
import { replayCommand } from './replay-command.ts';
import { rulesCommand } from './rules-command.ts';
import { runCommand } from './run-command.ts';
import { servicesCommand } from './services-command.ts';
import { tapCommand } from './tap-command.ts';
import type { Terminal } from './terminal.ts';
import { topCommand } from './top-command.ts';

/** `exit` is told the exit code of the command that ran. */
export function buildProgram(terminal: Terminal, exit: (code: number) => void): Command {
  const program = new Command('sallyport')
    .description(
      'Transparent instant-messaging gateway: reads public IM on the wire and applies a ' +
        "business's own policy to it: to capture files, at a tap, or in the wire.",
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport replay day.pcap                      who said what to whom, and the policy's verdicts
  $ sallyport replay day.pcap --json               the same as JSONL events
  $ sallyport tap eth1 --events events.jsonl       the same live, at a mirror port
  $ sallyport inline eth1 eth2 --rules policy/     in the wire: what the policy refuses vanishes
  $ sallyport check sallyport.yaml                 would this configuration run, and how?
  $ sallyport rules check policy/ --mode replay    is this policy right, and can it be carried out?
  $ sallyport services explain mmg.whatsapp.net    whose host is that, and how sure is it?

Manual: docs/manual.md, docs/live.md. Events: docs/events.md.`,
    );
  program.addCommand(replayCommand(terminal, exit));
  program.addCommand(tapCommand(terminal, exit));
  program.addCommand(inlineCommand(terminal, exit));
  program.addCommand(queueCommand(terminal, exit));
  program.addCommand(runCommand(terminal, exit));
  program.addCommand(checkCommand(terminal, exit));
  program.addCommand(topCommand(terminal, exit));
  program.addCommand(doctorCommand(terminal, exit));
  program.addCommand(rulesCommand(terminal, exit));
  program.addCommand(servicesCommand(terminal, exit));
  program.addCommand(archiveCommand(terminal, exit));
  for (const command of family(program)) harden(command, terminal);
  return program;
}

function family(command: Command): Command[] {
  return [command, ...command.commands.flatMap(family)];
}

/** Errors are thrown, not exited on; every word goes through our writers, arguments made harmless. */
function harden(command: Command, { out, errors, layout }: Terminal): void {
  command
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .showHelpAfterError(`Try: ${pathOf(command)} --help`)
    .configureOutput({
      getOutHelpWidth: () => layout.width,
      getErrHelpWidth: () => layout.width,
      writeOut: (text) => out.text(text),
      writeErr: (text) => errors.text(text),
      outputError: (text, write) => {
        write(`${text.trimEnd().split('\n').map(harmless).join('\n')}\n`);
      },
    });
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
