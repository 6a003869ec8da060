import type { ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../../test/support/need.ts';
import { type Compiled, compile } from './compiled.fixture.ts';
import { endGroup, TestWire } from './wire.fixture.ts';

const need = needs({ root: true, tools: ['ip', 'ping', 'iperf3'] });
const ENGINE = 'appliance/failsafe/engine.fixture.ts';

describe.skipIf(need.skip)(`an engine that fails${need.why}`, () => {
  let wire: TestWire;
  let programs: Compiled;
  beforeAll(() => {
    programs = compile('failover', [ENGINE, 'appliance/failsafe/watchdog-main.ts']);
  });
  afterAll(() => programs.remove());
  afterEach(() => wire.remove());

  function engine(policy: object = {}): Engine {
    const options = {
      ...{ a: 'a0', b: 'b0', onFailure: 'open', timeout: 500, user: 'nobody', logFormat: 'text' },
      ...policy,
    };
    const program = [process.execPath, programs.path(ENGINE), JSON.stringify(options)];
    return new Engine(wire.start(wire.box, ...program));
  }

  test.each(['SIGKILL', 'SIGSTOP'] as const)(
    'open: %s, and the kernel carries; a new one takes it back',
    async (signal) => {
      wire = new TestWire();
      const first = engine();
      await first.hears('took');
      const echoes = new Echoes(wire);
      const load = wire.load();
      await echoes.more(50);
      const before = first.pid;
      process.kill(before, signal);
      await first.ended;
      await echoes.more(50);
      const failed = echoes.longestGap();
      expect(failed, 'milliseconds').toBeLessThan(1000);
      echoes.forget();
      const second = engine();
      expect((await second.hears('guarded')).guarded).toMatchObject({
        carriedBy: 'kernel',
        failovers: 1,
      });
      expect((await second.hears('took')).took).toMatchObject({
        carriedBy: 'engine',
        failovers: 1,
      });
      await echoes.more(50);
      const taken = echoes.longestGap();
      expect(echoes.duplicates, 'duplicates').toBe(0);
      expect(taken, 'milliseconds').toBeLessThan(1000);
      process.stdout.write(
        `${signal}: ${failed} ms until the kernel carried, ${taken} ms to take it back\n`,
      );
      endGroup(load);
      second.child.kill('SIGTERM');
      expect((await second.hears('stopped')).stopped).toMatchObject({ carriedBy: 'kernel' });
      await second.ended;
      expect(wire.passes()).toBe(true);
    },
  );
});

/** What the stand-in engine says. */
type Line = Record<string, unknown>;

class Engine {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  #lines: Line[] = [];
  #text = '';
  #errors = '';
  #wake: () => void = () => undefined;

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.on('data', (data) => {
      const lines = `${this.#text}${data}`.split('\n');
      this.#text = lines.pop() ?? '';
      this.#lines.push(...lines.map((line) => JSON.parse(line) as Line));
      this.#wake();
    });
    child.stderr?.on('data', (data) => {
      this.#errors += data;
    });
    this.ended = new Promise((resolve) => child.on('exit', () => resolve()));
    void this.ended.then(() => this.#wake());
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The first line that has this, now or later. */
  async hears(what: string, deadline = performance.now() + 15_000): Promise<Line> {
    for (;;) {
      const line = this.#lines.find((candidate) => what in candidate);
      if (line !== undefined) return line;
      if (performance.now() > deadline || this.child.exitCode !== null) {
        throw new Error(
          `the engine did not say ${what}: ${JSON.stringify(this.#lines)} ${this.#errors}`,
        );
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, 100);
      });
    }
  }
}

/** Answers to a ping every 5 ms. */
class Echoes {
  duplicates = 0;
  #times: number[] = [];
  #text = '';

  constructor(wire: TestWire) {
    const child = wire.start(wire.left, 'ping', '-D', '-i', '0.005', '10.9.0.2');
    child.stdout?.on('data', (data) => {
      const lines = `${this.#text}${data}`.split('\n');
      this.#text = lines.pop() ?? '';
      for (const line of lines) this.#read(line);
    });
  }

  async more(count: number): Promise<void> {
    const until = this.#times.length + count;
    const deadline = performance.now() + 15_000;
    while (this.#times.length < until) {
      if (performance.now() > deadline) throw new Error('no answers come through');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  longestGap(): number {
    return Math.round(
      this.#times.reduce((most, time, n) => Math.max(most, time - (this.#times[n - 1] ?? time)), 0),
    );
  }

  forget(): void {
    this.#times = this.#times.slice(-1);
    this.duplicates = 0;
  }

  /** `[1790000000.123456] 64 bytes from …`, with `(DUP!)` where it came twice. */
  #read(line: string): void {
    const [, time] = /^\[(\d+\.\d+)\] \d+ bytes from/.exec(line) ?? [];
    if (time === undefined) return;
    if (line.includes('DUP')) this.duplicates += 1;
    else this.#times.push(Number(time) * 1000);
  }
}
