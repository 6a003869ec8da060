/**
 * Between the rings and the judge of a bridge. The rings see everything, also what the kernel's bridge
 * carries meanwhile: a packet's time stamp says whose it is, and nothing is carried twice.
 */
import type { Frame } from '../../src/capture/frame.ts';
import { Fate, type PacketJudge, type Side } from '../../src/verdict/wire/packet-judge.ts';
import type { WireSpan } from '../failsafe/wire-span.ts';

export class WireGate implements PacketJudge {
  /** Packets that somebody else carried. */
  notOurs = 0;
  readonly #judge: PacketJudge;
  readonly #span: WireSpan | undefined;

  /** Without a span, everything is ours. */
  constructor(judge: PacketJudge, span: WireSpan | undefined) {
    this.#judge = judge;
    this.#span = span;
  }

  packet(frame: Frame, side: Side): Fate {
    if (this.#span?.holds(frame.time) !== false) return this.#judge.packet(frame, side);
    this.notOurs++;
    return Fate.Drop;
  }

  tick(now: number): void {
    this.#judge.tick(now);
  }

  get letGo(): boolean {
    return this.#judge.letGo;
  }

  get changed(): boolean {
    return this.#judge.changed;
  }

  get kept(): boolean {
    return this.#judge.kept;
  }
}
