/** What carries frames between the devices `inside` and `outside` of the box: the kernel's bridge, or the product. */
import { type ChildProcess, execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcess, type Host, type Network, type Station } from '../../record/lab/network.ts';
import { tail } from '../../record/lab/service.ts';

export type Carrier = 'kernel' | 'product';

export interface ProductOptions {
  /** Compiled appliance/main.js. */
  readonly main: string;
  /** After `inline inside outside`. */
  readonly args: readonly string[];
}

export interface Box {
  /** The product's process; undefined for the kernel's bridge. */
  readonly process: ChildProcess | undefined;
  /** The last of what it said. */
  log(): string;
  /** Whether it carries frames itself: until then, the product leaves that to the kernel. */
  ready(): boolean;
  /** As an administrator would: SIGTERM; the exit code. */
  stop(): Promise<number | undefined>;
}

/** The control of every test: it forwards everything. Link-local groups (STP, LLDP) it does not. */
export function kernelBridge(box: Station): Box {
  const { namespace } = box;
  // Broken packets and padding pass: br_netfilter would have an opinion on them.
  const quiet =
    'for f in /proc/sys/net/bridge/bridge-nf-call-*; do [ -w $f ] && echo 0 >$f; done; true';
  execFileSync('ip', ['netns', 'exec', namespace, 'sh', '-c', quiet]);
  const ip = (...args: string[]) => execFileSync('ip', ['-n', namespace, ...args]);
  ip('link', 'add', 'bridge0', 'type', 'bridge', 'mcast_snooping', '0');
  ip('link', 'set', 'bridge0', 'mtu', '9000', 'up');
  for (const device of ['inside', 'outside']) {
    // Without learning, replayed frames of both ends of a conversation come through from one side.
    ip('link', 'set', device, 'master', 'bridge0');
    ip('link', 'set', device, 'type', 'bridge_slave', 'learning', 'off');
  }
  return {
    process: undefined,
    log: () => '',
    ready: () => true,
    stop: async () => {
      ip('link', 'del', 'bridge0');
      return undefined;
    },
  };
}

export function startProduct(network: Network, box: Station, options: ProductOptions): Box {
  const args = [options.main, 'inline', 'inside', 'outside', ...options.args];
  const child = network.spawn(box, process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = tail(child);
  const closed = new Promise((resolve) => child.once('close', resolve));
  return {
    process: child,
    log,
    ready: () => log().includes('ready: carrying'),
    stop: async () => {
      await endProcess(child, 60_000);
      await closed; // all that it said has come
      return child.exitCode ?? undefined;
    },
  };
}

/** Resolves when a host behind the box reaches the server through it; rejects with what the box said. */
export async function untilCarried(
  box: Box,
  from: Host,
  to: Host,
  limitMs = 90_000,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(box.ready() && reaches(from, to))) {
    const ended = box.process?.exitCode ?? box.process?.signalCode ?? undefined;
    if (ended !== undefined || Date.now() > deadline) {
      const what = ended === undefined ? 'carries nothing' : `ended (${ended})`;
      throw new Error(`the box ${what}:\n${box.log()}`);
    }
    await sleep(50);
  }
}

export function reaches(from: Host, to: Host): boolean {
  try {
    const ping = ['ping', '-c', '1', '-W', '0.3', to.address];
    execFileSync('ip', ['netns', 'exec', from.namespace, ...ping], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // no answer yet
  }
}
