/** What a tap does about forbidden connections: it sends resets, or only looks. May change between two packets. */
import type { Frame } from '../capture/frame.ts';
import type { ImEvent, VerdictRecord } from '../event/event.ts';
import { Enforcement } from '../verdict/enforcement.ts';
import type { Enforcer } from '../verdict/enforcer.ts';
import type { Subject } from '../verdict/subject.ts';
import type { Engine } from './engine.ts';
import { type SendFrame, TapResets } from './tap-resets.ts';

export class TapEnforcer implements Enforcer {
  readonly #looks = new Enforcement('tap');
  #engine: Engine | undefined;
  #resets: TapResets | undefined;
  #sentBefore = 0;

  /** The engine whose enforcer this is. */
  attach(engine: Engine): void {
    this.#engine = engine;
    this.#resets?.attach(engine);
  }

  /** Resets go out by `send` from here on; undefined: none do. */
  sendBy(send: SendFrame | undefined): void {
    this.#sentBefore = this.sent;
    this.#resets = send && new TapResets(send);
    if (this.#engine !== undefined) this.#resets?.attach(this.#engine);
  }

  /** Resets so far. */
  get sent(): number {
    return this.#sentBefore + (this.#resets?.resets ?? 0);
  }

  carryOut(wanted: VerdictRecord, event: ImEvent, subject: Subject): VerdictRecord {
    return this.#resets?.carryOut(wanted, event, subject) ?? this.#looks.carryOut(wanted);
  }

  refuseFlow(slot: number): void {
    this.#resets?.refuseFlow(slot);
  }

  closed(): void {}

  /** After `Engine.frame`: resets, where the flow of this frame is refused. */
  packet(frame: Frame): void {
    this.#resets?.packet(frame);
  }
}
