/** What parsers say, and readers of what passes by, brought to whom it concerns: the events' way out, offers, the catalogue. */
import {
  ANY_PROTOCOL,
  type ExpectedConnection,
  type FlowFacts,
  type Unit,
} from '../../parsers/contract.ts';
import type { ImEvent, VerdictRecord } from '../event/event.ts';
import type { ExpectedConnections } from '../flow/expected.ts';
import type { FlowTable } from '../flow/table.ts';
import type { Emission } from './emission.ts';
import type { SessionHost } from './host.ts';
import type { InspectCounters } from './inspect-counters.ts';
import type { PassingHost } from './passing.ts';
import type { RecognisedFlows } from './recognised-flows.ts';
import type { Recognition } from './recognition.ts';
import type { RegistryView } from './registry-view.ts';
import type { Session } from './session.ts';

export interface InspectionHostParts {
  readonly registry: RegistryView;
  readonly table: FlowTable;
  readonly expected: ExpectedConnections;
  readonly emission: Emission;
  readonly recognition: Recognition;
  readonly recognised: RecognisedFlows;
  readonly counters: InspectCounters;
}

export class InspectionHost implements SessionHost, PassingHost {
  readonly counters: InspectCounters;
  readonly #parts: InspectionHostParts;
  readonly #emission: Emission;

  constructor(parts: InspectionHostParts) {
    this.counters = parts.counters;
    this.#parts = parts;
    this.#emission = parts.emission;
  }

  now(): number {
    return this.#emission.now();
  }

  emit(event: ImEvent, session: Session, unit?: Unit): VerdictRecord {
    return this.#emission.emit(event, session, unit);
  }

  reads(protocol: string, quiet: boolean): boolean {
    if (protocol === ANY_PROTOCOL) return true;
    const definition = this.#parts.registry.named(protocol);
    return definition !== undefined && (quiet || definition.opaque !== true);
  }

  expect(connection: ExpectedConnection, refused: boolean, { slot, flipped }: Session): void {
    const { expected, table } = this.#parts;
    const party = flipped ? table.serverAddress(slot) : table.clientAddress(slot);
    expected.add(connection, this.now(), refused ? party : undefined);
  }

  identify(facts: FlowFacts, session: Session): boolean {
    return this.#parts.recognised.identify(facts, session);
  }

  /** The name is one of the catalogue's, at this port. */
  isKnown(host: string, port: number): boolean {
    return this.#parts.recognition.services.byHost(host, port) !== undefined;
  }

  resolved(host: string, addresses: readonly string[], ttl: number): void {
    this.#parts.recognition.resolved(host, addresses, ttl, this.now());
  }

  nobodys(addresses: readonly string[]): void {
    this.#parts.recognition.nobodys(addresses);
  }

  count(anomaly: string): void {
    this.counters.anomaly(anomaly);
  }
}
