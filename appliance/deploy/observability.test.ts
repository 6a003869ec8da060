/** The dashboard and the alerts speak of metrics that there are, in expressions that Prometheus understands. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { findTool, needs } from '../../test/support/need.ts';
import { packageRoot } from '../cli/package-root.ts';
import { ALL_METRICS } from '../metrics/all-metrics.ts';

const folder = join(packageRoot(), 'appliance/deploy');
const prometheus = join(folder, 'prometheus');

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets?: readonly { readonly expr: string; readonly refId: string }[];
}
const dashboard = JSON.parse(readFileSync(join(folder, 'grafana/sallyport.json'), 'utf8')) as {
  readonly panels: readonly Panel[];
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
};
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
const alerts = parse(readFileSync(join(prometheus, 'alerts.yml'), 'utf8')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = alerts.groups.flatMap((group) => group.rules);

const expressions = [
  ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...dashboard.annotations.list.map(({ expr }) => expr),
];

const labelsOf = new Map(ALL_METRICS.map(({ name, labels }) => [name, labels]));
/** Of prom-client, and of Prometheus itself. */
const OTHERS = ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'up'];
const SCRAPE_LABELS = ['instance', 'job'];

/** Metric and the labels of its selector, where it has one. */
function selectors(expression: string): { name: string; labels: string[] }[] {
  const found = expression.matchAll(/\b(sallyport_\w+|process_\w+|nodejs_\w+)(?:\{([^}]*)\})?/g);
  return [...found].map(([, name = '', inside = '']) => ({
    name,
    labels: [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
  }));
}

describe('dashboard and alerts', () => {
  test('name metrics and labels that there are', () => {
    const all = [...expressions, ...rules.map(({ expr }) => expr)];
    let checked = 0;
    for (const expression of all) {
      for (const { name, labels } of selectors(expression)) {
        checked += 1;
        const known = labelsOf.get(name) ?? (OTHERS.includes(name) ? [] : undefined);
        expect(known, `${name} in ${expression}`).toBeDefined();
        const allowed = [...SCRAPE_LABELS, ...(known ?? [])];
        for (const label of labels) expect(allowed, `${name} in ${expression}`).toContain(label);
      }
    }
    expect(checked).toBeGreaterThan(50);
  });

  test('every counter is shown as a rate, never bare', () => {
    for (const expression of [...expressions, ...rules.map(({ expr }) => expr)]) {
      for (const [, before] of expression.matchAll(/(.{0,12})\bsallyport_\w+_total\b/g)) {
        expect(before, expression).toMatch(/(rate|increase)\($/);
      }
    }
  });

  test('every metric is shown or alerted on, but for those that only explain', () => {
    const used = new Set(
      [...expressions, ...rules.map(({ expr }) => expr)].flatMap((one) =>
        selectors(one).map(({ name }) => name),
      ),
    );
    const explaining = ALL_METRICS.map(({ name }) => name).filter((name) => !used.has(name));
    expect(explaining).toEqual([
      'sallyport_worker_up',
      'sallyport_interface_info',
      'sallyport_interface_send_waits_total',
      'sallyport_interface_bypass',
      'sallyport_captured_bytes_total',
      'sallyport_decoded_packets_total',
      'sallyport_fragments_total',
      'sallyport_tcp_segments_total',
      'sallyport_created_flows_total',
      'sallyport_identified_flows_total',
      'sallyport_timed_out_flows_total',
      'sallyport_expected_connections_total',
      'sallyport_policy_services',
      'sallyport_last_reload_timestamp_seconds',
      'sallyport_archive_commits_total',
      'sallyport_archive_file_bytes_total',
      'sallyport_output_events_total',
      'sallyport_output_queue_bytes',
      'sallyport_output_rotations_total',
    ]);
  });

  test('panels have what they need and do not overlap', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const taken = new Set<string>();
    for (const { type, title, description, gridPos, targets } of dashboard.panels) {
      const { x, y, w, h } = gridPos;
      expect(x + w, title).toBeLessThanOrEqual(24);
      if (type !== 'row') {
        expect(description, title).toBeTruthy();
        expect(targets?.length, title).toBeGreaterThan(0);
      }
      for (let column = x; column < x + w; column++) {
        for (let line = y; line < y + h; line++) {
          expect(taken.has(`${column},${line}`), title).toBe(false);
          taken.add(`${column},${line}`);
        }
      }
    }
  });

  test('every alert has a severity and says what to do', () => {
    for (const { alert, labels, annotations } of rules) {
      expect(alert).toMatch(/^Sallyport[A-Z]\w+$/);
      expect(['critical', 'warning']).toContain(labels.severity);
      expect(annotations.summary.length, alert).toBeGreaterThan(10);
      expect(annotations.runbook.length, alert).toBeGreaterThan(40);
    }
  });
});

const need = needs({ tools: ['promtool'] });
describe.skipIf(need.skip)(`promtool${need.why}`, () => {
  const promtool = (...args: string[]) => {
    const run = spawnSync(findTool('promtool') ?? '', args, { cwd: prometheus, encoding: 'utf8' });
    return { status: run.status, text: run.stdout + run.stderr };
  };

  test.each([
    [['check', 'config', 'scrape.yml']],
    [['check', 'rules', 'alerts.yml']],
    [['test', 'rules', 'alerts.test.yml']],
  ])('%j', (args) => {
    const { status, text } = promtool(...args);
    expect(status, text).toBe(0);
    expect(text).toContain('SUCCESS');
    expect(text).not.toContain('FAILED');
  });

  test('the dashboard: each expression is one', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'sallyport-dashboard-'));
    try {
      const filled = expressions.map((expression, i) => ({
        record: `dashboard:${i}`,
        expr: expression.replaceAll(/\$__(rate_interval|range)/g, '5m').replaceAll(/\$\w+/g, 'x'),
      }));
      expect(filled.length).toBeGreaterThan(30);
      const file = join(scratch, 'rules.yml');
      writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules: filled }] }));
      const { status, text } = promtool('check', 'rules', file);
      expect(status, text).toBe(0);
    } finally {
      rmSync(scratch, { recursive: true });
    }
  });
});
