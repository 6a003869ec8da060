/** `sallyport queue` */
import { Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_SETTINGS } from '../config/default-settings.ts';
import type { GatewaySettings, OnFailure } from '../config/settings.ts';
import { queueRules, RULE_SYNTAXES, type RuleSyntax } from '../live/queue-rules.ts';
import {
  addPolicyOptions,
  addRunningOptions,
  commonSettings,
  LEAST_HOLD,
  type LiveOptions,
} from './live-options.ts';
import { milliseconds, octets, wholeNumber } from './numbers.ts';
import type { Terminal } from './terminal.ts';
import { Exit } from './user-error.ts';

interface QueueOptions extends LiveOptions {
  readonly queue?: number;
  readonly maxLength?: number;
  readonly mark?: number;
  readonly onFailure?: OnFailure;
  readonly holdTime?: number;
  readonly holdSize?: number;
  /** True: without a word which. */
  readonly printRules?: RuleSyntax | true;
}

const HIGHEST_QUEUE = 65_535 - 64; // below it there is room for a queue a worker
const MOST_WAITING = 1 << 20;

export function queueCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const { queue } = DEFAULT_SETTINGS;
  const command = new Command('queue')
    .summary('decide on packets that a router queues (netfilter), and enforce the policy')
    .description(
      'On a router with iptables or nftables: a rule of yours queues the packets that the host ' +
        'forwards, and this decides on each. Messages that the policy refuses vanish, their ' +
        'connection goes on; connections that are no instant messaging get a mark, and the ' +
        'kernel does not queue them again. Runs until it is stopped. Without --rules, the ' +
        'policies that ship with Sallyport apply. --print-rules shows what to install first.',
    )
    .addOption(
      new Option(
        '--print-rules [SYNTAX]',
        'print the firewall rules that belong to these options, and end',
      ).choices(RULE_SYNTAXES),
    );
  addPolicyOptions(command)
    .option(
      '--queue <N>',
      `first netfilter queue, one a worker (${queue.number})`,
      wholeNumber(0, HIGHEST_QUEUE),
    )
    .option(
      '--max-length <N>',
      `packets that may wait in each queue (${queue.maxLength})`,
      wholeNumber(16, MOST_WAITING),
    )
    .option('--mark <MARK>', `mark of connections that were let go (${hex(queue.mark)})`, markBits)
    .addOption(
      new Option(
        '--on-failure <WHAT>',
        'without a running engine: open, packets pass (the default); or closed',
      ).choices(['open', 'closed']),
    )
    .option(
      '--hold-time <TIME>',
      'a packet may wait for the rest of its message (200ms)',
      milliseconds(LEAST_HOLD),
    )
    .option('--hold-size <SIZE>', 'octets of a connection that may wait (14000)', octets);
  return addRunningOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport queue --print-rules iptables > im.sh && sh im.sh
  $ sallyport queue --print-rules nft --workers 2 | nft -f -
  $ sallyport queue --rules policy/ --events /var/log/sallyport/events.jsonl
  $ sallyport queue --queue 8 --workers 2 --on-failure closed

Print the rules with the same --queue, --workers, --mark and --on-failure as it runs with.
SIGHUP loads the policy again (the old one stays when the new one is wrong) and opens the
events file anew. SIGTERM and Ctrl-C drain and end.
Exit codes: 0 stopped, 1 a queue cannot be read, 2 wrong usage or rules.`,
    )
    .action(async (options: QueueOptions) => {
      const settings = queueSettings(options);
      if (options.printRules !== undefined) {
        const syntax = options.printRules === true ? 'iptables' : options.printRules;
        terminal.out.text(queueRules(settings.queue, settings.workers, syntax));
        exit(Exit.Ok);
        return;
      }
      const { runLive } = await import('./live-action.ts'); // the engine, only now
      exit(await runLive(settings, terminal));
    });
}

export function queueSettings(options: QueueOptions): GatewaySettings {
  const { inline, queue } = DEFAULT_SETTINGS;
  return {
    ...commonSettings(options),
    mode: 'nfqueue',
    interfaces: [],
    inline: {
      ...inline,
      holdTime: options.holdTime ?? inline.holdTime,
      holdOctets: options.holdSize ?? inline.holdOctets,
    },
    queue: {
      number: options.queue ?? queue.number,
      mark: options.mark ?? queue.mark,
      maxLength: options.maxLength ?? queue.maxLength,
      onFailure: options.onFailure ?? queue.onFailure,
    },
  };
}

/** `0x10000000`, `268435456`. One bit is enough; several are compared together. */
function markBits(text: string): number {
  const value = /^(?:0x[\da-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : 0;
  if (value < 1 || value >= 0xffffffff) {
    throw new InvalidArgumentError('Expected a mark such as 0x10000000, of 32 bits, not all set.');
  }
  return value;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
