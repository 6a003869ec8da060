/**
 * The octets of files from a data-plane worker to the thread that writes them: a ring in shared memory, one
 * writer, one reader, no lock. The worker copies, and never waits: what finds no room is given up, and said so.
 *
 *     frame = length of the payload (4) ‖ transfer (4) ‖ what it is (4) ‖ payload        little-endian
 */
const HEAD = 0; // octets written so far, modulo 2^32; the writer's
const TAIL = 1; // octets read so far, modulo 2^32; the reader's
const LOST = 2; // transfers of which nothing could be told, modulo 2^32; the writer's
const CONTROL_OCTETS = 64;
const FRAME_OCTETS = 12;
/** Octets of one frame: larger pieces are cut. */
const LONGEST = 64 * 1024;

export const Frame = {
  Begin: 0,
  Octets: 1,
  Keep: 2,
  Discard: 3,
  Unfinished: 4,
  Behind: 5,
} as const;
export type Frame = (typeof Frame)[keyof typeof Frame];

/** `octets`: a power of two. */
export function createContentRing(octets: number): SharedArrayBuffer {
  return new SharedArrayBuffer(CONTROL_OCTETS + octets);
}

export class ContentRingWriter {
  readonly #control: Int32Array;
  readonly #octets: Uint8Array;
  readonly #head = Buffer.alloc(FRAME_OCTETS);

  constructor(memory: SharedArrayBuffer) {
    this.#control = new Int32Array(memory, 0, CONTROL_OCTETS / 4);
    this.#octets = new Uint8Array(memory, CONTROL_OCTETS);
  }

  /** False: there is no room for all of it, and nothing of it was written. */
  write(what: Frame, transfer: number, payload: Uint8Array): boolean {
    const frames = Math.max(1, Math.ceil(payload.length / LONGEST));
    if (this.#free < payload.length + frames * FRAME_OCTETS) return false;
    for (let i = 0; i < frames; i++) {
      this.#frame(what, transfer, payload.subarray(i * LONGEST, (i + 1) * LONGEST));
    }
    return true;
  }

  /** There was no room to tell even that a transfer was given up. */
  lose(): void {
    Atomics.add(this.#control, LOST, 1);
  }

  get #free(): number {
    const control = this.#control;
    const used = (Atomics.load(control, HEAD) - Atomics.load(control, TAIL)) >>> 0;
    return this.#octets.length - used;
  }

  #frame(what: Frame, transfer: number, payload: Uint8Array): void {
    const head = this.#head;
    head.writeUInt32LE(payload.length, 0);
    head.writeUInt32LE(transfer, 4);
    head.writeUInt32LE(what, 8);
    const at = Atomics.load(this.#control, HEAD) >>> 0;
    this.#put(at, head);
    this.#put(at + FRAME_OCTETS, payload);
    Atomics.store(this.#control, HEAD, (at + FRAME_OCTETS + payload.length) | 0);
  }

  #put(position: number, from: Uint8Array): void {
    const at = position & (this.#octets.length - 1);
    const first = Math.min(from.length, this.#octets.length - at);
    this.#octets.set(from.subarray(0, first), at);
    if (first < from.length) this.#octets.set(from.subarray(first), 0);
  }
}

export class ContentRingReader {
  readonly #control: Int32Array;
  readonly #octets: Uint8Array;
  readonly #head = Buffer.alloc(FRAME_OCTETS);
  readonly #payload = Buffer.alloc(LONGEST);

  constructor(memory: SharedArrayBuffer) {
    this.#control = new Int32Array(memory, 0, CONTROL_OCTETS / 4);
    this.#octets = new Uint8Array(memory, CONTROL_OCTETS);
  }

  get lost(): number {
    return Atomics.load(this.#control, LOST) >>> 0;
  }

  /** One frame; its payload is lent for the call. False: there is none. */
  take(heard: (what: number, transfer: number, payload: Uint8Array) => void): boolean {
    const control = this.#control;
    const tail = Atomics.load(control, TAIL) >>> 0;
    if (Atomics.load(control, HEAD) === tail >> 0) return false;
    const head = this.#head;
    this.#get(tail, head);
    const payload = this.#payload.subarray(0, head.readUInt32LE(0));
    this.#get(tail + FRAME_OCTETS, payload);
    heard(head.readUInt32LE(8), head.readUInt32LE(4), payload);
    Atomics.store(control, TAIL, (tail + FRAME_OCTETS + payload.length) | 0);
    return true;
  }

  #get(position: number, into: Uint8Array): void {
    const at = position & (this.#octets.length - 1);
    const first = Math.min(into.length, this.#octets.length - at);
    into.set(this.#octets.subarray(at, at + first), 0);
    if (first < into.length) into.set(this.#octets.subarray(0, into.length - first), first);
  }
}
