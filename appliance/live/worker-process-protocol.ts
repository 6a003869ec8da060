/** What the gateway and a worker that is a process say to each other: control.ts, without shared memory. */
import type { CarriedKey } from '../archive/vault/carried-key.ts';
import type { WorkerOrder, WorkerReport, WorkerSetup } from './control.ts';
import type { PolicyOrder } from './worker-policy.ts';

export interface ProcessPolicy {
  readonly octets: Uint8Array | undefined;
  readonly services: Uint8Array | undefined;
  readonly hash: string;
  readonly ruleset?: string;
}

/** The first message. */
export type ProcessSetup = Omit<WorkerSetup, 'events' | 'beats' | 'span' | 'policy'> & {
  readonly policy: ProcessPolicy;
  /** Wraps the keys of files that it writes; undefined: they are not sealed. */
  readonly key: CarriedKey | undefined;
};

export type ProcessOrder =
  | Exclude<WorkerOrder, { type: 'policy' }>
  | { readonly type: 'policy'; readonly policy: ProcessPolicy };

/** `fault`: what it dies of. */
export type ProcessReport = WorkerReport | { readonly type: 'fault'; readonly message: string };

/** Descriptor of the worker: a pipe of both ways, on which lines of events go out and STOP comes in. */
export const EVENTS_FD = 4;
export const STOP = 0x73;

/** What the other process gets is a copy: memory is not shared between processes. */
export function copied({ octets, services, ...names }: PolicyOrder): ProcessPolicy {
  return { octets: octetsOf(octets), services: octetsOf(services), ...names };
}

export function shared({ octets, services, ...names }: ProcessPolicy): PolicyOrder {
  return { octets: memoryOf(octets), services: memoryOf(services), ...names };
}

function octetsOf(memory: SharedArrayBuffer | undefined): Uint8Array | undefined {
  return memory && new Uint8Array(memory).slice();
}

function memoryOf(octets: Uint8Array | undefined): SharedArrayBuffer | undefined {
  if (octets === undefined) return undefined;
  const memory = new SharedArrayBuffer(octets.length);
  new Uint8Array(memory).set(octets);
  return memory;
}
