/**
 * Which flows are IM. Their first octets are shown to the probes; a flow that no probe wants is let go,
 * which is the end of most at their first octet, before anything is made for them.
 *
 * TCP: the octets of each direction from their start, kept while a probe wants more (candidates.ts).
 * UDP: one datagram at a time, each whole: what a probe needs is in one. Nothing is kept. A flow is let go
 * when none of its first ones is IM: clients send keep-alives and probes of their own before.
 */
import { type Direction, Probe, type ProtocolDefinition } from '../../parsers/contract.ts';
import type { FlowTable } from '../flow/table.ts';
import { UDP } from '../flow/transport.ts';
import type { Limits } from '../limits.ts';
import { Candidates, firstSight, Look } from './candidates.ts';
import type { InspectCounters } from './inspect-counters.ts';
import type { RegistryView } from './registry-view.ts';

const NOTHING_MISSED: readonly [number, number] = [0, 0];

/** A flow is of this protocol. */
export interface Found {
  readonly definition: ProtocolDefinition;
  /** Client and server are exchanged. */
  readonly flipped: boolean;
  readonly midstream: boolean;
  /** Octets missed before, per direction. */
  readonly missed: readonly [number, number];
  /** Hands on what was kept before the octets under the hand, in order of arrival. */
  replay(feed: (direction: Direction, octets: Uint8Array) => void): void;
}

export class Identification {
  readonly #limits: Limits;
  readonly #registry: RegistryView;
  readonly #table: FlowTable;
  readonly #counters: InspectCounters;
  readonly #candidates = new Map<number, Candidates>();

  constructor(limits: Limits, registry: RegistryView, table: FlowTable, counters: InspectCounters) {
    this.#limits = limits;
    this.#registry = registry;
    this.#table = table;
    this.#counters = counters;
  }

