/** A netfilter queue: the router's kernel asks about each packet that it forwards. */
import type { Holding } from '../../src/capture/afpacket/holding.ts';
import { QueueWire } from '../../src/capture/nfqueue/queue-wire.ts';
import { Bridge } from '../../src/pipeline/bridge.ts';
import type { Engine } from '../../src/pipeline/engine.ts';
import type { Judge } from '../../src/verdict/judge.ts';
import type { OpenedInterface } from './control.ts';
import type { BridgeCounters, InterfaceStatus } from './gateway.ts';
import type { Plane, PlaneSetup, SettingsInHand } from './plane.ts';

/** Rejects with CaptureError. Worker n reads queue number + n: the rules share packets out by address. */
export async function openQueue(setup: PlaneSetup): Promise<Plane> {
  const { settings, worker, policy, onEvent, onFault, contentSink } = setup;
  const { number, mark, maxLength, onFailure } = settings.queue;
  const { judge, services, namePeople } = policy;
  const queue = number + worker;
  const { holdTime, holdOctets } = settings.inline;
  const wire = new QueueWire({
    queue,
    maxLength,
    mark,
    keepTime: holdTime * 1000 + RESEND_TIME,
    failOpen: failsOpen(judge),
    passAtEnd: onFailure === 'open',
  });
  const { limits } = settings;
  const fault = (_slot: number, error: unknown) => onFault(error);
  const options = {
    mode: 'queue',
    judge,
    services,
    namePeople,
    limits,
    onEvent,
    contentSink,
    onFailure: fault,
  } as const;
  const bridge = new Bridge(options, wire, { holdTime: holdTime * 1000, holdOctets });
  return new QueuePlane(wire, queue, bridge);
}

/** A queue without room is overload, about which the policy has a word. */
function failsOpen({ defaults }: Judge): boolean {
  return defaults?.overload !== 'drop';
}

class QueuePlane implements Plane {
  readonly opened: readonly OpenedInterface[];
  readonly engine: Engine;
  readonly #wire: QueueWire;
  readonly #name: string;
  readonly #bridge: Bridge;

  constructor(wire: QueueWire, queue: number, bridge: Bridge) {
    this.#wire = wire;
    this.#name = `queue ${queue}`;
    this.#bridge = bridge;
    this.engine = bridge.engine;
    const remark = wire.canInject ? undefined : 'cannot send resets: no CAP_NET_RAW';
    this.opened = [{ name: this.#name, backend: BACKEND, remark }];
  }

  holdings(): Holding[] {
    return this.#wire.holdings();
  }

  run(turn: () => unknown): Promise<void> {
    return this.#wire.run(this.#bridge, turn);
  }

  stop(): void {
    this.#wire.stop();
  }

  finish(): void {
    this.#bridge.finish();
    this.#wire.close();
  }

  setPolicy({ judge, services, namePeople }: PlaneSetup['policy']): void {
    this.#wire.failOpen = failsOpen(judge);
    this.#bridge.setJudge(judge);
    this.#bridge.setServices(services);
    this.#bridge.setNamePeople(namePeople);
  }

  setSettings({ settings }: SettingsInHand): void {
    const { holdTime, holdOctets } = settings.inline;
    const { maxLength, onFailure } = settings.queue;
    this.#wire.maxLength = maxLength; // first: the kernel may refuse it
    this.#wire.passAtEnd = onFailure === 'open';
    this.#wire.keepTime = holdTime * 1000 + RESEND_TIME;
    this.#bridge.setHold(holdTime * 1000, holdOctets);
    this.#bridge.engine.setLimits(settings.limits);
  }

  interfaces(): readonly InterfaceStatus[] {
    const { packets, missed, droppedFull, accepted, injected, injectErrors, verdictErrors, fill } =
      this.#wire.counters();
    return [
      {
        name: this.#name,
        up: true,
        backend: BACKEND,
        received: packets,
        dropped: missed + droppedFull,
        frozen: 0,
        downs: 0,
        sent: accepted + injected,
        sendErrors: injectErrors + verdictErrors,
        ringFill: fill,
      },
    ];
  }

  bridgeCounters(): BridgeCounters | undefined {
    const { changed, marked, dropped, keptTooLong, cut, kept, malformed } = this.#wire.counters();
    return {
      ...this.#bridge.counters,
      queueChanged: changed,
      queueMarked: marked,
      queueDropped: dropped,
      queueKeptTooLong: keptTooLong,
      queueCut: cut,
      queueMalformed: malformed,
      queueKeptNow: kept,
    };
  }

  stageSeconds(): Record<string, number> {
    return { ...this.#wire.stages };
  }

  resetsSent(): number {
    return 0; // those of a tap; the bridge counts its own
  }
}

const BACKEND = 'nfqueue';
/** Microseconds after which a sender has surely sent again (RFC 6298 §2: a second at first). */
const RESEND_TIME = 2e6;
