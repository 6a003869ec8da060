/** What this thread may do: read from /proc, given up by capset(2). Linux keeps capabilities by thread. */
import { readFileSync } from 'node:fs';
import { failure, libc } from '../../src/capture/native/libc.ts';
import type { Capability } from './capability.ts';

export interface CapabilitySets {
  readonly permitted: bigint;
  readonly effective: bigint;
  readonly inheritable: bigint;
  readonly bounding: bigint;
  readonly ambient: bigint;
}

/** Of the calling thread; `status` is another thread's file where that is wanted (/proc/self/task/N/status). */
export function threadCapabilities(status = '/proc/thread-self/status'): CapabilitySets {
  const text = readFileSync(status, 'latin1');
  const set = (name: string) =>
    BigInt(`0x${new RegExp(`^Cap${name}:\\s*([0-9a-f]+)`, 'm').exec(text)?.[1] ?? '0'}`);
  return {
    permitted: set('Prm'),
    effective: set('Eff'),
    inheritable: set('Inh'),
    bounding: set('Bnd'),
    ambient: set('Amb'),
  };
}

export function holds(set: bigint, capability: Capability): boolean {
  return (set & (1n << BigInt(capability))) !== 0n;
}

const PR_SET_NO_NEW_PRIVS = 38;
const PR_CAPBSET_DROP = 24;
const PR_CAP_AMBIENT = 47;
const PR_CAP_AMBIENT_RAISE = 2;
const PR_CAP_AMBIENT_CLEAR_ALL = 4;
/** _LINUX_CAPABILITY_VERSION_3: two words a set. */
const VERSION = 0x20080522;

export interface KeptCapabilities {
  /** In force. */
  readonly effective: readonly Capability[];
  /** At hand, but not in force. */
  readonly permitted?: readonly Capability[];
  /** Programs that this thread starts have these. */
  readonly passedOn?: readonly Capability[];
}

/** This thread keeps only these of what it has, and can gain none. Throws where the kernel refuses. */
export function keepOnly(kept: KeptCapabilities): void {
  const passedOn = kept.passedOn ?? [];
  const permitted = [...kept.effective, ...(kept.permitted ?? []), ...passedOn];
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0);
  const header = Uint32Array.of(VERSION, 0);
  const data = new Uint32Array(6);
  fill(data, 0, kept.effective);
  fill(data, 1, permitted);
  fill(data, 2, passedOn);
  if (libc().capset(header, data) !== 0) throw new Error(`capset: ${failure()}`);
  for (const capability of passedOn) prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0);
}

/** What this thread, and all it starts, can never have again. Needs CAP_SETPCAP; without it nothing changes. */
export function narrowBounding(kept: readonly Capability[]): void {
  for (let capability = 0; capability < 64; capability++) {
    if (kept.some((one) => one === capability)) continue;
    // Past the kernel's last capability it says EINVAL.
    if (libc().prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) !== 0) return;
  }
}

function prctl(option: number, a: number, b: number): void {
  if (libc().prctl(option, a, b, 0, 0) !== 0) throw new Error(`prctl ${option}: ${failure()}`);
}

/** __user_cap_data_struct, twice: effective(4) permitted(4) inheritable(4), low word first. */
function fill(data: Uint32Array, set: 0 | 1 | 2, capabilities: readonly Capability[]): void {
  for (const capability of capabilities) {
    const at = set + (capability < 32 ? 0 : 3);
    data[at] = (data[at] ?? 0) | (1 << (capability % 32));
  }
}
