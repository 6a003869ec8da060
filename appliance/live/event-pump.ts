/**
 * Carries events out of the workers' rings, in the main thread: to the file, and to whoever listens. A
 * chunk leaves its ring when it was written, so that what waits is bounded by the rings alone.
 */
import { decodeEvent } from '../../src/event/decode.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { Log } from '../log/log.ts';
import type { EventRingReader } from './event-ring.ts';
import { linesIn } from './events-out.ts';

/** Octets carried at once: bounds how long the main thread is busy with one chunk. */
const CHUNK = 256 * 1024;
/** Milliseconds between two looks at empty rings. */
const PAUSE = 20;

/** Where the lines go; resolves when they are no longer needed. */
export interface EventsSink {
  write(lines: Uint8Array): Promise<void>;
  /** Lines that could not be written. */
  readonly lost?: number;
}

export class EventPump {
  /** Events carried. */
  events = 0;
  readonly #sink: EventsSink | undefined;
  readonly #log: Log;
  readonly #rings = new Map<number, EventRingReader>();
  readonly #listeners = new Set<(event: ImEvent) => void>();
  #stopping = false;
  #wake: (() => void) | undefined = undefined;
  #running: Promise<void> | undefined = undefined;

  constructor(sink: EventsSink | undefined, log: Log) {
    this.#sink = sink;
    this.#log = log;
  }

  /** The ring of a worker; it stays when the worker is started anew. */
  add(worker: number, ring: EventRingReader): void {
    this.#rings.set(worker, ring);
  }

  queued(worker: number): number {
    return this.#rings.get(worker)?.queued ?? 0;
  }

  listen(listener: (event: ImEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when the rings are empty. The workers write no more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (;;) {
      const last = this.#stopping; // asked before the look: what was written before it is carried
      let carried = false;
      for (const ring of this.#rings.values()) carried = (await this.#carry(ring)) || carried;
      if (carried) await new Promise((resolve) => setImmediate(resolve));
      else if (last) return;
      else await this.#pause();
    }
  }

  async #carry(ring: EventRingReader): Promise<boolean> {
    const chunk = ring.take(CHUNK);
    if (chunk.length === 0) return false;
    const lines = linesIn(chunk, 0);
    if (this.#listeners.size > 0) this.#tell(chunk);
    await this.#sink?.write(chunk);
    ring.release(chunk.length, lines);
    this.events += lines;
    return true;
  }

  #tell(chunk: Uint8Array): void {
    const text = Buffer.from(chunk).toString('utf8'); // a copy: text is not decoded from shared memory
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const { event } = decodeEvent(JSON.parse(line));
      if (event === undefined) continue;
      for (const listener of this.#listeners) this.#tellOne(listener, event);
    }
  }

  /** One that fails must not stop the record: it hears nothing more. */
  #tellOne(listener: (event: ImEvent) => void, event: ImEvent): void {
    try {
      listener(event);
    } catch (error) {
      this.#listeners.delete(listener);
      this.#log.error('who listened to events failed, and hears no more', { error });
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, PAUSE);
      this.#wake = done;
    });
  }
}
