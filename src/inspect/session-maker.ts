/** Makes the session of a flow: its parser's context, and how events name the flow. */
import type { ExpectedConnection, ProtocolDefinition } from '../../parsers/contract.ts';
import type { FlowReference } from '../event/event.ts';
import type { ExpectedConnections } from '../flow/expected.ts';
import type { FlowTable } from '../flow/table.ts';
import type { Limits } from '../limits.ts';
import type { ContentSink } from './content/content-sink.ts';
import type { EventStamp } from './event-stamp.ts';
import { flowReference } from './flow-ends.ts';
import { FlowMemory } from './flow-memory.ts';
import type { SessionHost } from './host.ts';
import { Session } from './session.ts';
import { SessionContext } from './session-context.ts';

export interface SessionMakerParts {
  readonly table: FlowTable;
  readonly expected: ExpectedConnections;
  readonly stamp: EventStamp;
  readonly followContent: boolean;
  readonly contentSink: ContentSink | undefined;
  readonly refuseFlow: (slot: number) => void;
  readonly limits: Limits;
}

export class SessionMaker {
  readonly #parts: SessionMakerParts;
  readonly #host: SessionHost;
  readonly #memory: FlowMemory;

  constructor(parts: SessionMakerParts, host: SessionHost) {
    this.#parts = parts;
    this.#host = host;
    this.#memory = new FlowMemory(parts.limits.sharedMemoryEntries);
  }

  /** `known`: how the flow was named before, where a session went before this one. */
  make(
    slot: number,
    definition: ProtocolDefinition,
    flipped: boolean,
    midstream: boolean,
    expected: ExpectedConnection | undefined,
    known: FlowReference | undefined,
  ): Session {
    const { table, stamp, followContent, contentSink } = this.#parts;
    // Of most that is only recognised nothing is said.
    const eager = definition.opaque !== true;
    let session: Session | undefined;
    const context = new SessionContext({
      table,
      slot,
      flipped,
      midstream,
      expected,
      eager,
      memory: () => this.#memory.of(definition.family ?? definition.name),
      follow: () => (followContent ? session?.follow(contentSink) : undefined),
      expectedByToken: (token) => this.#takeByToken(slot, token),
    });
    const reference = () => flowReference(table, slot, flipped, stamp.id(table.firstTime(slot)));
    const flow = known ?? (eager ? reference() : reference);
    session = new Session(definition, context, flow, flipped, this.#host, slot);
    return session;
  }

  #takeByToken(slot: number, token: string): ExpectedConnection | undefined {
    const { expected, refuseFlow } = this.#parts;
    const connection = expected.takeByToken(token, this.#host.now());
    if (connection !== undefined && expected.isRefused(connection)) refuseFlow(slot);
    return connection;
  }
}
