/**
 * Which transfers a rule asked to keep. A rule may ask at the offer, which passes in another connection than
 * the content: what was asked is remembered by the transfer's token. And those that began and are not whole
 * yet, to be able to say so when their connection ends.
 */
import type { ImEvent } from '../../../src/event/event.ts';
import type { EventKind } from '../../../src/event/kinds.ts';

const ASKING: ReadonlySet<EventKind> = new Set(['file.offer', 'file.accept', 'file.start']);
/** Transfers remembered, and those under way; the oldest goes first. */
const MOST = 4096;

/** The beginning of a transfer that is to be kept. */
export interface BegunTransfer {
  readonly id: string;
  readonly time: number;
}

export class AskedTransfers {
  /** Service and token. */
  readonly #tokens = new Set<string>();
  /** By connection: the transfers that began in it, by token. */
  readonly #begun = new Map<string, Map<string, BegunTransfer>>();

  /** Of each event, in their order. Gives those that will never be whole: their connection ended. */
  hear(event: ImEvent): readonly BegunTransfer[] {
    const { kind } = event;
    if (kind === 'flow.end') return this.#ended(event);
    if (!ASKING.has(kind)) return NONE;
    const token = tokenOf(event);
    if (event.verdict?.quarantine === true && token !== undefined) {
      this.#tokens.delete(token);
      this.#tokens.add(token);
      dropOldest(this.#tokens);
    }
    if (kind === 'file.start' && this.#isAsked(event, token)) this.#begin(event, token);
    return NONE;
  }

  /** Of a `file.complete`: what was asked of it is fulfilled. */
  completes(event: ImEvent): boolean {
    const token = tokenOf(event);
    const asked = this.#isAsked(event, token);
    const begun = this.#begun.get(event.flow?.id ?? '');
    begun?.delete(token ?? '');
    if (begun?.size === 0) this.#begun.delete(event.flow?.id ?? '');
    // Both legs of a relayed transfer have the token: it is forgotten by age alone.
    return asked;
  }

  #isAsked(event: ImEvent, token: string | undefined): boolean {
    return event.verdict?.quarantine === true || (token !== undefined && this.#tokens.has(token));
  }

  #begin(event: ImEvent, token: string | undefined): void {
    const flow = event.flow?.id;
    if (flow === undefined || event.id === undefined) return;
    let begun = this.#begun.get(flow);
    if (begun === undefined) {
      begun = new Map();
      this.#begun.set(flow, begun);
      dropOldest(this.#begun);
    }
    begun.set(token ?? '', { id: event.id, time: event.time });
    dropOldest(begun);
  }

  #ended(event: ImEvent): readonly BegunTransfer[] {
    const flow = event.flow?.id ?? '';
    const begun = this.#begun.get(flow);
    if (begun === undefined) return NONE;
    this.#begun.delete(flow);
    return [...begun.values()];
  }
}

const NONE: readonly BegunTransfer[] = Object.freeze([]);

function tokenOf({ service, file }: ImEvent): string | undefined {
  return file?.token === undefined ? undefined : `${service ?? ''}\n${file.token}`;
}

function dropOldest(kept: Set<string> | Map<string, unknown>): void {
  if (kept.size <= MOST) return;
  const [oldest] = kept.keys();
  if (oldest !== undefined) kept.delete(oldest);
}
