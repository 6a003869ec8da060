/** What is known of a flow that is read, and how its events say it: whose it is, what for, who is logged in. */
import type { FlowFacts, ProtocolDefinition } from '../../parsers/contract.ts';
import { type Activity, type FlowReference, ImEvent, type TlsReference } from '../event/event.ts';
import type { EventKind } from '../event/kinds.ts';
import type { Recognised } from './recognition.ts';

export class FlowKnowledge {
  service: string;
  activity: Activity | undefined;
  /** Who is logged in on the flow's client side, as far as it was said. */
  account: string | undefined = undefined;
  /** Why it cannot be read on, once that is known. */
  whyOpaque = 'encrypted';
  readonly #definition: ProtocolDefinition;
  /** Written out when something is said of the flow: of most nothing is. */
  #flow: FlowReference | (() => FlowReference);
  /** As events say it, where the octets told more than the registry. */
  #protocol: string | undefined = undefined;
  #protocolVersion: string | undefined = undefined;
  #host: string | undefined = undefined;
  #tls: TlsReference | undefined = undefined;

  /** `announced`: the service of the offer that announced the flow. */
  constructor(
    definition: ProtocolDefinition,
    flow: FlowReference | (() => FlowReference),
    announced: string | undefined,
  ) {
    this.#definition = definition;
    this.#flow = flow;
    this.activity = definition.activity ?? 'chat';
    this.service = announced ?? definition.service ?? definition.name;
  }

  get flow(): FlowReference {
    if (typeof this.#flow === 'function') this.#flow = this.#flow();
    return this.#flow;
  }

  /** As events say it. */
  get protocol(): string {
    return this.#protocol ?? this.#definition.protocol ?? this.#definition.name;
  }

  /** Why nobody reads on, and how it is encrypted: of a flow whose service is known already. */
  learnWhy(facts: FlowFacts): void {
    this.whyOpaque = facts.reason;
    this.#tls = facts.tls?.() ?? this.#tls;
  }

  /** The flow is of this service. */
  learn(known: Recognised, facts: FlowFacts): void {
    this.service = known.service;
    this.activity = known.activity;
    this.#host = known.host;
    this.#protocol = facts.protocol;
    this.#protocolVersion = facts.protocolVersion ?? this.#protocolVersion;
    this.account = facts.account ?? this.account;
    this.learnWhy(facts);
  }

  /** An event of the parser's: what it says is known from here on, what it leaves out is put in. */
  complete(event: ImEvent): void {
    if (event.service === undefined) event.service = this.service;
    else this.service = event.service;
    event.protocol ??= this.protocol;
    if (event.protocolVersion !== undefined) this.#protocolVersion = event.protocolVersion;
    if (event.account !== undefined) this.account = event.account;
    event.flow = this.flow;
  }

  /** Until more is known it is what was asked of the tunnel. */
  takeFrom(before: FlowKnowledge): void {
    this.service = before.service;
    this.activity = before.activity;
    this.#host = before.#host;
    this.whyOpaque = before.whyOpaque;
  }

  /** An event about the flow itself. */
  ledger(kind: EventKind): ImEvent {
    const event = new ImEvent(kind);
    event.service = this.service;
    event.protocol = this.protocol;
    event.protocolVersion = this.#protocolVersion;
    event.account = this.account;
    event.flow = this.flow;
    event.activity = this.activity;
    event.host = this.#host;
    event.tls = this.#tls;
    return event;
  }
}
