/**
 * The watchdog's work: listens to the engine, and when it fails gives the wire to the kernel or leaves it
 * shut. One thread in poll(2), no event loop: nothing stands between the end of the wait and the one
 * request that decides. The log line comes after the deed.
 */
import { writeSync } from 'node:fs';
import { errno, libc } from '../../src/capture/native/libc.ts';
import type { WireHistory } from './bridge-history.ts';
import type { KernelBridge } from './kernel-bridge.ts';
import type { ProcessHandle } from './process-handle.ts';
import { wallMicroseconds } from './wall-clock.ts';
import { Watch } from './watch.ts';
import type { Tell } from './watchdog-log.ts';
import {
  type CarriedBy,
  CHANNEL,
  Order,
  type WatchdogOptions,
  type WatchdogSettings,
} from './watchdog-protocol.ts';
import { readSettings, SETTINGS_OCTETS } from './watchdog-settings.ts';

const POLLIN = 1;
const MSG_DONTWAIT = 0x40;
const EAGAIN = 11;
const EINTR = 4;
/** Milliseconds between two looks at the bridge. They also keep the pages of the critical path in memory. */
const LOOK_EVERY = 5000;

export class Watchdog {
  readonly #options: WatchdogOptions;
  #settings: WatchdogSettings;
  readonly #makeBridge: (shut: boolean) => KernelBridge;
  #bridge: KernelBridge;
  readonly #engine: ProcessHandle;
  readonly #print: Tell;
  readonly #watch: Watch;
  readonly #orders = new Uint8Array(256);
  /** What has come of new settings; undefined: none are under way. */
  #coming: number[] | undefined;
  /** struct pollfd[2]: fd(4) events(2) revents(2), the last in the high half of a word. */
  readonly #waitFor: Int32Array;
  #ended = false;
  #fault: string | undefined;

  /** Throws UserError where the bridge cannot be made. */
  constructor(
    options: WatchdogOptions,
    makeBridge: (shut: boolean) => KernelBridge,
    engine: ProcessHandle,
    tell: Tell,
  ) {
    this.#options = options;
    this.#settings = options;
    this.#makeBridge = makeBridge;
    this.#bridge = makeBridge(isShut(options));
    this.#engine = engine;
    this.#print = tell;
    this.#watch = new Watch(options.timeout);
    this.#waitFor = Int32Array.of(CHANNEL, POLLIN, engine.fd, POLLIN);
  }

