/** IM that somebody carries through a proxy is read like any other: packets to events, over all tunnels. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ImEvent } from '../src/event/event.ts';
import { replayFile } from './corpus/replay.ts';
import { client, hex, server, type Turn } from './support/parser-harness.ts';
import { captureOf } from './support/tshark-opinion.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sallyport-tunnels-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const CONNECT: readonly Turn[] = [
  client('CONNECT irc.example:6667 HTTP/1.1\r\nHost: irc.example:6667\r\n\r\n'),
  server('HTTP/1.1 200 Connection established\r\n\r\n'),
];
const SOCKS4: readonly Turn[] = [
  client(hex("04 01 1a 0b 00 00 00 01 'me' 00 'irc.example' 00")),
  server(hex('00 5a 00 00 00 00 00 00')),
];
const SOCKS5: readonly Turn[] = [
  client(hex('05 01 00')),
  server(hex('05 00')),
  client(hex("05 01 00 03 0b 'irc.example' 1a 0b")),
  server(hex('05 00 00 01 00 00 00 00 00 00')),
];
const PROXY: readonly Turn[] = [client('PROXY TCP4 192.0.2.1 198.51.100.7 56324 6667\r\n')];
const IRC: readonly Turn[] = [
  client('NICK ann\r\nUSER ann 0 * :Ann\r\n'),
  server(':irc.example 001 ann :Welcome\r\n'),
  client('PRIVMSG bob :out of the tunnel\r\n'),
  server(':bob!b@h PRIVMSG ann :and into it\r\n'),
];
const XMPP: readonly Turn[] = [
  client(
    "<stream:stream to='e' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
  ),
  server(
    "<stream:stream from='e' id='1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
  ),
  client("<message to='bob@e'><body>out of the tunnel</body></message>"),
];

/** A short conversation of each other protocol, and what is identified. */
const OTHERS: readonly (readonly [string, readonly Turn[]])[] = [
  [
    'msnp',
    [
      client('USR 1 ann@e.example 17262740.1050826919.32308\r\n'),
      server('USR 1 OK ann@e.example Ann\r\n'),
      client('CAL 2 bob@e.example\r\n'),
    ],
  ],
  [
    'ymsg',
    [
      client(hex("'YMSG' 00 10 00 00 00 08 00 57 00000000 00000000 '1' c080 'ann' c080")),
      server(hex("'YMSG' 00 10 00 00 00 08 00 57 00000001 11223344 '1' c080 'ann' c080")),
    ],
  ],
  [
    'oscar',
    [
      server(hex('2a 01 3c 5a 00 04 00 00 00 01')),
      client(hex("2a 01 00 01 00 0b 00 00 00 01 00 01 00 03 'ann'")),
    ],
  ],
  [
    'toc',
    [
      client('FLAPON\r\n\r\n'),
      server(hex('2a 01 00 00 00 04 00 00 00 01')),
      client(hex("2a 01 00 00 00 0b 00 00 00 01 00 01 00 03 'ann'")),
    ],
  ],
  [
    'gadu-gadu',
    [
      server(hex('01 00 00 00 04 00 00 00 78 56 34 12')),
      client(
        hex(
          `31 00 00 00 70 00 00 00 40 e2 01 00 'pl' 02 ${'00 '.repeat(64)}02 00 00 00 ${'00 '.repeat(37)}`,
        ),
      ),
    ],
  ],
  [
    'nmdc',
    [
      server('$Lock EXTENDEDPROTOCOLABCABCABCABCABCABC Pk=HUB|'),
      client('$Key x|$ValidateNick ann|'),
    ],
  ],
  ['mqtt', [client(hex("10 0f 00 04 'MQTT' 04 02 00 3c 00 03 'ann'")), server(hex('20 02 00 00'))]],
  [
    'sip',
    [
      client(
        'OPTIONS sip:e.example SIP/2.0\r\nVia: SIP/2.0/TCP 10.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:ann@e.example>;tag=1\r\n' +
          'To: <sip:e.example>\r\nCall-ID: 1@e\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n',
      ),
    ],
  ],
];

async function events(turns: readonly Turn[]): Promise<readonly ImEvent[]> {
  const path = join(scratch, 'turns.pcap');
  writeFileSync(path, captureOf(turns, { port: 3128 }));
  const { events, error } = await replayFile(path);
  expect(error).toBeUndefined();
  return events;
}

const said = (heard: readonly ImEvent[]) =>
  heard.filter(({ kind }) => kind === 'message').map(({ text, origin }) => `${origin}: ${text}`);

describe.each([
  ['HTTP CONNECT', CONNECT, 'inside HTTP CONNECT to irc.example:6667'],
  ['SOCKS4a', SOCKS4, 'inside SOCKS4 to irc.example:6667'],
  ['SOCKS5', SOCKS5, 'inside SOCKS5 to irc.example:6667'],
  ['the PROXY protocol', PROXY, 'inside the PROXY protocol'],
])('%s', (_name, tunnel, reason) => {
  test('IRC inside', async () => {
    const heard = await events([...tunnel, ...IRC]);
    expect(heard[0]).toMatchObject({ kind: 'flow.identified', protocol: 'irc', reason });
    expect(said(heard)).toEqual(['client: out of the tunnel', 'server: and into it']);
    expect(heard.filter(({ kind }) => kind === 'flow.end')).toHaveLength(1);
  });

  test('XMPP inside', async () => {
    expect(said(await events([...tunnel, ...XMPP]))).toEqual(['client: out of the tunnel']);
  });

  test.each(OTHERS)('%s inside', async (protocol, turns) => {
    const heard = await events([...tunnel, ...turns]);
    expect(heard[0]).toMatchObject({ kind: 'flow.identified', protocol, reason });
  });

  test('nothing of ours inside: nothing is said', async () => {
    const web = [client('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), server('HTTP/1.1 200 OK\r\n\r\n')];
    expect(await events([...tunnel, ...web])).toEqual([]);
  });
});

test('a tunnel in a tunnel', async () => {
  expect(said(await events([...SOCKS5, ...CONNECT, ...IRC]))).toHaveLength(2);
});
