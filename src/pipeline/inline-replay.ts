/** A capture through a bridge: what the box would have forwarded, RSTs included, with the time it went. */
import type { Frame, FrameSink } from '../capture/frame.ts';
import { Fate, type PacketOut, Side } from '../verdict/wire/packet-judge.ts';
import { Bridge } from './bridge.ts';
import type { BridgeSettings } from './bridge-settings.ts';
import type { EngineCounters } from './counters.ts';
import type { EngineOptions } from './engine.ts';
import type { ReplayTarget } from './replay.ts';

/** Between two calls of Bridge.tick, microseconds. */
const TICK = 10_000;

export interface InlineReplayCounters {
  readonly packets: number;
  readonly written: number;
  /** Of those written, the ones whose octets are others than in the capture. */
  readonly changed: number;
  readonly dropped: number;
  /** RSTs, which are not in the capture. */
  readonly injected: number;
}

/** Hears buffer[start, end), a whole frame. `time` in microseconds since 1970. */
export type FrameWriter = (
  buffer: Uint8Array,
  start: number,
  end: number,
  originalLength: number,
  linkType: number,
  time: number,
) => void;

export class InlineReplay implements ReplayTarget, FrameSink, PacketOut {
  readonly #bridge: Bridge;
  readonly #write: FrameWriter;
  #packets = 0;
  #written = 0;
  #linkType = 1;
  #time = 0;

  /** Captures of a sending host lack checksums: `checksums` is off unless asked for. */
  constructor(options: EngineOptions, write: FrameWriter, settings: Partial<BridgeSettings> = {}) {
    const checksums = options.checksums ?? false;
    this.#bridge = new Bridge(options, this, { checksums, ...settings });
    this.#write = write;
  }

  frame(frame: Frame): void {
    const now = frame.time[0] ?? 0;
    while (this.#bridge.isWaiting && this.#time < now) {
      this.#time = Math.min(now, this.#time + TICK);
      this.#bridge.tick(this.#time);
    }
    this.#time = now;
    this.#packets++;
    this.#linkType = frame.linkType;
    if (this.#bridge.packet(frame, Side.A) === Fate.Drop) return;
    this.#written++;
    const { buffer, start, end, originalLength, linkType } = frame;
    this.#write(buffer, start, end, originalLength, linkType, now);
  }

  send(_side: Side, buffer: Uint8Array, start: number, end: number): void {
    this.#written++;
    this.#write(buffer, start, end, end - start, this.#linkType, this.#time);
  }

  from(capture: string): void {
    this.#bridge.engine.from(capture);
  }

  finish(): void {
    this.#bridge.finish();
  }

  get now(): number {
    return this.#bridge.engine.now;
  }

  get counters(): EngineCounters {
    return this.#bridge.engine.counters;
  }

  get inline(): InlineReplayCounters {
    const { rewritten = 0, resets = 0 } = this.#bridge.counters;
    return {
      packets: this.#packets,
      written: this.#written,
      changed: rewritten,
      dropped: this.#packets - (this.#written - resets),
      injected: resets,
    };
  }
}
