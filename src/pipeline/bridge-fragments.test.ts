/** Fragments of a datagram go on all together, or none of them does. */
import { expect, test } from 'vitest';
import { addWords, foldChecksum } from '../bytes/checksum.ts';
import { Fate, Side } from '../verdict/wire/packet-judge.ts';
import { Bench, Connection, ircLogin, latin, refusing, segmentOf } from './bridge.fixture.ts';

const IP = 14;
const HEADER = 20;
const RST = 4;

/** An Ethernet frame with an IPv4 datagram, cut at this offset of its payload (a multiple of 8). */
function fragments(frame: Uint8Array, cut: number): [Uint8Array, Uint8Array] {
  const start = IP + HEADER;
  const piece = (from: number, to: number, more: boolean) => {
    const octets = new Uint8Array(start + to - from);
    octets.set(frame.subarray(0, start));
    octets.set(frame.subarray(start + from, start + to), start);
    const view = new DataView(octets.buffer);
    view.setUint16(IP + 2, HEADER + to - from);
    view.setUint16(IP + 6, (more ? 0x2000 : 0) | (from / 8));
    view.setUint16(IP + 10, 0);
    view.setUint16(IP + 10, foldChecksum(addWords(octets, IP, start, 0)));
    return octets;
  };
  return [piece(0, cut, true), piece(cut, frame.length - start, false)];
}

const message = (text: string) =>
  `MESSAGE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:ann@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: 1@10.0.0.1\r\nCSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}\r\n\r\n${text}`;

test('a datagram that passes goes on whole, in whatever order it came', () => {
  const bench = new Bench(refusing('secret'));
  const talk = new Connection({ serverPort: 5060 });
  const [one, other] = fragments(talk.datagram(0, message('lunch?')).octets, 64);
  expect(bench.give(other, Side.A)).toBe(Fate.Drop);
  expect(bench.bridge.kept).toBe(true);
  expect(bench.give(one, Side.A)).toBe(Fate.Forward);
  expect(bench.out.map(({ octets }) => latin(octets))).toEqual([latin(other), latin(one)]);
  expect(bench.counter('heldOctets')).toBe(0);
});

test('of a refused one nothing goes on', () => {
  const bench = new Bench(refusing('secret'));
  const talk = new Connection({ serverPort: 5060 });
  const [one, other] = fragments(talk.datagram(0, message('the secret')).octets, 64);
  bench.give(one, Side.A);
  expect(bench.give(other, Side.A)).toBe(Fate.Drop);
  expect(bench.out).toHaveLength(0);
  expect(bench.verdicts('message')[0]).toMatchObject({ action: 'drop', enforced: true });
  expect(bench.counter('heldOctets')).toBe(0);
});

test('fragments that contradict each other go nowhere', () => {
  const bench = new Bench();
  const talk = new Connection({ serverPort: 5060 });
  const [one, other] = fragments(talk.datagram(0, message('lunch?')).octets, 64);
  const lie = one.slice();
  lie[60] = (lie[60] ?? 0) ^ 1;
  expect(bench.give(one, Side.A)).toBe(Fate.Drop);
  expect(bench.give(lie, Side.A)).toBe(Fate.Drop);
  bench.give(other, Side.A);
  expect(bench.out.length).toBeLessThan(2);
  expect(bench.counter('heldOctets')).toBe(0);
});

test('TCP in fragments passes; a refused message in it resets the connection', () => {
  const bench = new Bench(refusing('secret'));
  const talk = new Connection();
  bench.giveAll(ircLogin(talk));
  const sent = bench.out.length;
  for (const piece of fragments(talk.say(0, 'PRIVMSG bob :lunch?\r\n').octets, 24)) {
    bench.give(piece, Side.A);
  }
  expect(bench.out).toHaveLength(sent + 2);
  for (const piece of fragments(talk.say(0, 'PRIVMSG bob :the secret\r\n').octets, 24)) {
    bench.give(piece, Side.A);
  }
  expect(bench.verdicts('message')[1]).toMatchObject({
    action: 'drop',
    enforced: true,
    why: 'it came in IP fragments: the connection was reset',
  });
  const resets = bench.out.slice(sent + 2).map(({ octets }) => segmentOf(octets).flags & RST);
  expect(resets).toEqual([RST, RST]);
});

