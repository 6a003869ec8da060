/**
 * The lookups of one flow: names that are asked for are shown to the catalogue one by one, addresses that come as
 * answers are hints for the connections that follow.
 *
 * Answers can be forged by whoever guesses port and id. One that nothing in its flow asked for tells no address: it is
 * an anomaly, and its name is a lookup like any other, so that a refusal reaches it where questions go another way.
 */
import { u16be } from '../../src/bytes/read.ts';
import type { Direction, FlowFacts, ParserSink, Unit } from '../contract.ts';
import { DnsName, HEADER } from '../framing/dns-message.ts';
import { DnsAnomaly } from './anomalies.ts';
import { DnsAnswer } from './answer.ts';
import { AskedNames } from './asked-names.ts';
import { ANSWER, questionEnd } from './form.ts';

const HELD = 512; // octets: the objects of one flow

// Used within one call only: nearly each lookup has a flow of its own, and these are the larger part of one.
const asked = new DnsName();
const answer = new DnsAnswer();

export class DnsLookups {
  readonly #asked = new AskedNames();
  #isKnown = false;

  /** `octets` are one message of DNS, `unit` where it lies. */
  message(direction: Direction, octets: Uint8Array, unit: Unit, sink: ParserSink): void {
    const end = questionEnd(octets);
    if (end <= 0) {
      // Updates, notifications, answers without a question: no lookups.
      if (end === 0) sink.anomaly(DnsAnomaly.Malformed, direction);
      return;
    }
    const name = asked.read(octets, HEADER) ? asked.text(octets) : undefined;
    if (name === undefined || !name.includes('.')) return;
    const id = u16be(octets, 0);
    if ((u16be(octets, 2) & ANSWER) === 0) {
      this.#asked.add(id, name, this.#show(name, unit, sink));
    } else if (this.#asked.take(id, name)) this.#resolve(direction, octets, name, end, sink);
    else if (!this.#asked.has(id, name)) {
      sink.anomaly(DnsAnomaly.Unasked, direction);
      this.#show(name, unit, sink);
    }
  }

  /** Nothing is waited for, and nothing was said of the flow. */
  get isIdle(): boolean {
    return !this.#isKnown && this.#asked.isIdle;
  }

  #show(name: string, unit: Unit, sink: ParserSink): boolean {
    const isKnown = sink.identify(factsOf(name, unit));
    this.#isKnown ||= isKnown;
    return isKnown;
  }

  held(): number {
    return HELD + 2 * this.#asked.characters;
  }

  #resolve(
    direction: Direction,
    octets: Uint8Array,
    name: string,
    end: number,
    sink: ParserSink,
  ): void {
    if (u16be(octets, 6) === 0) return;
    answer.read(octets, HEADER, end);
    if (answer.fault !== undefined) sink.anomaly(answer.fault, direction);
    if (answer.echOffered) sink.anomaly(DnsAnomaly.EchOffered, direction);
    const { addresses, ttl } = answer;
    answer.addresses = [];
    if (addresses.length === 0) return;
    sink.resolved(name, addresses, ttl);
    // A name of nobody's may be another word for a name of a service. The other way round, a service's name that
    // leads to a content network's stays the service's.
    if (this.#asked.isKnown) return;
    for (const alias of answer.aliases(octets)) sink.resolved(alias, addresses, ttl);
  }
}

function factsOf(name: string, unit: Unit): FlowFacts {
  return {
    evidence: 'host',
    hosts: [name],
    activity: 'lookup',
    protocol: 'dns',
    unit,
    reason: 'name lookup',
  };
}
