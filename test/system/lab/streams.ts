/** A stream of known content through the box (stations/stream.ts), from the client to the server or back. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listeningPorts } from '../../record/lab/service.ts';
import type { Lab } from './lab.ts';
import { run } from './run.ts';

export interface Stream {
  /** What each end had at the end: `OCTETS SHA256`. */
  ends(): Promise<{ readonly sent: string; readonly came: string }>;
}

/** Below those that the system gives to connections (from 32768 on). */
let nextPort = 20_000;

export async function startStream(
  lab: Lab,
  towards: 'server' | 'client',
  seconds: number,
): Promise<Stream> {
  const { server, clients } = lab.network;
  const [client] = clients;
  if (client === undefined) throw new Error('no client');
  const [from, to] = towards === 'server' ? [client, server] : [server, client];
  const port = nextPort++;
  const program = join(lab.tree, 'test', 'system', 'lab', 'stations', 'stream.js');
  const end = [to.address, String(port)];
  const came = run(lab.network, to, process.execPath, [program, 'receive', ...end]);
  let isOver = false;
  came
    .catch(() => undefined)
    .finally(() => {
      isOver = true;
    });
  while (!listeningPorts(to).has(port)) {
    if (isOver) throw new Error(`the receiver of the stream ended: ${await came}`);
    await sleep(50);
  }
  const args = [program, 'send', ...end, String(seconds)];
  const sent = run(lab.network, from, process.execPath, args);
  sent.catch(() => undefined);
  return { ends: async () => ({ sent: await sent, came: await came }) };
}
