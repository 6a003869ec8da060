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
  limitMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`${child.spawnargs.join(' ')} ended:\n${log()}`);
    }
    const open = listeningPorts(host);
    if (ports.every((port) => open.has(port))) return;
    await sleep(100);
  }
  throw new Error(`${child.spawnargs.join(' ')} does not listen on ${ports.join(', ')}:\n${log()}`);
}

export function listeningPorts(host: Host): Set<number> {
  const args = ['netns', 'exec', host.namespace, 'ss', '-Hltn'];
  const lines = execFileSync('ip', args, { encoding: 'utf8' }).split('\n');
  // State Recv-Q Send-Q Local-Address:Port Peer-Address:Port
  return new Set(lines.map((line) => Number(/:(\d+)$/.exec(line.split(/\s+/)[3] ?? '')?.[1])));
}
