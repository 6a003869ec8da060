/** A tap whose packets come from a portable package: in a process of its own, with the same events. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { BuiltCli } from './built-cli.ts';
import {
  beforeTheEnd,
  countsOf,
  essences,
  eventsOf,
  eventsSoFar,
  type Json,
} from './live-events.ts';
import { eventually, inside, ip, LiveHosts, LiveProgram } from './live-program.ts';

const need = needs({ root: true, tools: ['ip', 'tcpreplay', 'sysctl'] });

const CAPTURE = join(repositoryRoot, 'test', 'captures', 'irc-office.pcap');
const WITHOUT_KOFFI = {
  NODE_OPTIONS: `--require ${join(import.meta.dirname, 'without-koffi.cjs')}`,
};

describe.skipIf(need.skip)(`a tap by cap and pcap${need.why}`, { timeout: 120_000 }, () => {
  let cli: BuiltCli;
  let hosts: LiveHosts;
  let host: string;
  let generator: string;
  let expected: Json[];

  beforeAll(async () => {
    cli = new BuiltCli();
    hosts = new LiveHosts();
    host = hosts.addSilent('tap');
    generator = hosts.addSilent('gen');
    hosts.connect(host, 't0', generator, 'g0');
    expected = eventsOf((await cli.run(['replay', CAPTURE, '--json'])).stdout);
  });
  afterAll(() => {
    hosts?.remove();
    cli?.remove();
  });

  const scratch = (name: string) => join(cli.folder, name);
  const seen = (file: string) => beforeTheEnd(eventsSoFar(readFileSync(file, 'utf8'))).length;

  function generate(): number {
    const told = inside(generator, 'tcpreplay', '-q', '-i', 'g0', '--pps', '1500', CAPTURE);
    return Number(/Successful packets:\s+(\d+)/.exec(told)?.[1]);
  }

  test.each([
    ['pcap', {}, /ready: reading t0 \(pcap: a packet costs more/],
    ['cap', {}, /ready: reading t0 \(cap: .*lost packets are not counted/],
    ['auto', WITHOUT_KOFFI, /ready: reading t0 \(pcap: afpacket: koffi cannot load .*not built/],
  ] as const)('%s %j: events are those of replay', async (how, environment, ready) => {
    const file = scratch(`${how}.jsonl`);
    const args = ['tap', 't0', '--capture', how, '--events', file, '--no-admin'];
    const tap = new LiveProgram(host, args, environment);
    await tap.says(ready);
    const sent = generate();
    await eventually('the last event', () => seen(file) >= beforeTheEnd(expected).length);
    const { code, log } = await tap.stop();
    expect(code, log).toBe(0);
    expect(countsOf(log, 't0')).toEqual({ received: sent, dropped: 0 });
    expect(essences(eventsOf(readFileSync(file, 'utf8')))).toEqual(essences(expected));
  });

  test('what ends its process ends no more, and another goes on: an interface that goes down, an abort', async () => {
    const file = scratch('abort.jsonl');
    const args = ['tap', 't0', '--capture', 'cap', '--events', file, '--no-admin'];
    const tap = new LiveProgram(host, args);
    await tap.says(/ready/);
    const sent = generate();
    await eventually('the last event', () => seen(file) >= beforeTheEnd(expected).length);
    ip('-n', host, 'link', 'set', 't0', 'down');
    try {
      // The package aborts, unless we look at the interface before it does: on a busy machine.
      await tap.says(/worker died and is started anew.*(SIGABRT|it went down)/);
    } finally {
      ip('-n', host, 'link', 'set', 't0', 'up');
    }
    await tap.says(/worker runs again/);
    for (const pid of pids(host).map(Number)) {
      if (pid !== tap.child.pid) process.kill(pid, 'SIGABRT');
    }
    await tap.says(
      /worker runs again[\s\S]*worker died and is started anew.*SIGABRT[\s\S]*runs again/,
    );
    expect(generate()).toBe(sent);
    await eventually('them again', () => seen(file) >= 2 * beforeTheEnd(expected).length);
    expect((await tap.stop('SIGINT')).code).toBe(0);
  });

  test('a gateway that is killed leaves no process behind', async () => {
    const tap = new LiveProgram(host, ['tap', 't0', '--capture', 'pcap', '--no-admin']);
    await tap.says(/ready/);
    expect(pids(host)).toHaveLength(2);
    await tap.stop('SIGKILL');
    await eventually('the end of all', () => pids(host).length === 0);
  });

  test('it cannot be shared between workers, and says so', async () => {
    const args = ['tap', 't0', '--capture', 'pcap', '--workers', '2', '--no-admin'];
    const { code, log } = await new LiveProgram(host, args).ended();
    expect(log).toMatch(/^sallyport: pcap: flows cannot be shared between 2 workers/m);
    expect(code).toBe(2);
  });
});

const pids = (host: string) => ip('netns', 'pids', host).split('\n').filter(Boolean);
