/**
 * Decides about every packet between two interfaces: frames in, their fate and frames out. The same for packet
 * rings, a netfilter queue and `replay --inline`.
 *
 * Nothing is asked of packets that are not TCP or UDP, and of flows that are let go or opaque: they go on as they
 * came. TCP that is read goes through bridge-tcp.ts. Fragments wait until their datagram is complete and decided.
 */
import { CaptureError, type Frame } from '../capture/frame.ts';
import { Decoded } from '../decode/packet-view.ts';
import { Disposition } from '../flow/disposition.ts';
import * as slotOf from '../flow/layout.ts';
import { type Judge, PASS_EVERYTHING } from '../verdict/judge.ts';
import { correctChecksum, isIntact, touchedSum } from '../verdict/wire/checksum-field.ts';
import { HeldFragments, NONE } from '../verdict/wire/held-fragments.ts';
import { Fate, type PacketJudge, type PacketOut, type Side } from '../verdict/wire/packet-judge.ts';
import { WireFlows } from '../verdict/wire/wire-flows.ts';
import { type BridgeCounts, bridgeCounts } from './bridge-counters.ts';
import { BridgeEnforcer } from './bridge-enforcer.ts';
import { BridgeSender } from './bridge-sender.ts';
import { BRIDGE_SETTINGS, type BridgeSettings } from './bridge-settings.ts';
import { BridgeTcp } from './bridge-tcp.ts';
import { Engine, type EngineOptions } from './engine.ts';
import { PacketInHand } from './packet-in-hand.ts';

const { FLAGS, REFUSED, STRIDE } = slotOf;

type Changeable<T> = { -readonly [K in keyof T]: T[K] };

export class Bridge implements PacketJudge {
  readonly engine: Engine;
  readonly #hand = new PacketInHand();
  readonly #counts: BridgeCounts = bridgeCounts();
  readonly #flows: WireFlows;
  readonly #sender: BridgeSender;
  readonly #tcp: BridgeTcp;
  readonly #fragments: HeldFragments;
  readonly #checksums: boolean;
  readonly #settings: Changeable<BridgeSettings>;
  #judge: Judge;

  /** `options.mode`: whose words the events use; checksums are the bridge's own matter. */
  constructor(options: EngineOptions, out: PacketOut, settings: Partial<BridgeSettings> = {}) {
    const all: BridgeSettings = { ...BRIDGE_SETTINGS, ...settings };
    const enforcer = new BridgeEnforcer();
    const onFailure = (slot: number, error: unknown) => {
      this.#counts.failures++;
      options.onFailure?.(slot, error);
      if (this.#judge.defaults?.overload === 'drop') enforcer.refuse(slot);
    };
    const engine = new Engine({
      mode: 'inline',
      ...options,
      checksums: false,
      enforcer,
      onFailure,
    });
    const { limits } = engine;
    this.engine = engine;
    this.#judge = options.judge ?? PASS_EVERYTHING;
    this.#checksums = all.checksums;
    this.#settings = all;
    engine.streams.strict = true;
    this.#flows = new WireFlows(engine.table, limits);
    this.#fragments = new HeldFragments(limits);
    const parts = {
      engine,
      out,
      limits,
      settings: all,
      hand: this.#hand,
      flows: this.#flows,
      counts: this.#counts,
      defaults: () => this.#judge.defaults,
    };
    this.#sender = new BridgeSender(parts);
    this.#tcp = new BridgeTcp(parts, this.#sender);
    enforcer.attach({
      hand: this.#hand,
      view: engine.view,
      table: engine.table,
      flows: this.#flows,
      counts: this.#counts,
      release: (flow) => this.#tcp.holding.releaseAll(flow),
    });
  }

  get letGo(): boolean {
    return this.#hand.letGo;
  }

  get changed(): boolean {
    return this.#hand.changed;
  }

  get kept(): boolean {
    return this.#hand.kept;
  }

  /** Nothing that a packet says stops those after it: what is thrown over one is counted. */
  packet(frame: Frame, side: Side): Fate {
    try {
      return this.#packet(frame, side);
    } catch (error) {
      if (error instanceof CaptureError) throw error; // the wire's own
      return this.#afterFailure(frame);
    }
  }

  #packet(frame: Frame, side: Side): Fate {
    const { engine } = this;
    const hand = this.#hand;
    hand.changed = hand.kept = hand.letGo = hand.wasKept = false;
    hand.frame = frame;
    hand.side = side;
    hand.slot = -1;
    hand.lead = NONE;
    const { counters } = engine.decoder;
    const { fragments, fragmentConflicts, datagrams } = counters;
    const decoded = engine.decode(frame);
    const { tunnelled } = engine.view;
    const isFragment = counters.fragments !== fragments;
    const key = isFragment ? engine.decoder.fragmentKey : '';
    if (isFragment) {
      const conflicts = counters.fragmentConflicts !== fragmentConflicts;
      const isWhole = counters.datagrams !== datagrams;
      if (!this.#isComplete(decoded, key, conflicts, isWhole)) return Fate.Drop;
    }
    let fate: Fate = Fate.Forward;
    if (decoded === Decoded.Tcp) fate = this.#tcp.segment();
    else if (decoded === Decoded.Udp) fate = this.#datagram();
    // The wire would let go of the whole tunnel, for the sake of one flow in it.
    if (tunnelled) hand.letGo = false;
    if (fate === Fate.Forward) {
      this.#counts.forwarded++;
      if (hand.lead.length > 0) this.#sender.sendLead();
    } else if (key !== '' && !hand.kept) this.#fragments.refuse(key, frame.time[0] ?? 0);
    if (hand.changed) this.#counts.rewritten++;
    hand.slot = -1;
    return fate;
  }

  tick(now: number): void {
    if (this.#flows.waiting.size > 0) this.#tcp.holding.releaseOverdue(now);
    if (this.#fragments.size > 0) this.#releaseFragments(now, this.#settings.holdTime);
  }

  /** They say nothing by themselves; `overload: drop` lets nothing pass that could not be judged. */
  #releaseFragments(now: number, time: number): void {
    const passes = this.#judge.defaults?.overload !== 'drop';
    this.#fragments.release(now, time, (frame, side) => {
      if (passes) this.#sender.send(side, frame, frame.end, frame.virtio);
      else this.#counts.droppedFragments++;
    });
  }

