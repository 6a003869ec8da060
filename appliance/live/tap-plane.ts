/** A tap: interfaces are read, nothing is carried; forbidden connections may be reset. */
import type { Holding } from '../../src/capture/afpacket/holding.ts';
import type { Frame, FrameSink } from '../../src/capture/frame.ts';
import type { LiveSource } from '../../src/capture/live-source.ts';
import { openLive } from '../../src/capture/open-live.ts';
import { Engine } from '../../src/pipeline/engine.ts';
import { TapEnforcer } from '../../src/pipeline/tap-enforcer.ts';
import type { OpenedInterface } from './control.ts';
import { Drain } from './drain.ts';
import type { InterfaceStatus } from './gateway.ts';
import type { Plane, PlaneSetup, SettingsInHand } from './plane.ts';
import { ResetPort } from './reset-port.ts';

/** Rejects with CaptureError. */
export async function openTap(setup: PlaneSetup): Promise<Plane> {
  const { settings, fanoutGroups } = setup;
  const { backend, filter, ringOctets, snapLength, promiscuous, hardwareTime } = settings.capture;
  const { resetInterface } = settings.tap;
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
    const port = resetInterface === undefined ? undefined : new ResetPort(resetInterface);
    return new TapPlane(setup, sources, opened, port);
  } catch (error) {
    for (const source of sources) source.close();
    throw error;
  }
}

class TapPlane implements Plane, FrameSink {
  readonly opened: readonly OpenedInterface[];
  readonly engine: Engine;
  readonly #sources: readonly LiveSource[];
  readonly #resets = new TapEnforcer();
  #port: ResetPort | undefined;
  readonly #drain = new Drain();

  constructor(
    { settings, policy, onEvent, onFault, contentSink }: PlaneSetup,
    sources: readonly LiveSource[],
    opened: readonly OpenedInterface[],
    port: ResetPort | undefined,
  ) {
    const { judge, services, namePeople } = policy;
    this.engine = new Engine({
      mode: 'tap',
      judge,
      services,
      namePeople,
      limits: settings.limits,
      onEvent,
      contentSink,
      onFailure: (_slot, error) => onFault(error),
      enforcer: this.#resets,
    });
    this.#resets.attach(this.engine);
    this.#resets.sendBy(port?.send);
    this.opened = opened;
    this.#sources = sources;
    this.#port = port;
  }

  frame(frame: Frame): void {
    this.engine.frame(frame);
    this.#resets.packet(frame);
  }

  holdings(): Holding[] {
    const sockets = this.#sources.flatMap((source) => source.holdings?.() ?? []);
    return this.#port === undefined ? sockets : [...sockets, this.#port.holding()];
  }

  async run(turn: () => unknown): Promise<void> {
    const between = () => {
      const again = turn();
      if (this.#drain.over(() => this.#fill())) this.#close();
      return again;
    };
    await Promise.all(this.#sources.map((source) => source.run(this, between)));
  }

  stop(): void {
    this.#drain.begin();
  }

  finish(): void {
    this.engine.finish();
    this.#port?.close();
  }

  setPolicy({ judge, services, namePeople }: PlaneSetup['policy']): void {
    this.engine.setJudge(judge);
    this.engine.setServices(services);
    this.engine.setNamePeople(namePeople);
  }

  /** The port before stays open: whoever gave us the new one closes it. */
  setSettings({ settings, resetSocket }: SettingsInHand): void {
    const { resetInterface } = settings.tap;
    if (resetInterface !== this.#port?.interfaceName) {
      if (resetInterface !== undefined && resetSocket === undefined) {
        throw new Error('this worker cannot send resets from another interface without a restart');
      }
      this.#port =
        resetInterface === undefined ? undefined : new ResetPort(resetInterface, resetSocket);
      this.#resets.sendBy(this.#port?.send);
    }
    this.engine.setLimits(settings.limits);
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
    const seconds = { wait: 0, inspect: 0 };
    for (const { stages } of this.#sources) {
      seconds.wait += stages.wait;
      seconds.inspect += stages.inspect;
    }
    return seconds;
  }

  resetsSent(): number {
    return this.#resets.sent;
  }

  #fill(): number {
    return this.#sources.reduce((sum, source) => sum + source.counters().fill, 0);
  }

  #close(): void {
    for (const source of this.#sources) source.close();
  }
}
