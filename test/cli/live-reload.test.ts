/**
 * Settings of a running gateway, changed in its file while packets come: each takes effect, nothing is lost,
 * and what cannot be carried out leaves everything as it was.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { BuiltCli } from './built-cli.ts';
import { eventsSoFar } from './live-events.ts';
import { eventually, inside, ip, LiveHosts, LiveProgram } from './live-program.ts';

const need = needs({ root: true, tools: ['ip', 'ping', 'sysctl', 'curl'] });
const TOKEN = 'a-token-for-the-tests-of-reload';

describe.skipIf(need.skip)(`a reload of settings${need.why}`, { timeout: 120_000 }, () => {
  let cli: BuiltCli;
  let hosts: LiveHosts;
  let box: string;
  let client: string;
  let server: string;
  let gateway: LiveProgram | undefined;

  beforeAll(() => {
    cli = new BuiltCli();
    chmodSync(cli.folder, 0o777);
    hosts = new LiveHosts();
    box = hosts.add('box');
    client = hosts.add('cli');
    server = hosts.add('srv');
    hosts.connect(client, 'c0', box, 'b0');
    hosts.connect(server, 's0', box, 'b1');
    hosts.address(client, 'c0', '10.79.0.1/24');
    hosts.address(server, 's0', '10.79.0.2/24');
    writeFileSync(scratch('token'), `${TOKEN}\n`, { mode: 0o644 });
    writeFileSync(
      scratch('policy.yaml'),
      'sallyport: 1\nrules:\n  - id: no-falcon\n    on: message\n    if: { text: { contains: falcon } }\n    then: reset\n',
    );
  });
  afterEach(async ({ task }) => {
    await gateway?.stop();
    if (task.result?.state === 'fail')
      process.stderr.write(`the gateway's log:\n${gateway?.log}\n`);
    gateway = undefined;
  });
  afterAll(() => {
    hosts?.remove();
    cli?.remove();
  });

  const scratch = (name: string) => join(cli.folder, name);

  /** Writes the configuration; `watch: false`, so that nothing is loaded before it is asked for. */
  function configure(mode: string, more: string): void {
    const text = `sallyport: 1\nmode: ${mode}\nrules: policy.yaml\nwatch: false\n${more}`;
    writeFileSync(scratch('sallyport.yaml'), text);
  }

  async function start(): Promise<LiveProgram> {
    gateway = new LiveProgram(box, ['run', scratch('sallyport.yaml')]);
    await gateway.says(/ready/);
    return gateway;
  }

  interface Outcome {
    readonly ok: boolean;
    readonly changed: readonly string[];
    readonly restartNeeded: readonly string[];
    readonly diagnostics: readonly string[];
  }

  function ask(port: number, path: string, ...more: string[]): string {
    const bearer = ['-H', `Authorization: Bearer ${TOKEN}`];
    return inside(box, 'curl', '-s', ...bearer, ...more, `http://127.0.0.1:${port}${path}`);
  }

  const reload = (port: number) => JSON.parse(ask(port, '/-/reload', '-X', 'POST')) as Outcome;

  const talk = (lines: readonly string[], role?: 'half') => Talk.begin(server, client, lines, role);

  const messagesIn = (name: string) =>
    eventsSoFar(readFileSync(scratch(name), 'utf8'))
      .filter(({ kind }) => kind === 'message')
      .map(({ text }) => String(text));

  const bridge = (more: string) => configure('inline', `interfaces: [b0, b1]\n${more}`);
  const settings = (events: string, port: number, more: string) =>
    `events: ${events}\nadmin: { listen: ${port}, token-file: token }\n${more}`;

  test('a bridge under traffic: events file, admin server, hold, fail-safe, log and limits at once', async () => {
    bridge(settings('a.jsonl', 9701, 'inline: { hold-time: 200ms }\nuser: nobody\n'));
    const running = await start();
    // More than it needs: it is ended when the reloads are over, however long they take.
    const conversation = await talk(
      Array.from({ length: LONG }, (_, n) => `PRIVMSG ben :line ${n}`),
    );
    const pings = new Pings(client, ADDRESS);
    await eventually('messages', () => conversation.heard.length > 20);
    const said = 'log: { level: info, format: json }\nlimits: { sessions: 1000 }\nworkers: 2\n';
    const inline = 'inline: { hold-time: 700ms, on-failure: closed, failure-timeout: 900ms }\n';
    bridge(settings('b.jsonl', 9702, `${inline}${said}user: nobody\n`));
    expect(reload(9701)).toMatchObject({
      ok: true,
      changed: [
        'events',
        'admin.listen',
        'inline.on-failure',
        'inline.failure-timeout',
        'inline.hold-time',
        'log.format',
        'limits.sessions',
      ],
      restartNeeded: ['workers'],
    });
    // Again and again, to and fro, while the conversation goes on.
    for (let n = 0; n < 20; n++) {
      const [file, port] =
        n % 2 === 0 ? (['a.jsonl', 9701] as const) : (['b.jsonl', 9702] as const);
      bridge(settings(file, port, `${inline}${said}user: nobody\n`));
      expect(reload(n % 2 === 0 ? 9702 : 9701)).toMatchObject({ ok: true });
    }
    const count = await conversation.enough();
    expect(conversation.heard).toEqual(conversation.lines.slice(0, count));
    expect(await pings.lost()).toEqual([]);
    const all = () => [...messagesIn('a.jsonl'), ...messagesIn('b.jsonl')];
    await eventually('the last message', () => all().includes(`line ${count - 1}`));
    const both = all();
    expect(both).toHaveLength(count);
    expect(new Set(both).size).toBe(count);
    expect(running.log).toMatch(/^\{"level":"info",.*settings are in force/m);
    expect(running.log).toMatch(/settings that need a restart have changed/);

    // Half a message waits as long as is said now.
    const half = await talk(['PRIVMSG ben :ha'], 'half');
    const waited = await half.delay();
    expect(waited, 'milliseconds').toBeGreaterThanOrEqual(600);
    await half.end();

    // The watchdog has heard it too: the wire is shut when the engine dies.
    expect(passes(client)).toBe(true);
    process.kill(engineOf(running), 'SIGKILL');
    await eventually('the wire is shut', () => !passes(client));
    await running.ended();
    // What the watchdog left behind is another test's.
    ip('-n', box, 'link', 'set', 'b0', 'nomaster');
    ip('-n', box, 'link', 'set', 'b1', 'nomaster');
  });

  test('what cannot be carried out leaves everything as it was, and says why', async () => {
    bridge(settings('c.jsonl', 9703, ''));
    const running = await start();
    const taken = spawn('ip', ['netns', 'exec', box, process.execPath, '-e', LISTEN], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(taken.stdout, 'data');
    bridge(settings('d.jsonl', 9704, 'inline: { hold-time: 700ms }\nlog: { format: json }\n'));
    expect(reload(9703)).toMatchObject({
      ok: false,
      changed: [],
      diagnostics: ['admin server: 127.0.0.1:9704: the port is in use'],
    });
    const freed = once(taken, 'close');
    taken.kill();
    await freed;
    bridge(settings('nowhere/d.jsonl', 9704, ''));
    expect(reload(9703).diagnostics.join()).toMatch(/events cannot be written there/);
    bridge(settings('c.jsonl', 9703, 'inline: { hold-tme: 700ms }\n'));
    expect(reload(9703).diagnostics.join()).toMatch(/'hold-tme' \(did you mean 'hold-time'\?\)/);
    const conversation = await talk(['PRIVMSG ben :still here']);
    await conversation.ended;
    await eventually('the message', () => messagesIn('c.jsonl').includes('still here'));
    expect(existsSync(scratch('d.jsonl')) && readFileSync(scratch('d.jsonl'), 'utf8')).toBe('');
    expect(running.log).not.toMatch(/^\{/m);
    expect(JSON.parse(ask(9703, '/api/v1/status')).policy.reloads).toEqual({ ok: 0, failed: 3 });
  });

  test('a tap begins to send resets, and ends', async () => {
    ip('-n', box, 'link', 'add', 'name', 'lab0', 'type', 'bridge');
    for (const port of ['b0', 'b1']) ip('-n', box, 'link', 'set', port, 'master', 'lab0');
    ip('-n', box, 'link', 'set', 'lab0', 'up');
    const tap = (more: string) => configure('tap', `interfaces: [b0]\n${more}`);
    tap(settings('t.jsonl', 9705, ''));
    await start();
    /** Whether so many lines after a forbidden one arrived. */
    const all = async (count: number): Promise<boolean> => {
      const after = Array.from({ length: count }, (_, n) => `PRIVMSG ben :${n}`);
      const conversation = await talk(['PRIVMSG ben :falcon', ...after]);
      await conversation.ended;
      return conversation.heard.length === 1 + count;
    };
    expect(await all(30)).toBe(true);
    tap(settings('t.jsonl', 9705, 'tap: { reset-interface: lab0 }\n'));
    expect(reload(9705)).toMatchObject({ ok: true, changed: ['tap.reset-interface'] });
    // The reset comes whenever a busy machine has it.
    expect(await all(LONG)).toBe(false);
    tap(settings('t.jsonl', 9705, 'tap: { reset-interface: nowhere }\n'));
    expect(reload(9705).diagnostics.join()).toMatch(/nowhere: no such network interface/);
    expect(await all(LONG)).toBe(false);
    tap(settings('t.jsonl', 9705, ''));
    expect(reload(9705)).toMatchObject({ ok: true, changed: ['tap.reset-interface'] });
    expect(await all(30)).toBe(true);
    ip('-n', box, 'link', 'del', 'lab0');
  });
});

const ADDRESS = '10.79.0.2';
/** Lines of a conversation that takes a minute, if nobody ends it. */
const LONG = 3000;
const LISTEN = "require('net').createServer().listen(9704, '127.0.0.1', () => console.log('on'))";

/** The program itself: `ip netns exec` becomes it. */
const engineOf = (running: LiveProgram) => running.child.pid ?? 0;

function passes(from: string): boolean {
  try {
    inside(from, 'ping', '-c', '1', '-W', '1', ADDRESS);
    return true;
  } catch {
    return false;
  }
}

/** A ping every 5 ms, until it is asked how many were lost. */
class Pings {
  readonly #child: ChildProcess;
  #text = '';

  constructor(from: string, to: string) {
    const command = ['netns', 'exec', from, 'ping', '-i', '0.005', to];
    this.#child = spawn('ip', command, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (data) => {
      this.#text += data;
    });
  }

  /** Those that were asked before the newest answer and never answered: answers come on, and in their order. */
  async lost(): Promise<number[]> {
    const before = this.#answered().size;
    await eventually('answers', () => this.#answered().size > before + 100);
    const ended = once(this.#child, 'close');
    this.#child.kill('SIGINT');
    await ended;
    const answered = this.#answered();
    const newest = Math.max(...answered);
    return Array.from({ length: newest }, (_, n) => n + 1).filter((n) => !answered.has(n));
  }

  #answered(): Set<number> {
    return new Set([...this.#text.matchAll(/icmp_seq=(\d+) ttl/g)].map(([, n]) => Number(n)));
  }
}

/** An IRC conversation between two hosts, as plain-irc.mjs speaks it. */
class Talk {
  readonly lines: readonly string[];
  readonly ended: Promise<unknown>;
  readonly #ends: readonly ChildProcess[];
  readonly #spoken: Said;
  readonly #heard: Said;

  private constructor(lines: readonly string[], ends: readonly ChildProcess[], said: Said[]) {
    this.lines = lines;
    this.#ends = ends;
    [this.#heard = new Said(undefined), this.#spoken = new Said(undefined)] = said;
    this.ended = Promise.all(ends.map((end) => once(end, 'close')));
  }

  static async begin(
    server: string,
    client: string,
    lines: readonly string[],
    role: 'client' | 'half' = 'client',
  ): Promise<Talk> {
    const listener = node(server, 'server', ADDRESS, '-');
    const heard = new Said(listener);
    await eventually('the server', () => heard.text.includes('listening'));
    const speaker = node(client, role, ADDRESS, ...lines);
    return new Talk(lines, [listener, speaker], [heard, new Said(speaker)]);
  }

  get heard(): string[] {
    const text = this.#heard.chunks.map((chunk) => chunk.text).join('');
    return text.split('\r\n').filter((line) => line.startsWith('PRIVMSG'));
  }

  /** Milliseconds from just before half a line was sent until it came. */
  async delay(): Promise<number> {
    return eventually('half a line', () => {
      const sent = this.#spoken.chunks.find(({ text }) => text === 'sent');
      const came = this.#heard.chunks.find(({ text }) => text.includes('PRIVMSG'));
      return sent !== undefined && came !== undefined && came.at - sent.at;
    });
  }

  /** Nothing more is to be said; how many lines were, and all of them have come. */
  async enough(): Promise<number> {
    this.#ends[1]?.kill();
    await this.ended;
    const told = this.#spoken.chunks.at(-1)?.text;
    return Number(/^spoken (\d+)$/.exec(told ?? '')?.[1]);
  }

  async end(): Promise<void> {
    for (const end of this.#ends) end.kill();
    await this.ended;
  }
}

/** Lines of JSON, and others. */
class Said {
  text = '';

  constructor(program: ChildProcess | undefined) {
    program?.stdout?.setEncoding('utf8').on('data', (data) => {
      this.text += data;
    });
  }

  get chunks(): { at: number; text: string }[] {
    return this.text
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  }
}

function node(namespace: string, ...args: string[]): ChildProcess {
  const script = join(repositoryRoot, 'test', 'cli', 'plain-irc.mjs');
  const command = ['netns', 'exec', namespace, process.execPath, script, ...args];
  return spawn('ip', command, { stdio: ['ignore', 'pipe', 'inherit'] });
}
