/** What a session needs of the inspection around it. */
import type { ExpectedConnection } from '../../parsers/contract.ts';
import type { ImEvent, VerdictRecord } from '../event/event.ts';

export interface SessionHost {
  /** Time of the packet under the hand, microseconds since 1970. */
  now(): number;
  /** Stamps, judges and emits. */
  emit(event: ImEvent): VerdictRecord;
  /** Whether a flow handed over to this protocol is read on: one of the registry, or ANY_PROTOCOL. */
  reads(protocol: string): boolean;
  expect(connection: ExpectedConnection): void;
  /** Counts odd input under its name. */
  count(anomaly: string): void;
}
