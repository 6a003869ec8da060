/**
 * What an administrator sees of a running gateway: its metrics are what happened on the wire, `top` and the
 * admin server say the same, a policy that is wrong is refused and shows.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../support/corpus.ts';
import { findTool, needs } from '../support/need.ts';
import { BuiltCli } from './built-cli.ts';
import { eventually, inside, LiveHosts, LiveProgram } from './live-program.ts';

const need = needs({ root: true, tools: ['ip', 'tcpreplay', 'sysctl', 'promtool', 'curl'] });

/** Milliseconds: a gateway starts within a second, on a machine that does nothing else. */
const SLOW = 180_000;

const RULES = `
sallyport: 1
rules:
  - id: no-hello
    on: [message]
    if: { text: { contains: hello } }
    then: drop
`;

describe.skipIf(need.skip)(
  `a running gateway, as seen from outside${need.why}`,
  { timeout: SLOW },
  () => {
    const capture = join(repositoryRoot, 'test', 'captures', 'irc-office.pcap');
    let cli: BuiltCli;
    let hosts: LiveHosts;
    let tap: LiveProgram;
    let host: string;
    let generator: string;
    let rules: string;
    let token: string;

    beforeAll(async () => {
      cli = new BuiltCli();
      hosts = new LiveHosts();
      host = hosts.add('adm');
      generator = hosts.add('agen');
      // Nothing on the wire but what the test sends: no neighbour discovery.
      for (const one of [host, generator]) {
        inside(one, 'sysctl', '-qw', 'net.ipv6.conf.default.disable_ipv6=1');
      }
      hosts.connect(host, 't0', generator, 'g0');
      mkdirSync(join(cli.folder, 'policy'));
      rules = join(cli.folder, 'policy', 'rules.yaml');
      token = join(cli.folder, 'token');
      writeFileSync(rules, RULES);
      writeFileSync(token, 'a-token-of-this-test\n', { mode: 0o600 });
      const options = ['--rules', rules, '--no-watch', '--token-file', token, '--events', '-'];
      tap = new LiveProgram(host, ['tap', 't0', ...options]);
      await tap.says(/ready: reading t0/);
    }, SLOW);
    afterAll(async () => {
      await tap?.stop();
      hosts?.remove();
      cli?.remove();
    }, SLOW);

    const ask = (path: string, ...options: string[]) => {
      const header = `Authorization: Bearer ${readFileSync(token, 'utf8').trim()}`;
      return inside(host, 'curl', '-s', '-H', header, ...options, `http://127.0.0.1:9580${path}`);
    };
    const value = (text: string, series: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${series} `))
          ?.slice(series.length),
      );

    test('metrics are what happened, in the format of Prometheus', async () => {
      const told = inside(generator, 'tcpreplay', '-q', '-i', 'g0', '--pps', '1500', capture);
      const sent = Number(/Successful packets:\s+(\d+)/.exec(told)?.[1]);
      expect(sent).toBeGreaterThan(50);
      const replay = await cli.run(['replay', capture, '--json', '--no-rules']);
      const messages = replay.stdout
        .split('\n')
        .filter((line) => line.includes('"kind":"message"'));
      expect(messages.length).toBeGreaterThan(3);
      const received = 'sallyport_interface_received_packets_total{interface="t0"}';
      const said = 'sallyport_events_total{kind="message",service="irc"}';
      const text = await eventually('all of it in the metrics', () => {
        const scraped = inside(host, 'curl', '-s', 'http://127.0.0.1:9580/metrics'); // without the token
        const all =
          value(scraped, 'sallyport_packets_total') >= sent &&
          value(scraped, received) >= sent &&
          value(scraped, said) >= messages.length;
        return all && scraped;
      });
      expect(value(text, 'sallyport_packets_total')).toBe(sent);
      expect(value(text, received)).toBe(sent);
      expect(value(text, said)).toBe(messages.length);
      expect(value(text, 'sallyport_dropped_packets_total{cause="kernel"}')).toBe(0);
      expect(value(text, 'sallyport_policy_rules')).toBe(1);
      const check = spawnSync(findTool('promtool') ?? '', ['check', 'metrics'], {
        input: text,
        encoding: 'utf8',
      });
      expect(check.stdout + check.stderr).toBe('');
    });

    test('top in a script says the same', async () => {
      const once = ['top', '--once', '--token-file', token];
      const json = await new LiveProgram(host, [...once, '--json']).ended();
      expect(json.code, json.log).toBe(0);
      const { status, rates, flows } = JSON.parse(json.stdout);
      expect(status).toMatchObject({ mode: 'tap', ready: true });
      expect(rates.packets).toBe(0);
      expect(Array.isArray(flows)).toBe(true);
      const text = await new LiveProgram(host, once).ended();
      expect(text.stdout).toMatch(/^sallyport \S+ {2}tap {2}up .* {2}1 rule {2}ready\n/);
      expect(text.stdout).toMatch(/^t0 +up +0 +0 +0 /m);
    });

    test('without the token there is health, and nothing else', () => {
      const code = (path: string) =>
        inside(
          host,
          'curl',
          '-s',
          '-o',
          '/dev/null',
          '-w',
          '%{http_code}',
          `http://127.0.0.1:9580${path}`,
        );
      expect(code('/healthz')).toBe('200');
      expect(code('/readyz')).toBe('200');
      for (const path of ['/api/v1/status', '/api/v1/flows', '/api/v1/events', '/x']) {
        expect(code(path), path).toBe('401');
      }
    });

    test('a policy that is wrong is refused with its place, and shows; the next one is taken', async () => {
      writeFileSync(rules, RULES.replace('then: drop', 'then: dorp'));
      const refused = JSON.parse(ask('/-/reload', '-X', 'POST'));
      expect(refused.ok).toBe(false);
      expect(refused.diagnostics.join('\n')).toMatch(/rules\.yaml:7:\d+: .*dorp/);
      expect(value(ask('/metrics'), 'sallyport_last_reload_successful')).toBe(0);
      expect(value(ask('/metrics'), 'sallyport_reloads_total{result="failed"}')).toBe(1);
      writeFileSync(rules, RULES);
      expect(JSON.parse(ask('/-/reload', '-X', 'POST'))).toMatchObject({ ok: true, rules: 1 });
      const text = ask('/metrics');
      expect(value(text, 'sallyport_last_reload_successful')).toBe(1);
      expect(value(text, 'sallyport_reloads_total{result="ok"}')).toBe(1);
      expect(value(text, 'sallyport_last_reload_duration_seconds')).toBeGreaterThan(0);
      expect(tap.log).not.toContain('a-token-of-this-test');
    });
  },
);
