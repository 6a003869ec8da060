/**
 * A live source of which another package reads the packets and calls back for each, by the event loop of
 * this thread. What both portable backends have in common.
 */
import { CaptureError, Frame, type FrameSink } from '../frame.ts';
import type { CaptureBackend, LiveCounters, LiveSource, SourceStages } from '../live-source.ts';

/** Milliseconds between two turns. */
const TURN_EVERY = 50;
/** Frames between two looks at the clock: under load the package never lets the event loop go on. */
const LOOK_EVERY = 64;
/** Turns between two looks at the interface. */
const CHECK_EVERY = 10;

export interface PortableCapture {
  close(): void;
  /** Frames that the kernel dropped, where the package tells. */
  dropped(): number;
  /** Whether the interface is up, where that can be known. */
  isUp(): boolean;
}

export class PortableSource implements LiveSource {
  readonly backend: CaptureBackend;
  readonly interfaceName: string;
  readonly #frame = new Frame();
  #capture: PortableCapture | undefined;
  #sink: FrameSink | undefined;
  #dropped = 0;
  #turn: (() => unknown) | undefined;
  #comesAgain = false;
  #turns = 0;
  #lastTurn = 0;
  #end: { resolve(): void; reject(error: unknown): void } | undefined;

  /** @param linkType LINKTYPE_ value */
  constructor(
    backend: CaptureBackend,
    interfaceName: string,
    linkType: number,
    capture: PortableCapture,
  ) {
    this.backend = backend;
    this.interfaceName = interfaceName;
    this.#frame.linkType = linkType;
    this.#capture = capture;
  }

  /** The package has a frame: buffer[0, captured). `time` in microseconds since 1970. */
  deliver(buffer: Uint8Array, captured: number, original: number, time: number): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    const frame = this.#frame;
    frame.buffer = buffer;
    frame.start = 0;
    frame.end = captured;
    frame.originalLength = original;
    frame.time[0] = time;
    frame.number++;
    try {
      sink.frame(frame);
      if (frame.number % LOOK_EVERY === 0 && performance.now() - this.#lastTurn > TURN_EVERY)
        this.#pass();
    } catch (error) {
      // Thrown on, it would end in the package's callback and take the process with it.
      this.#sink = undefined;
      this.#end?.reject(error);
    }
  }

  async run(sink: FrameSink, turn: () => unknown): Promise<void> {
    if (this.#capture === undefined) return;
    this.#sink = sink;
    this.#turn = turn;
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#end = { resolve, reject };
        timer = setInterval(() => {
          try {
            this.#pass();
          } catch (error) {
            reject(error);
          }
        }, TURN_EVERY);
      });
    } finally {
      clearInterval(timer);
      this.#sink = undefined;
    }
  }

  #pass(): void {
    this.#lastTurn = performance.now();
    if (++this.#turns % CHECK_EVERY === 0 && this.#capture?.isUp() === false) {
      const what = `it went down, and ${this.backend} cannot go on with it when it is back; use afpacket`;
      throw new CaptureError(this.interfaceName, this.#frame.number, 0, what);
    }
    if (this.#turn?.() !== true || this.#comesAgain) return;
    this.#comesAgain = true; // it has work left: after the frames that wait
    setImmediate(() => {
      this.#comesAgain = false;
      if (this.#sink === undefined) return;
      try {
        this.#pass();
      } catch (error) {
        this.#end?.reject(error);
      }
    });
  }

  /** The event loop's: it waits for packets, and what it does is to feed them. */
  get stages(): SourceStages {
    const { idle, active } = performance.eventLoopUtilization();
    return { wait: idle / 1000, inspect: active / 1000 };
  }

  counters(): LiveCounters {
    this.#dropped = this.#capture?.dropped() ?? this.#dropped;
    const dropped = this.#dropped;
    const received = this.#frame.number + dropped;
    return { received, dropped, frozen: 0, downs: 0, up: true, fill: 0 };
  }

  close(): void {
    const capture = this.#capture;
    if (capture === undefined) return;
    this.#dropped = capture.dropped();
    this.#capture = undefined;
    this.#sink = undefined;
    capture.close();
    this.#end?.resolve();
  }
}
