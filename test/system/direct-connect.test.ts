/**
 * Direct Connect has no second decoder to ask, so a real client (ncdc) and a real hub (uhub) say whether they
 * go on after what a bridge leaves of a refused message.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { ADC, NMDC } from '../../parsers/nmdc/definition.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { type TemporaryFolder, temporaryFolder } from '../record/lab/temporary-folder.ts';
import { needs } from '../support/need.ts';
import { listening, neutralisingRelay } from '../support/neutralising-relay.ts';

/** Milliseconds: a machine may be slow. */
const PATIENCE = 60_000;

const need = needs({ tools: ['ncdc', 'uhub', 'script'] });
const bad = (event: ImEvent) => event.kind === 'message' && event.text?.includes('bad') === true;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function folder(name: string): TemporaryFolder {
  const made = temporaryFolder(name);
  closing.push(() => made.remove());
  return made;
}

function started(child: ChildProcess): ChildProcess {
  child.on('error', () => undefined);
  closing.push(async () => {
    for (let waited = 0; child.exitCode === null && child.signalCode === null; waited += 50) {
      if (waited % 1000 === 0) child.kill(waited < 3000 ? 'SIGTERM' : 'SIGKILL');
      await sleep(50);
    }
  });
  return child;
}

async function until(what: () => boolean, why: () => string): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while (!what()) {
    if (performance.now() > deadline) throw new Error(why());
    await sleep(100);
  }
}

/** ncdc on a terminal of its own; what it shows stands in its logs. */
class Client {
  readonly #child: ChildProcess;
  readonly #home: string;

