/** A tap: interfaces are read, nothing is carried. */
import type { Holding } from '../../src/capture/afpacket/holding.ts';
import type { LiveSource } from '../../src/capture/live-source.ts';
import { openLive } from '../../src/capture/open-live.ts';
import { Engine } from '../../src/pipeline/engine.ts';
import type { OpenedInterface } from './control.ts';
import { Drain } from './drain.ts';
import type { InterfaceStatus } from './gateway.ts';
import type { Plane, PlaneSetup } from './plane.ts';

/** Rejects with CaptureError. */
export async function openTap(setup: PlaneSetup): Promise<Plane> {
  const { settings, fanoutGroups, policy, onEvent } = setup;
  const { backend, filter, ringOctets, snapLength, promiscuous, hardwareTime } = settings.capture;
  const sources: LiveSource[] = [];
  const opened: OpenedInterface[] = [];
  try {
    for (const [i, interfaceName] of settings.interfaces.entries()) {
      const { source, remark } = await openLive(backend, {
        interfaceName,
        filter,
        ringOctets,
        snapLength,
        promiscuous,
        hardwareTime,
        fanoutGroup: fanoutGroups[i],
      });
      sources.push(source);
      opened.push({ name: interfaceName, backend: source.backend, remark });
    }
  } catch (error) {
    for (const source of sources) source.close();
    throw error;
  }
  const { judge, namePeople } = policy;
  const engine = new Engine({ mode: 'tap', judge, namePeople, limits: settings.limits, onEvent });
  return new TapPlane(sources, opened, engine);
}

class TapPlane implements Plane {
  readonly opened: readonly OpenedInterface[];
  readonly engine: Engine;
  readonly #sources: readonly LiveSource[];
  readonly #drain = new Drain();

  constructor(sources: readonly LiveSource[], opened: readonly OpenedInterface[], engine: Engine) {
    this.#sources = sources;
    this.opened = opened;
    this.engine = engine;
  }

  holdings(): Holding[] {
    return this.#sources.flatMap((source) => source.holdings?.() ?? []);
  }

  async run(turn: () => unknown): Promise<void> {
    const between = () => {
      const again = turn();
      if (this.#drain.over(() => this.#fill())) this.#close();
      return again;
    };
    await Promise.all(this.#sources.map((source) => source.run(this.engine, between)));
  }

  stop(): void {
    this.#drain.begin();
  }

  finish(): void {
    this.engine.finish();
  }

  setPolicy({ judge, namePeople }: PlaneSetup['policy']): void {
    this.engine.setJudge(judge);
    this.engine.setNamePeople(namePeople);
  }

  interfaces(): readonly InterfaceStatus[] {
    return this.#sources.map((source) => {
      const { received, dropped, frozen, downs, up, fill } = source.counters();
      return {
        name: source.interfaceName,
        up,
        backend: source.backend,
        received,
        dropped,
        frozen,
        downs,
        sent: 0,
        sendErrors: 0,
        ringFill: fill,
      };
    });
  }

  bridgeCounters(): undefined {
    return undefined;
  }

  stageSeconds(): Record<string, number> {
    return {};
  }

  resetsSent(): number {
    return 0;
  }

  #fill(): number {
    return this.#sources.reduce((sum, source) => sum + source.counters().fill, 0);
  }

  #close(): void {
    for (const source of this.#sources) source.close();
  }
}
