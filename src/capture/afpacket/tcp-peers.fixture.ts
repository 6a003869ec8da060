/** A TCP transfer between two namespaces by processes of their own, and what arrived. */
import { spawn } from 'node:child_process';
import type { NetworkNamespaces } from '../../../test/support/network-namespaces.ts';

/** Both send OCTETS that follow from a seed and print the SHA-256 of what they received. */
const PEER = `
const net = require('node:net'); const { createHash } = require('node:crypto');
const [role, host, port, seed, octets] = process.argv.slice(1);
const talk = (socket) => {
  const got = createHash('sha256'); let n = 0;
  socket.on('data', (d) => { got.update(d); n += d.length; });
  socket.on('end', () => console.log(n + ' ' + got.digest('hex')));
  socket.on('close', () => server?.close());
  socket.on('error', (e) => { console.log(e.message); process.exit(1); });
  let x = Number(seed), left = Number(octets);
  const push = () => {
    while (left > 0) {
      const b = Buffer.alloc(Math.min(left, 200000));
      for (let i = 0; i < b.length; i++) { x = (Math.imul(x, 1103515245) + 12345) | 0; b[i] = x >>> 16; }
      left -= b.length;
      if (!socket.write(b)) return socket.once('drain', push);
    }
    socket.end();
  };
  push();
};
let server;
if (role === 'server') {
  server = net.createServer({ allowHalfOpen: true }, talk).listen(Number(port), host, () => console.log('ready'));
} else {
  const socket = net.connect({ port: Number(port), host, allowHalfOpen: true }, () => talk(socket));
  socket.on('error', (e) => { console.log(e.message); process.exit(1); });
}
`;

export interface Transfer {
  readonly server: string;
  readonly client: string;
}

/** Lines "octets sha256" of what either end received. */
export function transfer(
  net: NetworkNamespaces,
  of: { server: string; client: string; host: string; port: number; octets: number },
): Promise<Transfer> {
  const { host, port, octets } = of;
  const peer = (place: string, role: string, seed: number) => {
    const words = [role, host, String(port), String(seed), String(octets)];
    const command = ['netns', 'exec', net.name(place), process.execPath, '-e', PEER, ...words];
    const child = spawn('ip', command, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    const listeners: (() => void)[] = [];
    child.stdout.on('data', (data: Buffer) => {
      text += data.toString();
      for (const listener of listeners) listener();
    });
    const ended = new Promise<string>((resolve) => child.on('close', () => resolve(text)));
    return { ended, heard: (listener: () => void) => listeners.push(listener), text: () => text };
  };
  return new Promise((resolve) => {
    const server = peer(of.server, 'server', 1);
    let started = false;
    server.heard(() => {
      if (started || !server.text().startsWith('ready')) return;
      started = true;
      const client = peer(of.client, 'client', 2);
      void Promise.all([server.ended, client.ended]).then(([a, b]) => {
        resolve({ server: a.replace('ready\n', '').trim(), client: b.trim() });
      });
    });
  });
}

/** What `transfer` says at the other end of the one that sent with that seed: server 1, client 2. */
export async function expected(seed: number, octets: number): Promise<string> {
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256');
  let x = seed;
  for (let left = octets; left > 0; ) {
    const buffer = Buffer.alloc(Math.min(left, 200000));
    for (let i = 0; i < buffer.length; i++) {
      x = (Math.imul(x, 1103515245) + 12345) | 0;
      buffer[i] = x >>> 16;
    }
    hash.update(buffer);
    left -= buffer.length;
  }
  return `${octets} ${hash.digest('hex')}`;
}
