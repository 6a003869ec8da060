/** What a session needs of the inspection around it. */
import type { ExpectedConnection, FlowFacts, Unit } from '../../parsers/contract.ts';
import type { ImEvent, VerdictRecord } from '../event/event.ts';
import type { Session } from './session.ts';

export interface SessionHost {
  /** Time of the packet under the hand, microseconds since 1970. */
  now(): number;
  /** Stamps, judges, has carried out and emits; without a unit the event is about the session's flow. */
  emit(event: ImEvent, session: Session, unit?: Unit): VerdictRecord;
  /**
   * Whether a flow handed over to this protocol goes on: one of the registry, or ANY_PROTOCOL. What is only
   * recognised goes on where nothing was said of the flow (`quiet`); else it is opaque from here.
   */
  reads(protocol: string, quiet: boolean): boolean;
  /** `refused`: its offer was, so the connection is not to be. The session is the one that announces it. */
  expect(connection: ExpectedConnection, refused: boolean, session: Session): void;
  /** Says of which service the flow is, where the catalogue knows one by these facts. */
  identify(facts: FlowFacts, session: Session): boolean;
  /** A name was looked up: these are its addresses for `ttl` seconds. */
  resolved(host: string, addresses: readonly string[], ttl: number): void;
  /** Counts odd input under its name. */
  count(anomaly: string): void;
}
