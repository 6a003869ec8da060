/**
 * What is said of a flow itself, besides what its parser reads: that it is known, what is missing of it, that nobody
 * reads on, and its sum at the end. Nothing is said while the flow is quiet.
 */
import { Direction, type FlowFacts, type ProtocolDefinition } from '../../parsers/contract.ts';
import type { FlowReference, GapCause, ImEvent } from '../event/event.ts';
import type { PacketTotals } from './flow-ends.ts';
import { FlowKnowledge } from './flow-knowledge.ts';
import { FlowTally } from './flow-tally.ts';
import type { Recognised } from './recognition.ts';

export class FlowLedger {
  readonly known: FlowKnowledge;
  readonly #definition: ProtocolDefinition;
  readonly #tally = new FlowTally();
  /** Carries other protocols: nothing is said of it before it has an event of its own. */
  #quiet: boolean;
  #midstream = false;
  #inside: string | undefined = undefined;
  /** Went on from a tunnel to a known service; nothing was said of what is inside. */
  #isContinued = false;

  /** `announced`: the service of the offer that announced the flow. */
  constructor(
    definition: ProtocolDefinition,
    flow: FlowReference | (() => FlowReference),
    announced: string | undefined,
  ) {
    this.#definition = definition;
    this.#quiet = definition.tunnel === true || definition.opaque === true;
    this.known = new FlowKnowledge(definition, flow, announced);
  }

  /** Nothing was said of this flow. */
  get quiet(): boolean {
    return this.#quiet;
  }

  /** Events of its parser so far. */
  get events(): number {
    return this.#tally.events;
  }

  /** How it was found; `inside`: the tunnel. */
  found(midstream: boolean, inside: string | undefined): void {
    this.#midstream = midstream;
    this.#inside = inside;
  }

  /** Goes on with that of the session that handed the flow over, and was identified; `inside`: a tunnel, or ''. */
  continueFrom(before: FlowLedger, inside: string): void {
    this.#quiet = false;
    this.#inside = inside;
    this.#tally.continueFrom(before.#tally);
    this.known.account ??= before.known.account;
    const { opaque, tunnel } = this.#definition;
    if (opaque !== true && tunnel !== true) return;
    this.known.takeFrom(before.known);
    this.#isContinued = true;
  }

  /** By what it says; from here on the flow is not quiet. */
  identified(): ImEvent {
    this.#quiet = false;
    const event = this.#identified();
    event.evidence = 'content';
    event.confidence = 'high';
    return event;
  }

  /**
   * The flow is of a service that its parser cannot know. Said once, again where it turns out to be something else,
   * and by what is inside a tunnel; of a message among others (facts.unit) each time.
   */
  recognised(known: Recognised, facts: FlowFacts): ImEvent | undefined {
    const { service, activity } = this.known;
    const isSame = known.service === service && known.activity === activity;
    const isNews = !isSame || this.#isContinued;
    if (facts.unit === undefined && !this.#quiet && !isNews) return undefined;
    this.#isContinued = false;
    const event = this.identifiedAs(known, facts);
    this.#quiet = false;
    return event;
  }

  /** The event that says so; from here on the flow is of that service. */
  identifiedAs(known: Recognised, facts: FlowFacts): ImEvent {
    this.known.learn(known, facts);
    const event = this.#identified();
    event.evidence = known.evidence;
    event.confidence = known.confidence;
    if (this.#definition.tunnel === true) event.reason = facts.reason;
    return event;
  }

  /** What is inside a tunnel tells no service: it stays that of the host that was asked for, if that is known. */
  isKnownByTarget(facts: FlowFacts): boolean {
    if (!this.#isContinued) return false;
    this.known.learnWhy(facts);
    return true;
  }

  /** An event of the parser's, to which is added what it leaves out. */
  event(event: ImEvent): void {
    this.#tally.events += 1;
    this.known.complete(event);
  }

  gap(direction: Direction, octets: number, cause: GapCause): ImEvent | undefined {
    // Before anything is said of a flow its gaps are nobody's.
    if (this.#quiet) return undefined;
    this.#tally.gap(octets);
    const event = this.known.ledger('gap');
    event.visibility = 'metadata';
    const isToServer = direction === Direction.ToServer;
    event.gap = { octets, cause, direction: isToServer ? 'to-server' : 'to-client' };
    return event;
  }

  /** Counted each time, and said once. */
  anomaly(name: string): ImEvent | undefined {
    this.#tally.anomalies += 1;
    if (this.#quiet || !this.#tally.isNews(name)) return undefined;
    const event = this.known.ledger('flow.anomaly');
    event.visibility = 'metadata';
    event.reason = name;
    event.anomalies = [name];
    return event;
  }

  opaque(reason: string): ImEvent | undefined {
    if (this.#quiet) return undefined;
    const event = this.known.ledger('flow.opaque');
    event.visibility = 'opaque';
    event.reason = reason;
    return event;
  }

  /** `totals` as the table counted them, the right way round; `isReadable`: it was read to its end. */
  end(totals: PacketTotals, how: string, isReadable: boolean): ImEvent | undefined {
    if (this.#quiet) return undefined;
    const event = this.known.ledger('flow.end');
    event.visibility = isReadable ? 'metadata' : 'opaque';
    event.reason = how;
    event.totals = this.#tally.totals(totals);
    return event;
  }

  #identified(): ImEvent {
    const event = this.known.ledger('flow.identified');
    event.visibility = this.#definition.opaque === true ? 'opaque' : 'metadata';
    if (this.#inside) event.reason = `inside ${this.#inside}`;
    else if (this.#midstream) event.reason = 'picked up mid-stream';
    return event;
  }
}
