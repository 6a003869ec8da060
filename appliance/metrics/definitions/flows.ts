/** Connections: how many, in which state, and those that are not or not fully read. */
import type { Metric, Sample } from '../metric.ts';
import { byName, dashed, one, sum, sumCounts } from '../sums.ts';

/** Counters of the engine that say that a limit of src/limits.ts refused something. */
const REFUSALS = [
  ['identificationFlows', 'inspect', 'identificationRefused'],
  ['sessions', 'inspect', 'sessionsRefused'],
  ['recognisers', 'inspect', 'recognisersEnded'],
  ['recognisedFlows', 'inspect', 'recognisedEnded'],
  ['parserOctets', 'inspect', 'parserMemoryRefused'],
  ['tunnelDepth', 'inspect', 'tunnelsTooDeep'],
  ['reassembly', 'streams', 'dropped'],
  ['fragmentedDatagrams', 'decode', 'fragmentedDatagramsRefused'],
  ['fragmentOctets', 'decode', 'fragmentOctetsRefused'],
  ['expectedConnections', 'expected', 'evicted'],
] as const;

const EVICTIONS = {
  'let-go': 'evictedLetGo',
  refused: 'evictedRefused',
  undecided: 'evictedUndecided',
  opaque: 'evictedOpaque',
  session: 'evictedSession',
} as const;

export const FLOW_METRICS: readonly Metric[] = [
  {
    name: 'sallyport_flows',
    type: 'gauge',
    help: 'Flows in the table now, by state: undecided, let-go (no IM), read, opaque.',
    labels: ['state'],
    advice: 'Near `limits.flows`: raise it, or look who opens connections.',
    samples: (status) =>
      byName(
        'state',
        sumCounts(status, ({ flows }) => flows.byState),
      ),
  },
  {
    name: 'sallyport_read_flows',
    type: 'gauge',
    help: 'Flows in the table now that are or were read, by protocol.',
    labels: ['protocol'],
    advice: 'Who uses what, now.',
    samples: (status, names) =>
      [...sumCounts(status, ({ flows }) => flows.byProtocol)].map(
        ([protocol, count]): Sample => [{ protocol: names.admit('protocol', protocol) }, count],
      ),
  },
  {
    name: 'sallyport_created_flows_total',
    type: 'counter',
    help: 'Flows that began, of any kind.',
    labels: [],
    advice: 'A jump: a scan or a flood.',
    samples: (status) => one(sum(status, ({ engine }) => engine.flows.created)),
  },
  {
    name: 'sallyport_identified_flows_total',
    type: 'counter',
    help: 'Flows that were recognised, by protocol.',
    labels: ['protocol'],
    advice: 'None for a protocol that is in use: routing around the gateway.',
    samples: (status, names) =>
      [...sumCounts(status, ({ engine }) => engine.inspect.identified)].map(
        ([protocol, count]): Sample => [{ protocol: names.admit('protocol', protocol) }, count],
      ),
  },
  {
    name: 'sallyport_flows_recognised_total',
    type: 'counter',
    help: 'Flows that are only recognised, not read: by service of the catalogue and what they are for (unknown: not told).',
    labels: ['service', 'activity'],
    advice: 'Which messengers are in use beside those that are read, and for what.',
    samples: (status, names) => {
      const services = new Set(
        status.workers.flatMap(({ engine }) => Object.keys(engine.inspect.recognised)),
      );
      return [...services].flatMap((service) =>
        [...sumCounts(status, ({ engine }) => engine.inspect.recognised[service])].map(
          ([activity, count]): Sample => [
            { service: names.admit('service', service), activity },
            count,
          ],
        ),
      );
    },
  },
  {
    name: 'sallyport_unread_flows_total',
    type: 'counter',
    help: 'Flows that are not read: let-go (no IM), undecided (ended before a probe was certain), opaque (encrypted or undecodable).',
    labels: ['reason'],
    advice: '`opaque`: the reasons stand in `flow.opaque` events. `let-go` is the usual case.',
    samples: (status) => {
      const count = (name: 'letGo' | 'undecided') =>
        sum(status, ({ engine }) => engine.inspect[name]);
      const opaque = sum(status, ({ engine }) => engine.inspect.events['flow.opaque']);
      return [
        [{ reason: 'let-go' }, count('letGo')],
        [{ reason: 'undecided' }, count('undecided')],
        [{ reason: 'opaque' }, opaque],
      ];
    },
  },
  {
    name: 'sallyport_evicted_flows_total',
    type: 'counter',
    help: 'Flows that had to go because the table was full, by their state.',
    labels: ['state'],
    advice:
      '`session` rising: conversations are lost; `refused`: connections that were refused may go on unseen. Raise `limits.flows`.',
    samples: (status) =>
      Object.entries(EVICTIONS).map(
        ([state, counter]): Sample => [
          { state },
          sum(status, ({ engine }) => engine.flows[counter]),
        ],
      ),
  },
  {
    name: 'sallyport_timed_out_flows_total',
    type: 'counter',
    help: 'Flows that ended by silence.',
    labels: [],
    advice: 'Nothing to do: it explains connections without an end.',
    samples: (status) => one(sum(status, ({ engine }) => engine.flows.timedOut)),
  },
  {
    name: 'sallyport_limit_refusals_total',
    type: 'counter',
    help: 'What a limit of docs/limits.md refused, by limit.',
    labels: ['limit'],
    advice: 'Rising: raise the limit if memory allows, or find who causes it.',
    samples: (status) =>
      REFUSALS.map(
        ([limit, group, counter]): Sample => [
          { limit: dashed(limit) },
          sum(status, ({ engine }) => {
            const value = (engine[group] as Readonly<Record<string, unknown>>)[counter];
            return typeof value === 'number' ? value : 0;
          }),
        ],
      ),
  },
  {
    name: 'sallyport_gaps_total',
    type: 'counter',
    help: 'Holes in readable conversations: loss (packets not seen), memory (given up at a limit), snap (cut packets).',
    labels: ['cause'],
    advice: '`loss` without kernel drops: the mirror port loses packets.',
    samples: (status) => {
      const count = (name: string) => sum(status, ({ engine }) => engine.streams[name]);
      const [memory, snap] = [count('memoryGaps'), count('snapGaps')];
      return [
        [{ cause: 'loss' }, Math.max(0, count('gaps') - memory - snap)],
        [{ cause: 'memory' }, memory],
        [{ cause: 'snap' }, snap],
      ];
    },
  },
  {
    name: 'sallyport_gap_bytes_total',
    type: 'counter',
    help: 'Octets of readable conversations that were not seen.',
    labels: [],
    advice: 'More than 0: the record of conversations is not complete; `gap` events say where.',
    samples: (status) => one(sum(status, ({ engine }) => engine.streams.gapOctets)),
  },
  {
    name: 'sallyport_expected_connections_total',
    type: 'counter',
    help: 'Data connections that an offer announced, by what became of the announcement.',
    labels: ['outcome'],
    advice: '`evicted`: `limits.expectedConnections` is too small, or somebody floods offers.',
    samples: (status) =>
      byName(
        'outcome',
        sumCounts(status, ({ engine }) => engine.expected),
      ),
  },
  {
    name: 'sallyport_held_bytes',
    type: 'gauge',
    help: 'Octets that parsers, probes and reassembly hold now.',
    labels: [],
    advice: 'Near the sum of docs/limits.md: something opens sessions and never ends them.',
    samples: (status) => one(sum(status, ({ heldOctets }) => heldOctets)),
  },
];
