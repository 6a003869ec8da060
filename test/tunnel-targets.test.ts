/** Whose a tunnel is, by the host that is asked for and by what is inside: packets to events, over all tunnels. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { serverName, supportedVersions } from '../parsers/framing/client-hello.fixture.ts';
import { clientHello } from '../parsers/tls/tls.fixture.ts';
import type { ImEvent } from '../src/event/event.ts';
import { NO_SERVICES, type ServiceCatalogue } from '../src/inspect/service-catalogue.ts';
import { Engine } from '../src/pipeline/engine.ts';
import { feedFrames, loadCapture } from './corpus/frames.ts';
import { client, hex, octets, server, type Turn } from './support/parser-harness.ts';
import { captureOf } from './support/tshark-opinion.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sallyport-targets-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** `chat.im` is a messenger's, everything at the proxy's address another's. */
const SERVICES: ServiceCatalogue = {
  ...NO_SERVICES,
  byHost: (host) =>
    host.endsWith('.im')
      ? { service: host, activity: 'chat', confidence: 'high', shared: false }
      : undefined,
  byAddress: () => ({ service: 'proxy', activity: 'web', confidence: 'low', shared: false }),
};

/** The words before a tunnel to `host`, which has 7 characters. */
const TUNNELS: readonly (readonly [string, (host: string) => readonly Turn[]])[] = [
  [
    'HTTP CONNECT',
    (host) => [client(`CONNECT ${host}:443 HTTP/1.1\r\n\r\n`), server('HTTP/1.1 200 OK\r\n\r\n')],
  ],
  [
    'SOCKS4',
    (host) => [
      client(hex('04 01 01 bb 00 00 00 01 00'), octets(`${host}\0`)),
      server(hex('00 5a 00 00 00 00 00 00')),
    ],
  ],
  [
    'SOCKS5',
    (host) => [
      client(hex('05 01 00')),
      server(hex('05 00')),
      client(hex('05 01 00 03 07'), octets(host), hex('01 bb')),
      server(hex('05 00 00 01 00 00 00 00 00 00')),
    ],
  ],
];

async function run(turns: readonly Turn[]) {
  const path = join(scratch, 'turns.pcap');
  writeFileSync(path, captureOf(turns, { port: 3128 }));
  const events: ImEvent[] = [];
  const onEvent = (event: ImEvent) => events.push(event);
  const engine = new Engine({ mode: 'replay', followContent: true, onEvent, services: SERVICES });
  feedFrames((await loadCapture(path)).frames, engine);
  engine.finish();
  const said = events.map(({ kind, service, protocol, evidence, reason }) =>
    [kind, service, protocol, evidence, kind === 'flow.opaque' ? reason : undefined]
      .filter((word) => word !== undefined)
      .join(' '),
  );
  return { said, events, anomalies: engine.counters.inspect.anomalies };
}

const V13 = supportedVersions(0x0304, 0x0303);
const asking = (name: string) => clientHello({ extensions: [serverName(name), V13] });
const NAMELESS = clientHello({ extensions: [V13] });

const MISMATCH = { 'host-mismatch': 1 };

describe.each(TUNNELS)('%s', (label, to) => {
  const protocol = { 'HTTP CONNECT': 'http-connect', SOCKS4: 'socks4', SOCKS5: 'socks5-proxy' }[
    label
  ];

  test('the target and the name inside are the same', async () => {
    const { said, events, anomalies } = await run([...to('chat.im'), asking('chat.im')]);
    expect(said).toEqual([
      `flow.identified chat.im ${protocol} host`,
      'flow.identified chat.im tls sni',
      expect.stringMatching(/^flow.opaque chat.im tls TLS/),
      'flow.end chat.im tls',
    ]);
    expect(anomalies).toEqual({});
    const reason = `inside ${label} to chat.im:443`;
    expect(events.slice(0, 2)).toMatchObject([
      { host: 'chat.im', reason },
      { host: 'chat.im', reason },
    ]);
  });

  test('nothing inside has a name, or is known at all: the target tells', async () => {
    for (const inside of [NAMELESS, server('220 mail.example ready\r\n')]) {
      const { said } = await run([...to('chat.im'), inside]);
      expect(said[0]).toBe(`flow.identified chat.im ${protocol} host`);
      expect(said[1]).toMatch(/^flow.opaque chat.im/);
      expect(said.at(-1)).toMatch(/^flow.end chat.im/);
      expect(said).toHaveLength(3);
    }
  });

  test('the target is a cover', async () => {
    const { said, anomalies } = await run([...to('cover.x'), asking('chat.im')]);
    expect(said[0]).toBe('flow.identified chat.im tls sni');
    expect(said).toContain('flow.anomaly chat.im tls');
    expect(anomalies).toEqual(MISMATCH);
  });

  test('the name inside is another than the one that was asked for', async () => {
    const { said, anomalies } = await run([...to('chat.im'), asking('talk.im')]);
    expect(said.slice(0, 2)).toEqual([
      `flow.identified chat.im ${protocol} host`,
      'flow.identified talk.im tls sni',
    ]);
    expect(anomalies).toEqual(MISMATCH);
  });

  test("the name inside is nobody's: it stays that of the target", async () => {
    const { said, anomalies } = await run([...to('chat.im'), asking('other.x')]);
    expect(said).toEqual([
      `flow.identified chat.im ${protocol} host`,
      'flow.anomaly chat.im tls',
      expect.stringMatching(/^flow.opaque chat.im tls TLS/),
      'flow.end chat.im tls',
    ]);
    expect(anomalies).toEqual(MISMATCH);
  });

  test('a server of nobody, whatever is at the address of the proxy: nothing is said', async () => {
    for (const inside of [asking('other.x'), NAMELESS, server('220 mail.example ready\r\n')]) {
      const { said } = await run([...to('other.x'), inside]);
      expect(said).toEqual([]);
    }
  });

  test('what is read inside is read, and said', async () => {
    const { said } = await run([
      ...to('chat.im'),
      client('NICK ann\r\nUSER ann 0 * :Ann\r\n'),
      server(':irc.example 001 ann :Welcome\r\n'),
      client('PRIVMSG bob :hello\r\n'),
    ]);
    expect(said.slice(0, 2)).toEqual([
      `flow.identified chat.im ${protocol} host`,
      'flow.identified irc irc content',
    ]);
    expect(said).toContain('message irc irc');
  });
});

test('a proxy that refuses: the attempt was said', async () => {
  const { said } = await run([
    client('CONNECT chat.im:443 HTTP/1.1\r\n\r\n'),
    server('HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n'),
  ]);
  expect(said).toEqual([
    'flow.identified chat.im http-connect host',
    'flow.end chat.im http-connect',
  ]);
});
