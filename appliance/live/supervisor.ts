/**
 * The main thread of a running gateway: its workers, their events, what they count, and the policy that
 * they follow. Packets never come here.
 */
import type { ImEvent } from '../../src/event/event.ts';
import { packageVersion } from '../cli/package-root.ts';
import { changedSettings } from '../config/changed-settings.ts';
import type { GatewaySettings } from '../config/settings.ts';
import { WireSpan } from '../failsafe/wire-span.ts';
import type { Log } from '../log/log.ts';
import { Repeated } from '../log/repeated.ts';
import type { OutputStatus } from '../outputs/output-file.ts';
import { addCounts } from './add-counts.ts';
import type { ArchiveStatus } from './archive-record.ts';
import { type Changeable, changeOver } from './change-over.ts';
import type { OpenedInterface } from './control.ts';
import { EventPump, type EventsSink } from './event-pump.ts';
import { createEventRing, EventRingReader } from './event-ring.ts';
import { fanoutGroups } from './fanout-groups.ts';
import type {
  FlowRow,
  Gateway,
  GatewayStatus,
  InterfaceStatus,
  ReloadOutcome,
  ReloadReason,
} from './gateway.ts';
import type { LivePolicy, PolicySource } from './live-policy.ts';
import { WireKeeper, type WireLink } from './wire-keeper.ts';
import { policyChange, settingsChange } from './worker-changes.ts';
import { type SpawnWorker, WorkerHandle } from './worker-handle.ts';

/** Octets of events that may wait for the main thread, a worker: some 10 000 events. */
const EVENT_RING = 8 << 20;
/** Milliseconds between two looks at the workers. */
const LOOK_EVERY = 1000;
/** Milliseconds without a beat after which a tap's worker is taken for hung; a bridge has its watchdog. */
const HUNG = 10_000;

export interface SupervisorParts {
  readonly settings: GatewaySettings;
  readonly policy: PolicySource;
  readonly spawn: SpawnWorker;
  readonly sink: EventsSink | undefined;
  /** What the archive says of itself; undefined: there is none. */
  readonly archive?: (() => ArchiveStatus) | undefined;
  /** What the outputs say of themselves. */
  readonly outputs?: (() => readonly OutputStatus[]) | undefined;
  /** Rings for the octets of files that are kept, one a worker; undefined: there is no archive. */
  readonly contents?: readonly SharedArrayBuffer[] | undefined;
  readonly log: Log;
}

export class Supervisor implements Gateway {
  /** Signs of life, one Int32 a worker: counted up while it turns. */
  readonly beats: Int32Array;
  readonly #parts: SupervisorParts;
  readonly #repeated: Repeated;
  readonly #startedAt = Date.now();
  readonly #handles: readonly WorkerHandle[];
  readonly #pump: EventPump;
  readonly #span: WireSpan | undefined;
  #keeper: WireKeeper | undefined;
  #policy: LivePolicy;
  /** In force. */
  #settings: GatewaySettings;
  readonly #changeable: Changeable[] = [];
  #lastReload: ReloadOutcome | undefined;
  readonly #reloads = { ok: 0, failed: 0 };
  #reloading: Promise<ReloadOutcome> | undefined;
  readonly #begun: Promise<void>;
  #begin: () => void = () => undefined;
  #look: NodeJS.Timeout | undefined;
  #seen: { beats: Int32Array; at: number[] };
  #toldDrops = new Map<string, number>();

