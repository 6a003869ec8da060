/**
 * A capture on a link, in batches. A sender that never waits fills every queue of a machine that stands still for
 * long enough: this one looks between two batches whether there is room for what it sends until the next look.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Host, Network } from '../../record/lab/network.ts';
import { run } from './run.ts';

export interface Batches {
  readonly capture: string;
  /** An empty place for the batches. */
  readonly folder: string;
  readonly device: string;
  /** Packets of each. */
  readonly size: number;
  /** Packets a second. */
  readonly rate: number;
  /** Resolves when there is room for a batch. */
  readonly room: () => Promise<void>;
}

/** Packets a second, the looks included. */
export async function sendBatches(
  network: Network,
  host: Host,
  { capture, folder, device, size, rate, room }: Batches,
): Promise<number> {
  await run(network, host, 'editcap', ['-c', String(size), capture, join(folder, 'batch.pcap')]);
  const names = readdirSync(folder).filter((name) => name.startsWith('batch_'));
  let sent = 0;
  const began = performance.now();
  for (const name of names.sort()) {
    await room();
    const args = ['-q', '-i', device, `--pps=${rate}`, '--preload-pcap', join(folder, name)];
    const said = await run(network, host, 'tcpreplay', args);
    sent += Number(/Successful packets:\s+(\d+)/.exec(said)?.[1]);
  }
  return Math.round(sent / ((performance.now() - began) / 1000));
}
