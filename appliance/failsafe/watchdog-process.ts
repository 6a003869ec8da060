/** The watchdog process as its engine sees it: started, told things, heard. */
import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { Exit, UserError } from '../cli/user-error.ts';
import {
  CHANNEL,
  Order,
  type WatchdogAnswer,
  type WatchdogOptions,
  type WatchdogSettings,
} from './watchdog-protocol.ts';
import { settingsOrder } from './watchdog-settings.ts';

/** Milliseconds until a watchdog must have answered. The first time it may wait 3 s for the one before it. */
const PATIENCE = 3000;
const FIRST_PATIENCE = 10_000;
/** Lines of a watchdog are short. */
const LONGEST_LINE = 64 * 1024;

/** Orders that are answered, and are one octet. */
export type Question = Exclude<Order, typeof Order.Beat | typeof Order.Settings>;
export type WireAnswer = Exclude<WatchdogAnswer, { refused: string }>;

export class WatchdogProcess {
  readonly pid: number;
  /** What it said of the bridge as it found it. */
  readonly first: Promise<WireAnswer>;
  readonly #channel: Socket;
  readonly #waiting: { resolve(answer: WireAnswer): void; reject(error: Error): void }[] = [];
  #line = '';
  #lost = false;

  /** `onLost`: it has ended, though nobody said goodbye. */
  constructor(options: WatchdogOptions, onLost: () => void) {
    const child = start(options);
    this.pid = child.pid ?? -1;
    const channel = child.stdio[CHANNEL];
    if (!(channel instanceof Socket)) throw new Error('the watchdog has no channel');
    this.#channel = channel;
    this.first = this.#answer(FIRST_PATIENCE);
    this.first.catch(() => undefined); // heard by who asked for the watchdog; not twice
    channel.setEncoding('utf8');
    channel.on('data', (text: string) => this.#read(text));
    channel.on('error', () => undefined); // 'close' follows
    channel.on('close', () => {
      this.#lost = true;
      const error = new Error(`the watchdog (process ${this.pid}) has ended`);
      for (const one of this.#waiting.splice(0)) one.reject(error);
      onLost();
    });
    // Neither keeps the engine from ending.
    child.unref();
    channel.unref();
  }

  beat(): void {
    if (!this.#lost) this.#channel.write(BEAT);
  }

  /** Rejects with UserError where the watchdog refuses, with Error where it has ended. */
  ask(order: Question): Promise<WireAnswer> {
    const answer = this.#answer(PATIENCE);
    if (!this.#lost) this.#channel.write(Uint8Array.of(order));
    return answer;
  }

  /** What it does from here on. Rejects with Error where it has ended. */
  change(settings: WatchdogSettings): Promise<WireAnswer> {
    const answer = this.#answer(PATIENCE);
    if (!this.#lost) this.#channel.write(settingsOrder(settings));
    return answer;
  }

  /** It hears the end of the channel, and ends. */
  leave(): void {
    this.#channel.destroy();
  }

  #answer(patience: number): Promise<WireAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#lost) {
        reject(new Error(`the watchdog (process ${this.pid}) has ended`));
        return;
      }
      // It hangs, and guards nothing: ended, so that another can.
      const timer = setTimeout(() => endProcess(this.pid), patience);
      const settled = <T>(then: (value: T) => void) => {
        return (value: T) => {
          clearTimeout(timer);
          then(value);
        };
      };
      this.#waiting.push({ resolve: settled(resolve), reject: settled(reject) });
    });
  }

  #read(text: string): void {
    const lines = (this.#line + text).split('\n');
    this.#line = (lines.pop() ?? '').slice(0, LONGEST_LINE);
    for (const line of lines) {
      const answer = JSON.parse(line) as WatchdogAnswer;
      const one = this.#waiting.shift();
      if ('refused' in answer) {
        one?.reject(new UserError(answer.refused, answer.hint, Exit.Failed));
      } else one?.resolve(answer);
    }
  }
}

/** The end of its channel tells the rest. */
function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

const BEAT = Uint8Array.of(Order.Beat);

/** A session of its own: signals to the engine's process group do not reach it. Nothing of our environment. */
function start(options: WatchdogOptions): ChildProcess {
  const program = new URL('./watchdog-main.js', import.meta.url).pathname;
  return spawn(process.execPath, [program, JSON.stringify(options)], {
    detached: true,
    cwd: '/',
    env: {},
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
}
