/**
 * Flows that are not decided: whose they are is asked of their first octets, of announcements and of addresses,
 * until somebody's session opens or they are let go.
 */
import type { Direction } from '../../parsers/contract.ts';
import { Disposition } from '../flow/disposition.ts';
import type { ExpectedConnections } from '../flow/expected.ts';
import type { FlowTable } from '../flow/table.ts';
import { UDP } from '../flow/transport.ts';
import type { Limits } from '../limits.ts';
import type { Enforcer } from '../verdict/enforcer.ts';
import type { AnnouncedFlows } from './announced-flows.ts';
import { Look } from './candidates.ts';
import type { FlowOpenings } from './flow-openings.ts';
import type { Found, Identification } from './identification.ts';
import type { InsideFlows } from './inside-flows.ts';
import type { InspectCounters } from './inspect-counters.ts';
import type { LettingGo } from './letting-go.ts';
import type { Passing } from './passing.ts';
import type { Recognition } from './recognition.ts';
import type { RegistryView } from './registry-view.ts';

export interface UndecidedFlowsParts {
  readonly limits: Limits;
  readonly registry: RegistryView;
  readonly table: FlowTable;
  readonly expected: ExpectedConnections;
  readonly enforcement: Enforcer;
  readonly identification: Identification;
  readonly announced: AnnouncedFlows;
  readonly inside: InsideFlows;
  readonly passing: Passing;
  readonly recognition: Recognition;
  readonly openings: FlowOpenings;
  readonly letting: LettingGo;
  readonly counters: InspectCounters;
}

export class UndecidedFlows {
  readonly #parts: UndecidedFlowsParts;
  readonly #table: FlowTable;
  readonly #identification: Identification;

  constructor(parts: UndecidedFlowsParts) {
    this.#parts = parts;
    this.#table = parts.table;
    this.#identification = parts.identification;
  }

  opened(slot: number): void {
    const { expected, enforcement, registry, announced, openings, letting } = this.#parts;
    const table = this.#table;
    if (expected.mayBeFor(table, slot)) {
      if (expected.refuses(table, slot)) enforcement.refuseFlow(slot);
      this.#recallAnnouncement(slot);
    }
    if (openings.byRefusal(slot)) return;
    const isProbed = registry.probed(table.transport(slot)).length > 0;
    if (!isProbed && !announced.has(slot)) letting.letGo(slot);
  }

  data(slot: number, direction: Direction, buffer: Uint8Array, start: number, end: number): void {
    const table = this.#table;
    if (this.#parts.expected.mayBeFor(table, slot)) this.#recallAnnouncement(slot);
    if (table.transport(slot) === UDP) {
      const octets = buffer.subarray(start, end);
      if (this.#parts.passing.passes(slot, direction, octets)) return;
    } else if (this.#isNobodys(slot, direction, buffer, start, end)) return;
    const look = this.#identification.firstOctet(slot, direction, buffer[start] ?? 0);
    if (look === Look.Wait) {
      this.#askPlace(slot, direction, buffer, start, end);
      return;
    }
    const octets = buffer.subarray(start, end);
    if (look === Look.Found) this.identify(slot, direction, octets);
    else this.#nobodys(slot, direction, octets);
  }

  identify(slot: number, direction: Direction, octets: Uint8Array): void {
    if (this.#table.disposition(slot) >= Disposition.LetGo) return; // decided while octets were replayed
    const found = this.#identification.look(slot, direction, octets);
    if (found === Look.Wait) {
      this.#askPlace(slot, direction, octets, 0, octets.length);
      return;
    }
    if (found === Look.LetGo || this.#givesWay(slot, found)) {
      this.#nobodys(slot, direction, octets, found);
    } else this.#parts.openings.byContent(slot, found, direction, octets);
  }

  gap(slot: number, direction: Direction, octets: number): void {
    const look = this.#identification.gap(slot, direction, octets);
    if (look === Look.LetGo) this.#parts.letting.letGo(slot);
  }

  /** No more octets come in a direction: what was put off is decided now. */
  lastLook(slot: number): void {
    const { openings } = this.#parts;
    const found = this.#identification.lastLook(slot);
    if (found === undefined || this.#givesWay(slot, found)) {
      openings.byAnnouncement(slot, undefined, undefined, found);
    } else openings.byContent(slot, found);
  }

  /** False where nothing was kept of the flow. */
  forget(slot: number): boolean {
    const wasKept = this.#identification.forget(slot);
    this.#parts.announced.forget(slot);
    return wasKept;
  }

  /** By the flow's first segment, which nobody's parser has to see; most flows are let go so. */
  #isNobodys(
    slot: number,
    direction: Direction,
    buffer: Uint8Array,
    start: number,
    end: number,
  ): boolean {
    const { limits, registry, inside, recognition } = this.#parts;
    const definition = registry.tellsNobodys(buffer[start] ?? 0);
    if (definition?.isNobodys === undefined || direction !== 0) return false;
    const table = this.#table;
    if (table.midstream(slot) || !table.oriented(slot)) return false;
    if (definition.probeLimit > limits.identificationOctets) return false;
    if (!this.#identification.isFirst(slot) || inside.has(slot)) return false;
    const port = table.serverPort(slot);
    if (!definition.isNobodys(buffer, start, end, port, recognition)) return false;
    this.#parts.counters.identified(definition.name);
    this.#parts.letting.letGo(slot);
    return true;
  }

  /** Datagrams of nobody's on a usual port are looked at for ever: after some, their address is asked too, once. */
  #askPlace(
    slot: number,
    direction: Direction,
    buffer: Uint8Array,
    start: number,
    end: number,
  ): void {
    const table = this.#table;
    if (table.transport(slot) !== UDP) return;
    const seen = table.packets(slot, 0) + table.packets(slot, 1);
    if (seen !== this.#parts.limits.identificationDatagrams) return;
    this.#parts.openings.byAddress(slot, direction, buffer.subarray(start, end));
  }

  /** What many could bear is less than an announcement. */
  #givesWay(slot: number, { definition }: Found): boolean {
    return definition.weak === true && this.#parts.announced.has(slot);
  }

  /** No certain probe wants the flow: whose announced it was, or nobody's; `kept`: what was kept of it. */
  #nobodys(
    slot: number,
    direction: Direction,
    octets: Uint8Array,
    kept?: Found | typeof Look.LetGo,
  ): void {
    const { openings, inside, letting } = this.#parts;
    if (openings.byAnnouncement(slot, direction, octets, kept)) return;
    if (inside.isTunnel(slot) || !openings.byAddress(slot, direction, octets)) letting.letGo(slot);
  }

  /** What was handed on by whom an offer announced is not his, though the announcement may stand. */
  #recallAnnouncement(slot: number): void {
    const { inside, announced } = this.#parts;
    if (inside.has(slot) || !this.#identification.isFirst(slot)) return;
    announced.recall(slot);
  }
}
