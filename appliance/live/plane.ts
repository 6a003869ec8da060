/** What a worker runs: a tap, a bridge or a netfilter queue, with the engine behind it. */
import type { Holding } from '../../src/capture/afpacket/holding.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { ContentSink } from '../../src/inspect/content/content-sink.ts';
import type { Engine } from '../../src/pipeline/engine.ts';
import type { GatewaySettings } from '../config/settings.ts';
import type { OpenedInterface } from './control.ts';
import type { BridgeCounters, InterfaceStatus } from './gateway.ts';
import type { WorkerPolicy } from './worker-policy.ts';

export interface PlaneSetup {
  readonly settings: GatewaySettings;
  /** Worker number, counted from 0. */
  readonly worker: number;
  /** PACKET_FANOUT groups, one an interface; empty: none. */
  readonly fanoutGroups: readonly number[];
  /** A bridge: which packets are ours (WireSpan); undefined: all. */
  readonly span: SharedArrayBuffer | undefined;
  readonly policy: WorkerPolicy;
  readonly onEvent: (event: ImEvent) => void;
  /** Keeps the content of transfers; undefined: nothing is kept. */
  readonly contentSink?: ContentSink | undefined;
  /** A fault of ours that a packet set off: it is contained, counted (`failures`), and worth a report. */
  readonly onFault: (error: unknown) => void;
}

/** Settings that a worker puts into force between two packets. */
export interface SettingsInHand {
  readonly settings: GatewaySettings;
  /** Of a tap whose resets go out elsewhere from now on: an open packet socket, bound to nothing yet. */
  readonly resetSocket: number | undefined;
}

export interface Plane {
  readonly opened: readonly OpenedInterface[];
  readonly engine: Engine;
  /** What it holds of the kernel: the main thread gives it back should this thread die. */
  holdings(): readonly Holding[];
  /**
   * Carries packets until `stop`, or until what it reads is lost for good (rejects with an Error whose
   * message is for people). Calls `turn` between packets, every 50 ms at least, and after the next batch
   * where it answered true: it has work left.
   */
  run(turn: () => unknown): Promise<void>;
  /** Before `run`: what comes in from here on waits to be carried. */
  arm?(): void;
  /** Within `turn`: what waits is still carried, then `run` ends. */
  stop(): void;
  /** After `run`: packets held go on, flows are ended and say so, sockets are closed. */
  finish(): void;
  /** Between two packets. */
  setPolicy(policy: WorkerPolicy): void;
  /** The same. Throws an Error for people, and then has changed nothing. */
  setSettings(next: SettingsInHand): void;
  interfaces(): readonly InterfaceStatus[];
  /** Inline and queue. */
  bridgeCounters(): BridgeCounters | undefined;
  /** Seconds spent waiting, sending and so on, as far as the wire measures them. */
  stageSeconds(): Record<string, number>;
  resetsSent(): number;
}

/** Opens what is to be read. Rejects with CaptureError, or another Error for people. */
export type OpenPlane = (setup: PlaneSetup) => Promise<Plane>;
