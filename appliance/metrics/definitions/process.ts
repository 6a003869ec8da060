/** The gateway itself: its workers and what they spend their time on. */
import type { WorkerStatus } from '../../live/gateway.ts';
import type { Metric, Sample } from '../metric.ts';
import { one } from '../sums.ts';

function each(of: (worker: WorkerStatus) => number) {
  return ({ workers }: { readonly workers: readonly WorkerStatus[] }): Sample[] =>
    workers.map((worker) => [{ worker: String(worker.id) }, of(worker)]);
}

export const PROCESS_METRICS: readonly Metric[] = [
  {
    name: 'sallyport_build_info',
    type: 'gauge',
    help: 'Always 1: version of Sallyport and of Node.',
    labels: ['version', 'node'],
    advice: 'For "which version runs where".',
    samples: ({ version }) => [[{ version, node: process.versions.node }, 1]],
  },
  {
    name: 'sallyport_gateway_info',
    type: 'gauge',
    help: 'Always 1: how the gateway is put into the network (tap, inline, nfqueue).',
    labels: ['mode'],
    advice: 'For dashboards of many gateways.',
    samples: ({ mode }) => [[{ mode }, 1]],
  },
  {
    name: 'sallyport_ready',
    type: 'gauge',
    help: '1 while every worker runs and has its sockets open.',
    labels: [],
    advice: '0 for more than seconds: see `/readyz` and the log.',
    samples: ({ ready }) => one(ready ? 1 : 0),
  },
  {
    name: 'sallyport_start_time_seconds',
    type: 'gauge',
    help: 'When the gateway started, seconds since 1970.',
    labels: [],
    advice: 'Changes often: it is being restarted.',
    samples: ({ startedAt }) => one(startedAt / 1000),
  },
  {
    name: 'sallyport_snapshot_timestamp_seconds',
    type: 'gauge',
    help: 'When the workers last reported, seconds since 1970.',
    labels: [],
    advice: 'More than some seconds old: a worker hangs.',
    samples: ({ at }) => one(at / 1000),
  },
  {
    name: 'sallyport_worker_up',
    type: 'gauge',
    help: '1 while the worker runs.',
    labels: ['worker'],
    advice: '0: it crashed and is being restarted; the log has the error.',
    samples: each(({ alive }) => (alive ? 1 : 0)),
  },
  {
    name: 'sallyport_worker_restarts_total',
    type: 'counter',
    help: 'Times the worker crashed and was started again.',
    labels: ['worker'],
    advice: 'Every one is a fault worth a report; a capture of the traffic helps.',
    samples: each(({ restarts }) => restarts),
  },
  {
    name: 'sallyport_worker_packets_total',
    type: 'counter',
    help: 'Packets by worker.',
    labels: ['worker'],
    advice: 'Uneven: few large flows; one flow is always one worker.',
    samples: each(({ engine }) => engine.frames),
  },
  {
    name: 'sallyport_worker_stage_seconds_total',
    type: 'counter',
    help: 'Time a worker spent in each stage of its loop: wait, inspect, send, turn.',
    labels: ['worker', 'stage'],
    advice: '1 less the rate of `wait` is how busy a worker is; above 0.8: add workers.',
    samples: ({ workers }) =>
      workers.flatMap(({ id, stageSeconds }) =>
        Object.entries(stageSeconds).map(
          ([stage, seconds]): Sample => [{ worker: String(id), stage }, seconds],
        ),
      ),
  },
  {
    name: 'sallyport_queued_events',
    type: 'gauge',
    help: 'Events that a worker encoded and the main thread has not taken yet.',
    labels: ['worker'],
    advice: 'Constantly high: the disk of the events file is too slow.',
    samples: each(({ eventsQueued }) => eventsQueued),
  },
  {
    name: 'sallyport_shed_events_total',
    type: 'counter',
    help: 'Events lost because they were not written as fast as they came.',
    labels: ['worker'],
    advice: 'More than 0: the record is not complete. A faster disk, or fewer events logged.',
    samples: each(({ eventsShed }) => eventsShed),
  },
  {
    name: 'sallyport_unwritten_events_total',
    type: 'counter',
    help: 'Events that could not be written: the disk is full or broken, or the reader of a pipe has gone.',
    labels: [],
    advice: 'More than 0: the record is not complete; the log says why. `df`, permissions.',
    samples: ({ eventsUnwritten }) => one(eventsUnwritten),
  },
];
