/** The engine of engine.fixture.ts as a process under test, and a ping beside it. */
import type { ChildProcess } from 'node:child_process';
import type { TestWire } from './wire.fixture.ts';
import type { WireStatus } from './wire-guard.ts';

/** Milliseconds that a busy machine may need for what takes a moment. */
const PATIENCE = 60_000;
/** Milliseconds. */
const TICK = 5;

/** What the stand-in engine says. */
export type Line = Record<string, unknown>;

export class TestEngine {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  #lines: Line[] = [];
  #text = '';
  #silent = false;
  /** What it said on standard error. */
  errors = '';
  #wake: () => void = () => undefined;

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.on('data', (data) => {
      const lines = `${this.#text}${data}`.split('\n');
      this.#text = lines.pop() ?? '';
      this.#lines.push(...lines.map((line) => JSON.parse(line) as Line));
      this.#wake();
    });
    // What it said last may be read after it is gone.
    child.stdout?.on('close', () => {
      this.#silent = true;
      this.#wake();
    });
    child.stderr?.setEncoding('utf8').on('data', (data) => {
      this.errors += data;
      this.#wake();
    });
    this.ended = new Promise((resolve) => child.on('exit', () => resolve()));
    void this.ended.then(() => this.#wake());
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The first line that has this, now or later. */
  hears(what: string): Promise<Line> {
    return this.#hears(what, (line) => what in line);
  }

  /** The number of a watchdog as it is wanted. */
  async hearsOfWatchdog(wanted: (pid: number | undefined) => boolean): Promise<number> {
    const line = await this.#hears('watchdog', ({ status }) => {
      return status !== undefined && wanted((status as WireStatus).watchdog);
    });
    return (line.status as WireStatus).watchdog ?? 0;
  }

  /** Its watchdog's too, which may be said after the engine has ended. */
  async complains(what: string): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    while (!this.errors.includes(what)) {
      if (performance.now() > deadline) {
        throw new Error(`nobody complained '${what}':\n${this.errors}`);
      }
      await this.#news();
    }
  }

  async #hears(what: string, wanted: (line: Line) => boolean): Promise<Line> {
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      const line = this.#lines.find(wanted);
      if (line !== undefined) return line;
      if (performance.now() > deadline || this.#silent) {
        throw new Error(
          `the engine did not say ${what}: ${JSON.stringify(this.#lines)} ${this.errors}`,
        );
      }
      await this.#news();
    }
  }

  #news(): Promise<void> {
    return new Promise<void>((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, 100);
    });
  }
}

/** How long this process stood still, at most: what is slower by that is the machine's doing. */
export class Standstill {
  #last = performance.now();
  #most = 0;
  readonly #timer = setInterval(() => this.#look(), TICK);

  /** Milliseconds, since it was made. */
  end(): number {
    clearInterval(this.#timer);
    this.#look();
    return Math.round(this.#most);
  }

  #look(): void {
    const now = performance.now();
    this.#most = Math.max(this.#most, now - this.#last - TICK);
    this.#last = now;
  }
}

/** Answers to a ping every 5 ms. */
export class Echoes {
  duplicates = 0;
  /** Echoes asked for before the newest answer, and never answered. */
  missing = 0;
  #sequence = 0;
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
    const deadline = performance.now() + PATIENCE;
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
    const [, time, sequence] = /^\[(\d+\.\d+)\] \d+ bytes from .*icmp_seq=(\d+)/.exec(line) ?? [];
    if (time === undefined) return;
    if (line.includes('DUP')) {
      this.duplicates += 1;
      return;
    }
    this.missing += Number(sequence) - this.#sequence - 1;
    this.#sequence = Number(sequence);
    this.#times.push(Number(time) * 1000);
  }
}
