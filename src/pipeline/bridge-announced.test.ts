/**
 * The data connections of refused offers do not come about, in recorded sessions of each protocol; nothing else
 * is touched, and nobody else's connection is.
 */
import { describe, expect, test } from 'vitest';
import { feedFrames, loadCapture, type StoredFrame } from '../../test/corpus/frames.ts';
import { at, headersOf, u16 } from '../../test/corpus/headers.ts';
import { replayFrames } from '../../test/corpus/replay.ts';
import { capturePath, corpusPath } from '../../test/support/corpus.ts';
import { needs } from '../../test/support/need.ts';
import type { ImEvent, VerdictRecord } from '../event/event.ts';
import { Fate, Side } from '../verdict/wire/packet-judge.ts';
import { Bench, Connection, ircLogin } from './bridge.fixture.ts';
import { InlineReplay } from './inline-replay.ts';

const need = needs({ corpus: true });
const SYN = 2;
const PASS: VerdictRecord = { action: 'pass', enforced: true };
const DROP: VerdictRecord = { action: 'drop', enforced: true };
const refuseOffers = { judge: ({ kind }: ImEvent) => (kind === 'file.offer' ? DROP : PASS) };

/** Payload octets of each TCP connection of IPv4, under its two ends in order. */
function octetsOf(frames: readonly StoredFrame[]): Map<string, number> {
  const octets = new Map<string, number>();
  for (const frame of frames) {
    const h = headersOf(frame);
    if (h === undefined || h.transport !== 6 || h.version !== 4) continue;
    const end = (address: number, port: number) =>
      `${[0, 1, 2, 3].map((i) => at(frame.octets, h.ipStart + address + i)).join('.')}:${u16(frame.octets, h.transportStart + port)}`;
    const key = [end(12, 0), end(16, 2)].sort().join(' ');
    octets.set(key, (octets.get(key) ?? 0) + h.payloadEnd - h.payloadStart);
  }
  return octets;
}

const endsOf = ({ flow }: ImEvent) => [flow?.client ?? '', flow?.server ?? ''].sort().join(' ');

async function refused(path: string) {
  const { frames } = await loadCapture(path);
  const { events } = replayFrames(frames);
  const controls = new Set(events.filter(({ kind }) => kind === 'file.offer').map(endsOf));
  const starts = events.filter(({ kind }) => kind === 'file.start').map(endsOf);
  const out: StoredFrame[] = [];
  const replay = new InlineReplay(
    { mode: 'inline', judge: refuseOffers, onEvent: () => {} },
    (buffer, start, end, originalLength, linkType, time) =>
      out.push({ octets: buffer.slice(start, end), originalLength, linkType, time }),
  );
  feedFrames(
    frames.map((frame) => ({ ...frame, octets: frame.octets.slice() })),
    replay,
  );
  replay.finish();
  const [before, after] = [octetsOf(frames), octetsOf(out)];
  const changed = [...before].filter(([key, n]) => (after.get(key) ?? 0) !== n);
  return {
    /** Connections that carried a file and not its offer. */
    data: [...new Set(starts)].filter((key) => !controls.has(key)).sort(),
    /** Uploads: the request with the file is the offer. */
    uploads: new Set(starts.filter((key) => controls.has(key))),
    changed: changed.map(([key]) => key).sort(),
    left: (key: string) => after.get(key) ?? 0,
  };
}

describe.skipIf(need.skip)(`recorded: of a refused file no octet comes through${need.why}`, () => {
  /** Path, data connections, and octets that go on before a connection tells whose it is (SOCKS5 at a proxy). */
  test.each<[string, number, number]>([
    ['recorded/irc/irssi-day-dcc.pcap', 4, 0],
    ['recorded/irc/irssi-dcc-receiver.pcap', 4, 0],
    ['irc/irc-dcc-first-command.pcap', 1, 0],
    ['irc/irc-dcc-send-bro-old.pcap', 1, 0],
    ['recorded/msrp/msrp-chat-file.pcap', 1, 0],
    ['recorded/oscar/aim-files-libpurple243.pcap', 6, 0],
    ['recorded/xmpp/ft-http-upload-oob.pcap', 2, 0],
    ['recorded/xmpp/ft-http-upload-oob-receiver.pcap', 2, 0],
    ['recorded/xmpp/ft-jingle-ibb-s5b.pcap', 1, 0],
    ['recorded/xmpp/ft-si-ibb-socks5.pcap', 2, 99],
    ['recorded/xmpp/ft-si-ibb-socks5-receiver.pcap', 2, 99],
    ['recorded/ymsg/ymsg12-files-libpurple202-escargot.pcap', 4, 0],
    ['recorded/ymsg/ymsg15-files-libpurple243-scripted.pcap', 12, 0],
  ])('%s', async (name, connections, handshake) => {
    const { data, uploads, changed, left } = await refused(corpusPath(name));
    expect(data).toHaveLength(connections);
    for (const key of data) expect(left(key), key).toBeLessThanOrEqual(handshake);
    // Nothing else is missing.
    expect(changed.filter((key) => !uploads.has(key))).toEqual(data);
  });
});

