/**
 * Flows that an offer announced, until their content tells what they are.
 *
 * Their content is looked at all the same: whoever announces the address of a server must not be able to hide what
 * is said to it. An announcement whose address turned out to be something else's stands for the next connection.
 */
import type { ExpectedConnection, ProtocolDefinition } from '../../parsers/contract.ts';
import type { ExpectedConnections } from '../flow/expected.ts';
import type { FlowTable } from '../flow/table.ts';
import type { RegistryView } from './registry-view.ts';

export interface AnnouncedParts {
  readonly table: FlowTable;
  readonly expected: ExpectedConnections;
  readonly registry: RegistryView;
  readonly now: () => number;
  readonly refuseFlow: (slot: number) => void;
  readonly count: (anomaly: string) => void;
}

export class AnnouncedFlows {
  readonly #parts: AnnouncedParts;
  readonly #flows = new Map<number, ExpectedConnection>();

  constructor(parts: AnnouncedParts) {
    this.#parts = parts;
  }

  has(slot: number): boolean {
    return this.#flows.has(slot);
  }

  forget(slot: number): void {
    if (this.#flows.size > 0) this.#flows.delete(slot);
  }

  /** A flow of which nothing was seen: an offer may have announced it. */
  recall(slot: number): void {
    if (this.#flows.has(slot)) return;
    const { expected, registry, table, now } = this.#parts;
    const connection = expected.takeFor(table, slot);
    if (connection === undefined) return;
    const definition = registry.named(connection.protocol);
    // A probed protocol tells itself; the announcement is found again by its token.
    if (definition === undefined || definition.probe !== undefined) {
      expected.restore(connection, now());
      return;
    }
    // Of a refused offer, but not stopped: a connection of somebody else to an address that anybody can name.
    const isStrange =
      connection.shared !== true &&
      expected.isRefused(connection) &&
      !expected.refuses(table, slot);
    if (!isStrange) this.#flows.set(slot, connection);
  }

  /** The announcement of this flow's address and port, where it is of this protocol. */
  takeFor(slot: number, definition: ProtocolDefinition): ExpectedConnection | undefined {
    const { expected, table, now, refuseFlow, count } = this.#parts;
    const other = this.#flows.get(slot);
    if (other !== undefined) {
      this.#flows.delete(slot);
      count('announced-address-of-another');
      expected.restore(other, now());
      return undefined;
    }
    if (expected.size === 0) return undefined;
    const connection = expected.takeFor(table, slot);
    if (connection === undefined) return undefined;
    if (connection.protocol === definition.name) {
      if (connection.shared !== true && expected.isRefused(connection)) refuseFlow(slot);
      return connection;
    }
    expected.restore(connection, now());
    return undefined;
  }

  /** What announced the flow, with who reads it: once. */
  take(
    slot: number,
  ): { connection: ExpectedConnection; definition: ProtocolDefinition } | undefined {
    const connection = this.#flows.get(slot);
    const definition = connection && this.#parts.registry.named(connection.protocol);
    if (connection === undefined || definition === undefined) return undefined;
    this.#flows.delete(slot);
    return { connection, definition };
  }
}