test('a message half in fragments waits like any other', () => {
  const bench = new Bench(refusing('secret'));
  const talk = new Connection();
  bench.giveAll(ircLogin(talk));
  const sent = bench.out.length;
  for (const piece of fragments(talk.say(0, 'PRIVMSG bob :lunch').octets, 24)) {
    expect(bench.give(piece, Side.A)).toBe(Fate.Drop);
  }
  expect(bench.give(talk.say(0, '?\r\n').octets, Side.A)).toBe(Fate.Forward);
  expect(bench.out).toHaveLength(sent + 3);
});

test('fragments that never become whole stay within their limits', () => {
  const bench = new Bench(undefined, { limits: { fragmentedDatagrams: 100 } });
  const talk = new Connection({ serverPort: 5060 });
  const [one] = fragments(talk.datagram(0, message('lunch?')).octets, 64);
  for (let id = 0; id < 1000; id++) {
    const piece = one.slice();
    new DataView(piece.buffer).setUint16(IP + 4, id);
    bench.give(piece, Side.A);
  }
  expect(bench.out).toHaveLength(0);
  expect(bench.counter('droppedFragments')).toBe(900);
  expect(bench.counter('heldOctets')).toBe(100 * one.length);
});

test('what never becomes whole goes on as it came, a little later', () => {
  const bench = new Bench(refusing('secret'));
  const talk = new Connection({ serverPort: 5060 });
  const [one] = fragments(talk.datagram(0, message('the secret')).octets, 64);
  bench.give(one, Side.A);
  bench.later(199);
  expect(bench.out).toHaveLength(0);
  bench.later(2);
  expect(bench.out.map(({ octets }) => latin(octets))).toEqual([latin(one)]);
  expect(bench.counter('heldOctets')).toBe(0);
});

test('a refused datagram whose parts come far apart is not completed, however often they come', () => {
  const bench = new Bench(refusing('secret'));
  const talk = new Connection({ serverPort: 5060 });
  const [one, other] = fragments(talk.datagram(0, message('the secret')).octets, 64);
  bench.give(one, Side.A);
  bench.later(300);
  for (let round = 0; round < 3; round++) {
    expect(bench.give(other, Side.A)).toBe(Fate.Drop);
    bench.later(300);
  }
  expect(bench.out.map(({ octets }) => latin(octets))).toEqual([latin(one)]);
  expect(bench.verdicts('message')[0]).toMatchObject({ action: 'drop', enforced: true });
});

test('an allowed one is', () => {
  const bench = new Bench(refusing('secret'));
  const talk = new Connection({ serverPort: 5060 });
  const [one, other] = fragments(talk.datagram(0, message('lunch?')).octets, 64);
  bench.give(one, Side.A);
  bench.later(300);
  expect(bench.give(other, Side.A)).toBe(Fate.Forward);
  expect(bench.out.map(({ octets }) => latin(octets))).toEqual([latin(one), latin(other)]);
});

test('where the policy lets nothing pass that was not judged, they stay here', () => {
  const closed = {
    ...refusing('secret'),
    defaults: { undecodable: 'pass', overload: 'drop' },
  } as const;
  const bench = new Bench(closed);
  const talk = new Connection({ serverPort: 5060 });
  const [one] = fragments(talk.datagram(0, message('lunch?')).octets, 64);
  bench.give(one, Side.A);
  bench.later(300);
  expect(bench.out).toHaveLength(0);
  expect(bench.counter('heldOctets')).toBe(0);
  expect(bench.counter('droppedFragments')).toBe(1);
});

test('a whole datagram that cannot be read goes on like one that came in one packet', () => {
  const bench = new Bench(refusing('secret'));
  const talk = new Connection({ serverPort: 5060 });
  const whole = talk.datagram(0, message('lunch?')).octets;
  new DataView(whole.buffer).setUint16(IP + HEADER + 4, 60_000); // UDP length
  for (const piece of fragments(whole, 64)) bench.give(piece, Side.A);
  expect(bench.out).toHaveLength(2);
});
