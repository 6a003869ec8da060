import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTool, needs } from '../../test/support/need.ts';
import { packageRoot } from '../cli/package-root.ts';
import { metricsReference } from '../docs/metrics-reference.ts';
import { ARCHIVE, FakeGateway, outcome, status, worker } from '../live/gateway.fixture.ts';
import { ALL_METRICS } from './all-metrics.ts';
import { BoundedNames, MOST_LABEL_VALUES } from './bounded-names.ts';
import { Exposition } from './exposition.ts';

const BRIDGE = {
  forwarded: 900,
  rewritten: 3,
  heldPackets: 2,
  heldOctets: 2800,
  holdMicroseconds: 250_000,
  droppedByVerdict: 4,
  droppedOutOfOrder: 5,
  resets: 1,
  droppedAhead: 7,
  refusedFlows: 3,
  refusedConnections: 1,
};

const PORT = {
  cut: 4,
  sendWaits: 6,
  bypass: true,
  sendFailures: { noRoom: 1, tooLong: 5, down: 3, refused: 0 },
};

function fullGateway(): FakeGateway {
  const gateway = new FakeGateway();
  const base = status();
  gateway.now = {
    ...base,
    interfaces: base.interfaces.map((row) => ({ ...row, dropped: 10, sendErrors: 9, port: PORT })),
    workers: [worker(0, { bridge: BRIDGE }), worker(1, { bridge: BRIDGE, resetsSent: 2 })],
    policy: { ...base.policy, reloads: { ok: 3, failed: 1 }, last: outcome(false) },
    archive: ARCHIVE,
  };
  return gateway;
}

