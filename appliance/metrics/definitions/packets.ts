/** Packets and octets through the engine, and those that were not read or not forwarded, by cause. */
import type { Metric } from '../metric.ts';
import { byName, one, sum, sumCounts } from '../sums.ts';

/** What the bridge does not let on, so that the receiver gets what the parser read and nothing else. */
const STREAM_DROPS = ['droppedContradicting', 'droppedAhead', 'droppedRetransmissions'] as const;

export const PACKET_METRICS: readonly Metric[] = [
  {
    name: 'sallyport_packets_total',
    type: 'counter',
    help: 'Packets that the engine took.',
    labels: [],
    advice: 'The base of every rate.',
    samples: (status) => one(sum(status, ({ engine }) => engine.frames)),
  },
  {
    name: 'sallyport_captured_bytes_total',
    type: 'counter',
    help: 'Octets of packets as captured.',
    labels: [],
    advice: 'Less than `sallyport_wire_bytes_total`: `capture.snap-length` cuts packets.',
    samples: (status) => one(sum(status, ({ engine }) => engine.octets)),
  },
  {
    name: 'sallyport_wire_bytes_total',
    type: 'counter',
    help: 'Octets of packets as they were on the wire.',
    labels: [],
    advice: 'The throughput.',
    samples: (status) => one(sum(status, ({ engine }) => engine.wireOctets)),
  },
  {
    name: 'sallyport_dropped_packets_total',
    type: 'counter',
    help: 'Packets not read or not forwarded: kernel (ring full), memory (a limit), overload (kept too long), stream (they contradict their connection, and are sent again where they matter), verdict (policy).',
    labels: ['cause'],
    advice:
      'kernel: ring, workers, filter. memory: an attack or limits too small. overload: more CPU. stream: loss, or an evasion. verdict: policy at work.',
    samples: (status) => {
      const bridge = (name: string) => sum(status, (worker) => worker.bridge?.[name]);
      const kernel = status.interfaces.reduce((total, row) => total + row.dropped, 0);
      const memory =
        sum(status, ({ engine }) => engine.streams.dropped) + bridge('droppedOutOfOrder');
      return [
        [{ cause: 'kernel' }, kernel],
        [{ cause: 'memory' }, memory],
        [{ cause: 'overload' }, bridge('droppedByOverload') + bridge('queueKeptTooLong')],
        [{ cause: 'stream' }, STREAM_DROPS.reduce((all, name) => all + bridge(name), 0)],
        [{ cause: 'verdict' }, bridge('droppedByVerdict')],
      ];
    },
  },
  {
    name: 'sallyport_decoded_packets_total',
    type: 'counter',
    help: 'Packets by what decoding made of them.',
    labels: ['outcome'],
    advice:
      '`truncated`: snap length too small. `malformed`, `too-deep`: broken or hostile senders. `unknown-link-type`: not Ethernet.',
    samples: (status) =>
      byName(
        'outcome',
        sumCounts(status, ({ engine }) => engine.decoded),
      ),
  },
  {
    name: 'sallyport_fragments_total',
    type: 'counter',
    help: 'IP fragments by what became of them.',
    labels: ['outcome'],
    advice: '`fragment-conflicts`, `fragments-oversize`: somebody tries to evade inspection.',
    samples: (status) =>
      byName(
        'outcome',
        sumCounts(status, ({ engine }) => engine.decode),
      ),
  },
  {
    name: 'sallyport_tcp_segments_total',
    type: 'counter',
    help: 'TCP segments of flows that are read, other than plain new ones, by what they were.',
    labels: ['kind'],
    advice:
      '`bad-checksums` on a tap of a sending host: checksum offload (see `sallyport doctor`).',
    samples: (status) => {
      const counts = sumCounts(status, ({ engine }) => engine.streams);
      for (const elsewhere of ['gaps', 'gapOctets', 'memoryGaps', 'snapGaps', 'anomalies']) {
        counts.delete(elsewhere);
      }
      return byName('kind', counts);
    },
  },
];
