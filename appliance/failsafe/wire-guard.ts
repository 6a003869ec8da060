/**
 * The engine's side of its fail-safe: starts the watchdog, shows it signs of life, takes the wire from the
 * kernel and gives it back.
 *
 *     const guard = await WireGuard.start({ … });   // the kernel carries the wire (open), or nobody (closed)
 *     … sockets opened, privileges dropped …
 *     guard.watch(beats);                           // signs of life while all workers advance
 *     const since = await guard.take();             // the engine carries what came in since then
 *     …
 *     await guard.stop();                           // a clean end: onStop decides who carries
 *
 * Should the watchdog itself die, a new one is started; until then nobody guards the wire, and it says so.
 */
import type { OnFailure } from '../config/settings.ts';
import type { Log } from '../log/log.ts';
import { Pulse } from './pulse.ts';
import { type Question, WatchdogProcess, type WireAnswer } from './watchdog-process.ts';
import {
  type CarriedBy,
  Order,
  type WatchdogOptions,
  type WatchdogSettings,
} from './watchdog-protocol.ts';

/** Milliseconds between two looks at the workers: a bridge turns every 10 ms, at the latest every 50. */
const BEAT_EVERY = 50;
/** Milliseconds between two questions whether the watchdog is still there. */
const LOOK_EVERY = 2000;
/** Milliseconds until a lost watchdog is replaced: the first time, and at most. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 30_000;

/** What may change while it guards. */
export interface WireGuardSettings {
  readonly onFailure: OnFailure;
  /** Undefined: as `onFailure`: a box that lets pass when it fails lets pass when it is stopped, too. */
  readonly onStop: OnFailure | undefined;
  /** Milliseconds without a sign of life until the watchdog acts. */
  readonly timeout: number;
  readonly logFormat: 'json' | 'text';
}

export interface WireGuardOptions extends WireGuardSettings {
  readonly a: string;
  readonly b: string;
  /** The account that the engine becomes. */
  readonly user: string | undefined;
  readonly log: Log;
}

export interface WireStatus {
  readonly carriedBy: CarriedBy;
  readonly failovers: number;
  /** Process id; undefined: there is none now, the wire is not guarded. */
  readonly watchdog: number | undefined;
}

export class WireGuard {
  readonly #options: WireGuardOptions;
  #settings: WireGuardSettings;
  #watchdog: WatchdogProcess | undefined;
  #status: WireStatus = { carriedBy: 'nobody', failovers: 0, watchdog: undefined };
  #beating: NodeJS.Timeout | undefined;
  #looking: NodeJS.Timeout | undefined;
  #replacing: NodeJS.Timeout | undefined;
  #pause = FIRST_PAUSE;
  #stopped = false;

  private constructor(options: WireGuardOptions) {
    this.#options = options;
    this.#settings = options;
  }

  /** Rejects with UserError where the wire cannot be guarded: nothing was touched, or the kernel carries it. */
  static async start(options: WireGuardOptions): Promise<WireGuard> {
    const guard = new WireGuard(options);
    try {
      await guard.#startWatchdog(false);
    } catch (error) {
      guard.#stopped = true;
      throw error;
    }
    guard.#looking = setInterval(() => void guard.#look(), LOOK_EVERY);
    guard.#looking.unref();
    return guard;
  }

  get status(): WireStatus {
    return this.#status;
  }

