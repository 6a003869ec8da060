/** `sallyport inline IF_A IF_B` */
import { Command, Option } from 'commander';
import { DEFAULT_SETTINGS } from '../config/default-settings.ts';
import type { GatewaySettings, OnFailure } from '../config/settings.ts';
import {
  addPolicyOptions,
  addRunningOptions,
  commonSettings,
  LEAST_HOLD,
  type LiveOptions,
  MOST_RING,
} from './live-options.ts';
import { milliseconds, octets } from './numbers.ts';
import type { Terminal } from './terminal.ts';

/** Milliseconds: signs of life come every 50. */
const LEAST_TIMEOUT = 100;

interface InlineOptions extends LiveOptions {
  readonly onFailure?: OnFailure;
  readonly onStop?: OnFailure;
  readonly failureTimeout?: number;
  readonly holdTime?: number;
  readonly holdSize?: number;
  readonly ringSize?: number;
}

export function inlineCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const command = new Command('inline')
    .summary('carry packets between two interfaces, and enforce the policy')
    .description(
      'A bump in the wire: what comes in at IF_A goes out at IF_B and the other way round, as it ' +
        'came, and neither side sees that there is somebody. Messages that the policy refuses ' +
        'vanish, their connection goes on; the rest passes. Runs until it is stopped. Without ' +
        '--rules, the policies that ship with Sallyport apply.',
    )
    .argument('<IF_A>', 'interface of one end')
    .argument('<IF_B>', 'interface of the other end');
  addPolicyOptions(command)
    .addOption(
      new Option(
        '--on-failure <WHAT>',
        'when the engine fails: open, the kernel carries everything (the default); or closed',
      ).choices(['open', 'closed']),
    )
    .addOption(
      new Option(
        '--on-stop <WHAT>',
        'after a clean stop: open, the kernel carries everything; or closed (as --on-failure)',
      ).choices(['open', 'closed']),
    )
    .option(
      '--failure-timeout <TIME>',
      'without a sign of life until then (500ms)',
      milliseconds(LEAST_TIMEOUT),
    )
    .option(
      '--hold-time <TIME>',
      'a packet may wait for the rest of its message (200ms)',
      milliseconds(LEAST_HOLD),
    )
    .option('--hold-size <SIZE>', 'octets of a connection that may wait (14000)', octets)
    .option('--ring-size <SIZE>', 'ring of a worker and interface (64MiB)', octets);
  return addRunningOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport inline eth1 eth2 --rules policy/ --events /var/log/sallyport/events.jsonl
  $ sallyport inline eth1 eth2 --on-failure closed
  $ sallyport inline eth1 eth2 --no-rules

SIGHUP loads the rules again (the old ones stay when the new ones are wrong) and opens the
events file anew. SIGTERM and Ctrl-C drain and end.
Exit codes: 0 stopped, 1 an interface cannot be used, 2 wrong usage or rules.`,
    )
    .action(async (a: string, b: string, options: InlineOptions) => {
      const { runLive } = await import('./live-action.ts'); // the engine, only now
      exit(await runLive(inlineSettings([a, b], options), terminal));
    });
}

export function inlineSettings(
  interfaces: readonly string[],
  options: InlineOptions,
): GatewaySettings {
  const { capture, inline } = DEFAULT_SETTINGS;
  return {
    ...commonSettings(options),
    mode: 'inline',
    interfaces,
    capture: {
      ...capture,
      ringOctets: Math.min(options.ringSize ?? capture.ringOctets, MOST_RING),
    },
    inline: {
      onFailure: options.onFailure ?? inline.onFailure,
      onStop: options.onStop ?? inline.onStop,
      failureTimeout: options.failureTimeout ?? inline.failureTimeout,
      holdTime: options.holdTime ?? inline.holdTime,
      holdOctets: options.holdSize ?? inline.holdOctets,
    },
  };
}
