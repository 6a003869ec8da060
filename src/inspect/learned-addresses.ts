/**
 * Servers of refused services, learned where a rule says so (`learn`): later flows to the same address and port are
 * known at their first packet.
 *
 * A client can name any service to any server. So what only its own words tell counts for itself alone; for
 * everybody counts what the network tells too: the name was looked up before, or the range is the service's own.
 * Bounded by Limits.learnedAddresses: the least recently used goes first.
 */
import { LRUCache } from 'lru-cache';
import type { Activity } from '../event/event.ts';
import { addressKey } from '../flow/place-key.ts';
import type { FlowTable } from '../flow/table.ts';

export interface LearnedService {
  readonly service: string;
  readonly activity: Activity | undefined;
  readonly host: string | undefined;
  /** Microseconds since 1970. */
  readonly until: number;
}

export class LearnedAddresses {
  readonly #limit: number;
  /** Made with the first: it has room for all at once. */
  #known: LRUCache<string, LearnedService> | undefined = undefined;

  constructor(limit: number) {
    this.#limit = Math.max(1, limit);
  }

  get size(): number {
    return this.#known?.size ?? 0;
  }

  /** `forAll`: not only its client's word. */
  add(
    table: FlowTable,
    slot: number,
    flipped: boolean,
    forAll: boolean,
    what: LearnedService,
  ): void {
    const key = place(table, slot, flipped);
    this.#known ??= new LRUCache({ max: this.#limit });
    this.#known.set(forAll ? key : ofClient(key, table, slot, flipped), what);
  }

  of(table: FlowTable, slot: number, now: number): LearnedService | undefined {
    if (this.#known === undefined || this.#known.size === 0) return undefined;
    const key = place(table, slot, false);
    return this.#at(key, now) ?? this.#at(ofClient(key, table, slot, false), now);
  }

  #at(key: string, now: number): LearnedService | undefined {
    const known = this.#known?.get(key);
    if (known === undefined || known.until >= now) return known;
    this.#known?.delete(key);
    return undefined;
  }
}

function place(table: FlowTable, slot: number, flipped: boolean): string {
  const address = addressKey(table, slot, flipped ? 'client' : 'server');
  const port = flipped ? table.clientPort(slot) : table.serverPort(slot);
  return `${table.transport(slot)} ${address} ${port}`;
}

function ofClient(key: string, table: FlowTable, slot: number, flipped: boolean): string {
  return `${key} ${addressKey(table, slot, flipped ? 'server' : 'client')}`;
}
