/**
 * Which packets are the engine's to forward: those that came in while no one else carried the wire. Shared
 * by the main thread, which takes the wire and gives it back, and the workers, which look at every packet.
 *
 *     guard.take() says T       → begin(T): what came in before T was the kernel's
 *     guard.handOver() says T   → end(T): what comes in after T is the kernel's again
 *
 * The watchdog's deed comes before the news of it. So that nothing is lost between the two, the rings take
 * packets in before `take` is asked (InlineRings.arm) and are read when its answer is there.
 */
const FROM = 0;
const UNTIL = 1;

export class WireSpan {
  /** Of the shared memory. */
  static readonly OCTETS = 16;
  readonly #bounds: Float64Array;

  /** Fresh memory: nothing is the engine's. */
  constructor(memory: SharedArrayBuffer) {
    this.#bounds = new Float64Array(memory);
  }

  /** Microseconds since 1970. */
  begin(from: number): void {
    // In this order a worker that looks between the two finds an empty span.
    this.#bounds[FROM] = from;
    this.#bounds[UNTIL] = Number.POSITIVE_INFINITY;
  }

  end(until: number): void {
    this.#bounds[UNTIL] = until;
  }

  /** `time`: Frame.time. */
  holds(time: Float64Array): boolean {
    const at = time[0] ?? 0;
    return at >= (this.#bounds[FROM] ?? 0) && at < (this.#bounds[UNTIL] ?? 0);
  }
}
