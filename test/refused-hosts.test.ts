/** A bridge refuses by the host that is asked for in clear: nothing whole of the request arrives, others are untouched. */
import { describe, expect, test } from 'vitest';
import { serverName, supportedVersions } from '../parsers/framing/client-hello.fixture.ts';
import { clientHello } from '../parsers/tls/tls.fixture.ts';
import { rulesFromText } from '../rules/load.ts';
import { NO_SERVICES, type ServiceCatalogue } from '../src/inspect/service-catalogue.ts';
import { Bench, Connection, latin } from '../src/pipeline/bridge.fixture.ts';
import { Fate, Side } from '../src/verdict/wire/packet-judge.ts';

const SERVICES: ServiceCatalogue = {
  ...NO_SERVICES,
  byHost: (host) =>
    host === 'chat.im'
      ? { service: 'im', activity: 'chat', confidence: 'high', shared: false }
      : undefined,
};
const { rules } = rulesFromText(
  `sallyport: 1\nrules: [{ id: no-im, on: flow.identified, if: { service: im }, then: drop, also: { learn: 1h } }]`,
  'policy.yaml',
  [],
);
if (rules === undefined) throw new Error('the policy is wrong');
const judge = rules;

function bridge(serverPort: number) {
  const bench = new Bench(judge, { services: SERVICES });
  const talk = new Connection({ serverPort });
  bench.giveAll(talk.open());
  const say = (from: 0 | 1, text: string) =>
    bench.give(talk.say(from, text).octets, from === 0 ? Side.A : Side.B);
  const arrived = () => latin(bench.received(Side.B, talk.first(0)));
  return { bench, say, arrived };
}

const HELLO = latin(
  clientHello({ extensions: [serverName('chat.im'), supportedVersions(0x0304)] }).wire,
);
const FINE = 'GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n';

describe.each([
  ['plain HTTP', 80, [], 'GET / HTTP/1.1\r\nHost: chat.im\r\n\r\n'],
  ['a WebSocket', 80, [], 'GET / HTTP/1.1\r\nHost: chat.im\r\nUpgrade: websocket\r\n\r\n'],
  ['HTTP CONNECT', 3128, [], 'CONNECT chat.im:443 HTTP/1.1\r\n\r\n'],
  ['SOCKS4', 1080, [], '\x04\x01\x01\x01\0\0\0\x01\0chat.im\0'],
  ['a second request to a proxy', 3128, [FINE], 'GET http://chat.im/ HTTP/1.1\r\n\r\n'],
] as const)('%s', (_, port, before, request) => {
  test('refused at the request', () => {
    const { bench, say, arrived } = bridge(port);
    for (const fine of before) expect(say(0, fine)).toBe(Fate.Forward);
    expect(say(0, request)).toBe(Fate.Drop);
    expect(arrived()).toBe(before.join(''));
    expect(bench.counter('resets')).toBe(2);
    expect(bench.verdicts('flow.identified')).toMatchObject([
      { action: 'drop', enforced: true, rule: 'no-im' },
    ]);
  });

  test('the request in two segments: never whole at the server, and no page waits for its second half', () => {
    // Every seventh cut: a bridge is made for each.
    for (let at = 1; at < request.length; at += 7) {
      const { bench, say, arrived } = bridge(port);
      for (const fine of before) say(0, fine);
      say(0, request.slice(0, at));
      say(0, request.slice(at));
      bench.later(1000);
      expect(bench.counter('resets'), `cut at ${at}`).toBe(2);
      const whole = before.join('') + request.slice(0, at);
      expect(whole.startsWith(arrived()), `cut at ${at}`).toBe(true);
    }
  });

  test('another host: every octet goes on, at once', () => {
    const { bench, say, arrived } = bridge(port);
    const fine = request.replaceAll('chat.im', 'talk.im');
    for (const text of [...before, fine]) expect(say(0, text)).toBe(Fate.Forward);
    expect(arrived()).toBe(before.join('') + fine);
    expect(bench.events).toEqual([]);
  });
});

test('a name of nobody that is asked for, and a refused one in TLS inside', () => {
  const { bench, say, arrived } = bridge(3128);
  say(0, 'CONNECT cover.example:443 HTTP/1.1\r\n\r\n');
  say(1, 'HTTP/1.1 200 OK\r\n\r\n');
  expect(say(0, HELLO)).toBe(Fate.Drop);
  expect(arrived()).toBe('CONNECT cover.example:443 HTTP/1.1\r\n\r\n');
  expect(bench.counter('resets')).toBe(2);
});

test('the address of a proxy that was asked for a refused host is not learned: it serves all', () => {
  const { bench, say } = bridge(3128);
  expect(say(0, 'CONNECT chat.im:443 HTTP/1.1\r\n\r\n')).toBe(Fate.Drop);
  const next = new Connection({ serverPort: 3128, clientPort: 40_999 });
  bench.giveAll(next.open());
  const fine = next.say(0, 'CONNECT talk.im:443 HTTP/1.1\r\n\r\n');
  expect(bench.give(fine.octets, Side.A)).toBe(Fate.Forward);
});

test('the address of a server that was refused itself is learned', () => {
  const { bench, say } = bridge(80);
  expect(say(0, 'GET / HTTP/1.1\r\nHost: chat.im\r\n\r\n')).toBe(Fate.Drop);
  const next = new Connection({ serverPort: 80, clientPort: 40_999 });
  const [opening] = [...next.open()];
  expect(opening && bench.give(opening.octets, Side.A)).toBe(Fate.Drop);
});
