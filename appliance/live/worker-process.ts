/**
 * A worker that is a process of its own, as the main thread sees it: like a worker thread. What aborts there
 * ends that process alone, and it is started anew.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { CarriedKey } from '../archive/vault/carried-key.ts';
import type { WorkerOrder, WorkerSetup } from './control.ts';
import { EventRingWriter } from './event-ring.ts';
import type { WorkerThread } from './worker-handle.ts';
import { WORKER_LIMITS } from './worker-limits.ts';
import {
  copied,
  EVENTS_FD,
  type ProcessOrder,
  type ProcessReport,
  type ProcessSetup,
  STOP,
} from './worker-process-protocol.ts';

const PROGRAM = new URL('./worker-process-main.js', import.meta.url);
/** Milliseconds until a ring that was full is tried again. */
const RETRY_EVERY = 10;
/** Characters kept of what it says on standard error: why it died. */
const LAST_WORDS = 400;

const LINE_FEED = 0x0a;

/** The young generation has three halves (WORKER_LIMITS). */
const HALF = Math.floor((WORKER_LIMITS.maxYoungGenerationSizeMb ?? 12) / 3);

export class WorkerProcess extends EventEmitter implements WorkerThread {
  readonly #child: ChildProcess;
  readonly #pipe: Duplex;
  readonly #ring: EventRingWriter;
  readonly #beats: Int32Array;
  readonly #id: number;
  #part: Uint8Array = new Uint8Array();
  #lastWords = '';
  #fault: string | undefined;
  #ended = false;

  constructor(
    { events, beats, span: _ofBridges, contents: _ofThreads, policy, ...rest }: WorkerSetup,
    key: CarriedKey | undefined,
  ) {
    super();
    this.#id = rest.id;
    this.#ring = new EventRingWriter(events, 0);
    this.#beats = new Int32Array(beats);
    this.#child = fork(PROGRAM, {
      serialization: 'advanced',
      execArgv: [...process.execArgv, `--max-semi-space-size=${HALF}`],
      // Standard output may be the record of the events.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
    });
    this.#pipe = this.#child.stdio[EVENTS_FD] as Duplex;
    this.#pipe.on('data', (octets: Uint8Array) => this.#take(octets));
    this.#pipe.on('error', () => undefined); // its end says why
    this.#child.stderr?.on('data', (text) => {
      this.#lastWords = `${this.#lastWords}${text}`.slice(-LAST_WORDS);
    });
    this.#child.on('message', (report) => this.#hear(report as ProcessReport));
    this.#child.on('error', (error) => this.#end(error));
    // After the last of its events.
    this.#child.on('close', (code, signal) => this.#end(this.#causeOf(code, signal)));
    this.#send({ ...rest, policy: copied(policy), key });
  }

  postMessage(order: WorkerOrder): void {
    if (order.type === 'policy') this.#send({ type: 'policy', policy: copied(order.policy) });
    else if (order.type === 'settings') this.#send({ ...order, resetSocket: undefined });
    else this.#send(order);
    if (order.type === 'stop' && this.#pipe.writable) this.#pipe.write(Uint8Array.of(STOP));
  }

  async terminate(): Promise<void> {
    if (this.#ended) return;
    const ended = new Promise<void>((resolve) => this.once('exit', () => resolve()));
    this.#child.kill('SIGKILL');
    await ended;
  }

  #send(message: ProcessSetup | ProcessOrder): void {
    if (this.#child.connected) this.#child.send(message, () => undefined); // its end says why
  }

  #hear(report: ProcessReport): void {
    Atomics.add(this.#beats, this.#id, 1);
    if (report.type === 'fault') this.#fault = report.message;
    // Its descriptors are not ours to give back.
    else this.emit('message', 'holdings' in report ? { ...report, holdings: [] } : report);
  }

  /** Whole lines go into the ring; where it is full, the pipe, and then the worker, must wait. */
  #take(octets: Uint8Array): void {
    const all = this.#part.length === 0 ? octets : Buffer.concat([this.#part, octets]);
    const whole = all.lastIndexOf(LINE_FEED) + 1;
    this.#part = all.subarray(whole);
    if (whole > 0) this.#carry(all.subarray(0, whole));
  }

  #carry(lines: Uint8Array): void {
    if (this.#ring.pushLines(lines)) {
      if (this.#pipe.isPaused()) this.#pipe.resume();
      return;
    }
    this.#pipe.pause();
    setTimeout(() => this.#carry(lines), RETRY_EVERY);
  }

  #causeOf(code: number | null, signal: NodeJS.Signals | null): Error | undefined {
    if (this.#fault !== undefined) return new Error(this.#fault);
    if (code === 0) return undefined;
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    const words = this.#lastWords.trim().replaceAll(/\s+/g, ' ');
    return new Error(`its process ended ${how}${words === '' ? '' : `: ${words}`}`);
  }

  #end(cause: Error | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    if (cause !== undefined) this.emit('error', cause);
    this.emit('exit');
  }
}
