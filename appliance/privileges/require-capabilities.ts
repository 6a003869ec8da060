/** Says before anything is touched which privilege is missing, what for, and how to grant it. */
import { UserError } from '../cli/user-error.ts';
import { type Capability, capabilityName } from './capability.ts';
import { holds, threadCapabilities } from './thread-capabilities.ts';

export interface Needed {
  readonly capability: Capability;
  /** What cannot be done without it: `open packet sockets`. */
  readonly purpose: string;
}

export function requireCapabilities(needed: readonly Needed[], effective = ownEffective()): void {
  const missing = needed.filter(({ capability }) => !holds(effective, capability));
  if (missing.length === 0) return;
  const what = missing.map(
    ({ capability, purpose }) => `${capabilityName(capability)} (${purpose})`,
  );
  const names = missing.map(({ capability }) => capabilityName(capability));
  throw new UserError(
    `this needs ${what.join(' and ')}`,
    `Start it as root (with \`user:\` it becomes an ordinary account), from the systemd unit (AmbientCapabilities=${names.join(' ')}), or: setcap ${names.join(',').toLowerCase()}+ep ${process.execPath}`,
  );
}

function ownEffective(): bigint {
  return threadCapabilities().effective;
}
