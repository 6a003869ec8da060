/**
 * Datagrams that are read as they pass by, without a session: on the usual ports of a protocol that can tell what is
 * nobody's (lookups of names).
 */
import {
  type Direction,
  type PassingEar,
  type PassingReader,
  Probe,
  type ProtocolDefinition,
} from '../../parsers/contract.ts';
import type { FlowTable } from '../flow/table.ts';
import type { AnnouncedFlows } from './announced-flows.ts';
import type { InsideFlows } from './inside-flows.ts';
import type { InspectCounters } from './inspect-counters.ts';
import type { RegistryView } from './registry-view.ts';
import type { Sessions } from './sessions.ts';

/** Whom it tells. */
export interface PassingHost {
  readonly counters: InspectCounters;
  isKnown(host: string, port: number): boolean;
  nobodys(addresses: readonly string[]): void;
  resolved(host: string, addresses: readonly string[], ttl: number): void;
  count(anomaly: string): void;
}

export interface PassingParts {
  readonly registry: RegistryView;
  readonly table: FlowTable;
  readonly sessions: Sessions;
  readonly inside: InsideFlows;
  readonly announced: AnnouncedFlows;
  readonly host: PassingHost;
}

interface PassingProtocol {
  readonly definition: ProtocolDefinition;
  readonly reader: PassingReader;
}

export class Passing implements PassingEar {
  readonly #parts: PassingParts;
  readonly #table: FlowTable;
  readonly #host: PassingHost;
  readonly #byPort = new Map<number, PassingProtocol>();
  /** Server's port of the datagram under the hand. */
  #port = 0;

  constructor(parts: PassingParts) {
    this.#parts = parts;
    this.#table = parts.table;
    this.#host = parts.host;
    for (const definition of parts.registry.datagrams) {
      const reader = definition.passing?.();
      if (reader === undefined) continue;
      for (const port of definition.ports) this.#byPort.set(port, { definition, reader });
    }
  }

  /** Whether the datagram was read, and nothing is to be said of it. */
  passes(slot: number, direction: Direction, octets: Uint8Array): boolean {
    const protocol = this.#on(slot);
    if (protocol === undefined) return false;
    const { sessions, inside, announced } = this.#parts;
    if (inside.has(slot) || announced.has(slot)) return false;
    const session = sessions.get(slot);
    if (session !== undefined && session.definition !== protocol.definition) return false;
    return this.#take(protocol, slot, direction, octets);
  }

  /** The protocol whose usual port one end of the flow has. */
  #on(slot: number): PassingProtocol | undefined {
    const table = this.#table;
    return this.#byPort.get(table.serverPort(slot)) ?? this.#byPort.get(table.clientPort(slot));
  }

  #take(
    protocol: PassingProtocol,
    slot: number,
    direction: Direction,
    octets: Uint8Array,
  ): boolean {
    const { definition, reader } = protocol;
    const table = this.#table;
    const isStraight = definition.probe?.(direction, octets, false) === Probe.Yes;
    // Who sent the first datagram that was seen need not be the client.
    const other = direction === 0 ? 1 : 0;
    if (!isStraight && definition.probe?.(other, octets, false) !== Probe.Yes) return false;
    this.#port = isStraight ? table.serverPort(slot) : table.clientPort(slot);
    if (!reader.pass(slot, octets, this)) return false;
    const isFirst = table.packets(slot, 0) + table.packets(slot, 1) === 1;
    if (isFirst) this.#host.counters.identified(definition.name);
    return true;
  }

  knows(host: string): boolean {
    return this.#host.isKnown(host, this.#port);
  }

  nobodys(addresses: readonly string[]): void {
    this.#host.nobodys(addresses);
  }

  resolved(host: string, addresses: readonly string[], ttl: number): void {
    this.#host.resolved(host, addresses, ttl);
  }

  count(anomaly: string): void {
    this.#host.count(anomaly);
  }
}
