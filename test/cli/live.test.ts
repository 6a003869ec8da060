/**
 * The live commands as an administrator runs them, in namespaces: a tap writes what `replay` of the same
 * packets writes, a bridge stops what is refused, signals and faults are borne.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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

/** Lines of a conversation that takes a minute, if nobody ends it. */
const LONG = 3000;

// Generous: everything else on the machine may be at work.
describe.skipIf(need.skip)(`live commands${need.why}`, { timeout: 120_000 }, () => {
  let cli: BuiltCli;
  let hosts: LiveHosts;
  let tapHost: string;
  let generator: string;
  let box: string;
  let client: string;
  let server: string;

  beforeAll(() => {
    cli = new BuiltCli();
    chmodSync(cli.folder, 0o755); // for a gateway that became another account
    hosts = new LiveHosts();
    tapHost = hosts.addSilent('tap');
    generator = hosts.addSilent('gen');
    hosts.connect(tapHost, 't0', generator, 'g0');
    box = hosts.add('box');
    client = hosts.add('cli');
    server = hosts.add('srv');
    hosts.connect(client, 'c0', box, 'b0');
    hosts.connect(server, 's0', box, 'b1');
    hosts.address(client, 'c0', '10.77.0.1/24', 'fd77::1/64');
    hosts.address(server, 's0', '10.77.0.2/24', 'fd77::2/64');
  });
  afterAll(() => {
    hosts?.remove();
    cli?.remove();
  });

  const scratch = (name: string) => join(cli.folder, name);
  const capture = (name: string) => join(repositoryRoot, 'test', 'captures', name);

  function generate(name: string): number {
    const told = inside(generator, 'tcpreplay', '-q', '-i', 'g0', '--pps', '1500', capture(name));
    return Number(/Successful packets:\s+(\d+)/.exec(told)?.[1]);
  }

  async function replayed(name: string): Promise<Json[]> {
    return eventsOf((await cli.run(['replay', capture(name), '--json'])).stdout);
  }

  describe('tap', () => {
    const quiet = ['--no-admin', '--log-level', 'info'];

    test.each([
      ['irc-office.pcap', []],
      ['xmpp-zlib.pcap', ['--workers', '2']],
    ] as const)(
      '%s %j: every packet is counted, events are those of replay',
      async (name, more) => {
        const file = scratch(`${name}.jsonl`);
        const tap = new LiveProgram(tapHost, ['tap', 't0', '--events', file, ...quiet, ...more]);
        const [events] = await Promise.all([
          replayed(name),
          tap.says(/ready: reading t0 \(afpacket\)/),
        ]);
        const expected = essences(events);
        const sent = generate(name);
        await eventually('the last event', () => {
          const seen = beforeTheEnd(eventsSoFar(readFileSync(file, 'utf8')));
          return seen.length >= beforeTheEnd(events).length;
        });
        const { code, log } = await tap.stop();
        expect(code, log).toBe(0);
        const { received, dropped } = countsOf(log, 't0');
        expect(received).toBe(sent);
        expect(dropped).toBe(0);
        expect(expected.length).toBeGreaterThan(5);
        expect(essences(eventsOf(readFileSync(file, 'utf8')))).toEqual(expected);
      },
    );

    test('events on standard output, and an end by Ctrl-C', async () => {
      const tap = new LiveProgram(tapHost, ['tap', 't0', '--events', '-', ...quiet]);
      await tap.says(/ready/);
      generate('xmpp-starttls.pcap');
      await eventually('an event', () => tap.stdout.includes('"flow.opaque"'));
      const { code, stdout } = await tap.stop('SIGINT');
      expect(code).toBe(0);
      expect(essences(eventsOf(stdout))).toEqual(essences(await replayed('xmpp-starttls.pcap')));
    });

    test('flows that are open at the end are ended, and say so', async () => {
      const file = scratch('open.jsonl');
      const tap = new LiveProgram(tapHost, ['tap', 't0', '--events', file, ...quiet]);
      await tap.says(/ready/);
      // Its first 40 packets: the connection is not closed.
      inside(
        generator,
        'tcpreplay',
        '-q',
        '-i',
        'g0',
        '--pps',
        '1500',
        '-L',
        '40',
        capture('irc-office.pcap'),
      );
      await eventually('an event', () => readFileSync(file, 'utf8').includes('session.login'));
      await tap.stop();
      const kinds = eventsOf(readFileSync(file, 'utf8')).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'flow.identified').length).toBeGreaterThan(0);
      expect(kinds.filter((kind) => kind === 'flow.end')).toHaveLength(
        kinds.filter((kind) => kind === 'flow.identified').length,
      );
    });

    test('an interface that goes and comes back is read again by a new worker', async () => {
      const file = scratch('again.jsonl');
      const port = 'x0';
      hosts.connect(tapHost, port, generator, 'y0');
      const tap = new LiveProgram(tapHost, ['tap', 't0', port, '--events', file, ...quiet]);
      await tap.says(/ready/);
      ip('-n', tapHost, 'link', 'del', port);
      await tap.says(/worker died and is started anew.*removed/);
      hosts.connect(tapHost, port, generator, 'y0');
      await tap.says(/worker runs again/);
      generate('xmpp-starttls.pcap');
      await eventually('an event', () => readFileSync(file, 'utf8').includes('flow.opaque'));
      const { code } = await tap.stop();
      expect(code).toBe(0);
      ip('-n', tapHost, 'link', 'del', port);
    });
  });

  describe('what cannot start says so in a line, and touches nothing', () => {
    const refusals: readonly (readonly [string, readonly string[], number, RegExp])[] = [
      [
        'no such interface',
        ['tap', 'eth99'],
        1,
        /^sallyport: eth99: no such network interface; there/m,
      ],
      ['an interface twice', ['inline', 'b0', 'b0'], 2, /^sallyport: b0: named twice/m],
      ['a wrong filter', ['tap', 't0', '--filter', 'port frog'], 2, /^sallyport: .*frog/m],
      [
        'no such rules',
        ['tap', 't0', '--rules', 'nowhere.yaml'],
        2,
        /^sallyport: the rules were not loaded/m,
      ],
      [
        'no such account',
        ['tap', 't0', '--user', 'nobody-at-all'],
        2,
        /^sallyport: there is no account/m,
      ],
      ['a wrong port', ['tap', 't0', '--admin', '127.0.0.1:http'], 2, /Expected address:port/],
      [
        'a file nowhere',
        ['tap', 't0', '--events', '/nowhere/e.jsonl'],
        2,
        /events cannot be written/,
      ],
    ];
    test.concurrent.each(refusals)('%s', async (_what, args, code, line) => {
      const more = args.includes('--admin') ? [] : ['--no-admin'];
      const ended = await new LiveProgram(args[0] === 'tap' ? tapHost : box, [
        ...args,
        ...more,
      ]).ended();
      expect(ended.log).toMatch(line);
      expect(ended.code).toBe(code);
      expect(ended.log).not.toMatch(/ready/);
    });

    test.concurrent('events that would spoil the rules', async () => {
      const file = scratch('own-rules.yaml');
      const before = 'sallyport: 1\nrules:\n  - { id: a, on: message, then: pass }\n';
      writeFileSync(file, before);
      const args = ['tap', 't0', '--rules', file, '--events', file, '--no-admin'];
      const ended = await new LiveProgram(tapHost, args).ended();
      expect(ended.log).toMatch(/own-rules.yaml: is read in this run: events would replace it/);
      expect(ended.code).toBe(2);
      expect(readFileSync(file, 'utf8')).toBe(before);
    });

    test('an admin port in use', async () => {
      const first = new LiveProgram(tapHost, ['tap', 't0', '--admin', '127.0.0.1:9999']);
      await first.says(/ready.*admin on 127.0.0.1:9999/);
      const second = await new LiveProgram(tapHost, ['tap', 't0', '--admin', '9999']).ended();
      expect(second.log).toMatch(/^sallyport: admin server: 127.0.0.1:9999: the port is in use/m);
      expect(second.code).toBe(1);
      expect((await first.stop()).code).toBe(0);
    });
  });

  /** Says lines to an IRC server that writes down what it hears; resolves with what that is. */
  async function converse(address: string, lines: readonly string[]): Promise<string[]> {
    const heard = scratch('heard.txt');
    writeFileSync(heard, '');
    const listener = new Conversation(server, ['server', address, heard]);
    await eventually('the server', () => listener.said.includes('listening'));
    const speaker = new Conversation(client, ['client', address, ...lines]);
    await speaker.ended;
    await listener.ended;
    return readFileSync(heard, 'utf8')
      .split('\r\n')
      .filter((line) => line.startsWith('PRIVMSG'));
  }

  test('tap with --reset-interface: a forbidden connection ends at both sides', async () => {
    const link = hosts.add('sw');
    hosts.connect(client, 'c1', link, 'k0');
    hosts.connect(server, 's1', link, 'k1');
    hosts.address(client, 'c1', '10.78.0.1/24');
    hosts.address(server, 's1', '10.78.0.2/24');
    ip('-n', link, 'link', 'add', 'name', 'lab0', 'type', 'bridge');
    for (const port of ['k0', 'k1']) ip('-n', link, 'link', 'set', port, 'master', 'lab0');
    ip('-n', link, 'link', 'set', 'lab0', 'up');
    const policy = scratch('reset.yaml');
    writeFileSync(
      policy,
      'sallyport: 1\nrules:\n  - id: no-falcon\n    on: message\n    if: { text: { contains: falcon } }\n    then: reset\n',
    );
    const file = scratch('reset.jsonl');
    const args = ['tap', 'k0', 'k1', '--rules', policy, '--events', file, '--no-admin'];
    const tap = new LiveProgram(link, [...args, '--reset-interface', 'lab0']);
    await tap.says(/ready/);
    // Until the reset comes, whenever a busy machine has it.
    const said = ['one', 'falcon', ...Array.from({ length: LONG }, (_, i) => `after ${i}`)];
    const heard = await converse(
      '10.78.0.2',
      said.map((text) => `PRIVMSG ben :${text}`),
    );
    const { code, log } = await tap.stop();
    expect(code, log).toBe(0);
    expect(heard.slice(0, 2)).toEqual(['PRIVMSG ben :one', 'PRIVMSG ben :falcon']);
    expect(heard.length).toBeLessThan(said.length);
    expect(log).toMatch(/resets: \d+ sent/);
    const verdicts = eventsOf(readFileSync(file, 'utf8')).map(({ verdict }) => verdict as Json);
    expect(verdicts.find(({ action }) => action === 'reset')).toMatchObject({ enforced: true });
  });

  describe('inline', () => {
    const rules = (word: string) =>
      `sallyport: 1\nrules:\n  - id: no-${word}\n    on: message\n    if: { text: { contains: ${word} } }\n    then: drop\n`;

    test.each(['10.77.0.2', 'fd77::2'])(
      'over %s what is refused vanishes, what follows arrives, and a reload changes what is refused',
      async (address) => {
        mkdirSync(scratch('policy'), { recursive: true });
        const policy = scratch('policy/rules.yaml');
        writeFileSync(policy, rules('falcon'));
        const file = scratch(`inline-${address.replaceAll(':', '-')}.jsonl`);
        const args = [
          'inline',
          'b0',
          'b1',
          '--rules',
          policy,
          '--events',
          file,
          '--no-watch',
          '--no-admin',
        ];
        const bridge = new LiveProgram(box, [...args, '--user', 'nobody']);
        await bridge.says(/ready: carrying b0 \(afpacket\) ⇄ b1/);
        const lines = [
          'PRIVMSG ben :one',
          'PRIVMSG ben :falcon',
          'PRIVMSG ben :heron',
          'PRIVMSG ben :two',
        ];
        expect(await converse(address, lines)).toEqual([lines[0], lines[2], lines[3]]);

        writeFileSync(policy, 'sallyport: 1\nrules: nonsense\n');
        bridge.child.kill('SIGHUP');
        await bridge.says(/not loaded: policy and settings stay as they were/);
        expect(await converse(address, lines)).toEqual([lines[0], lines[2], lines[3]]);

        writeFileSync(policy, rules('heron'));
        bridge.child.kill('SIGHUP');
        await bridge.says(/policy loaded/);
        expect(await converse(address, lines)).toEqual([lines[0], lines[1], lines[3]]);

        const { code, log } = await bridge.stop();
        expect(code, log).toBe(0);
        const verdicts = eventsOf(readFileSync(file, 'utf8'))
          .filter(({ kind }) => kind === 'message')
          .map(({ text, verdict }) => [text, (verdict as Json).action, (verdict as Json).enforced]);
        expect(verdicts.filter(([, action]) => action === 'drop')).toEqual([
          ['falcon', 'drop', true],
          ['falcon', 'drop', true],
          ['heron', 'drop', true],
        ]);
        expect(countsOf(log, 'b0').dropped).toBe(0);
      },
    );
  });
});

/** One end of a plain conversation, a process in a namespace. */
class Conversation {
  said = '';
  readonly ended: Promise<unknown>;

  constructor(namespace: string, args: readonly string[]) {
    const script = join(repositoryRoot, 'test', 'cli', 'plain-irc.mjs');
    const command = ['netns', 'exec', namespace, process.execPath, script, ...args];
    const program = spawn('ip', command, { stdio: ['ignore', 'pipe', 'inherit'] });
    program.stdout.on('data', (data) => {
      this.said += data;
    });
    this.ended = once(program, 'close');
  }
}
