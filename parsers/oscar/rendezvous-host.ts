/** Between the reader of a FLAP connection and the reader of the rendezvous messages in it. */
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { Decision, ExpectedConnection, FlowContext } from '../contract.ts';

/** What the rendezvous reader needs of the connection that carries the message. */
export interface RendezvousHost {
  readonly context: FlowContext;
  /** With service, protocol, account, and origin by the direction under the hand. */
  newEvent(kind: EventKind): ImEvent;
  /** Its unit is the FLAP frame under the hand. */
  say(event: ImEvent): Decision;
  anomaly(name: string): void;
  expect(connection: ExpectedConnection, refused: boolean): void;
}

/** A message of channel 2, or its refusal. Octets are lent for the call. */
export interface RendezvousPart {
  readonly buffer: Uint8Array;
  /** [start, end): the value of TLV 0005 of a channel 2 ICBM, or the data of a 04/0B refusal. */
  readonly start: number;
  readonly end: number;
  readonly fromClient: boolean;
  /** Canonical screen names, undefined where not known. */
  readonly sender: string | undefined;
  readonly recipient: string | undefined;
  /** 8 octets of the ICBM cookie, lower-case hex. */
  readonly cookie: string;
}
