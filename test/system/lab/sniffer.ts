/** tcpdump at one end of a cable: the frames of one direction, octet for octet. */
import { setTimeout as sleep } from 'node:timers/promises';
import { loadCapture, type StoredFrame } from '../../corpus/frames.ts';
import { endProcess, type Host, type Network, type Station } from '../../record/lab/network.ts';
import { tail } from '../../record/lab/service.ts';

export interface Sniffer {
  /** Resolves with all that came, once `enough` says so or after `quietMs` (2000 unless told) without a new frame. */
  frames(
    enough: (frames: readonly StoredFrame[]) => boolean,
    quietMs?: number,
  ): Promise<readonly StoredFrame[]>;
}

const QUIET = 2000; // milliseconds without a new frame: nothing more is on its way

export async function sniff(
  network: Network,
  place: {
    readonly host: Host | Station;
    readonly device: string;
    readonly direction: 'in' | 'out';
  },
  file: string,
  filter: readonly string[] = [],
): Promise<Sniffer> {
  const { host, device, direction } = place;
  const args = ['-i', device, '-Q', direction, '-s', '0', '-U', '-Z', 'root', '-w', file];
  const child = network.spawn(
    host,
    'tcpdump',
    [...args, '--immediate-mode', '-B', '65536', ...filter],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const log = tail(child);
  for (let waited = 0; !log().includes('listening on'); waited += 20) {
    if (child.exitCode !== null || waited > 60_000) throw new Error(`tcpdump: ${log()}`);
    await sleep(20);
  }
  return {
    frames: async (enough, quietMs = QUIET) => {
      let frames: readonly StoredFrame[] = [];
      for (let quiet = 0; quiet < quietMs && !enough(frames); quiet += 100) {
        await sleep(100);
        const before = frames.length;
        frames = (await loadCapture(file)).frames;
        if (frames.length > before) quiet = 0;
      }
      await endProcess(child);
      return (await loadCapture(file)).frames;
    },
  };
}
