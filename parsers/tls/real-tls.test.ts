/**
 * Node's own TLS over a real socket: a connection inside a connection is suspected, HTTPS on the same port is not.
 * Certificates are made by openssl.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import {
  connect as connectTcp,
  createServer as createTcp,
  type Server,
  type Socket,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect as connectTls, createServer as createTls, type SecureVersion } from 'node:tls';
import { afterAll, describe, expect, test } from 'vitest';
import { needs } from '../../test/support/need.ts';
import { listening } from '../../test/support/neutralising-relay.ts';
import { Ear } from '../../test/support/parser-harness.ts';
import { Direction, Status } from '../contract.ts';
import { TlsParser } from './parser.ts';

const need = needs({ tools: ['openssl'] });
const folder = mkdtempSync(join(tmpdir(), 'sallyport-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));

function identity(): { key: Buffer; cert: Buffer } {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=proxy.example', '-days', '2', '-nodes'];
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-keyout', key, '-out', cert, ...subject];
  execFileSync('openssl', args, { stdio: 'ignore' });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

/** What the parser says of the octets that pass between a client and the server at this port. */
async function overheard(
  port: number,
  talk: (relayPort: number) => Promise<void>,
): Promise<Ear['heard']> {
  const parser = new TlsParser(9443);
  const ear = new Ear();
  let status: Status = Status.More;
  const hear = (direction: Direction) => (octets: Buffer) => {
    if (status === Status.More) status = parser.push(direction, octets, ear);
  };
  const relay = createTcp((near) => {
    const far = connectTcp(port, '127.0.0.1');
    near.on('data', hear(Direction.ToServer)).pipe(far);
    far.on('data', hear(Direction.ToClient)).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => undefined);
  });
  await talk(await listening(relay));
  relay.close();
  return ear.heard;
}

const close = (server: Server) => new Promise((done) => server.close(done));

describe.skipIf(need.skip)(`a real connection${need.why}`, () => {
  const own = need.skip ? { key: '', cert: '' } : identity();

  /** Asks once over the connection and waits for the answer. */
  const ask = (socket: Socket) =>
    new Promise<void>((done, fail) => {
      socket.once('data', () => done()).once('error', fail);
      socket.write(`GET /${'x'.repeat(300)} HTTP/1.1\r\nHost: a.example\r\n\r\n`);
    });

  test.each<SecureVersion>(['TLSv1.2', 'TLSv1.3'])('%s inside', async (version) => {
    const inner = createTls({ ...own, minVersion: version, maxVersion: version }, (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    });
    const innerPort = await listening(inner);
    const outer = createTls(own, (socket) => {
      const far = connectTcp(innerPort, '127.0.0.1');
      socket.pipe(far).pipe(socket);
      for (const end of [socket, far]) end.on('error', () => undefined);
    });
    const heard = await overheard(await listening(outer), async (port) => {
      const proxy = connectTls({
        port,
        host: '127.0.0.1',
        servername: 'proxy.example',
        rejectUnauthorized: false,
      });
      const socket = connectTls({
        socket: proxy,
        servername: 'chat.example',
        rejectUnauthorized: false,
      });
      // Browsers send their Finished alone; in one record with a request it could not be told.
      await once(socket, 'secureConnect');
      await wait(50);
      await ask(socket);
      proxy.destroy();
    });
    await Promise.all([close(outer), close(inner)]);
    expect(heard[0]).toMatchObject({
      identify: { hosts: ['proxy.example'], protocolVersion: '1.3' },
    });
    expect(heard.slice(1)).toEqual([{ anomaly: 'tls-in-tls-suspected' }]);
  });

  test('a request and a long answer, twice', async () => {
    const server = createTls(own, (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(5000)}`));
    });
    const heard = await overheard(await listening(server), async (port) => {
      const socket = connectTls({
        port,
        host: '127.0.0.1',
        servername: 'web.example',
        rejectUnauthorized: false,
      });
      await ask(socket);
      await ask(socket);
      socket.destroy();
    });
    await close(server);
    expect(heard).toMatchObject([{ identify: { hosts: ['web.example'] } }]);
  });
});