  /** `first`: the policy that the source gave at the start. */
  constructor(parts: SupervisorParts, first: LivePolicy) {
    const { settings, spawn, sink, log } = parts;
    this.#parts = parts;
    this.#policy = first;
    this.#settings = settings;
    this.#begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
    this.#repeated = new Repeated(log);
    const beats = new SharedArrayBuffer(4 * settings.workers);
    this.beats = new Int32Array(beats);
    this.#seen = { beats: new Int32Array(settings.workers), at: [] };
    this.#pump = new EventPump(sink, log);
    const groups = fanoutGroups(settings);
    this.#span = settings.mode === 'inline' ? new WireSpan() : undefined;
    this.#handles = Array.from({ length: settings.workers }, (_, id) => {
      const events = createEventRing(EVENT_RING);
      this.#pump.add(id, new EventRingReader(events));
      return new WorkerHandle(
        {
          id,
          settings,
          events,
          beats,
          span: this.#span?.memory,
          fanoutGroups: groups,
          policy: first.order,
          contents: parts.contents?.[id],
        },
        spawn,
        {
          log,
          onReady: () => this.#workerReady(id),
          onDied: () => this.#keeper?.changed(),
        },
      );
    });
  }

  /**
   * Resolves when every worker runs. They are started one after the other: sockets join the fanout
   * groups of all interfaces in the same order, so that both ways of a flow reach the same worker.
   * Rejects with UserError; then nothing runs. `wire`: a bridge's fail-safe.
   */
  async start(wire?: WireLink): Promise<readonly OpenedInterface[]> {
    this.#pump.start();
    if (wire !== undefined) this.#keeper = this.#keeperOf(wire);
    try {
      for (const handle of this.#handles) await handle.start();
      await this.#keeper?.begin(this.beats);
    } catch (error) {
      await this.stop();
      throw error;
    } finally {
      this.#begin();
    }
    this.#seen.at = this.#handles.map(() => performance.now());
    this.#look = setInterval(() => this.#lookAfter(), LOOK_EVERY);
    return this.#handles[0]?.opened ?? [];
  }

  /** Drains: held packets go on, flows end, events are written. True when every worker ended by itself. */
  async stop(): Promise<boolean> {
    clearInterval(this.#look);
    await this.#keeper?.end();
    const ended = await Promise.all(this.#handles.map((handle) => handle.stop()));
    await this.#pump.stop();
    this.#repeated.tell(true);
    return ended.every((one) => one);
  }

  get ready(): boolean {
    return this.#handles.every((handle) => handle.ready);
  }

  /** Events that reached the main thread. */
  get events(): number {
    return this.#pump.events;
  }

  status(): GatewayStatus {
    const { settings } = this.#parts;
    return {
      version: packageVersion(),
      mode: settings.mode,
      startedAt: this.#startedAt,
      // Of the worker that was heard longest ago: one that hangs shows by it.
      at: Math.min(...this.#handles.map(({ heardAt }) => heardAt || this.#startedAt)),
      ready: this.ready,
      interfaces: this.#interfaces(),
      workers: this.#handles.flatMap((handle) => {
        const status = handle.status();
        return status === undefined
          ? []
          : [{ ...status, eventsQueued: this.#pump.queued(handle.id) }];
      }),
      policy: {
        hash: this.#policy.hash,
        rules: this.#policy.rules,
        services: this.#policy.services,
        loadedAt: this.#policy.loadedAt,
        reloads: { ...this.#reloads },
        last: this.#lastReload,
      },
      eventsUnwritten: this.#parts.sink?.lost ?? 0,
      archive: this.#parts.archive?.(),
      outputs: this.#parts.outputs?.() ?? [],
      wire: this.#keeper?.status ?? this.#ownWire(),
    };
  }

  /** Who has a part in it hears of new settings at a reload, in this order and before the workers. */
  involve(...parts: readonly Changeable[]): void {
    this.#changeable.push(...parts);
  }

  /** One at a time: who asks meanwhile hears the outcome of the one under way, and then of his own. */
  async reload(reason: ReloadReason): Promise<ReloadOutcome> {
    await this.#begun;
    while (this.#reloading !== undefined) await this.#reloading;
    this.#reloading = this.#reload(reason);
    try {
      return await this.#reloading;
    } finally {
      this.#reloading = undefined;
    }
  }

  async flows(most: number): Promise<readonly FlowRow[]> {
    const rows = (await Promise.all(this.#handles.map((handle) => handle.flows(most)))).flat();
    return rows.sort((a, b) => b.packets - a.packets).slice(0, most);
  }

  listen(listener: (event: ImEvent) => void): () => void {
    return this.#pump.listen(listener);
  }

  async #reload(reason: ReloadReason): Promise<ReloadOutcome> {
    const began = performance.now();
    const before = this.#settings;
    const loaded = await this.#parts.policy.load();
    const { policy, settings = before, diagnostics: found, restartNeeded } = loaded;
    const faults = policy === undefined ? [] : await this.#changeOver(policy, settings);
    const ok = policy !== undefined && faults.length === 0;
    const changed = ok ? changedSettings(before, settings) : [];
    const diagnostics = [...faults, ...found];
    const outcome: ReloadOutcome = {
      ok,
      reason,
      at: Date.now(),
      seconds: (performance.now() - began) / 1000,
      hash: this.#policy.hash,
      rules: this.#policy.rules,
      diagnostics,
      changed,
      restartNeeded,
    };
    this.#reloads[outcome.ok ? 'ok' : 'failed'] += 1;
    this.#lastReload = outcome;
    this.#tellReload(outcome);
    return outcome;
  }

  /** By everybody, or by nobody: then why not. */
  async #changeOver(policy: LivePolicy, settings: GatewaySettings): Promise<string[]> {
    const workers = this.#handles;
    const faults = await changeOver(
      [
        ...this.#changeable,
        policyChange(workers, this.#policy, policy),
        settingsChange(workers, this.#settings),
      ],
      settings,
    );
    if (faults.length > 0) return faults;
    this.#policy = policy;
    this.#settings = settings;
    return [];
  }

  #tellReload(outcome: ReloadOutcome): void {
    const { ok, reason, rules, hash, seconds, diagnostics, changed, restartNeeded } = outcome;
    const { log } = this.#parts;
    for (const line of diagnostics) log[ok ? 'warn' : 'error'](line);
    const { services } = this.#policy;
    if (ok) log.info('policy loaded', { reason, rules, services, hash, seconds });
    else log.error('not loaded: policy and settings stay as they were', { reason, hash });
    if (changed.length > 0) log.info('settings are in force', { settings: changed });
    if (restartNeeded.length > 0) {
      log.warn('settings that need a restart have changed', { settings: restartNeeded });
    }
  }

  #keeperOf(link: WireLink): WireKeeper {
    const workers = () => ({
      ready: this.#handles.filter((handle) => handle.ready).length,
      all: this.#handles.length,
    });
    return new WireKeeper({
      link,
      span: this.#span ?? new WireSpan(),
      log: this.#parts.log,
      workers,
    });
  }

  #interfaces(): InterfaceStatus[] {
    const sums = new Map<string, InterfaceStatus>();
    for (const handle of this.#handles) {
      for (const one of handle.interfaces()) {
        const known = sums.get(one.name);
        sums.set(one.name, known === undefined ? one : together(known, one));
      }
    }
    return [...sums.values()];
  }

  #ownWire(): GatewayStatus['wire'] {
    const carries = this.#parts.settings.mode !== 'tap' && this.ready;
    return { carriedBy: carries ? 'engine' : 'nobody', failovers: 0 };
  }

  #workerReady(id: number): void {
    this.#seen.at[id] = performance.now();
    this.#keeper?.changed();
    const restarts = this.#handles[id]?.restarts ?? 0;
    if (restarts > 0) this.#parts.log.info('worker runs again', { worker: id, restarts });
  }

  #lookAfter(): void {
    const now = performance.now();
    for (const handle of this.#handles) {
      const beat = Atomics.load(this.beats, handle.id);
      if (beat !== this.#seen.beats[handle.id] || !handle.ready) {
        this.#seen.beats[handle.id] = beat;
        this.#seen.at[handle.id] = now;
      } else if (now - (this.#seen.at[handle.id] ?? now) > HUNG) {
        this.#seen.at[handle.id] = now;
        handle.kill('worker hangs and is ended');
      }
    }
    this.#tellLosses();
    this.#repeated.tell();
  }

  /** What is lost is said when it happens, not only counted. */
  #tellLosses(): void {
    for (const { name, dropped, up } of this.#interfaces()) {
      if (!up && this.ready) this.#repeated.say('warn', `down ${name}`, `${name} is down`);
      const lost = dropped - (this.#toldDrops.get(name) ?? 0);
      if (lost <= 0) continue;
      this.#toldDrops.set(name, dropped);
      const what = `${name}: the kernel dropped packets: the ring was full`;
      this.#repeated.say('warn', `dropped ${name}`, what, { dropped: lost, inAll: dropped });
    }
    const shed = this.#handles.reduce((sum, h) => sum + (h.status()?.eventsShed ?? 0), 0);
    if (shed > (this.#toldDrops.get('events shed') ?? 0)) {
      this.#toldDrops.set('events shed', shed);
      const what = 'events were lost: they are written more slowly than they come';
      this.#repeated.say('error', 'shed', what, { inAll: shed });
    }
  }
}

function together(a: InterfaceStatus, b: InterfaceStatus): InterfaceStatus {
  const sum = addCounts(a, b);
  const bypass = a.port?.bypass === true && b.port?.bypass === true;
  return {
    ...sum,
    ...(sum.port === undefined ? {} : { port: { ...sum.port, bypass } }),
    up: a.up && b.up,
    ringFill: Math.max(a.ringFill, b.ringFill),
  };
}
