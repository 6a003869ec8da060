/** `sallyport tap IFACE…` */
import { Command, Option } from 'commander';
import { DEFAULT_SETTINGS } from '../config/default-settings.ts';
import type { CaptureChoice, GatewaySettings } from '../config/settings.ts';
import {
  addPolicyOptions,
  addRunningOptions,
  commonSettings,
  type LiveOptions,
  MOST_RING,
} from './live-options.ts';
import { octets, wholeNumber } from './numbers.ts';
import type { Terminal } from './terminal.ts';

interface TapOptions extends LiveOptions {
  readonly capture?: CaptureChoice;
  readonly filter?: string;
  readonly ringSize?: number;
  readonly snapLength?: number;
  readonly promiscuous: boolean;
  readonly hardwareTime?: true;
  readonly resetInterface?: string;
}

export function tapCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const command = new Command('tap')
    .summary('read live interfaces, judge every IM event, report')
    .description(
      'Reads what passes a network interface (a mirror port, a tap), decodes the instant messaging ' +
        'in it, and says what the policy would do. Nothing is stopped, unless --reset-interface ' +
        'names an interface out of which forbidden connections are reset. Runs until it is ' +
        'stopped. Without --rules, the policies that ship with Sallyport apply.',
    )
    .argument('<IFACE...>', 'interfaces to read');
  addPolicyOptions(command)
    .addOption(
      new Option('--capture <HOW>', 'how packets are read').choices([
        'auto',
        'afpacket',
        'cap',
        'pcap',
      ]),
    )
    .option('--filter <EXPRESSION>', 'packets to read, as tcpdump takes it (pcap-filter)')
    .option('--ring-size <SIZE>', 'ring of a worker and interface (64MiB)', octets)
    .option('--snap-length <N>', 'octets kept of a packet', wholeNumber(96, 262_144))
    .option('--no-promiscuous', 'only what is addressed to this machine')
    .option('--hardware-time', 'time stamps of the interface, where it has a clock')
    .option('--reset-interface <IFACE>', 'send resets of forbidden connections out of IFACE');
  return addRunningOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport tap eth1 --events /var/log/sallyport/events.jsonl
  $ sallyport tap eth1 eth2 --rules policy/ --directory people.csv
  $ sallyport tap eth1 --events - | jq -r 'select(.kind == "message") | .text'
  $ sallyport tap eth1 --filter 'not port 443' --workers 2
  $ sallyport tap eth1 --rules policy/ --reset-interface eth0

SIGHUP loads the rules again (the old ones stay when the new ones are wrong) and opens the
events file anew. SIGTERM and Ctrl-C drain and end.
Exit codes: 0 stopped, 1 an interface cannot be read, 2 wrong usage or rules.`,
    )
    .action(async (interfaces: string[], options: TapOptions) => {
      const { runLive } = await import('./live-action.ts'); // the engine, only now
      exit(await runLive(tapSettings(interfaces, options), terminal));
    });
}

export function tapSettings(interfaces: readonly string[], options: TapOptions): GatewaySettings {
  const { capture } = DEFAULT_SETTINGS;
  return {
    ...commonSettings(options),
    mode: 'tap',
    interfaces,
    capture: {
      backend: options.capture ?? capture.backend,
      filter: options.filter,
      ringOctets: Math.min(options.ringSize ?? capture.ringOctets, MOST_RING),
      snapLength: options.snapLength ?? capture.snapLength,
      promiscuous: options.promiscuous,
      hardwareTime: options.hardwareTime ?? capture.hardwareTime,
    },
    tap: { resetInterface: options.resetInterface },
  };
}