  constructor(nick: string) {
    this.#home = folder(`ncdc-${nick}`).path;
    const environment = { ...process.env, TERM: 'xterm', LANG: 'C.UTF-8', SHELL: '/bin/sh' };
    const command = `stty rows 40 cols 120; exec ncdc -n -c '${this.#home}'`;
    this.#child = started(
      spawn('script', ['-qfec', command, '/dev/null'], { env: environment, stdio: 'pipe' }),
    );
    // Its window must be read, or it stands still.
    this.#child.stdout?.resume();
    // It writes its files until it has ended, which the terminal's end does not wait for.
    closing.push(async () => {
      this.#child.stdin?.write('/quit\r');
      for (let waited = 0; this.#child.exitCode === null && waited < 5000; waited += 50) {
        await sleep(50);
      }
    });
  }

  async type(line: string): Promise<void> {
    this.#child.stdin?.write(`${line}\r`);
    await sleep(300);
  }

  async open(nick: string, scheme: string, port: number): Promise<void> {
    // Before it has the terminal, what is typed is lost.
    await this.#tells('Using working directory');
    await this.type(`/set nick ${nick}`);
    await this.#tells(`nick = ${nick}`);
    await this.type('/set tls_policy disabled');
    await this.#tells('tls_policy = disabled');
    await this.type(`/open moor ${scheme}://127.0.0.1:${port}/`);
  }

  /** Until the hub has let it in and sends what it says to everybody, itself too. */
  async entered(nick: string): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    while (!this.chat.includes(`<${nick}> here`)) {
      if (performance.now() > deadline) throw new Error(`${nick}: ${this.chat.join('\n')}`);
      await this.type('here');
    }
  }

  async #tells(text: string): Promise<void> {
    const log = join(this.#home, 'logs', 'main.log');
    const told = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');
    await until(
      () => told().includes(text),
      () => `ncdc does not say "${text}" but:\n${told()}`,
    );
  }

  /** Lines of the hub's window, `<nick> text`. */
  get chat(): readonly string[] {
    return readable(join(this.#home, 'logs'))
      .filter((name) => name.includes('moor'))
      .flatMap((name) => readFileSync(join(this.#home, 'logs', name), 'utf8').split('\n'))
      .map((line) => line.replace(/^\[.*?\] /, ''));
  }

  async shows(line: string): Promise<void> {
    await until(
      () => this.chat.includes(line),
      () => `"${line}" is not shown; shown is:\n${this.chat.join('\n')}`,
    );
  }
}

/** One that the system gives nobody: those it chooses itself lie above 32767. */
async function freePort(): Promise<number> {
  for (let port = 20_000 + (process.pid % 12_000); ; port++) {
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => resolve(true));
    });
    await new Promise((resolve) => probe.close(resolve));
    if (isFree) return port;
  }
}

function readable(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

describe.skipIf(need.skip)(`Direct Connect${need.why}`, () => {
  test('NMDC: ncdc shows what follows a refused message', { timeout: 180_000 }, async () => {
    const sockets: Socket[] = [];
    const heard: string[] = [];
    const hub = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', (octets) => heard.push(octets.toString('latin1')));
      socket.write('$Lock EXTENDEDPROTOCOLabcabcabc Pk=fake|');
    });
    closing.push(() => hub.close());
    const relay = await neutralisingRelay(NMDC, await listening(hub), bad);
    closing.push(() => relay.close());
    const ann = new Client('ann');
    await ann.open('ann', 'dchub', relay.port);
    const said = () => heard.join('');
    await until(() => said().includes('$ValidateNick ann|'), said);
    const say = (text: string) => sockets[0]?.write(text);
    say('$Supports NoHello|$HubName Moor|$Hello ann|');
    await until(() => said().includes('$MyINFO'), said);
    say('$MyINFO $ALL bob bees<x V:1,M:A,H:1/0/0,S:3>$ $10\x01$$0$|');
    say('<bob> one|<bob> bad words|<bob> two|');
    await ann.shows('<bob> two');
    expect(ann.chat).toContain('<bob> one');
    expect(ann.chat.join('\n')).not.toContain('bad words');

    await ann.type('three');
    await until(() => said().includes('<ann> three|'), said);
    await ann.type('a bad one');
    await ann.type('four');
    await until(() => said().includes('<ann> four|'), said);
    expect(said()).not.toContain('a bad one');
    expect(said()).toMatch(/<ann> three\|\|{16}<ann> four\|/);
    expect(relay.refused.map(({ text }) => text)).toEqual(['bad words', 'a bad one']);
  });

  test('ADC: uhub and ncdc go on after a refused message', { timeout: 180_000 }, async () => {
    const files = folder('uhub').path;
    const hubPort = await freePort();
    const users = join(files, 'users.conf');
    writeFileSync(users, '');
    const settings = [
      `server_port=${hubPort}`,
      'server_bind_addr=127.0.0.1',
      'hub_name=Moor Hub',
      'hub_enabled=1',
      'tls_enable=0',
      `file_acl=${users}`,
    ];
    writeFileSync(join(files, 'uhub.conf'), `${settings.join('\n')}\n`);
    const log = join(files, 'log');
    started(spawn('uhub', ['-c', join(files, 'uhub.conf'), '-l', log], { stdio: 'ignore' }));
    await until(
      () => readable(files).includes('log') && readFileSync(log, 'utf8').includes('listening'),
      () => `uhub does not start: ${readable(files).includes('log') && readFileSync(log, 'utf8')}`,
    );
    const relay = await neutralisingRelay(ADC, hubPort, bad);
    closing.push(() => relay.close());
    const ann = new Client('ann');
    const bob = new Client('bob');
    await ann.open('ann', 'adc', relay.port);
    await bob.open('bob', 'adc', hubPort);
    await ann.entered('ann');
    await bob.entered('bob');
    await ann.type('one');
    await bob.shows('<ann> one');
    await ann.type('bad word');
    await ann.type('two');
    await bob.shows('<ann> two');
    await bob.type('bad of bob');
    await bob.type('three');
    await ann.shows('<bob> three');
    expect(bob.chat.join('\n')).not.toContain('bad word');
    expect(ann.chat.join('\n')).not.toContain('<bob> bad');
    expect(relay.refused.map(({ text }) => text)).toEqual(['bad word', 'bad of bob']);
  });
});
