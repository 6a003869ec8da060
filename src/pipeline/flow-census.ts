/**
 * How many flows there are of which kind, for metrics. The table may hold a million: it is walked a few
 * slots at a time between packets, and the figures are those of the last whole round.
 */
import type { Activity } from '../event/event.ts';
import { Disposition } from '../flow/disposition.ts';
import type { FlowTable } from '../flow/table.ts';
import type { Session } from '../inspect/session.ts';
import type { Counts } from './counters.ts';

export interface FlowFigures {
  readonly byState: Counts;
  /** Flows that are or were read, by protocol. */
  readonly byProtocol: Counts;
}

/** A flow that is read, as people see it. */
export interface ReadFlow {
  readonly id: string;
  readonly protocol: string;
  readonly service: string;
  /** What it is for; undefined: not told. */
  readonly activity?: Activity | undefined;
  readonly client: string;
  readonly server: string;
  readonly account: string | undefined;
  readonly packets: number;
  readonly octets: number;
  readonly events: number;
  /** Milliseconds since 1970. */
  readonly last: number;
}

/** The sessions of the inspection, by slot. */
export interface SessionLookup {
  sessionOf(slot: number): Session | undefined;
  sessionSlots(): Iterable<number>;
}

/** Names of Disposition, in its order. */
const STATES = ['undecided', 'read', 'letGo', 'opaque'] as const;

export class FlowCensus {
  readonly #table: FlowTable;
  readonly #sessions: SessionLookup;
  #at = 0;
  #byState = new Int32Array(STATES.length);
  #byProtocol = new Map<string, number>();
  #figures: FlowFigures = { byState: {}, byProtocol: {} };

  constructor(table: FlowTable, sessions: SessionLookup) {
    this.#table = table;
    this.#sessions = sessions;
  }

  /** Looks at the next `slots` slots. */
  step(slots: number): void {
    const table = this.#table;
    const end = Math.min(table.slots, this.#at + slots);
    for (let slot = this.#at; slot < end; slot++) {
      if (table.inUse(slot)) this.#count(slot, table.disposition(slot));
    }
    this.#at = end;
    if (end >= table.slots) this.#publish();
  }

  /** Of the last whole round. */
  get figures(): FlowFigures {
    return this.#figures;
  }

  /** The flows that are read now, most packets first. */
  busiest(most: number): ReadFlow[] {
    const table = this.#table;
    const kept: { slot: number; packets: number }[] = [];
    for (const slot of this.#sessions.sessionSlots()) {
      const packets = table.packets(slot, 0) + table.packets(slot, 1);
      if (kept.length >= most && packets <= (kept[kept.length - 1]?.packets ?? 0)) continue;
      const place = kept.findIndex((other) => other.packets < packets);
      kept.splice(place === -1 ? kept.length : place, 0, { slot, packets });
      if (kept.length > most) kept.pop();
    }
    return kept.flatMap(({ slot, packets }) => this.#row(slot, packets) ?? []);
  }

  #row(slot: number, packets: number): ReadFlow | undefined {
    const session = this.#sessions.sessionOf(slot);
    if (session === undefined || session.quiet) return undefined;
    const table = this.#table;
    const { flow, protocol, service, activity, account, events } = session;
    const octets = table.payloadOctets(slot, 0) + table.payloadOctets(slot, 1);
    const last = table.lastTime(slot) / 1000;
    const { id, client, server } = flow;
    const ends = { client, server, account };
    return { id, protocol, service, activity, ...ends, packets, octets, events, last };
  }

  #count(slot: number, disposition: Disposition): void {
    this.#byState[disposition] = (this.#byState[disposition] ?? 0) + 1;
    if (disposition !== Disposition.Session && disposition !== Disposition.Opaque) return;
    const protocol = this.#sessions.sessionOf(slot)?.protocol;
    if (protocol === undefined) return;
    this.#byProtocol.set(protocol, (this.#byProtocol.get(protocol) ?? 0) + 1);
  }

  #publish(): void {
    const byState: Counts = {};
    for (const [i, name] of STATES.entries()) byState[name] = this.#byState[i] ?? 0;
    this.#figures = { byState, byProtocol: Object.fromEntries(this.#byProtocol) };
    this.#byState.fill(0);
    this.#byProtocol.clear();
    this.#at = 0;
  }
}