  /** The bridge itself has a fault. */
  #afterFailure(frame: Frame): Fate {
    const hand = this.#hand;
    this.#counts.failures++;
    this.#tcp.recover();
    const hasGone = hand.kept || hand.frame !== frame;
    hand.slot = -1;
    hand.letGo = false;
    if (hasGone || this.#judge.defaults?.overload === 'drop') return Fate.Drop;
    hand.changed = true; // perhaps
    this.#counts.forwarded++;
    return Fate.Forward;
  }

  /** Packets are held, and `tick` may let them go. */
  get isWaiting(): boolean {
    return this.#flows.waiting.size > 0 || this.#fragments.size > 0;
  }

  /** Who decides from the next packet on. */
  setJudge(judge: Judge): void {
    this.#judge = judge;
    this.engine.setJudge(judge);
  }

  /** From the next look on, also for what is held. `time`: microseconds; `octets`: of one direction. */
  setHold(time: number, octets: number): void {
    this.#settings.holdTime = time;
    this.#settings.holdOctets = octets;
  }

  setNamePeople(namePeople: EngineOptions['namePeople']): void {
    this.engine.setNamePeople(namePeople);
  }

  setServices(services: Parameters<Engine['setServices']>[0]): void {
    this.engine.setServices(services);
  }

  /** Every flow ends: what is held goes on. Packets may follow, and begin flows anew (after they passed us by). */
  finish(): void {
    this.#releaseFragments(this.engine.now, 0);
    this.engine.finish();
  }

  /** A snapshot; plain numbers. */
  get counters(): Record<string, number> {
    return {
      ...this.#counts,
      flowsRemembered: this.#flows.size,
      droppedFragments: this.#counts.droppedFragments + this.#fragments.dropped,
      heldOctets: this.#flows.heldOctets + this.#fragments.octets,
      asideOctets: this.#flows.asideOctets,
      retainedOctets: this.#flows.memory.used,
    };
  }

  /** Whether the fragment in hand completes its datagram: then those before it are in hand as well. */
  #isComplete(decoded: Decoded, key: string, conflicts: boolean, isWhole: boolean): boolean {
    const hand = this.#hand;
    if (key === '') return true; // its receiver does not take it for a fragment either
    const now = hand.frame.time[0] ?? 0;
    if (this.#fragments.isRefused(key, now)) {
      this.#counts.droppedByVerdict++;
      return false;
    }
    if (conflicts) {
      this.#fragments.refuse(key, now);
      this.#counts.droppedContradicting++;
      return false;
    }
    if (decoded === Decoded.FragmentHeld) {
      this.#fragments.add(key, hand.frame, hand.side);
      hand.kept = true;
      return false;
    }
    hand.lead = this.#fragments.take(key);
    // Whole, it goes on whatever is in it, as it would in one packet. Else its reassembly was refused, or too
    // much: what cannot be put together here is not to be at its receiver either.
    return isWhole || (decoded !== Decoded.Malformed && decoded !== Decoded.Truncated);
  }

  #datagram(): Fate {
    const { engine } = this;
    const { view, table, streams } = engine;
    const hand = this.#hand;
    const slot = streams.locate(view);
    const at = slot * STRIDE + FLAGS;
    if (((table.words[at] ?? 0) & REFUSED) !== 0) {
      table.account(view, slot);
      this.#counts.droppedByVerdict++;
      return Fate.Drop;
    }
    if (table.disposition(slot) >= Disposition.LetGo) {
      streams.proceed(view, slot);
      hand.letGo = true;
      return Fate.Forward;
    }
    hand.isFixed = view.buffer !== hand.frame.buffer;
    if (this.#checksums && !isIntact(hand.frame, view)) {
      if (table.created) table.remove(slot);
      this.#counts.badChecksums++;
      return Fate.Forward;
    }
    hand.slot = slot;
    hand.dropped = false;
    hand.masks.length = 0;
    streams.proceed(view, slot);
    if (hand.dropped || ((table.words[at] ?? 0) & REFUSED) !== 0) {
      this.#counts.droppedByVerdict++;
      return Fate.Drop;
    }
    if (hand.masks.length > 0) this.#mask();
    hand.letGo = table.disposition(slot) >= Disposition.LetGo;
    return Fate.Forward;
  }

  #mask(): void {
    const { frame, masks } = this.#hand;
    const { view } = this.engine;
    const before = touchedSum(view, view.payloadStart, view.payloadEnd);
    for (const { start, end, apply } of masks) apply(view.buffer.subarray(start, end), 0);
    const after = touchedSum(view, view.payloadStart, view.payloadEnd);
    correctChecksum(frame, view, before, after);
    this.#hand.changed = true;
  }
}
