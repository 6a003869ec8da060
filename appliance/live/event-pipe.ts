/**
 * Lines of JSON from a worker that is a process of its own, through a pipe that does not block: what the
 * kernel does not take waits in a buffer, and what finds no room there is lost, as in an event ring.
 */
import { writeSync } from 'node:fs';
import { errorCode } from '../cli/user-error.ts';
import type { EventsWriter } from './event-ring.ts';

/** Octets that may wait in the worker; no line is longer: a quarter of the ring of the main thread, so that it fits there. */
const BUFFER = 2 << 20;
/** Octets that wait before the kernel is asked: not one system call an event. */
const ENOUGH = 64 * 1024;
/** Milliseconds between two tries while the reader is waited for. */
const RETRY_EVERY = 2;

const LINE_FEED = 0x0a;

export class EventPipeWriter implements EventsWriter {
  shed = 0;
  patience = 0;
  readonly #fd: number;
  readonly #buffer: Buffer;
  /** What waits: #buffer[#start, #end). */
  #start = 0;
  #end = 0;
  readonly #alarm = new Int32Array(new SharedArrayBuffer(4));

  /** @param fd not blocking */
  constructor(fd: number, octets = BUFFER) {
    this.#fd = fd;
    this.#buffer = Buffer.alloc(octets);
  }

  push(line: string): boolean {
    const length = Buffer.byteLength(line) + 1;
    if (!this.#makeRoom(length) && !this.#await(() => this.#makeRoom(length))) {
      this.shed += 1;
      return false;
    }
    this.#buffer.write(line, this.#end, length - 1, 'utf8');
    this.#buffer[this.#end + length - 1] = LINE_FEED;
    this.#end += length;
    if (this.#end - this.#start >= ENOUGH) this.flush();
    return true;
  }

  /** Gives the kernel what it takes. True: nothing waits any more. Throws when nobody reads. */
  flush(): boolean {
    try {
      while (this.#start < this.#end) {
        this.#start += writeSync(this.#fd, this.#buffer, this.#start, this.#end - this.#start);
      }
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN') throw error;
    }
    return this.#start === this.#end;
  }

  /** At the end: waits as long as `patience` until everything is written. */
  drain(): boolean {
    return this.#await(() => this.flush());
  }

  #makeRoom(length: number): boolean {
    if (this.#end + length <= this.#buffer.length) return true;
    if (length > this.#buffer.length) return false;
    this.flush();
    this.#buffer.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
    return this.#end + length <= this.#buffer.length;
  }

  #await(done: () => boolean): boolean {
    const until = performance.now() + this.patience;
    for (;;) {
      if (done()) return true;
      if (performance.now() >= until) return false;
      Atomics.wait(this.#alarm, 0, 0, RETRY_EVERY);
    }
  }
}
