/** What the records of one conversation make of it: counted anew, as record/event-places.ts counts. */
import type { Envelope } from '../../contract.ts';
import { eventFacts } from '../../record/event-facts.ts';
import { threadPlace } from '../../record/thread-key.ts';

const FILE_EVENTS = new Set<string | undefined>(['file.offer', 'file.start', 'file.complete']);

export class ConversationCounts {
  messages = 0;
  events = 0;
  refused = 0;
  /** Microseconds. */
  started = Number.POSITIVE_INFINITY;
  ended = Number.NEGATIVE_INFINITY;
  service = '';
  /** Lower case: each of its events may have spelled it in its own way. */
  room: string | undefined;
  key: string | undefined;
  /** Records whose thread is another one than the first one's. */
  others = 0;
  /** Messages by address. */
  readonly participants = new Map<string, number>();
  /** What ties the events of a file together. */
  readonly #files = new Set<string>();
  /** Events that might have been counted as a file. */
  fileEvents = 0;

  /** At least so many; more where a file was sent again. */
  get files(): number {
    return this.#files.size;
  }

  add(time: number, { event, repeat }: Envelope): void {
    if (event === undefined) return;
    const facts = eventFacts(event);
    const place = threadPlace(facts);
    if (place === undefined) {
      this.others += 1;
      return;
    }
    if (this.key === undefined) {
      this.key = place.key;
      this.service = facts.service;
      this.room = place.room?.toLowerCase();
    } else if (this.key !== place.key) this.others += 1;
    this.started = Math.min(this.started, time);
    this.ended = Math.max(this.ended, time);
    const isMessage = facts.kind === 'message' && repeat !== true;
    for (const address of place.parties) {
      const says = isMessage && address === facts.sender ? 1 : 0;
      this.participants.set(address, (this.participants.get(address) ?? 0) + says);
    }
    if (repeat === true) return;
    this.events += 1;
    if (isMessage) this.messages += 1;
    if (facts.action !== undefined && facts.action !== 'pass') this.refused += 1;
    if (!FILE_EVENTS.has(facts.kind)) return;
    if (facts.file === undefined) {
      if (facts.kind !== 'file.offer') return;
      this.fileEvents += 1;
      this.#files.add(`${this.fileEvents}`);
    } else {
      this.fileEvents += 1;
      this.#files.add(`\n${facts.sender ?? ''}\n${facts.file}`);
    }
  }
}
