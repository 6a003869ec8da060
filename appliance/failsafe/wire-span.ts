/**
 * Which packets are the engine's to forward: those that came in while no one else carried the wire. Shared
 * by the main thread, which takes the wire and gives it back, and the workers, which look at every packet.
 *
 *     main thread                         worker
 *     (born resting)                      rings opened and armed: packets wait in them; rest(…)
 *     T = await guard.take(); begin(T)    reads on: forwards what came in since T, drops what came before
 *     …
 *     await pause()                       rest(…) between two packets
 *     T = await guard.handOver(); end(T)  reads on: forwards what came in before T, drops what came after
 *
 * A deed of the watchdog comes before the news of it: that the workers rest meanwhile is what keeps a
 * packet from being forwarded twice, or by nobody.
 */
const FROM = 0;
const UNTIL = 1;
/** Words of 4 octets behind the bounds. */
const RESTING = 4;
const RESTED = 5;
/** Milliseconds a resting worker sleeps before it shows a sign of life. */
const NAP = 10;
/** Milliseconds until a worker must have heard that it is to rest: it turns every 10 ms, or every 50. */
const PATIENCE = 150;
/** Milliseconds after which no packet waits in a ring that came in before the wire changed hands. */
const SETTLED = 2000;

export class WireSpan {
  readonly memory: SharedArrayBuffer;
  readonly #bounds: Float64Array;
  readonly #words: Int32Array;
  #settling: NodeJS.Timeout | undefined;

  /** `memory`: of the main thread's. Without it: fresh, nothing is the engine's, and workers rest. */
  constructor(memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(24);
    this.#bounds = new Float64Array(this.memory, 0, 2);
    this.#words = new Int32Array(this.memory);
    if (memory === undefined) this.#words[RESTING] = 1;
  }

  /** Main thread. Microseconds since 1970. */
  begin(from: number): void {
    // In this order a worker that looks between the two finds an empty span.
    this.#bounds[FROM] = from;
    this.#bounds[UNTIL] = Number.POSITIVE_INFINITY;
    this.#wake();
    this.#settle(FROM);
  }

  /** Main thread. */
  end(until: number): void {
    this.#bounds[UNTIL] = until;
    this.#wake();
    this.#settle(UNTIL);
  }

  /** Main thread: resolves when so many workers rest. False where one did not hear it: it is dead, or hangs. */
  async pause(workers: number): Promise<boolean> {
    Atomics.store(this.#words, RESTED, 0);
    Atomics.store(this.#words, RESTING, 1);
    const deadline = performance.now() + PATIENCE;
    while (Atomics.load(this.#words, RESTED) < workers) {
      if (performance.now() > deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return true;
  }

  /**
   * Worker, between two packets: returns at once, or when the main thread knows whose the wire is. Meanwhile
   * `turn` is called every few milliseconds; where it says false, this returns.
   */
  rest(turn: () => boolean): void {
    if (Atomics.load(this.#words, RESTING) === 0) return;
    Atomics.add(this.#words, RESTED, 1);
    while (Atomics.load(this.#words, RESTING) !== 0 && turn()) {
      Atomics.wait(this.#words, RESTING, 1, NAP);
    }
  }

  /** Worker. `time`: Frame.time. */
  holds(time: Float64Array): boolean {
    const at = time[0] ?? 0;
    return at >= (this.#bounds[FROM] ?? 0) && at < (this.#bounds[UNTIL] ?? 0);
  }

  /**
   * Times are of a clock that can be set back, behind the bound. Without this the wire would be shut until
   * the clock is there again, or carried twice.
   */
  #settle(bound: typeof FROM | typeof UNTIL): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.#bounds[bound] = Number.NEGATIVE_INFINITY;
    }, SETTLED);
    this.#settling.unref();
  }

  #wake(): void {
    Atomics.store(this.#words, RESTING, 0);
    Atomics.notify(this.#words, RESTING);
  }
}
