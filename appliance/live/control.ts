/** What the main thread and a worker say to each other. Plain data: it is cloned on its way. */
import type { Holding } from '../../src/capture/afpacket/holding.ts';
import type { GatewaySettings } from '../config/settings.ts';
import type { FlowRow, InterfaceStatus, WorkerStatus } from './gateway.ts';
import type { PolicyOrder, PolicyReport } from './worker-policy.ts';

/** What a worker is born with. */
export interface WorkerSetup {
  readonly id: number;
  readonly settings: GatewaySettings;
  /** Where its events go: event-ring.ts. */
  readonly events: SharedArrayBuffer;
  /** Signs of life: one Int32 a worker, counted up at each turn of its loop. */
  readonly beats: SharedArrayBuffer;
  /** A bridge: which packets are ours (WireSpan); undefined: all. */
  readonly span: SharedArrayBuffer | undefined;
  /** PACKET_FANOUT groups of the interfaces, in their order; empty with a single worker. */
  readonly fanoutGroups: readonly number[];
  readonly policy: PolicyOrder;
  /** Where octets of files go that are to be kept: content-ring.ts; undefined: none are. */
  readonly contents?: SharedArrayBuffer | undefined;
}

export type WorkerOrder =
  | { readonly type: 'policy'; readonly policy: PolicyOrder }
  | {
      readonly type: 'settings';
      readonly request: number;
      readonly settings: GatewaySettings;
      /** An open packet socket for resets (SettingsInHand). */
      readonly resetSocket: number | undefined;
    }
  | { readonly type: 'flows'; readonly request: number; readonly most: number }
  | { readonly type: 'stop' };

/** How an interface was opened, for the line that says that the gateway is ready. */
export interface OpenedInterface {
  readonly name: string;
  readonly backend: string;
  /** Why not a better one, or what is worth knowing; undefined: nothing. */
  readonly remark: string | undefined;
}

export interface WorkerSnapshot {
  readonly status: Omit<WorkerStatus, 'id' | 'alive' | 'restarts' | 'eventsQueued'>;
  readonly interfaces: readonly InterfaceStatus[];
}

export type WorkerReport =
  | {
      readonly type: 'ready';
      readonly opened: readonly OpenedInterface[];
      /** To be given back when the thread dies without having stopped. */
      readonly holdings: readonly Holding[];
    }
  /** It could not open what it was to read: nothing was touched. `isUsage`: what it was told is wrong. */
  | { readonly type: 'refused'; readonly message: string; readonly isUsage: boolean }
  | { readonly type: 'snapshot'; readonly snapshot: WorkerSnapshot }
  | { readonly type: 'flows'; readonly request: number; readonly rows: readonly FlowRow[] }
  | { readonly type: 'policy'; readonly report: PolicyReport }
  /** They are in force, or why they are not; what it holds now is closed when it has ended. */
  | {
      readonly type: 'settings';
      readonly request: number;
      readonly fault: string | undefined;
      readonly holdings: readonly Holding[];
    }
  /** The engine stumbled over a packet: that flow is not read on. At most one a second. */
  | { readonly type: 'fault'; readonly message: string; readonly stack: string | undefined }
  /** Drained: its events are in the ring, its sockets closed. */
  | { readonly type: 'stopped' };
