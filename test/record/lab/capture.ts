/** tcpdump on a client's link, from before the first packet to after the last. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Host, Network } from './network.ts';
import { endProcess } from './network.ts';
import { tail } from './service.ts';

export interface Recording {
  /** Ends the recording; the file is complete when this resolves. */
  stop(): Promise<void>;
}

/** `device` is `eth0`, or `any` for Linux cooked capture (SLL2). */
export async function record(
  network: Network,
  host: Host,
  file: string,
  device: 'eth0' | 'any' = 'eth0',
): Promise<Recording> {
  const args = ['-i', device, '-s', '0', '-U', '--immediate-mode', '-Z', 'root', '-w', file];
  const child = network.spawn(host, 'tcpdump', [...args, 'tcp'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const log = tail(child);
  for (let waited = 0; !log().includes('listening on'); waited += 20) {
    if (child.exitCode !== null || waited > 60_000) throw new Error(`tcpdump: ${log()}`);
    await sleep(20);
  }
  return {
    async stop() {
      // The last packets are still on their way to tcpdump's ring.
      await sleep(300);
      await endProcess(child);
    },
  };
}
