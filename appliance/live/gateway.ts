/** What the admin server, the metrics and `sallyport top` may ask of a running gateway. */
import type { ImEvent } from '../../src/event/event.ts';
import type { EngineCounters } from '../../src/pipeline/counters.ts';
import type { ReadFlow } from '../../src/pipeline/flow-census.ts';
import type { GatewayMode } from '../config/settings.ts';
import type { OutputStatus } from '../outputs/output-file.ts';
import type { ArchiveStatus } from './archive-record.ts';

export interface Gateway {
  /** The newest snapshot, at most a second old. */
  status(): GatewayStatus;
  /** Loads rules, lists, directory again; the running set stays when the new one is wrong. */
  reload(reason: ReloadReason): Promise<ReloadOutcome>;
  /** The flows that are read now, busiest first. */
  flows(most: number): Promise<readonly FlowRow[]>;
  /** Hears every event after it was judged, in the main thread. Returns how to stop. */
  listen(listener: (event: ImEvent) => void): () => void;
}

export type ReloadReason = 'signal' | 'file' | 'api';

export interface ReloadOutcome {
  readonly ok: boolean;
  readonly reason: ReloadReason;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly seconds: number;
  /** `sha256:…` of the set in force after it. */
  readonly hash: string;
  readonly rules: number;
  /** Each problem as one line `file:line:column: what`; errors where it failed, else warnings. */
  readonly diagnostics: readonly string[];
  /** Changed settings that are in force now, as paths into the file; empty where it failed. */
  readonly changed: readonly string[];
  /** Changed settings that need a restart, as paths into the file (`inline.on-failure`). */
  readonly restartNeeded: readonly string[];
}

export interface GatewayStatus {
  readonly version: string;
  readonly mode: GatewayMode;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly at: number;
  /** Every worker is running and has its sockets open. */
  readonly ready: boolean;
  readonly interfaces: readonly InterfaceStatus[];
  readonly workers: readonly WorkerStatus[];
  readonly policy: {
    readonly hash: string;
    readonly rules: number;
    /** Services that can be named. */
    readonly services: number;
    readonly loadedAt: number;
    readonly reloads: { readonly ok: number; readonly failed: number };
    readonly last: ReloadOutcome | undefined;
  };
  /** Events that reached the main thread and could not be written: the disk is full, the reader has gone. */
  readonly eventsUnwritten: number;
  /** Undefined: there is no archive. */
  readonly archive?: ArchiveStatus | undefined;
  readonly outputs?: readonly OutputStatus[] | undefined;
  /** What happened to the wire: who carries it, and how often the watchdog took it. */
  readonly wire: { readonly carriedBy: 'engine' | 'kernel' | 'nobody'; readonly failovers: number };
}

/** Sums over the workers. Counters since the start of the process, across restarts of workers. */
export interface InterfaceStatus {
  readonly name: string;
  readonly up: boolean;
  readonly backend: string;
  readonly received: number;
  /** By the kernel, for want of ring. */
  readonly dropped: number;
  readonly frozen: number;
  readonly downs: number;
  readonly sent: number;
  readonly sendErrors: number;
  /** 0 to 1. */
  readonly ringFill: number;
  /** The ends of a bridge. */
  readonly port?: PortStatus;
}

export interface PortStatus {
  /** Superframes that were lost because they found no room besides the ring. */
  readonly cut: number;
  /** Times the device was full and was waited for. */
  readonly sendWaits: number;
  /** Frames go past this machine's traffic control, in every worker. */
  readonly bypass: boolean;
  /** Of `sendErrors`, by cause. */
  readonly sendFailures: Readonly<Record<'noRoom' | 'tooLong' | 'down' | 'refused', number>>;
}

export interface WorkerStatus {
  readonly id: number;
  readonly alive: boolean;
  readonly restarts: number;
  readonly engine: EngineCounters;
  /** Octets that parsers and reassembly hold. */
  readonly heldOctets: number;
  readonly flows: {
    readonly byState: Record<string, number>;
    readonly byProtocol: Record<string, number>;
  };
  /** Events of `<kind> <service>`. */
  readonly events: Record<string, number>;
  /** Verdicts of `<rule> <action> <enforced|not>`. */
  readonly verdicts: Record<string, number>;
  /** Inline and queue: what the bridge did. */
  readonly bridge: BridgeCounters | undefined;
  /** Events encoded and not yet taken by the main thread; lost because it was too slow. */
  readonly eventsQueued: number;
  readonly eventsShed: number;
  /** Seconds spent in each stage of the loop: wait, inspect, send, turn. */
  readonly stageSeconds: Record<string, number>;
  /** Resets sent (tap). */
  readonly resetsSent: number;
}

/** src/pipeline/bridge.ts counts these; plain numbers. */
export type BridgeCounters = Readonly<Record<string, number>>;

export type FlowRow = ReadFlow;
