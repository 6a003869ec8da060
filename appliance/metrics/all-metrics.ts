/** Every metric of the gateway, in the order of docs/metrics.md. */
import { ARCHIVE_METRICS } from './definitions/archive.ts';
import { BRIDGE_METRICS } from './definitions/bridge.ts';
import { FLOW_METRICS } from './definitions/flows.ts';
import { INTERFACE_METRICS } from './definitions/interfaces.ts';
import { OUTPUT_METRICS } from './definitions/outputs.ts';
import { PACKET_METRICS } from './definitions/packets.ts';
import { POLICY_METRICS } from './definitions/policy.ts';
import { PROCESS_METRICS } from './definitions/process.ts';
import type { Metric } from './metric.ts';

export interface MetricGroup {
  readonly title: string;
  readonly metrics: readonly Metric[];
}

export const METRIC_GROUPS: readonly MetricGroup[] = [
  { title: 'The gateway and its workers', metrics: PROCESS_METRICS },
  { title: 'The wire', metrics: INTERFACE_METRICS },
  { title: 'Packets', metrics: PACKET_METRICS },
  { title: 'Flows, and what is missing of the record', metrics: FLOW_METRICS },
  { title: 'Inline and netfilter queue', metrics: BRIDGE_METRICS },
  { title: 'Events, verdicts, policy', metrics: POLICY_METRICS },
  { title: 'The archive', metrics: ARCHIVE_METRICS },
  { title: 'Outputs', metrics: OUTPUT_METRICS },
];

export const ALL_METRICS: readonly Metric[] = METRIC_GROUPS.flatMap(({ metrics }) => metrics);
