/** tcpdump of everything that comes in at a device, into a file; what it missed is said. */

import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcess, type Host, type Network, type Station } from '../../record/lab/network.ts';
import { tail } from '../../record/lab/service.ts';

export interface WholeCapture {
  /** Once nothing more comes; packets that tcpdump could not take. */
  stop(): Promise<number>;
}

const BUFFER = 512 * 1024; // KiB
/** At a file that does not grow, 100 ms apart, until nothing more is on its way. */
const LOOKS = 12;

export async function record(
  network: Network,
  place: { readonly host: Host | Station; readonly device: string },
  file: string,
  filter: readonly string[],
): Promise<WholeCapture> {
  const args = ['-i', place.device, '-Q', 'in', '-s', '0', '-B', String(BUFFER), '-Z', 'root'];
  const child = network.spawn(place.host, 'tcpdump', [...args, '-w', file, ...filter], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const log = tail(child);
  for (let waited = 0; !log().includes('listening on'); waited += 20) {
    if (child.exitCode !== null || waited > 60_000) throw new Error(`tcpdump: ${log()}`);
    await sleep(20);
  }
  return {
    stop: async () => {
      // Looks, not time: a machine that stood still lets this process go on before tcpdump has written.
      for (let same = 0, last = -1; same < LOOKS; ) {
        await sleep(100);
        const { size } = statSync(file);
        same = size === last ? same + 1 : 0;
        last = size;
      }
      await endProcess(child, 20_000);
      return Number(/(\d+) packets? dropped by kernel/.exec(log())?.[1] ?? Number.NaN);
    },
  };
}