  /** Returns when there is nothing more to guard. */
  run(): void {
    const { onFailure, carrying } = this.#options;
    let at = 0;
    if (carrying) {
      if (this.#bridge.carrying) at = this.#set(false);
      this.#watch.arm(performance.now());
    } else if (onFailure === 'open' && !this.#bridge.carrying) at = this.#set(true);
    this.#answer(at, this.#bridge.warnings);
    let nextLook = performance.now() + LOOK_EVERY;
    while (!this.#ended) {
      const before = performance.now();
      const patience = this.#watch.patience(before);
      const wait = Math.min(patience === -1 ? LOOK_EVERY : patience, LOOK_EVERY);
      libc().poll(this.#waitFor, 2, wait);
      this.#listen();
      // It has ended, though something it started still holds the channel.
      if (!this.#ended && (this.#waitFor[3] ?? 0) >>> 16 !== 0) this.#gone();
      const now = performance.now();
      if (this.#ended) return;
      if (this.#watch.failed(now, now - before - wait)) this.#hung();
      else if (now > nextLook) {
        nextLook = now + LOOK_EVERY;
        this.#look();
      }
    }
  }

  #listen(): void {
    for (;;) {
      const length = Number(libc().recv(CHANNEL, this.#orders, this.#orders.length, MSG_DONTWAIT));
      if (length > 0) {
        for (let n = 0; n < length; n++) this.#hear(this.#orders[n] ?? 0);
        continue;
      }
      const error = length < 0 ? errno() : 0;
      if (error === EINTR) continue;
      if (error !== EAGAIN) this.#gone();
      return;
    }
  }

  #hear(octet: number): void {
    if (this.#coming !== undefined) {
      this.#coming.push(octet);
      if (this.#coming.length < SETTINGS_OCTETS) return;
      const settings = readSettings(this.#coming);
      this.#coming = undefined;
      this.#change(settings);
    } else if (octet === Order.Settings) this.#coming = [];
    else this.#obey(octet);
  }

  #obey(order: number): void {
    const now = performance.now();
    if (order === Order.Beat) this.#watch.alive(now);
    else if (order === Order.Look) this.#answer(0);
    else if (order === Order.Take) this.#take(now);
    else if (order === Order.HandOver) {
      this.#watch.disarm();
      this.#answer(this.#fail('handed over', 'the engine gave it up'));
    } else if (order === Order.Goodbye) {
      this.#watch.disarm();
      const open = this.#settings.onStop === 'open';
      this.#answer(this.#set(open));
      this.#tell('info', open ? this.#carries() : `${this.#wire} is shut: the engine was stopped`);
    }
  }

  /** Also where no engine carries the wire now: then it is opened, or shut, at once. */
  #change(settings: WatchdogSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    this.#watch.change(settings.timeout, performance.now());
    const { armed } = this.#watch;
    const open = settings.onFailure === 'open';
    const isTurned = settings.onFailure !== before.onFailure;
    const carries = armed || !isTurned ? this.#bridge.carrying : open;
    let at = 0;
    if (isShut(settings) !== isShut(before)) {
      const why = this.#mend(carries);
      if (why !== undefined) this.#tell('error', `${this.#wire}: ${why}`);
    } else if (carries !== this.#bridge.carrying) at = this.#set(carries);
    this.#answer(at);
  }

  #take(now: number): void {
    if (!this.#engine.mayKill) {
      const refused = 'the watchdog may not end the engine, should it hang';
      const hint =
        'Both must run as the same account: take the wire after privileges were dropped.';
      this.#send({ refused, hint });
      return;
    }
    const since = this.#set(false);
    this.#watch.arm(now);
    this.#answer(since);
  }

  #hung(): void {
    // Killed first: what is left of it must not carry packets beside the bridge, or behind a shut wire.
    this.#engine.kill();
    this.#fail(
      'hung',
      `the engine gave no sign of life for ${this.#settings.timeout} ms and was ended`,
    );
    this.#ended = true;
  }

  /** The channel is closed: the engine has ended, by whatever it was. If it has not, it does now. */
  #gone(): void {
    if (this.#watch.armed) {
      this.#engine.kill();
      this.#fail('died', `the engine (process ${this.#options.engine}) died`);
    }
    this.#ended = true;
  }

  /** Returns since when the wire is as it must be without an engine. */
  #fail(reason: string, why: string): number {
    const open = this.#settings.onFailure === 'open';
    const at = this.#set(open);
    const { failovers } = this.#bridge.history;
    const last = Math.floor(at / 1000);
    this.#remember({ failovers: failovers + 1, last, reason: reason.replace(' ', '-') });
    const now = open ? this.#carries() : `${this.#wire} is shut`;
    this.#tell('error', `${why}: ${now} (failover ${failovers + 1})`);
    return at;
  }

  #remember(history: WireHistory): void {
    try {
      this.#bridge.remember(history);
    } catch {
      // There is no bridge to remember it; `#set` has said why.
    }
  }

  /** What somebody else did to the bridge is undone; what cannot be undone is said once. */
  #look(): void {
    let fault = this.#bridge.fault();
    if (fault !== undefined) {
      const why = this.#mend(this.#bridge.carrying);
      fault = why === undefined ? `${fault}: it was put right` : `${fault}: ${why}`;
      if (fault !== this.#fault) this.#tell('error', fault);
    }
    this.#fault = fault;
  }

  /** Says why it could not. */
  #mend(carrying: boolean): string | undefined {
    const { history } = this.#bridge;
    try {
      const bridge = this.#makeBridge(isShut(this.#settings));
      this.#bridge.close();
      this.#bridge = bridge;
      if (carrying) bridge.carry();
      else bridge.release();
      bridge.remember(history);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Returns since when. */
  #set(carrying: boolean): number {
    try {
      return carrying ? this.#bridge.carry() : this.#bridge.release();
    } catch {
      // Somebody removed it.
      const why = this.#mend(carrying);
      if (why !== undefined) this.#tell('error', `nobody carries ${this.#wire}: ${why}`);
      return wallMicroseconds();
    }
  }

  get #wire(): string {
    return `${this.#options.a} – ${this.#options.b}`;
  }

  #carries(): string {
    return `the kernel carries ${this.#wire} (bridge ${this.#bridge.name}), nothing is read`;
  }

  #tell(level: 'info' | 'warn' | 'error', text: string): void {
    this.#print(level, text, this.#settings.logFormat);
  }

  #answer(at: number, warnings: readonly string[] = []): void {
    const carriedBy: CarriedBy = this.#bridge.carrying
      ? 'kernel'
      : this.#watch.armed
        ? 'engine'
        : 'nobody';
    this.#send({ at, carriedBy, failovers: this.#bridge.history.failovers, warnings });
  }

  #send(answer: object): void {
    try {
      writeSync(CHANNEL, `${JSON.stringify(answer)}\n`);
    } catch {
      // It died in this moment: the closed channel says so next.
    }
  }
}

/** Never to carry anything. */
function isShut({ onFailure, onStop }: WatchdogSettings): boolean {
  return onFailure === 'closed' && onStop === 'closed';
}
