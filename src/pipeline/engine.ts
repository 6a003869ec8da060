/**
 * One worker's engine: frames in, judged events out. The same for replay, tap and inline.
 *
 *   frame → decode → flow → stream → inspect (parser, rules, verdict) → onEvent
 */
import { randomFillSync } from 'node:crypto';
import { PROTOCOLS } from '../../parsers/registry.ts';
import type { Frame, FrameSink } from '../capture/frame.ts';
import { Decoder } from '../decode/decoder.ts';
import { Decoded, PacketView } from '../decode/packet-view.ts';
import type { ImEvent } from '../event/event.ts';
import { ExpectedConnections } from '../flow/expected.ts';
import { FlowTable } from '../flow/table.ts';
import type { ContentSink } from '../inspect/content/content-sink.ts';
import { Inspector } from '../inspect/inspector.ts';
import { RegistryView } from '../inspect/registry-view.ts';
import { NO_SERVICES, type ServiceCatalogue } from '../inspect/service-catalogue.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { Streams } from '../stream/streams.ts';
import { Enforcement, type Mode } from '../verdict/enforcement.ts';
import type { Enforcer } from '../verdict/enforcer.ts';
import { type Judge, PASS_EVERYTHING } from '../verdict/judge.ts';
import { type EngineCounters, FrameCounters, outcomes } from './counters.ts';
import { FlowCensus } from './flow-census.ts';

export interface EngineOptions {
  readonly onEvent: (event: ImEvent) => void;
  readonly judge?: Judge;
  readonly mode?: Mode;
  /** Carries verdicts out; by default nothing does, and events say so in the words of `mode`. */
  readonly enforcer?: Enforcer;
  /** Makes services of hosts, signatures and addresses; without it none is recognised. */
  readonly services?: ServiceCatalogue;
  readonly limits?: Partial<Limits>;
  /** Verify TCP and UDP checksums; off by default, since captures of a sending host lack them. */
  readonly checksums?: boolean;
  /** Hash the content of file transfers and tell its type; on by default. */
  readonly followContent?: boolean;
  /** Keeps the content of transfers; nothing is kept by default. */
  readonly contentSink?: ContentSink | undefined;
  /** Puts the people behind the accounts into each event, before it is judged. */
  readonly namePeople?: ((event: ImEvent) => void) | undefined;
  /** Hears what was thrown while a flow was read: the flow is not read on. By default it is thrown on. */
  readonly onFailure?: ((slot: number, error: unknown) => void) | undefined;
  /** Four random words; fixed only by tests. */
  readonly hashKey?: Uint32Array;
}

export class Engine implements FrameSink {
  /** Flows by kind, and those that are read. */
  readonly census: FlowCensus;
  /** The packet last decoded. */
  readonly view = new PacketView();
  /** For whoever carries the packets: flows by slot. */
  readonly table: FlowTable;
  readonly streams: Streams;
  readonly decoder: Decoder;
  /** In force; the same object for all parts. */
  readonly limits: Limits;
  readonly #expected: ExpectedConnections;
  readonly #inspector: Inspector;
  readonly #frames = new FrameCounters();

  constructor(options: EngineOptions) {
    const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.limits = limits;
    this.decoder = new Decoder(limits, { checksums: options.checksums ?? false });
    this.table = new FlowTable(limits, options.hashKey ?? randomFillSync(new Uint32Array(4)), {
      serverPortHint: (port) => IM_PORTS.has(port),
      separateVlans: options.mode === 'inline' || options.mode === 'queue',
    });
    this.#expected = new ExpectedConnections(limits);
    this.#inspector = new Inspector({
      limits,
      registry: REGISTRY,
      table: this.table,
      expected: this.#expected,
      clock: this.view,
      judge: options.judge ?? PASS_EVERYTHING,
      enforcement: options.enforcer ?? new Enforcement(options.mode ?? 'replay'),
      services: options.services ?? NO_SERVICES,
      followContent: options.followContent ?? true,
      contentSink: options.contentSink,
      namePeople: options.namePeople,
      onEvent: options.onEvent,
      onFailure: options.onFailure,
    });
    this.streams = new Streams(this.table, limits, this.#inspector);
    this.census = new FlowCensus(this.table, this.#inspector);
  }

  frame(frame: Frame): void {
    const decoded = this.decode(frame);
    if (decoded === Decoded.Tcp || decoded === Decoded.Udp) this.streams.packet(this.view);
  }

  /** The first half of `frame`: what the frame is, in `view`. The second is `streams`' locate and proceed. */
  decode(frame: Frame): Decoded {
    this.#frames.frame(frame);
    return this.decoder.decode(frame, this.view);
  }

  /** The same for a frame that was decoded before and was put aside. */
  decodeAgain(frame: Frame): Decoded {
    return this.decoder.decode(frame, this.view);
  }

  /** Of the octets of one direction that were delivered, those at the end that are not decided yet. */
  openOctets(slot: number, direction: 0 | 1): number {
    return this.#inspector.openOctets(slot, direction);
  }

  /** The flow is not read on, for this reason. */
  giveUp(slot: number, reason: string): void {
    this.#inspector.giveUp(slot, reason);
  }

  /** Odd input of a flow, seen by whoever carries the packets. */
  anomaly(slot: number, direction: 0 | 1, name: string): void {
    this.#inspector.anomaly(slot, direction, name);
  }

  /** Who decides from the next packet on; flows, sessions and contacts stay as they are. */
  setJudge(judge: Judge): void {
    this.#inspector.emission.judge = judge;
  }

  /** Those that are not given get their defaults. What sizes a table or a pool stays as it was at the start. */
  setLimits(limits: Partial<Limits>): void {
    Object.assign(this.limits, DEFAULT_LIMITS, limits);
  }

  setNamePeople(namePeople: ((event: ImEvent) => void) | undefined): void {
    this.#inspector.emission.namePeople = namePeople;
  }

  setServices(services: ServiceCatalogue): void {
    this.#inspector.setServices(services);
  }

  /** The capture that the following frames are from: its name stands on events. */
  from(capture: string): void {
    this.#inspector.emission.capture = capture;
  }

  /** Closes every flow, and says so. Frames may follow: they begin new flows. */
  finish(): void {
    this.streams.finish();
  }

  /** Microseconds since 1970 of the last packet. */
  get now(): number {
    return this.view.time[0] ?? 0;
  }

  /** Octets that parsers (as last measured) and reassembly hold: nothing is walked. */
  get heldRoughly(): number {
    return this.#inspector.parserOctets + this.streams.heldOctets;
  }

  /** Octets that parsers, probes and reassembly hold now. Walks all sessions. */
  held(): number {
    return this.#inspector.held() + this.streams.heldOctets;
  }

  /** A snapshot; plain numbers, fit for JSON. */
  get counters(): EngineCounters {
    const { outcomes: _, ...decode } = this.decoder.counters;
    return {
      ...this.#frames.snapshot(),
      decoded: outcomes(this.decoder.counters),
      decode,
      flows: { ...this.table.counters, current: this.table.size },
      streams: { ...this.streams.counters },
      expected: { ...this.#expected.counters },
      inspect: this.#inspector.counters.snapshot(),
    };
  }
}

/** Every probe was asked what may begin so: once, for all engines. */
const REGISTRY = new RegistryView(PROTOCOLS);

/** Of what is read: a port of TLS (5061) may be a client's of SIP. */
const IM_PORTS: ReadonlySet<number> = new Set(
  PROTOCOLS.filter(({ opaque }) => opaque !== true).flatMap(({ ports }) => ports),
);
