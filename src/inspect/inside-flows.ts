/** Flows whose parser handed over to whatever comes: what carries them, and how deep they are. */
import type { Session } from './session.ts';

/** Where the octets of a flow come from since its parser handed them over. */
export interface Inside {
  /** `HTTP CONNECT to host:port`. */
  readonly tunnel: string;
  readonly depth: number;
  /** The session that handed over and whose ledger goes on; none for a tunnel that said nothing. */
  readonly before: Session | undefined;
  /** The flow's server is a proxy, which was asked for `target`, where that is a name. */
  readonly isTunnel: boolean;
  readonly target: string | undefined;
}

export class InsideFlows {
  readonly #flows = new Map<number, Inside>();

  has(slot: number): boolean {
    return this.#flows.size > 0 && this.#flows.has(slot);
  }

  get(slot: number): Inside | undefined {
    return this.#flows.size > 0 ? this.#flows.get(slot) : undefined;
  }

  /** The flow's server is a proxy. */
  isTunnel(slot: number): boolean {
    return this.#flows.get(slot)?.isTunnel === true;
  }

  forget(slot: number): void {
    if (this.#flows.size > 0) this.#flows.delete(slot);
  }

  /** How deep the flow is once it is handed over; `isNext`: as a whole, so that nothing is inside anything. */
  depthAfter(slot: number, isNext: boolean): number {
    return (this.#flows.get(slot)?.depth ?? 0) + (isNext ? 0 : 1);
  }

  /** The session handed over, for this reason; the session whose ledger goes on. */
  enter(slot: number, session: Session, reason: string, depth: number): Session | undefined {
    const before = session.quiet ? this.#flows.get(slot)?.before : session;
    const isTunnel = session.definition.tunnel === true;
    this.#flows.set(slot, { tunnel: reason, depth, before, isTunnel, target: session.target });
    return before;
  }
}
