/** MSN transfers through the whole engine: connections that a conversation announces are found, read and tied to it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { guidText } from '../parsers/msnp/p2p/guid.ts';
import {
  ANN,
  answer,
  BOB,
  FOO,
  framed,
  handshake,
  invite,
  NONCE,
  packet,
  SESSION,
  transport,
} from '../parsers/msnp/p2p/peer.fixture.ts';
import { carried, mime } from '../parsers/msnp/wire.fixture.ts';
import { replayFile } from './corpus/replay.ts';
import { client, joined, octets, server, sha256, type Turn } from './support/parser-harness.ts';
import { captureOf } from './support/tshark-opinion.ts';

const PCAP_HEADER = 24; // octets
const CONTENT = '0123456789';

/** Connections from 10.0.0.1 to 10.0.0.2, one after the other, each to a port. */
async function eventsOf(...connections: readonly (readonly [number, readonly Turn[]])[]) {
  const captures = connections.map(([port, turns]) => captureOf(turns, { port }));
  const whole = joined(
    ...captures.map((capture, i) => (i === 0 ? capture : capture.subarray(PCAP_HEADER))),
  );
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-msn-'));
  try {
    const path = join(folder, 'turns.pcap');
    writeFileSync(path, whole);
    const { events } = await replayFile(path);
    return events
      .filter(({ kind }) => kind.startsWith('file.'))
      .map(({ kind, protocol, origin, account, from, to, file }) => ({
        kind,
        protocol,
        origin,
        account,
        from,
        to,
        name: file?.name,
        sha256: file?.sha256,
      }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const OPEN: readonly Turn[] = [
  client(`USR 1 ${ANN} 1.2.3\r\nCAL 2 ${BOB}\r\n`),
  server(`USR 1 OK ${ANN} Ann\r\nCAL 2 RINGING 4711\r\nJOI ${BOB} Bob\r\n`),
];
const parties = { origin: 'client', account: ANN, from: ANN, to: [BOB], name: 'plan.pdf' };
const back = { ...parties, origin: 'server', from: BOB, to: [ANN] };
const complete = { kind: 'file.complete', ...parties, sha256: sha256(octets(CONTENT)) };

describe('a direct connection', () => {
  const body = (headers: string, one: Uint8Array) =>
    joined(
      octets(`MIME-Version: 1.0\r\nContent-Type: application/x-msnmsgrp2p\r\n${headers}\r\n`),
      one,
      octets('\0\0\0\0'),
    );
  const conversation = (...where: readonly string[]): readonly Turn[] => [
    ...OPEN,
    client(carried('MSG 3 D', body(`P2P-Dest: ${BOB}\r\n`, packet({}, invite())))),
    server(carried(`MSG ${BOB} Bob`, body(`P2P-Dest: ${ANN}\r\n`, packet({}, answer('200 OK'))))),
    server(
      carried(
        `MSG ${BOB} Bob`,
        body(
          `P2P-Dest: ${ANN}\r\n`,
          packet({ message: 9 }, transport('MSNSLP/1.0 200 OK', where, { from: BOB, to: ANN })),
        ),
      ),
    ),
  ];
  const data = framed(packet({ session: SESSION, message: 2, total: 10, flags: 0x30 }, CONTENT));
  const direct: readonly Turn[] = [client(FOO, handshake()), server(handshake()), client(data)];
  const want = [
    { kind: 'file.offer', protocol: 'msnp', ...parties, sha256: undefined },
    { kind: 'file.accept', protocol: 'msnp', ...back, sha256: undefined },
    { kind: 'file.start', protocol: 'msn-direct', ...parties, sha256: undefined },
    { protocol: 'msn-direct', ...complete },
  ];

  test('at the announced address', async () => {
    const where = ['Listening: true', 'IPv4Internal-Addrs: 10.0.0.2', 'IPv4Internal-Port: 5190'];
    expect(await eventsOf([1863, conversation(...where)], [5190, direct])).toEqual(want);
  });

  test('elsewhere, by its nonce', async () => {
    const where = ['Listening: true', `Nonce: {${guidText(NONCE, 0)}}`];
    expect(await eventsOf([1863, conversation(...where)], [40001, direct])).toEqual(want);
  });
});

test('MSNFTP on a port of its own', async () => {
  const say = (...fields: readonly string[]) =>
    mime('text/x-msmsgsinvite; charset=UTF-8', `${fields.join('\r\n')}\r\n\r\n`);
  const conversation: readonly Turn[] = [
    ...OPEN,
    client(
      carried(
        'MSG 3 N',
        say(
          'Application-GUID: {5D3E02AB-6190-11d3-BBBB-00C04F795683}',
          'Invitation-Command: INVITE',
          'Invitation-Cookie: 51077',
          'Application-File: plan.pdf',
          'Application-FileSize: 10',
        ),
      ),
    ),
    server(
      carried(
        `MSG ${BOB} Bob`,
        say(
          'Invitation-Command: ACCEPT',
          'Invitation-Cookie: 51077',
          'Sender-Connect: TRUE',
          'IP-Address: 10.0.0.2',
          'Port: 30000',
          'AuthCookie: 40991',
        ),
      ),
    ),
  ];
  const data: readonly Turn[] = [
    client('VER MSNFTP\r\n'),
    server(`VER MSNFTP\r\nUSR ${BOB} 40991\r\n`),
    client('FIL 10\r\n'),
    server('TFR\r\n'),
    client(`\0\x0a\0${CONTENT}\x01\0\0`),
    server('BYE 16777989\r\n'),
  ];
  for (const port of [30000, 6891]) {
    expect(await eventsOf([1863, conversation], [port, data])).toEqual([
      { kind: 'file.offer', protocol: 'msnp', ...parties, sha256: undefined },
      { kind: 'file.start', protocol: 'msnftp', ...parties, sha256: undefined },
      { protocol: 'msnftp', ...complete },
    ]);
  }
});
