/** What the workers of a gateway follow, handed out to all of them or to none. */

import { openPacketSocket } from '../../src/capture/afpacket/packet-socket.ts';
import { CaptureError } from '../../src/capture/frame.ts';
import { failure, libc, libcFault } from '../../src/capture/native/libc.ts';
import { changedSettings } from '../config/changed-settings.ts';
import type { GatewaySettings } from '../config/settings.ts';
import { type Change, type Changeable, NO_CHANGE } from './change-over.ts';
import type { LivePolicy } from './live-policy.ts';
import { requireResetInterface } from './reset-port.ts';
import type { WorkerHandle } from './worker-handle.ts';

type Handles = readonly WorkerHandle[];

/** `before` is in force. */
export function policyChange(handles: Handles, before: LivePolicy, next: LivePolicy): Changeable {
  const giveBack = async () => {
    await Promise.all(handles.map((handle) => handle.setPolicy(before.order)));
  };
  return {
    prepare: async () => {
      const answers = await Promise.all(handles.map((handle) => handle.setPolicy(next.order)));
      return all(answers, giveBack);
    },
  };
}

/** `before` is in force. */
export function settingsChange(handles: Handles, before: GatewaySettings): Changeable {
  return {
    prepare: async (next) => {
      if (changedSettings(before, next).length === 0) return NO_CHANGE;
      const answers = await handOut(handles, before, next);
      return all(answers, async () => {
        await handOut(handles, next, before);
      });
    },
  };
}

async function all(
  answers: readonly (string | undefined)[],
  undo: () => Promise<void>,
): Promise<Change> {
  const worker = answers.findIndex((fault) => fault !== undefined);
  if (worker < 0) return { commit: () => undefined, discard: undo };
  await undo();
  throw new Error(`worker ${worker} did not take it: ${answers[worker]}`);
}

/** Workers open nothing: the sockets they need are opened here. */
async function handOut(
  handles: Handles,
  before: GatewaySettings,
  next: GatewaySettings,
): Promise<(string | undefined)[]> {
  const name = next.tap.resetInterface;
  const isMoved = next.mode === 'tap' && name !== undefined && name !== before.tap.resetInterface;
  const sockets = isMoved ? openSockets(name, handles.length) : [];
  return Promise.all(handles.map((handle, i) => handle.setSettings(next, sockets[i])));
}

/** Throws CaptureError. */
function openSockets(interfaceName: string, count: number): number[] {
  if (libcFault() !== undefined) return [];
  requireResetInterface(interfaceName);
  const sockets: number[] = [];
  while (sockets.length < count) {
    const fd = openPacketSocket();
    if (fd < 0) {
      const why = failure();
      for (const open of sockets) libc().close(open);
      throw new CaptureError(interfaceName, 0, 0, `cannot open a packet socket: ${why}`);
    }
    sockets.push(fd);
  }
  return sockets;
}