/** Value of the sample whose line starts so. */
function value(text: string, series: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe('the exposition', () => {
  test('sums over workers and interfaces, by cause, in base units', async () => {
    const text = await new Exposition(fullGateway()).render();
    const wanted: Record<string, number> = {
      sallyport_packets_total: 3000,
      'sallyport_worker_packets_total{worker="1"}': 2000,
      'sallyport_dropped_packets_total{cause="kernel"}': 20,
      'sallyport_dropped_packets_total{cause="verdict"}': 8,
      'sallyport_dropped_packets_total{cause="memory"}': 10,
      'sallyport_flows{state="let-go"}': 80,
      'sallyport_read_flows{protocol="xmpp"}': 4,
      'sallyport_events_total{kind="message",service="xmpp"}': 14,
      'sallyport_events_total{kind="flow.opaque",service="none"}': 2,
      'sallyport_verdicts_total{rule="no-files",action="drop",enforced="yes"}': 4,
      'sallyport_verdicts_total{rule="no-files",action="drop",enforced="no"}': 2,
      'sallyport_verdicts_total{rule="(default)",action="pass",enforced="yes"}': 40,
      sallyport_held_packets_total: 4,
      'sallyport_bridge_memory_bytes{use="held"}': 5600,
      'sallyport_dropped_packets_total{cause="stream"}': 14,
      'sallyport_refused_flows_total{reason="announced"}': 2,
      'sallyport_interface_send_errors_total{interface="veth0",cause="too-long"}': 5,
      'sallyport_interface_send_waits_total{interface="veth1"}': 6,
      'sallyport_interface_cut_packets_total{interface="veth1"}': 4,
      'sallyport_interface_bypass{interface="veth0"}': 1,
      sallyport_hold_seconds_total: 0.5,
      sallyport_resets_sent_total: 4,
      'sallyport_bridge_packets_total{outcome="rewritten"}': 6,
      'sallyport_reloads_total{result="failed"}': 1,
      sallyport_last_reload_successful: 0,
      'sallyport_wire_carried{carrier="engine"}': 1,
      'sallyport_wire_carried{carrier="kernel"}': 0,
      'sallyport_worker_stage_seconds_total{worker="0",stage="wait"}': 9.5,
      sallyport_archive_up: 1,
      sallyport_archive_events_total: 4000,
      sallyport_archive_lost_events_total: 7,
      sallyport_archive_spool_bytes: 8192,
      sallyport_archive_commit_seconds_total: 2.5,
      sallyport_archive_unsigned_seconds: 12.5,
      sallyport_archive_free_bytes: 40e9,
    };
    const found = Object.keys(wanted).map((series) => [series, value(text, series)]);
    expect(Object.fromEntries(found)).toEqual(wanted);
  });

  test('a tap carries no wire, a worker may count rules together', async () => {
    const gateway = fullGateway();
    const verdicts = { '(other)': 5 };
    gateway.now = { ...gateway.now, mode: 'tap', workers: [worker(0, { verdicts })] };
    const text = await new Exposition(gateway).render();
    expect(text).not.toContain('sallyport_wire_carried{');
    expect(text).toContain('{rule="(other)",action="other",enforced="no"} 5');
  });

  test('a second scrape shows the newer numbers, not the sum of both', async () => {
    const gateway = fullGateway();
    const exposition = new Exposition(gateway);
    await exposition.render();
    gateway.now = { ...gateway.now, workers: [worker(0)] };
    const text = await exposition.render();
    expect(value(text, 'sallyport_packets_total')).toBe(1000);
    expect(value(text, 'sallyport_worker_packets_total{worker="1"}')).toBeUndefined();
  });

  test('a number that is none does not spoil the scrape', async () => {
    const gateway = fullGateway();
    gateway.now = { ...gateway.now, workers: [worker(0, { heldOctets: Number.NaN })] };
    const text = await new Exposition(gateway).render();
    expect(value(text, 'sallyport_held_bytes')).toBe(0);
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
    expect(value(text, 'sallyport_packets_total')).toBe(1000);
  });
});

describe('labels', () => {
  test('rules beyond the bound are counted together, and the first stay', async () => {
    const gateway = fullGateway();
    const many = (from: number, to: number) => {
      const verdicts: Record<string, number> = {};
      for (let i = from; i < to; i++) verdicts[`rule ${i} drop enforced`] = 1;
      return [worker(0, { verdicts })];
    };
    const exposition = new Exposition(gateway);
    gateway.now = { ...gateway.now, workers: many(0, 10_000) };
    const text = await exposition.render();
    const series = text.split('\n').filter((line) => line.startsWith('sallyport_verdicts_total{'));
    expect(series).toHaveLength(MOST_LABEL_VALUES + 1);
    const other = 'sallyport_verdicts_total{rule="other",action="drop",enforced="yes"}';
    expect(value(text, other)).toBe(10_000 - MOST_LABEL_VALUES);
    const first = 'sallyport_verdicts_total{rule="rule 0",action="drop",enforced="yes"}';
    expect(value(text, first)).toBe(1);
  });

  test('hostile values cannot forge a series', async () => {
    const gateway = fullGateway();
    const name = 'x"} 1\nsallyport_ready 0\u001b[2J\ud800';
    gateway.now = { ...gateway.now, workers: [worker(0, { events: { [`message ${name}`]: 1 } })] };
    const text = await new Exposition(gateway).render();
    expect(text).not.toContain('\u001b');
    expect(text.split('\n').filter((line) => line.startsWith('sallyport_ready '))).toEqual([
      'sallyport_ready 1',
    ]);
  });

  test('a long value is cut', () => {
    expect(new BoundedNames().admit('rule', 'x'.repeat(5000))).toHaveLength(100);
  });
});

describe('definitions', () => {
  test('names are unique and follow the conventions', () => {
    const names = ALL_METRICS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, type, help, advice } of ALL_METRICS) {
      expect(name).toMatch(/^sallyport_[a-z]+(_[a-z]+)*$/);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      expect(help, name).toMatch(/^[A-Z0-9].*\.$/);
      expect(advice, name).not.toBe('');
    }
  });

  test('samples have the labels that are declared', () => {
    const { now } = fullGateway();
    const names = new BoundedNames();
    for (const metric of ALL_METRICS) {
      for (const [labels] of metric.samples(now, names)) {
        expect(Object.keys(labels).sort(), metric.name).toEqual([...metric.labels].sort());
      }
    }
  });

  test('docs/metrics.md is up to date (npm run docs:metrics)', () => {
    const file = join(packageRoot(), 'docs/metrics.md');
    expect(readFileSync(file, 'utf8')).toBe(metricsReference());
  });
});

const need = needs({ tools: ['promtool'] });
test.skipIf(need.skip)(`promtool finds nothing to object to${need.why}`, async () => {
  const text = await new Exposition(fullGateway()).render();
  const run = spawnSync(findTool('promtool') ?? '', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  expect(run.stderr + run.stdout).toBe('');
  expect(run.status).toBe(0);
});
