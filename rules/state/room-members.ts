/** Who is known to be in each room, from joins, leaves and kicks. */
import { LRUCache } from 'lru-cache';
import type { ImEvent } from '../../src/event/event.ts';
import { accountKey } from '../lists/identity.ts';

/** Rooms remembered, and members of one room; beyond that the count stops rising. */
export const MOST_ROOMS = 4096;
export const MOST_MEMBERS = 1000;

export class RoomMembers {
  readonly #rooms = new LRUCache<string, Set<string>>({ max: MOST_ROOMS });

  /** Undefined when nothing is known of the room. */
  of(service: string | undefined, room: string): ReadonlySet<string> | undefined {
    return this.#rooms.get(`${service} ${accountKey(service, room)}`);
  }

  learn(event: ImEvent): void {
    const { kind, service, room } = event;
    if (room === undefined) return;
    if (kind === 'room.join') this.#join(service, room, event.from ?? event.account);
    else if (kind === 'room.leave') this.#leave(service, room, event.from ?? event.account);
    else if (kind === 'room.kick') {
      for (const member of event.to ?? []) this.#leave(service, room, member);
    }
  }

  #join(service: string | undefined, room: string, member: string | undefined): void {
    if (member === undefined) return;
    const key = `${service} ${accountKey(service, room)}`;
    const known = this.#rooms.get(key);
    const members = known ?? new Set();
    if (members.size < MOST_MEMBERS) members.add(accountKey(service, member));
    if (members !== known) this.#rooms.set(key, members);
  }

  #leave(service: string | undefined, room: string, member: string | undefined): void {
    if (member === undefined) return;
    this.#rooms.get(`${service} ${accountKey(service, room)}`)?.delete(accountKey(service, member));
  }
}
