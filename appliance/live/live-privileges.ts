/**
 * Who may do what in a running gateway. The main thread keeps what it takes to open sockets again for a
 * worker that died, and passes on to a new watchdog what that needs. Workers, which read what strangers
 * send, keep nothing once their sockets are open; netlink asks for a capability with every verdict.
 */
import { libcFault } from '../../src/capture/native/libc.ts';
import { UserError } from '../cli/user-error.ts';
import type { GatewayMode, GatewaySettings } from '../config/settings.ts';
import { Capability } from '../privileges/capability.ts';
import { type Dropped, dropPrivileges } from '../privileges/drop-privileges.ts';
import { type KeptCapabilities, keepOnly } from '../privileges/thread-capabilities.ts';

/**
 * In the main thread, before the workers are started: threads begin with what their maker has. Throws
 * UserError.
 */
export function dropMainPrivileges(settings: GatewaySettings): Dropped | undefined {
  if (process.platform !== 'linux') return undefined;
  const fault = libcFault();
  if (fault !== undefined) {
    if (settings.user === undefined) return undefined;
    throw new UserError(`cannot become ${settings.user} and go on reading packets: ${fault}`);
  }
  return dropPrivileges(settings.user, keptByMain(settings));
}

/** In a worker, when its sockets are open. */
export function dropWorkerPrivileges(mode: GatewayMode): void {
  if (process.platform !== 'linux' || libcFault() !== undefined) return;
  keepOnly({ effective: mode === 'nfqueue' ? [Capability.NetAdmin] : [] });
}

function keptByMain({ mode, capture }: GatewaySettings): KeptCapabilities {
  const { NetRaw, NetAdmin } = Capability;
  if (mode === 'inline') return { effective: [NetRaw, NetAdmin], passedOn: [NetAdmin] };
  if (mode === 'nfqueue') return { effective: [NetRaw, NetAdmin] };
  const effective = capture.hardwareTime ? [NetRaw, NetAdmin] : [NetRaw];
  // A worker that is a process has what it was given, not what its maker has.
  return capture.backend === 'afpacket' ? { effective } : { effective, passedOn: [NetRaw] };
}