  /** Memory held, octets. */
  held(): number {
    let octets = 0;
    for (const candidates of this.#candidates.values()) octets += candidates.octets;
    return octets;
  }

  /** Octets of one direction that are kept until a probe is certain. */
  keptOctets(slot: number, direction: Direction): number {
    return this.#candidates.get(slot)?.keptOctets(direction) ?? 0;
  }

  /** Nothing was seen of the flow yet, or nothing that was kept. */
  isFirst(slot: number): boolean {
    return this.#candidates.size === 0 || !this.#candidates.has(slot);
  }

  /** Hands on, once, what is kept of a flow in order of arrival. */
  takeKept(slot: number): Found['replay'] {
    const candidates = this.#candidates.get(slot);
    this.#candidates.delete(slot);
    return (feed) => candidates?.replay(feed);
  }

  /** What is kept of a flow is dropped; false where nothing is. */
  forget(slot: number): boolean {
    return this.#candidates.size > 0 && this.#candidates.delete(slot);
  }

  /** Whether the first octet of a datagram, or of a TCP flow, is enough to let it go, or to pass it over. */
  firstOctet(slot: number, direction: Direction, octet: number): Look {
    const table = this.#table;
    if (table.transport(slot) === UDP) {
      return this.#registry.ofDatagram(octet).length === 0 ? this.#passOver(slot) : Look.Found;
    }
    if (!this.isFirst(slot)) return Look.Found;
    const { firstOctet } = this.#registry;
    const midstream = table.midstream(slot);
    if (firstOctet.any(direction, octet, midstream)) return Look.Found;
    if (table.oriented(slot)) return Look.LetGo;
    return firstOctet.any(direction === 0 ? 1 : 0, octet, midstream) ? Look.Found : Look.LetGo;
  }

  /** One more segment or datagram. It is copied when more is wanted, and the caller's to feed when found. */
  look(
    slot: number,
    direction: Direction,
    octets: Uint8Array,
  ): Found | typeof Look.LetGo | typeof Look.Wait {
    if (this.#table.transport(slot) === UDP) return this.#datagram(slot, direction, octets);
    let candidates = this.#candidates.get(slot);
    const first = candidates === undefined;
    if (first) {
      const answer = this.#firstSight(slot, direction, octets);
      if (answer === Look.LetGo) return Look.LetGo;
      if (answer !== Look.Wait) return this.#atOnce(slot, answer);
    }
    candidates ??= this.#newCandidates(slot);
    const answer = candidates.look(direction, octets);
    if (answer === Look.Found) return this.#found(slot, candidates) ?? Look.LetGo;
    return answer === Look.Wait && first && !this.#keep(slot, candidates) ? Look.LetGo : answer;
  }

  /** Octets of a flow that is not identified were not seen. */
  gap(slot: number, direction: Direction, octets: number): Look {
    if (this.#table.transport(slot) === UDP) return Look.Wait; // the next datagram is whole
    let candidates = this.#candidates.get(slot);
    if (candidates === undefined) {
      candidates = this.#newCandidates(slot);
      if (!this.#keep(slot, candidates)) return Look.LetGo;
    }
    candidates.gap(direction, octets);
    return Look.Wait;
  }

  /** The flow is ending: looks that were put off are made now. */
  lastLook(slot: number): Found | undefined {
    const candidates = this.#candidates.get(slot);
    if (candidates === undefined || candidates.lastLook() !== Look.Found) return undefined;
    return this.#found(slot, candidates);
  }

  #found(slot: number, candidates: Candidates): Found | undefined {
    this.#candidates.delete(slot);
    const { found: definition, flipped, midstream, missed } = candidates;
    if (definition === undefined) return undefined;
    return { definition, flipped, midstream, missed, replay: (feed) => candidates.replay(feed) };
  }

  #datagram(
    slot: number,
    direction: Direction,
    octets: Uint8Array,
  ): Found | typeof Look.LetGo | typeof Look.Wait {
    const other = direction === 0 ? 1 : 0;
    let more = false;
    for (const definition of this.#registry.ofDatagram(octets[0] ?? 0)) {
      const answer = definition.probe?.(direction, octets, false);
      const straight = answer === Probe.Yes;
      // Who sent the first datagram that was seen need not be the client.
      if (straight || definition.probe?.(other, octets, false) === Probe.Yes) {
        return {
          definition,
          flipped: !straight,
          midstream: false,
          missed: NOTHING_MISSED,
          replay() {},
        };
      }
      more ||= answer === Probe.More;
    }
    // A whole datagram of which a probe wants more says nothing: it is a keep-alive of that protocol.
    return more ? Look.Wait : this.#passOver(slot);
  }

  /** A datagram that is not IM: after a few of them the flow is let go, but for the usual ports. */
  #passOver(slot: number): typeof Look.LetGo | typeof Look.Wait {
    const table = this.#table;
    const seen = table.packets(slot, 0) + table.packets(slot, 1);
    if (seen < this.#limits.identificationDatagrams) return Look.Wait;
    const { datagramPorts } = this.#registry;
    const usual = datagramPorts[table.serverPort(slot)] || datagramPorts[table.clientPort(slot)];
    return usual ? Look.Wait : Look.LetGo;
  }

  #firstSight(slot: number, direction: Direction, octets: Uint8Array) {
    const table = this.#table;
    const definitions = this.#registry.probed(table.transport(slot));
    const { firstOctet } = this.#registry;
    const { identificationOctets: most } = this.#limits;
    const sight = octets.length > most ? octets.subarray(0, most) : octets;
    const midstream = table.midstream(slot);
    return firstSight(definitions, firstOctet, direction, sight, midstream, table.oriented(slot));
  }

  /** Certain by the first octets of the flow, as it is oriented. */
  #atOnce(slot: number, definition: ProtocolDefinition): Found {
    const midstream = this.#table.midstream(slot);
    const missed = NOTHING_MISSED;
    return { definition, flipped: false, midstream, missed, replay() {} };
  }

  #newCandidates(slot: number): Candidates {
    const table = this.#table;
    return new Candidates(
      this.#registry.probed(table.transport(slot)),
      this.#limits.identificationOctets,
      table.midstream(slot),
      table.oriented(slot),
      this.#registry.firstOctet,
    );
  }

  /** False where the limit refuses to keep a flow's first octets. */
  #keep(slot: number, candidates: Candidates): boolean {
    if (this.#candidates.size >= this.#limits.identificationFlows) {
      this.#counters.identificationRefused += 1;
      return false;
    }
    this.#candidates.set(slot, candidates);
    return true;
  }
}
