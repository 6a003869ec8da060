/**
 * Floods of what costs its sender one forged packet a flow: messages that come meanwhile are read, and what is known
 * of a flood stays bounded. The limits are small here; what is shown does not depend on them.
 */
import { describe, expect, test } from 'vitest';
import { cryptoFrame, helloFor, initial } from '../parsers/quic/quic.fixture.ts';
import { ethernet, ipv4, u16, udp } from '../src/decode/frame.fixture.ts';
import type { ImEvent } from '../src/event/event.ts';
import type { ServiceCatalogue } from '../src/inspect/service-catalogue.ts';
import { Engine } from '../src/pipeline/engine.ts';
import { feedFrames, type StoredFrame } from './corpus/frames.ts';
import { hex, joined } from './support/parser-harness.ts';

const LIMITS = { sessions: 64, recognisers: 32, recognisedFlows: 16, parserOctets: 256 << 10 };
const FLOWS = 2000;
const SOURCE_PORT = 34; // octets before it: Ethernet, IPv4
const KNOWN = 'm.chat.example';

const SERVICES: ServiceCatalogue = {
  byHost: (host) =>
    host === KNOWN
      ? { service: 'chatter', activity: 'chat', confidence: 'high', shared: false }
      : undefined,
  bySignature: () => undefined,
  byAddress: () => undefined,
};

const hello = (name: string) => helloFor(name);
const question = (name: string) =>
  joined(
    hex('12 34 01 00 00 01 00 00 00 00 00 00'),
    ...name.split('.').map((label) => joined(Uint8Array.of(label.length), hex(`'${label}'`))),
    hex('00 00 01 00 01'),
  );
const wrongTag = initial([cryptoFrame(hello('www.example'))]);
wrongTag[wrongTag.length - 1] = (wrongTag.at(-1) ?? 0) ^ 1;

const floods: Readonly<Record<string, readonly [number, Uint8Array]>> = {
  'QUIC that asks for a known name': [443, initial([cryptoFrame(hello(KNOWN))])],
  'QUIC with a wrong tag': [443, wrongTag],
  'QUIC with the end of a large hello': [443, initial([cryptoFrame(hello(KNOWN), 16_000)])],
  'lookups of a known name': [53, question(KNOWN)],
  'lookups of other names': [53, question('www.office.example')],
  'requests of STUN': [3478, hex("0001 0000 2112a442 'abcdefghijkl'")],
  'hellos of DTLS, cut': [
    4433,
    hex('16 feff 0000 000000000000 0010 01 000200 0000 000000 000010 fefd 0000'),
  ],
};

/** From a port of its own each. */
function* datagrams(port: number, payload: Uint8Array): Generator<StoredFrame> {
  const one = stored(ethernet(0x0800, ipv4(17, udp(port, payload))), 1e15);
  for (let i = 0; i < FLOWS; i++) {
    const octets = one.octets.slice();
    octets.set(u16(10_000 + i), SOURCE_PORT);
    yield { ...one, octets, time: one.time + i };
  }
}

function stored(octets: Uint8Array, time: number): StoredFrame {
  return { octets, originalLength: octets.length, linkType: 1, time };
}

/** Of a protocol that is read. */
function message(): StoredFrame {
  const text =
    'MESSAGE sip:b@chat.example SIP/2.0\r\nVia: SIP/2.0/UDP 10.1.2.3;branch=z9hG4bK1\r\nFrom: <sip:a@chat.example>;tag=1\r\n' +
    'To: <sip:b@chat.example>\r\nCall-ID: 1@x\r\nCSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello';
  return stored(
    ethernet(0x0800, ipv4(17, udp(5060, new TextEncoder().encode(text)))),
    1e15 + FLOWS,
  );
}

function run(flood: readonly [number, Uint8Array]) {
  const events: ImEvent[] = [];
  const engine = new Engine({
    mode: 'replay',
    services: SERVICES,
    limits: LIMITS,
    onEvent: (event) => events.push(event),
  });
  let most = 0;
  feedFrames(datagrams(...flood), {
    frame(frame) {
      engine.frame(frame);
      if (frame.number % 16 === 0) most = Math.max(most, engine.held());
    },
  });
  feedFrames([message()], engine);
  const { inspect } = engine.counters;
  engine.finish();
  return { events, inspect, most, held: engine.held() };
}

describe.each(Object.entries(floods))('%s', (_, flood) => {
  test('a message that comes then is read', () => {
    const { events, inspect, most, held } = run(flood);
    expect(events.filter(({ kind }) => kind === 'message').map(({ text }) => text)).toEqual([
      'hello',
    ]);
    expect(inspect.sessionsRefused).toBe(0);
    expect(inspect.parserMemoryRefused).toBe(0);
    expect(most).toBeLessThanOrEqual(LIMITS.parserOctets + 65_535);
    expect(held).toBe(0);
    const kinds = (kind: string) => events.filter((event) => event.kind === kind);
    const flows = new Set(kinds('flow.identified').map(({ flow }) => flow?.id));
    expect(
      kinds('flow.end')
        .map(({ flow }) => flow?.id)
        .sort(),
    ).toEqual([...flows].sort());
  });
});

test('what is recognised in a flood is said, and its end is told early', () => {
  const { events, inspect } = run(floods['QUIC that asks for a known name'] ?? [0, hex('')]);
  const known = events.filter(({ service }) => service === 'chatter');
  expect(known.filter(({ kind }) => kind === 'flow.identified')).toHaveLength(FLOWS);
  const ends = known.filter(({ kind }) => kind === 'flow.end');
  expect(ends.filter(({ reason }) => reason === 'evicted')).toHaveLength(
    FLOWS - LIMITS.recognisedFlows,
  );
  expect(inspect.recognisedEnded).toBe(FLOWS - LIMITS.recognisedFlows);
});

test('what waits in vain is let go, the oldest first', () => {
  const { inspect } = run(floods['QUIC with a wrong tag'] ?? [0, hex('')]);
  expect(inspect.recognisersEnded).toBe(FLOWS - LIMITS.recognisers);
});

test('what waits with much memory goes before anything is not read on', () => {
  const { inspect } = run(floods['QUIC with the end of a large hello'] ?? [0, hex('')]);
  expect(inspect.recognisersEnded).toBeGreaterThan(FLOWS - LIMITS.recognisers);
  expect(inspect.parserMemoryRefused).toBe(0);
});
