/** Waiting for a server to answer, from inside its namespace, and saying why it did not. */

import type { ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from './network.ts';

/** Keeps the last 4000 characters a program wrote, for error messages. */
export function tail(child: ChildProcess): () => string {
  let text = '';
  const keep = (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-4000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => text;
}

/** Resolves when all TCP ports are listened on in the host's namespace. */
export async function untilListening(
  host: Host,
  child: ChildProcess,
  ports: readonly number[],
  log: () => string,
  limitMs?: number,
): Promise<void> {
  const listens = () => {
    const open = listeningPorts(host);
    return ports.every((port) => open.has(port));
  };
  await until(listens, child, `does not listen on ${ports.join(', ')}`, log, limitMs);
}

/** Resolves when the program has bound this UDP address and port, as `ss` shows them: `[fd91::1]:443`. */
export async function untilBound(
  host: Host,
  child: ChildProcess,
  address: string,
  log: () => string,
): Promise<void> {
  const binds = () => sockets(host, '-Hlun').includes(address);
  await until(binds, child, `has not bound ${address}`, log);
}

async function until(
  holds: () => boolean,
  child: ChildProcess,
  lacking: string,
  log: () => string,
  limitMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`${child.spawnargs.join(' ')} ended:\n${log()}`);
    }
    if (holds()) return;
    await sleep(50);
  }
  throw new Error(`${child.spawnargs.join(' ')} ${lacking}:\n${log()}`);
}

export function listeningPorts(host: Host): Set<number> {
  const addresses = sockets(host, '-Hltn');
  return new Set(addresses.map((address) => Number(/:(\d+)$/.exec(address)?.[1])));
}

/** Local addresses of the sockets that `ss` lists. */
function sockets(host: Host, which: string): string[] {
  const args = ['netns', 'exec', host.namespace, 'ss', which];
  const lines = execFileSync('ip', args, { encoding: 'utf8' }).split('\n');
  // State Recv-Q Send-Q Local-Address:Port Peer-Address:Port
  return lines.map((line) => line.split(/\s+/)[3] ?? '');
}
