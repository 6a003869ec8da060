/** A bump in the wire: two interfaces, what comes in at one goes out at the other as the judge says. */
import type { Holding } from '../../src/capture/afpacket/holding.ts';
import { InlineRings, type PortCounters } from '../../src/capture/afpacket/inline-rings.ts';
import { CaptureError } from '../../src/capture/frame.ts';
import { Engine } from '../../src/pipeline/engine.ts';
import { Fate, type PacketJudge, Side } from '../../src/verdict/wire/packet-judge.ts';
import type { OpenedInterface } from './control.ts';
import type { BridgeCounters, InterfaceStatus } from './gateway.ts';
import type { Plane, PlaneSetup } from './plane.ts';

/** Rejects with CaptureError. */
export async function openInline(setup: PlaneSetup): Promise<Plane> {
  const { settings, fanoutGroups, policy, onEvent } = setup;
  const [interfaceA, interfaceB] = settings.interfaces;
  if (interfaceA === undefined || interfaceB === undefined) {
    throw new CaptureError('inline', 0, 0, 'a bridge needs two interfaces');
  }
  const { ringOctets } = settings.capture;
  const group = { interfaceA, interfaceB, ringOctets, fanoutGroup: fanoutGroups[0] };
  const rings = new InlineRings(group);
  const { judge, namePeople } = policy;
  const engine = new Engine({
    mode: 'inline',
    judge,
    namePeople,
    limits: settings.limits,
    onEvent,
  });
  const watching: PacketJudge = {
    packet: (frame) => {
      engine.frame(frame);
      return Fate.Forward;
    },
    tick: () => undefined,
    letGo: false,
    changed: false,
    kept: false,
  };
  return new InlinePlane(rings, [interfaceA, interfaceB], engine, watching);
}

class InlinePlane implements Plane {
  readonly opened: readonly OpenedInterface[];
  readonly engine: Engine;
  readonly #rings: InlineRings;
  readonly #names: readonly [string, string];
  readonly #judge: PacketJudge;

  constructor(
    rings: InlineRings,
    names: readonly [string, string],
    engine: Engine,
    judge: PacketJudge,
  ) {
    this.#rings = rings;
    this.#names = names;
    this.engine = engine;
    this.#judge = judge;
    this.opened = names.map((name) => ({ name, backend: rings.backend, remark: undefined }));
  }

  holdings(): Holding[] {
    return this.#rings.holdings();
  }

  run(turn: () => void): Promise<void> {
    return this.#rings.run(this.#judge, turn);
  }

  stop(): void {
    this.#rings.close();
  }

  finish(): void {
    this.engine.finish();
  }

  setPolicy({ judge, namePeople }: PlaneSetup['policy']): void {
    this.engine.setJudge(judge);
    this.engine.setNamePeople(namePeople);
  }

  interfaces(): readonly InterfaceStatus[] {
    return [Side.A, Side.B].map((side) =>
      interfaceStatus(this.#names[side], this.#rings.backend, this.#rings.counters(side)),
    );
  }

  bridgeCounters(): BridgeCounters | undefined {
    return undefined;
  }

  stageSeconds(): Record<string, number> {
    return { ...this.#rings.stages };
  }

  resetsSent(): number {
    return 0;
  }
}

function interfaceStatus(name: string, backend: string, counters: PortCounters): InterfaceStatus {
  const { received, dropped, downs, up, fill, sent, sendFailures } = counters;
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
  };
}
