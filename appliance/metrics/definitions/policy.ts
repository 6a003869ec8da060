/** What people did, what policy said of it, and which policy is in force. */
import type { Metric, Sample } from '../metric.ts';
import { one, sumCounts } from '../sums.ts';

/** A verdict that no rule spoke: the default of the rule set. */
const NO_RULE = '(default)';

export const POLICY_METRICS: readonly Metric[] = [
  {
    name: 'sallyport_events_total',
    type: 'counter',
    help: 'Events by kind and service (docs/events.md).',
    labels: ['kind', 'service'],
    advice: 'What your people do; none at all while packets come: see `sallyport top`.',
    samples: (status, names) => {
      const rows = sumCounts(status, ({ events }) => events);
      return [...rows].map(([key, count]): Sample => {
        const space = key.indexOf(' ');
        const kind = space < 0 ? key : key.slice(0, space);
        const service = space < 0 ? '' : key.slice(space + 1);
        return [
          {
            kind: names.admit('kind', kind),
            service: names.admit('service', service === '' ? 'none' : service),
          },
          count,
        ];
      });
    },
  },
  {
    name: 'sallyport_verdicts_total',
    type: 'counter',
    help: 'Verdicts by rule and action, and whether they were carried out.',
    labels: ['rule', 'action', 'enforced'],
    advice:
      '`enforced="no"` with `drop` or `reset`: this mode cannot do it; `why` stands in the event.',
    samples: (status, names) => {
      const rows = sumCounts(status, ({ verdicts }) => verdicts);
      return [...rows].map(([key, count]): Sample => {
        // A worker that tells no more rules apart counts the rest under one word.
        const words = key.includes(' ') ? key.split(' ') : [key, 'other', 'not'];
        const enforced = words.pop() === 'enforced' ? 'yes' : 'no';
        const action = names.admit('action', words.pop() ?? '');
        const rule = words.join(' ');
        return [
          { rule: names.admit('rule', isNoRule(rule) ? NO_RULE : rule), action, enforced },
          count,
        ];
      });
    },
  },
  {
    name: 'sallyport_anomalies_total',
    type: 'counter',
    help: 'Odd input by name; rules can match on them.',
    labels: ['anomaly'],
    advice: 'A jump of one name: a broken client, or somebody tries to evade.',
    samples: (status, names) =>
      [...sumCounts(status, ({ engine }) => engine.inspect.anomalies)].map(
        ([anomaly, count]): Sample => [{ anomaly: names.admit('anomaly', anomaly) }, count],
      ),
  },
  {
    name: 'sallyport_policy_info',
    type: 'gauge',
    help: 'Always 1: the hash of the rule set in force.',
    labels: ['hash'],
    advice: 'Differs between gateways: one was not reloaded.',
    samples: ({ policy }) => [[{ hash: policy.hash }, 1]],
  },
  {
    name: 'sallyport_policy_rules',
    type: 'gauge',
    help: 'Rules in force.',
    labels: [],
    advice: '0: everything passes.',
    samples: ({ policy }) => one(policy.rules),
  },
  {
    name: 'sallyport_policy_services',
    type: 'gauge',
    help: 'Services in force that connections can be named by.',
    labels: [],
    advice: '0: what cannot be read is not named.',
    samples: ({ policy }) => one(policy.services),
  },
  {
    name: 'sallyport_policy_loaded_timestamp_seconds',
    type: 'gauge',
    help: 'When the rule set in force was loaded, seconds since 1970.',
    labels: [],
    advice: 'Older than your last change: the reload failed.',
    samples: ({ policy }) => one(policy.loadedAt / 1000),
  },
  {
    name: 'sallyport_reloads_total',
    type: 'counter',
    help: 'Reloads of rules, lists, directory and services, by result.',
    labels: ['result'],
    advice: '`failed`: the old set stays in force; the log says file, line and column.',
    samples: ({ policy }) => [
      [{ result: 'ok' }, policy.reloads.ok],
      [{ result: 'failed' }, policy.reloads.failed],
    ],
  },
  {
    name: 'sallyport_last_reload_successful',
    type: 'gauge',
    help: '1 when the last reload succeeded, or there was none.',
    labels: [],
    advice: '0: the running policy is not the one in the files. `sallyport check` says why.',
    samples: ({ policy }) => one(policy.last?.ok === false ? 0 : 1),
  },
  {
    name: 'sallyport_last_reload_timestamp_seconds',
    type: 'gauge',
    help: 'When the last reload was tried, seconds since 1970; 0: never.',
    labels: [],
    advice: 'Goes with `sallyport_last_reload_successful`.',
    samples: ({ policy }) => one((policy.last?.at ?? 0) / 1000),
  },
  {
    name: 'sallyport_last_reload_duration_seconds',
    type: 'gauge',
    help: 'How long the last reload took, reading of files included; 0: never.',
    labels: [],
    advice: 'Packets do not wait for it; seconds are normal for very large sets.',
    samples: ({ policy }) => one(policy.last?.seconds ?? 0),
  },
];

function isNoRule(rule: string): boolean {
  return rule === '' || rule === '-' || rule === 'undefined';
}
