/**
 * What a gateway of each kind must be able to do, and what its threads keep of it.
 *
 *     requireGatewayPrivileges(mode)        before anything is touched: one clear line
 *     … files, admin port and watchdog opened, all that needs more …
 *     dropGatewayPrivileges(mode, user)     main thread, before the workers are started
 *     dropWorkerPrivileges(mode)            each worker, when its sockets are open
 *
 * The main thread keeps what a worker needs that is started anew, and a new watchdog; it reads no packets.
 * A worker, which does, is left with nothing, or with what every verdict of a queue needs.
 */
import type { GatewayMode } from '../config/settings.ts';
import { Capability } from './capability.ts';
import { type Dropped, dropPrivileges } from './drop-privileges.ts';
import { type Needed, requireCapabilities } from './require-capabilities.ts';
import { type KeptCapabilities, keepOnly } from './thread-capabilities.ts';

interface ModePrivileges {
  readonly needed: readonly Needed[];
  readonly main: KeptCapabilities;
  readonly worker: KeptCapabilities;
}

const PACKET_SOCKETS: Needed = { capability: Capability.NetRaw, purpose: 'open packet sockets' };

const MODES: Readonly<Record<GatewayMode, ModePrivileges>> = {
  tap: {
    needed: [PACKET_SOCKETS],
    main: { effective: [Capability.NetRaw] },
    worker: { effective: [] },
  },
  inline: {
    needed: [
      PACKET_SOCKETS,
      { capability: Capability.NetAdmin, purpose: 'prepare the kernel bridge that stands by' },
    ],
    // NET_ADMIN: receive buffers beyond net.core.rmem_max, and the watchdog.
    main: {
      effective: [Capability.NetRaw, Capability.NetAdmin],
      passedOn: [Capability.NetAdmin],
    },
    worker: { effective: [] },
  },
  nfqueue: {
    needed: [
      { capability: Capability.NetAdmin, purpose: 'read the netfilter queue' },
      { capability: Capability.NetRaw, purpose: 'send packets that were held' },
    ],
    main: { effective: [Capability.NetRaw, Capability.NetAdmin] },
    // The kernel asks for it at every verdict, not only when the socket is opened.
    worker: { effective: [Capability.NetAdmin] },
  },
};

/** Throws UserError. */
export function requireGatewayPrivileges(mode: GatewayMode): void {
  requireCapabilities(MODES[mode].needed);
}

export function dropGatewayPrivileges(mode: GatewayMode, user: string | undefined): Dropped {
  return dropPrivileges(user, MODES[mode].main);
}

export function dropWorkerPrivileges(mode: GatewayMode): void {
  keepOnly(MODES[mode].worker);
}
