/** The text that Prometheus scrapes, made from the newest snapshot when it is asked for. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Gateway, GatewayStatus } from '../live/gateway.ts';
import { ALL_METRICS } from './all-metrics.ts';
import { BoundedNames } from './bounded-names.ts';
import type { LabelNames, Metric } from './metric.ts';

/** Of prom-client's own metrics, those that stand for nothing here or are named against the conventions. */
const NOT_OURS = [
  'nodejs_active_handles',
  'nodejs_active_handles_total',
  'nodejs_active_requests',
  'nodejs_active_requests_total',
  'nodejs_active_resources',
  'nodejs_active_resources_total',
  'nodejs_version_info',
  'nodejs_eventloop_lag_seconds',
];

export class Exposition {
  readonly #gateway: Pick<Gateway, 'status'>;
  readonly #registry = new Registry();
  readonly #names: LabelNames = new BoundedNames();
  #status: GatewayStatus;

  constructor(gateway: Pick<Gateway, 'status'>) {
    this.#gateway = gateway;
    this.#status = gateway.status();
    for (const metric of ALL_METRICS) this.#register(metric);
    collectDefaultMetrics({ register: this.#registry });
    for (const name of NOT_OURS) this.#registry.removeSingleMetric(name);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** One snapshot for all metrics of a scrape. */
  render(): Promise<string> {
    this.#status = this.#gateway.status();
    return this.#registry.metrics();
  }

  #register(metric: Metric): void {
    const configuration = {
      name: metric.name,
      help: metric.help,
      labelNames: [...metric.labels],
      registers: [this.#registry],
    };
    const fill = (add: (labels: Record<string, string>, value: number) => void) => {
      for (const [labels, value] of metric.samples(this.#status, this.#names)) {
        // Rows that share a name (`other`) add up. A number that is none would spoil the whole scrape.
        if (value >= 0 && Number.isFinite(value)) add({ ...labels }, value);
      }
    };
    if (metric.type === 'counter') {
      const counter: Counter = new Counter({
        ...configuration,
        collect: () => {
          counter.reset();
          fill((labels, value) => counter.inc(labels, value));
        },
      });
    } else {
      const gauge: Gauge = new Gauge({
        ...configuration,
        collect: () => {
          gauge.reset();
          fill((labels, value) => gauge.inc(labels, value));
        },
      });
    }
  }
}