test('office: of a refused file no octet comes through', async () => {
  const { data, changed, left } = await refused(capturePath('irc-office.pcap'));
  expect(data).toHaveLength(2);
  for (const key of data) expect(left(key)).toBe(0);
  expect(changed).toEqual(data);
});

describe('whose connection it is', () => {
  /** Ann at 10.0.0.1 is on IRC at 192.0.2.1; what is offered as *.exe is refused. */
  function office() {
    const bench = new Bench({
      judge: ({ kind, file }) =>
        kind === 'file.offer' && file?.name?.endsWith('.exe') === true ? DROP : PASS,
    });
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    const offer = (name: string, by: 0 | 1 = 0, from = 'ann', address = 167772161) => {
      const prefix = by === 0 ? '' : `:${from}!u@h `;
      const to = by === 0 ? 'bob' : 'ann';
      const text = `${prefix}PRIVMSG ${to} :\x01DCC SEND ${name} ${address} 5000 12\x01\r\n`;
      bench.give(talk.say(by, text).octets, by === 0 ? Side.A : Side.B);
    };
    /** Somebody connects to 10.0.0.1:5000. */
    const connects = (serverPort: number) => {
      const data = new Connection({ clientPort: 5000, serverPort });
      return bench.give(data.packet(1, -1, '', SYN).octets, Side.B);
    };
    return { bench, talk, offer, connects };
  }

  test('as often as it is tried, until the announcement is over', () => {
    const { bench, offer, connects } = office();
    offer('a.exe');
    for (const port of [41_000, 41_001, 41_002]) expect(connects(port)).toBe(Fate.Drop);
    // Attempts do not make it last: 300 seconds from the offer.
    bench.later(200_000);
    expect(connects(41_003)).toBe(Fate.Drop);
    bench.later(101_000);
    expect(connects(41_004)).toBe(Fate.Forward);
  });

  test('the newest offer of a place decides', () => {
    const { offer, connects } = office();
    offer('a.exe');
    offer('a.txt');
    expect(connects(41_000)).toBe(Fate.Forward);
    offer('b.exe');
    expect(connects(41_001)).toBe(Fate.Drop);
  });

  test('nobody can have the connection of somebody else’s offer refused', () => {
    const { offer, connects } = office();
    offer('a.txt');
    offer('b.exe', 1, 'eve');
    expect(connects(41_000)).toBe(Fate.Forward);
  });

  test('what others say to a place that a refused offer names goes on, and is not taken for the file', () => {
    const { bench, connects } = office();
    const talk = new Connection({ isIpv6: true });
    bench.giveAll(ircLogin(talk));
    const offer = 'PRIVMSG bob :\x01DCC SEND a.exe 167772161 5000 12\x01\r\n';
    bench.give(talk.say(0, offer).octets, Side.A);
    expect(bench.verdicts('file.offer')).toMatchObject([{ action: 'drop', enforced: true }]);
    expect(connects(41_000)).toBe(Fate.Forward);
    const other = new Connection({ clientPort: 5000, serverPort: 41_001 });
    bench.giveAll(other.open());
    bench.give(other.say(0, '\x16\x03\x01\x02\x00\x01').octets, Side.A);
    bench.give(other.say(1, '\x16\x03\x03\x00\x7a').octets, Side.B);
    bench.bridge.finish();
    expect(bench.events.filter(({ kind }) => kind === 'file.start')).toEqual([]);
  });

  test('what a refused message says beside an offer does not refuse it', () => {
    const bench = new Bench({
      judge: ({ kind }) => (kind === 'message' ? DROP : PASS),
    });
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    const offer = 'PRIVMSG bob :\x01DCC SEND a.txt 167772161 5000 12\x01\r\n';
    bench.give(talk.say(0, `PRIVMSG bob :no\r\n${offer}`).octets, Side.A);
    const data = new Connection({ clientPort: 5000, serverPort: 41_000 });
    expect(bench.give(data.packet(1, -1, '', SYN).octets, Side.B)).toBe(Fate.Forward);
  });

  test('a passive offer that was refused, and is answered all the same', () => {
    const { bench, talk } = office();
    bench.give(
      talk.say(0, 'PRIVMSG bob :\x01DCC SEND a.exe 167772161 0 12 77\x01\r\n').octets,
      Side.A,
    );
    const answer = ':bob!u@h PRIVMSG ann :\x01DCC SEND a.exe 3221225985 5000 12 77\x01\r\n';
    bench.give(talk.say(1, answer).octets, Side.B);
    // Bob listens at 192.0.2.1:5000.
    const data = new Connection({ clientPort: 41_000, serverPort: 5000 });
    expect(bench.give(data.packet(0, -1, '', SYN).octets, Side.A)).toBe(Fate.Drop);
  });
});
