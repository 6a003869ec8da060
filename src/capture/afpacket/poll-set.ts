/** struct pollfd[] (poll(2)): fd(4) events(2) revents(2). */
import { libc } from '../native/libc.ts';
import { POLLERR } from './packet-constants.ts';

export class PollSet {
  readonly #words: Int32Array;
  readonly #count: number;

  constructor(fds: readonly number[], events: number) {
    this.#count = fds.length;
    this.#words = Int32Array.from(fds.flatMap((fd) => [fd, events]));
  }

  /** Blocks the thread until a descriptor is ready or the time is over. */
  wait(milliseconds: number): void {
    libc().poll(this.#words, this.#count, milliseconds);
  }

  /** The socket has an error to take, by the last `wait`. */
  hasError(n: number): boolean {
    return (((this.#words[n * 2 + 1] ?? 0) >>> 16) & POLLERR) !== 0;
  }
}
