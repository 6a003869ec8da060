/**
 * Lines of JSON from one worker to the main thread: a ring of octets in shared memory, one writer and
 * one reader, no lock. A line stands in one piece: where it does not fit before the ring's end, WRAP
 * marks where the last line ended and it goes to the front (a "bip buffer").
 */

/** Int32 words before the octets. Positions are octets; equal positions are an empty ring. */
const HEAD = 0; // next octet to write; the writer's
const TAIL = 1; // next octet to read; the reader's
const WRAP = 2; // end of what stands behind TAIL while HEAD is before it; the writer's
const PUSHED = 3; // lines written, modulo 2^32; the writer's
const TAKEN = 4; // lines released, modulo 2^32; the reader's
const CONTROL_OCTETS = 64;

const LINE_FEED = 0x0a;

/** After a wait was in vain, none is tried before this share of the ring is free again. */
const RECOVERED = 1 / 4;

export function createEventRing(octets: number): SharedArrayBuffer {
  return new SharedArrayBuffer(CONTROL_OCTETS + octets);
}

/** Where a worker writes its events. */
export interface EventsWriter {
  /** Lines lost because the reader was too slow, or longer than what they wait in. */
  readonly shed: number;
  /** Milliseconds a line may wait for room; 0: not at all. */
  patience: number;
  /** False when the line was shed. `line` has no line feed of its own. */
  push(line: string): boolean;
}

export class EventRingWriter implements EventsWriter {
  shed = 0;
  /** A reader that stays away is waited for once. */
  patience: number;
  readonly #control: Int32Array;
  readonly #octets: Buffer;
  #overrun = false;

  constructor(memory: SharedArrayBuffer, patience: number) {
    this.#control = new Int32Array(memory, 0, CONTROL_OCTETS / 4);
    this.#octets = Buffer.from(memory, CONTROL_OCTETS);
    this.patience = patience;
  }

  push(line: string): boolean {
    const length = Buffer.byteLength(line) + 1;
    let at = this.#place(length);
    if (at === -1 && this.#mayWait(length)) at = this.#await(length);
    if (at === -1) {
      this.#overrun = true;
      this.shed += 1;
      return false;
    }
    this.#octets.write(line, at, length - 1, 'utf8');
    this.#octets[at + length - 1] = LINE_FEED;
    const control = this.#control;
    Atomics.add(control, PUSHED, 1);
    Atomics.store(control, HEAD, at + length); // last: what stands before it is there to be read
    return true;
  }

  /** Whole lines, each with its line feed, in one piece. False: there is no room now; nothing is shed. */
  pushLines(lines: Uint8Array): boolean {
    const at = this.#place(lines.length);
    if (at === -1) return false;
    this.#octets.set(lines, at);
    let count = 0;
    for (const octet of lines) if (octet === LINE_FEED) count++;
    Atomics.add(this.#control, PUSHED, count);
    Atomics.store(this.#control, HEAD, at + lines.length);
    return true;
  }

  /** Where `length` octets fit in one piece, or -1. */
  #place(length: number): number {
    const control = this.#control;
    const head = Atomics.load(control, HEAD);
    const tail = Atomics.load(control, TAIL);
    if (head < tail) return length < tail - head ? head : -1;
    if (head + length <= this.#octets.length) return head;
    if (length >= tail) return -1;
    Atomics.store(control, WRAP, head);
    return 0;
  }

  #mayWait(length: number): boolean {
    if (this.patience <= 0 || length >= this.#octets.length) return false;
    if (this.#overrun && this.#free() >= this.#octets.length * RECOVERED) this.#overrun = false;
    return !this.#overrun;
  }

  #free(): number {
    const control = this.#control;
    const used = Atomics.load(control, HEAD) - Atomics.load(control, TAIL);
    return used >= 0 ? this.#octets.length - used : -used;
  }

  #await(length: number): number {
    const until = performance.now() + this.patience;
    for (;;) {
      const tail = Atomics.load(this.#control, TAIL);
      const at = this.#place(length);
      const left = until - performance.now();
      if (at !== -1 || left <= 0) return at;
      Atomics.wait(this.#control, TAIL, tail, left);
    }
  }
}

export class EventRingReader {
  readonly #control: Int32Array;
  readonly #octets: Uint8Array;

  constructor(memory: SharedArrayBuffer) {
    this.#control = new Int32Array(memory, 0, CONTROL_OCTETS / 4);
    this.#octets = new Uint8Array(memory, CONTROL_OCTETS);
  }

  /** Lines written and not yet released. */
  get queued(): number {
    const control = this.#control;
    return (Atomics.load(control, PUSHED) - Atomics.load(control, TAKEN)) >>> 0;
  }

  /**
   * Whole lines, about `most` octets of them at most and at least one; empty when there are none. They
   * stand in the ring until they are released.
   */
  take(most: number): Uint8Array {
    const control = this.#control;
    const octets = this.#octets;
    const head = Atomics.load(control, HEAD);
    let tail = Atomics.load(control, TAIL);
    let end = head;
    if (head < tail) {
      end = Atomics.load(control, WRAP);
      if (tail === end) {
        tail = 0;
        end = head;
        Atomics.store(control, TAIL, 0);
      }
    }
    if (end - tail <= most) return octets.subarray(tail, end);
    const within = octets.subarray(tail, tail + most).lastIndexOf(LINE_FEED);
    const cut = within === -1 ? octets.indexOf(LINE_FEED, tail + most) : tail + within;
    return octets.subarray(tail, cut + 1);
  }

  /** Makes room: `octets` and `lines` of what `take` gave last. */
  release(octets: number, lines: number): void {
    const control = this.#control;
    Atomics.add(control, TAKEN, lines);
    Atomics.add(control, TAIL, octets);
    Atomics.notify(control, TAIL);
  }
}