  /** Signs of life from here on, while every worker counts up its word of `beats` and this thread is not stuck. */
  watch(beats: Int32Array): void {
    const pulse = new Pulse(beats);
    clearInterval(this.#beating);
    this.#beating = setInterval(() => {
      if (pulse.advanced()) this.beat();
    }, BEAT_EVERY);
    this.#beating.unref();
  }

  /** One sign of life, from who does not use `watch`. At least every 100 ms. */
  beat(): void {
    this.#watchdog?.beat();
  }

  /**
   * The engine carries the wire. Returns since when, in microseconds since 1970: what came in earlier was
   * carried by the kernel and must be thrown away. From here on silence is a failure.
   */
  async take(): Promise<number> {
    return (await this.#ask(Order.Take)).at;
  }

  /**
   * The engine cannot carry the wire: `onFailure` decides who does, and it counts as a failover. Returns
   * since when: what came in earlier is still the engine's to forward. `take` takes it back.
   */
  async handOver(): Promise<number> {
    return (await this.#ask(Order.HandOver)).at;
  }

  /** A clean end: `onStop` decides who carries the wire. Returns since when: what came in earlier is still the engine's. */
  async stop(): Promise<number> {
    this.#stopped = true;
    clearTimeout(this.#replacing);
    clearInterval(this.#beating);
    clearInterval(this.#looking);
    try {
      // Somebody must be there to care for the wire when we are gone.
      if (this.#watchdog === undefined) await this.#startWatchdog(this.#carrying);
      return (await this.#ask(Order.Goodbye)).at;
    } finally {
      this.#watchdog?.leave();
    }
  }

  /** What the watchdog does from here on; one that is just being replaced begins with it. */
  async change(settings: WireGuardSettings): Promise<void> {
    const isSame =
      JSON.stringify(watchdogSettings(settings)) ===
      JSON.stringify(watchdogSettings(this.#settings));
    if (isSame) return;
    this.#settings = settings;
    await this.#tellSettings();
  }

  async #tellSettings(): Promise<void> {
    try {
      const answer = await this.#watchdog?.change(watchdogSettings(this.#settings));
      if (answer !== undefined) this.#hear(answer);
    } catch {
      // It has ended: `#lost` says so, and starts the next one.
    }
  }

  get #carrying(): boolean {
    return this.#status.carriedBy === 'engine';
  }

  /** A watchdog that does not answer is ended, and replaced as one that died. */
  async #look(): Promise<void> {
    try {
      await this.#ask(Order.Look);
    } catch {
      // There is none, or it has just been ended: `#lost` says so.
    }
  }

  async #ask(order: Question): Promise<WireAnswer> {
    if (this.#watchdog === undefined) throw new Error('there is no watchdog now');
    const answer = await this.#watchdog.ask(order);
    this.#hear(answer);
    return answer;
  }

  async #startWatchdog(carrying: boolean): Promise<void> {
    const { a, b, user } = this.#options;
    const settings = this.#settings;
    const options: WatchdogOptions = {
      ...watchdogSettings(settings),
      ...{ a, b, user, carrying, engine: process.pid },
    };
    const watchdog = new WatchdogProcess(options, () => this.#lost(watchdog));
    const answer = await watchdog.first;
    this.#watchdog = watchdog;
    if (settings !== this.#settings) await this.#tellSettings(); // changed meanwhile
    this.#pause = FIRST_PAUSE;
    this.#hear(answer);
    for (const line of answer.warnings) this.#options.log.warn(line);
  }

  #hear({ carriedBy, failovers }: WireAnswer): void {
    this.#status = { carriedBy, failovers, watchdog: this.#watchdog?.pid };
  }

  #lost(watchdog: WatchdogProcess): void {
    if (this.#stopped || watchdog !== this.#watchdog) return;
    this.#watchdog = undefined;
    this.#status = { ...this.#status, watchdog: undefined };
    this.#options.log.error(
      'the watchdog has died: nobody guards the wire until there is a new one',
    );
    this.#replaceLater();
  }

  #replaceLater(): void {
    this.#replacing = setTimeout(() => void this.#replace(), this.#pause);
    this.#replacing.unref();
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }

  async #replace(): Promise<void> {
    try {
      await this.#startWatchdog(this.#carrying);
      this.#options.log.info('a new watchdog guards the wire', { process: this.#status.watchdog });
    } catch (error) {
      if (this.#stopped) return;
      this.#options.log.error('no new watchdog could be started', { error });
      this.#replaceLater();
    }
  }
}

function watchdogSettings(settings: WireGuardSettings): WatchdogSettings {
  const { onFailure, onStop = onFailure, timeout, logFormat } = settings;
  return { onFailure, onStop, timeout, logFormat };
}
