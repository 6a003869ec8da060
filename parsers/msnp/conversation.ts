/**
 * The border between MSNP and what is carried inside its messages: MSNSLP/P2P (p2p/) and MSNFTP
 * invitations (ftp/). They see the conversation they are in through a PeerHost, and get the bodies
 * of its messages one by one.
 */
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { Decision, ExpectedConnection, FlowContext } from '../contract.ts';

/**
 * What the readers of P2P and MSNFTP need of the connection that carries them.
 *
 * Both clients of a conversation may be behind the same gateway: what one sends passes twice, to the server and
 * from it, in two flows with one `context.memory`. Each flow says every event for itself (origin client, origin
 * server); what the other flow has put into the memory is no reason to say nothing.
 */
export interface PeerHost {
  readonly context: FlowContext;
  /** Service msn, protocol msnp; origin, account, version and (for a room) room and route are set. */
  newEvent(kind: EventKind): ImEvent;
  /** Says it in the unit under the hand: the MSG command with its payload. */
  say(event: ImEvent): Decision;
  /** Named for the unit under the hand. */
  anomaly(name: string): void;
  expect(connection: ExpectedConnection, refused?: boolean): void;
}

/** The body of one message, after its MIME headers. Lent for the call. */
export interface PeerPart {
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly fromClient: boolean;
  /** Canonical addresses; recipients are all others of the conversation, none where they are not known. */
  readonly sender: string | undefined;
  readonly recipients: readonly string[];
  /** Values of P2P-Dest and P2P-Src, as written: `address[;{guid}]`. */
  readonly destination: string | undefined;
  readonly source: string | undefined;
}

/**
 * What the readers of bodies offer the connection. `refusal` may be asked only inside `PeerHost.say`, for the
 * event being said: whole message payloads (MIME headers and all, in order) which tell its sender, in the other
 * party's name, that the other party declines. Each becomes a MSG of its own; towards a server with flag U,
 * which no ACK or NAK answers. Empty: there is no word of refusal for this event.
 */
export interface PeerBodies {
  /** One body: of application/x-msnmsgrp2p (p2p/), of text/x-msmsgsinvite (ftp/). */
  part(part: PeerPart): void;
  refusal(event: ImEvent): readonly Uint8Array[];
  /** Octets of the conversation were lost. */
  gap(): void;
  /** The conversation is over: what is unfinished is cancelled, in the unit under the hand. */
  end(): void;
  /** Memory held, octets. */
  held(): number;
}
