/**
 * Whether a message is in the record already: the other leg of a delivery where both ends pass the same wire,
 * a carbon, an echo, what a server sends from its history.
 */
import { LRUCache } from 'lru-cache';
import { Deliveries } from '../../report/deliveries.ts';
import type { EventDraft } from './event-draft.ts';
import type { EventFacts } from './event-facts.ts';

/** Nicks whose account is remembered, each for the room it is in. */
const NICKS = 4096;
/** A carbon may be all that is seen of a message: it is compared, as the other leg is. */
const COPIES = new Set<string | undefined>(['echo', 'archive', 'history']);

export class Repeats {
  readonly #deliveries = new Deliveries();
  readonly #nicks = new LRUCache<string, string>({ max: NICKS });

  /** Ask once for each event. */
  isRepeated(draft: Pick<EventDraft, 'facts' | 'time' | 'said'>): boolean {
    const { facts } = draft;
    const { kind, service, room, account, sender, flow, copy, action } = facts;
    if (COPIES.has(copy)) {
      this.#learn(facts);
      return kind === 'message';
    }
    if (kind !== 'message') return false;
    return this.#deliveries.isRepeated({
      time: draft.time,
      kind,
      service,
      flow: flow === undefined ? undefined : { id: flow },
      from: room === undefined ? sender : this.#speaker(service, sender ?? account),
      to: facts.recipients,
      room,
      text: draft.said,
      form: facts.form,
      verdict: action === undefined ? undefined : { action, rule: facts.rule, alert: facts.alert },
    });
  }

  /** An echo tells whose nick it is: others of the room see the nick, and our wire saw the account. */
  #learn({ copy, service, account, sender, room }: EventFacts): void {
    if (copy !== 'echo' || room === undefined) return;
    if (account === undefined || sender === undefined || account === sender) return;
    this.#nicks.set(`${service}\n${sender}`, account);
  }

  #speaker(service: string, sender: string | undefined): string | undefined {
    return sender === undefined ? undefined : (this.#nicks.get(`${service}\n${sender}`) ?? sender);
  }
}
