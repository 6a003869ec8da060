/**
 * Who is in one switchboard conversation besides the account, and when it became a room.
 *
 * Two people talk one to one. With a third the conversation is a room, and stays one until the
 * connection ends, so that a conversation does not fall apart in a report when somebody leaves.
 */
import { boundedCopy } from '../../src/bytes/text.ts';
import { CALLED_LIMIT, NAME_LIMIT, PARTICIPANTS_LIMIT } from './msnp-limits.ts';

export class Participants {
  readonly #present = new Set<string>();
  /** Called, and not there yet. */
  readonly #called = new Set<string>();
  #room = false;
  #list: readonly string[] | undefined = undefined;

  /** At least two others are, or were, there. */
  get isRoom(): boolean {
    return this.#room;
  }

  get size(): number {
    return this.#present.size;
  }

  has(address: string): boolean {
    return this.#present.has(address);
  }

  /** All that are there; those who were called where nobody is there yet. */
  get others(): readonly string[] {
    this.#list ??= [...(this.#present.size > 0 ? this.#present : this.#called)];
    return this.#list;
  }

  /** False where nobody more is kept. */
  join(address: string): boolean {
    this.#called.delete(address);
    if (!this.#add(this.#present, address, PARTICIPANTS_LIMIT)) return false;
    if (this.#present.size > 1) this.#room = true;
    return true;
  }

  call(address: string): boolean {
    return this.#present.has(address) || this.#add(this.#called, address, CALLED_LIMIT);
  }

  leave(address: string): void {
    this.#list = undefined;
    this.#present.delete(address);
    // Somebody who writes to those who left still writes to them.
    if (this.#present.size === 0) this.#add(this.#called, address, CALLED_LIMIT);
  }

  held(): number {
    let octets = 0;
    for (const address of this.#present) octets += 96 + 2 * address.length;
    for (const address of this.#called) octets += 96 + 2 * address.length;
    return octets;
  }

  #add(set: Set<string>, address: string, limit: number): boolean {
    if (set.has(address)) return true;
    if (set.size >= limit) return false;
    this.#list = undefined;
    set.add(boundedCopy(address, NAME_LIMIT));
    return true;
  }
}
