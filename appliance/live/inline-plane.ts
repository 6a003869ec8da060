/** A bump in the wire: two interfaces, what comes in at one goes out at the other as the bridge says. */
import type { Holding } from '../../src/capture/afpacket/holding.ts';
import { InlineRings, type PortCounters } from '../../src/capture/afpacket/inline-rings.ts';
import { CaptureError } from '../../src/capture/frame.ts';
import { Bridge } from '../../src/pipeline/bridge.ts';
import type { Engine } from '../../src/pipeline/engine.ts';
import { Side } from '../../src/verdict/wire/packet-judge.ts';
import { WireSpan } from '../failsafe/wire-span.ts';
import type { OpenedInterface } from './control.ts';
import { Drain } from './drain.ts';
import type { BridgeCounters, InterfaceStatus } from './gateway.ts';
import type { Plane, PlaneSetup, SettingsInHand } from './plane.ts';
import { WireGate } from './wire-gate.ts';

/** Rejects with CaptureError. */
export async function openInline(setup: PlaneSetup): Promise<Plane> {
  const { settings, fanoutGroups, policy, onEvent, onFault, contentSink } = setup;
  const [interfaceA, interfaceB] = settings.interfaces;
  if (interfaceA === undefined || interfaceB === undefined) {
    throw new CaptureError('inline', 0, 0, 'a bridge needs two interfaces');
  }
  const { ringOctets } = settings.capture;
  const fanoutGroup = fanoutGroups[0]; // and the next one, at the other end
  const rings = new InlineRings({ interfaceA, interfaceB, ringOctets, fanoutGroup });
  const { judge, services, namePeople } = policy;
  const { holdTime, holdOctets } = settings.inline;
  const { limits } = settings;
  const fault = (_slot: number, error: unknown) => onFault(error);
  const parts = { judge, services, namePeople, limits };
  const options = { ...parts, onEvent, contentSink, onFailure: fault };
  const bridge = new Bridge(options, rings, { holdTime: holdTime * 1000, holdOctets });
  const span = setup.span && new WireSpan(setup.span);
  return new InlinePlane(rings, [interfaceA, interfaceB], bridge, span);
}

class InlinePlane implements Plane {
  readonly opened: readonly OpenedInterface[];
  readonly #rings: InlineRings;
  readonly #names: readonly [string, string];
  readonly #bridge: Bridge;
  readonly #span: WireSpan | undefined;
  readonly #gate: WireGate;
  readonly #drain = new Drain();

  constructor(
    rings: InlineRings,
    names: readonly [string, string],
    bridge: Bridge,
    span: WireSpan | undefined,
  ) {
    this.#rings = rings;
    this.#names = names;
    this.#bridge = bridge;
    this.#span = span;
    this.#gate = new WireGate(bridge, span);
    this.opened = names.map((name) => ({ name, backend: rings.backend, remark: undefined }));
  }

  get engine(): Engine {
    return this.#bridge.engine;
  }

  holdings(): Holding[] {
    return this.#rings.holdings();
  }

  arm(): void {
    this.#rings.arm();
  }

  async run(turn: () => unknown): Promise<void> {
    // A worker that rests shows signs of life all the same, and hears what it is told.
    const restingTurn = () => {
      turn();
      return true;
    };
    this.#span?.rest(restingTurn);
    await this.#rings.run(this.#gate, () => {
      this.#span?.rest(restingTurn);
      const again = turn();
      if (this.#drain.over(() => this.#fill())) this.#close();
      return again;
    });
  }

  stop(): void {
    this.#drain.begin();
  }

  finish(): void {
    this.#bridge.finish();
  }

  setPolicy({ judge, services, namePeople }: PlaneSetup['policy']): void {
    this.#bridge.setJudge(judge);
    this.#bridge.setServices(services);
    this.#bridge.setNamePeople(namePeople);
  }

  setSettings({ settings }: SettingsInHand): void {
    const { holdTime, holdOctets } = settings.inline;
    this.#bridge.setHold(holdTime * 1000, holdOctets);
    this.#bridge.engine.setLimits(settings.limits);
  }

  interfaces(): readonly InterfaceStatus[] {
    return [Side.A, Side.B].map((side) =>
      interfaceStatus(this.#names[side], this.#rings.backend, this.#rings.counters(side)),
    );
  }

  bridgeCounters(): BridgeCounters {
    return { ...this.#bridge.counters, notOurs: this.#gate.notOurs };
  }

  stageSeconds(): Record<string, number> {
    return { ...this.#rings.stages };
  }

  resetsSent(): number {
    return 0;
  }

  #fill(): number {
    return this.#rings.counters(Side.A).fill + this.#rings.counters(Side.B).fill;
  }

  /** What the bridge holds goes out before the rings are closed. */
  #close(): void {
    this.#bridge.finish();
    this.#rings.close();
  }
}

function interfaceStatus(name: string, backend: string, counters: PortCounters): InterfaceStatus {
  const { received, dropped, downs, up, fill, sent, cut, sendWaits, bypass, sendFailures } =
    counters;
  const { noRoom, tooLong, down, refused } = sendFailures;
  return {
    name,
    up,
    backend,
    received,
    dropped,
    frozen: 0,
    downs,
    sent,
    sendErrors: noRoom + tooLong + down + refused,
    ringFill: fill,
    port: { cut, sendWaits, bypass, sendFailures: { noRoom, tooLong, down, refused } },
  };
}
