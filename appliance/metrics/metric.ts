/** What a metric is: the exposition, docs/metrics.md and the tests all read the same definitions. */
import type { GatewayStatus } from '../live/gateway.ts';

/** A label set and its value. Counters count since the start of the process. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

export interface Metric {
  /** Prometheus name: base units (seconds, bytes), counters end in `_total`. */
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  /** One sentence; `# HELP`. */
  readonly help: string;
  readonly labels: readonly string[];
  /** For docs/metrics.md: what an administrator does about it. */
  readonly advice: string;
  /** `names` bounds labels whose values traffic or configuration chooses. */
  samples(status: GatewayStatus, names: LabelNames): Iterable<Sample>;
}

export interface LabelNames {
  /** `value` itself while there is room among the values of this label, else `other`. */
  admit(label: string, value: string): string;
}
