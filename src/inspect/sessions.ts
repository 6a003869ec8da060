/**
 * The sessions of an engine by the slot of their flow. Those that only recognise a service are kept apart from those
 * that are read, so that a flood of beginnings of calls, lookups or hellos, which cost their sender one forged packet
 * each, takes the place of its own kind and of nothing that is read. Of its own kind the oldest go first.
 */
import type { ProtocolDefinition } from '../../parsers/contract.ts';
import type { Session } from './session.ts';

/** Of the limit, the part that goes at a time: finding the oldest of a set costs as many as went before. */
const PART = 256;

export class Sessions {
  readonly #all = new Map<number, Session>();
  /** Slots of flows that are being recognised, oldest first. */
  readonly #recognisers = new Set<number>();
  /** Slots of flows that were recognised and are kept to tell their end, oldest first. */
  readonly #recognised = new Set<number>();

  get size(): number {
    return this.#all.size;
  }

  /** Those that are read, or were. */
  get read(): number {
    return this.#all.size - this.#recognisers.size - this.#recognised.size;
  }

  get(slot: number): Session | undefined {
    return this.#all.get(slot);
  }

  keys(): Iterable<number> {
    return this.#all.keys();
  }

  values(): Iterable<Session> {
    return this.#all.values();
  }

  set(slot: number, session: Session): void {
    this.delete(slot);
    this.#all.set(slot, session);
    if (recognises(session.definition, session.expected)) this.#recognisers.add(slot);
  }

  delete(slot: number): void {
    if (!this.#all.delete(slot)) return;
    if (!this.#recognisers.delete(slot)) this.#recognised.delete(slot);
  }

  /** Nothing more is read of it. */
  settled(slot: number): void {
    if (this.#recognisers.delete(slot)) this.#recognised.add(slot);
  }

  /** Slots of those that must go so that one more flow can be recognised, the oldest. */
  recognisersBeyond(limit: number): readonly number[] {
    return this.#recognisers.size < limit ? NONE : oldest(this.#recognisers, limit);
  }

  /** Slots of those that are beyond the limit, the oldest. */
  recognisedBeyond(limit: number): readonly number[] {
    return this.#recognised.size <= limit ? NONE : oldest(this.#recognised, limit);
  }

  /** Slots of the oldest flows that are being recognised. */
  oldestRecognisers(): readonly number[] {
    return oldest(this.#recognisers, this.#recognisers.size);
  }
}

const NONE: readonly number[] = [];

/** It looks for a service, or for what is inside; an announced one carries what was announced. */
export function recognises({ opaque, tunnel }: ProtocolDefinition, announced: unknown): boolean {
  return announced === undefined && (opaque === true || tunnel === true);
}

function oldest(slots: ReadonlySet<number>, limit: number): readonly number[] {
  const found: number[] = [];
  const most = Math.max(1, Math.floor(limit / PART));
  for (const slot of slots) {
    if (found.length >= most) break;
    found.push(slot);
  }
  return found;
}
