/** Inline and netfilter queue: what was done to packets, messages and connections. */
import type { GatewayStatus } from '../../live/gateway.ts';
import type { Metric, Sample } from '../metric.ts';
import { dashed, one, sum, sumCounts } from '../sums.ts';

/** Counts of the bridge that are no packets: they have metrics of their own. */
const MESSAGES = ['neutralised', 'masked'] as const;
const REFUSED = {
  verdict: 'refusedFlows',
  announced: 'refusedConnections',
  memory: 'memoryRefused',
} as const;
const MEMORY = { held: 'heldOctets', aside: 'asideOctets', retained: 'retainedOctets' } as const;
const OTHERS = [
  'heldPackets',
  'holdMicroseconds',
  'resets',
  'passedBy',
  'flowsRemembered',
  'queueKeptNow',
  'failures',
];

const NO_PACKETS: ReadonlySet<string> = new Set([
  ...MESSAGES,
  ...Object.values(REFUSED),
  ...Object.values(MEMORY),
  ...OTHERS,
]);

export const BRIDGE_METRICS: readonly Metric[] = [
  {
    name: 'sallyport_bridge_packets_total',
    type: 'counter',
    help: 'Packets by what the bridge did with them; one packet may count under several outcomes.',
    labels: ['outcome'],
    advice:
      '`released-late`: held as long as may be, they went on undecided (`inline.hold-time`). `normalised`, `dropped-contradicting`: retransmissions that differ, an evasion. `kept-aside`: loss before the gateway.',
    samples: (status, names) =>
      [...sumCounts(status, ({ bridge }) => bridge)]
        .filter(([name]) => !NO_PACKETS.has(name))
        .map(([name, count]): Sample => [{ outcome: names.admit('outcome', dashed(name)) }, count]),
  },
  {
    name: 'sallyport_changed_messages_total',
    type: 'counter',
    help: 'Messages changed in place: neutralised (made to vanish), masked (a part of the text).',
    labels: ['how'],
    advice: 'Follows the `drop` and `redact` verdicts.',
    samples: (status) => MESSAGES.map((how): Sample => [{ how }, counted(status, how)]),
  },
  {
    name: 'sallyport_refused_flows_total',
    type: 'counter',
    help: 'Connections refused: verdict (all that policy ended), announced (of these, those of refused offers), memory (not read for want of memory).',
    labels: ['reason'],
    advice: '`memory`: raise the limits of docs/limits.md, or find who opens so many connections.',
    samples: (status) => grouped(status, 'reason', REFUSED),
  },
  {
    name: 'sallyport_bridge_faults_total',
    type: 'counter',
    help: 'Faults of the program itself, set off by a packet: its flow is not read on, or refused where `overload: drop`.',
    labels: [],
    advice: 'Not 0: the log has the fault and its stack. Please report it.',
    samples: (status) => one(counted(status, 'failures')),
  },
  {
    name: 'sallyport_resets_sent_total',
    type: 'counter',
    help: 'TCP resets sent to tear down forbidden connections.',
    labels: [],
    advice: 'Tap: 0 while there are `reset` verdicts: no `tap.reset-interface`.',
    samples: (status) =>
      one(sum(status, ({ resetsSent, bridge }) => resetsSent + (bridge?.resets ?? 0))),
  },
  {
    name: 'sallyport_held_packets_total',
    type: 'counter',
    help: 'Packets held back until the message they belong to was whole.',
    labels: [],
    advice:
      'A share of packets above some per cent: large messages, or `held` flows of one client.',
    samples: (status) => one(counted(status, 'heldPackets')),
  },
  {
    name: 'sallyport_hold_seconds_total',
    type: 'counter',
    help: 'Time that packets were held, summed over packets.',
    labels: [],
    advice: 'Its rate over that of held packets is how long one is held on average.',
    samples: (status) => one(counted(status, 'holdMicroseconds') / 1e6),
  },
  {
    name: 'sallyport_bridge_memory_bytes',
    type: 'gauge',
    help: 'Octets the bridge keeps now: held (until a message is whole), aside (ahead of a hole), retained (for retransmissions).',
    labels: ['use'],
    advice: 'Near a total of docs/limits.md: packets are dropped for want of memory.',
    samples: (status) => grouped(status, 'use', MEMORY),
  },
  {
    name: 'sallyport_passed_by_bytes_total',
    type: 'counter',
    help: 'Octets of connections that the gateway reads which reached the other side another way.',
    labels: [],
    advice: 'More than 0: there is a second path around the gateway.',
    samples: (status) => one(counted(status, 'passedBy')),
  },
];

function counted(status: GatewayStatus, name: string): number {
  return sum(status, ({ bridge }) => bridge?.[name]);
}

function grouped(
  status: GatewayStatus,
  label: string,
  names: Readonly<Record<string, string>>,
): Sample[] {
  return Object.entries(names).map(([value, name]) => [{ [label]: value }, counted(status, name)]);
}
