/** Each verdict on the wire, and what its event says was done. */
import { describe, expect, test } from 'vitest';
import type { VerdictRecord } from '../event/event.ts';
import { Fate, Side } from '../verdict/wire/packet-judge.ts';
import {
  Bench,
  Connection,
  ircLogin,
  latin,
  neutralLine,
  octetsOf,
  refusing,
  segmentOf,
} from './bridge.fixture.ts';

const BAD = 'PRIVMSG bob :the secret plan\r\n';
const GOOD = 'PRIVMSG bob :lunch?\r\n';
const RST = 4;
const SYN = 2;
const ACK = 16;

function session(action: VerdictRecord['action'], options = {}) {
  const bench = new Bench(refusing('secret', action), {}, options);
  const talk = new Connection();
  bench.giveAll(ircLogin(talk));
  const from = talk.said[0];
  const arrived = () => latin(bench.received(Side.B, talk.first(0))).slice(from);
  const last = (side: Side) => bench.out.filter((packet) => packet.side === side).at(-1)?.octets;
  return { bench, talk, arrived, last };
}

describe('redact', () => {
  test('masks the match in place, also where it is cut, and again in retransmissions', () => {
    for (let cut = 1; cut < BAD.length; cut++) {
      const { bench, talk, arrived } = session('redact');
      const from = talk.said[0];
      bench.giveAll([talk.say(0, BAD.slice(0, cut)), talk.say(0, BAD.slice(cut))]);
      const masked = BAD.replace('secret', '******');
      expect(arrived()).toBe(masked);
      const [verdict] = bench.verdicts('message');
      expect(verdict).toMatchObject({ action: 'redact', enforced: true });
      expect(verdict?.why).toBeUndefined();
      bench.give(talk.packet(0, from, BAD).octets, Side.A);
      const again = segmentOf(bench.out.at(-1)?.octets ?? new Uint8Array());
      expect(latin(again.payload)).toBe(masked);
      expect(again.isIntact).toBe(true);
    }
  });

  test('counts octets, not characters', () => {
    const { bench, talk } = session('redact');
    const from = talk.said[0];
    bench.give(talk.say(0, 'PRIVMSG bob :zwölf 🎈 secret ünd\r\n').octets, Side.A);
    const stream = Buffer.from(bench.received(Side.B, talk.first(0))).subarray(from);
    expect(stream.toString('utf8')).toBe('PRIVMSG bob :zwölf 🎈 ****** ünd\r\n');
  });

  test('takes the whole message where the text is not verbatim, and says so', () => {
    const bench = new Bench({
      ...refusing('secret', 'redact'),
      masksAll: () => false,
    });
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    const from = talk.said[0];
    bench.giveAll([talk.say(0, BAD), talk.say(0, GOOD)]);
    expect(latin(bench.received(Side.B, talk.first(0))).slice(from)).toBe(
      `${neutralLine(BAD.length)}${GOOD}`,
    );
    expect(bench.verdicts('message')[0]).toMatchObject({
      action: 'redact',
      enforced: true,
      why: 'the text cannot be masked in place: it was dropped',
    });
  });
});

describe('hold and strip', () => {
  test.each([
    ['hold', /keeps nothing back/],
    ['strip', /cannot take out a part/],
  ] as const)('%s is a drop, and says so', (action, why) => {
    const { bench, talk, arrived } = session(action);
    bench.giveAll([talk.say(0, BAD), talk.say(0, GOOD)]);
    expect(arrived()).not.toContain('plan');
    const [verdict] = bench.verdicts('message');
    expect(verdict).toMatchObject({ action, enforced: true });
    expect(verdict?.why).toMatch(why);
  });
});

describe('reset', () => {
  test('tears the connection down on both sides at the octet each expects, and keeps it down', () => {
    const { bench, talk, last } = session('reset');
    const next = talk.said[0];
    bench.give(talk.say(0, GOOD).octets, Side.A);
    expect(bench.give(talk.say(0, BAD).octets, Side.A)).toBe(Fate.Drop);
    const toServer = segmentOf(last(Side.B) ?? new Uint8Array());
    const toClient = segmentOf(last(Side.A) ?? new Uint8Array());
    expect(toServer).toMatchObject({
      isIntact: true,
      sequence: (talk.first(0) + next + GOOD.length) >>> 0,
    });
    expect(toServer.flags & RST).toBe(RST);
    expect(toServer.sourcePort).toBe(40_000);
    expect(toClient).toMatchObject({
      isIntact: true,
      sequence: (talk.first(1) + talk.said[1]) >>> 0,
      acknowledgement: (talk.first(0) + talk.said[0]) >>> 0,
    });
    expect(toClient.flags & RST).toBe(RST);
    expect(bench.counter('resets')).toBe(2);
    expect(bench.verdicts('message')[1]).toMatchObject({ action: 'reset', enforced: true });
    // Who has not heard it hears it again.
    const sent = bench.out.length;
    expect(bench.give(talk.say(1, ':irc.example PING\r\n').octets, Side.B)).toBe(Fate.Drop);
    expect(bench.out).toHaveLength(sent + 1);
    const answer = segmentOf(bench.out[sent]?.octets ?? new Uint8Array());
    expect(bench.out[sent]?.side).toBe(Side.B);
    expect(answer.sequence).toBe((talk.first(0) + talk.said[0]) >>> 0);
    // A new connection of the same ports is another matter.
    const next2 = new Connection();
    (next2.initial as [number, number])[0] = 7_000_000;
    expect(bench.give(next2.packet(0, -1, '', SYN).octets, Side.A)).toBe(Fate.Forward);
  });

  test('takes the place of a drop where the protocol has no neutral form', () => {
    const refusal: VerdictRecord = { action: 'drop', enforced: true, rule: 'no-irc' };
    const bench = new Bench({
      judge: ({ kind }) =>
        kind === 'flow.identified' ? refusal : { action: 'pass', enforced: true },
    });
    const talk = new Connection();
    bench.giveAll(ircLogin(talk).slice(0, 4));
    expect(latin(bench.received(Side.B, talk.first(0)))).toBe('');
    const verdict = bench.verdicts('flow.identified')[0];
    expect(verdict).toMatchObject({ action: 'drop', enforced: true });
    expect(verdict?.why).toBeUndefined();
    expect(bench.counter('resets')).toBe(2);
  });
});

describe('a hold that runs out', () => {
  const long = `PRIVMSG bob :${'x'.repeat(300)}`;

  test('gives way where the policy lets overload pass, and does not hold the rest', () => {
    const { bench, talk } = session('drop');
    bench.give(talk.say(0, long).octets, Side.A);
    bench.later(250);
    expect(bench.counter('releasedLate')).toBe(1);
    expect(bench.give(talk.say(0, long).octets, Side.A)).toBe(Fate.Forward);
  });

  test('is said of the message that was late, and of no other', () => {
    const { bench, talk } = session('drop');
    bench.give(talk.say(0, 'PRIVMSG bob :lun').octets, Side.A);
    bench.later(250);
    bench.giveAll([talk.say(0, `ch?\r\n${GOOD}`), talk.say(0, GOOD)]);
    const [late, ...others] = bench.verdicts('message');
    expect(late).toMatchObject({
      action: 'pass',
      enforced: true,
      why: expect.stringMatching(/^late/),
    });
    expect(others.map((verdict) => verdict?.why)).toEqual([undefined, undefined]);
  });

  test('resets the connection where it does not', () => {
    const bench = new Bench({
      ...refusing('secret'),
      defaults: { undecodable: 'pass', overload: 'drop' },
    });
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    bench.give(talk.say(0, long).octets, Side.A);
    bench.later(250);
    expect(bench.counter('resets')).toBe(2);
    expect(bench.counter('heldOctets')).toBe(0);
    expect(bench.events.at(-1)).toMatchObject({ kind: 'flow.anomaly', reason: 'held-too-long' });
    expect(bench.give(talk.say(0, GOOD).octets, Side.A)).toBe(Fate.Drop);
  });

  test('is bounded in octets', () => {
    const { bench, talk } = session('drop', { holdOctets: 1000 });
    for (let i = 0; i < 4; i++)
      bench.give(talk.say(0, i === 0 ? long : 'y'.repeat(300)).octets, Side.A);
    expect(bench.counter('releasedLate')).toBeGreaterThan(0);
    expect(bench.counter('heldOctets')).toBe(0);
    expect(bench.received(Side.B, talk.first(0))).toHaveLength(talk.said[0]);
  });
});

describe('datagrams', () => {
  const message = (text: string) =>
    [
      'MESSAGE sip:bob@example.com SIP/2.0',
      'Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1',
      'From: <sip:ann@example.com>;tag=1',
      'To: <sip:bob@example.com>',
      'Call-ID: 1@10.0.0.1',
      'CSeq: 1 MESSAGE',
      'Content-Type: text/plain',
      `Content-Length: ${text.length}`,
      '',
      text,
    ].join('\r\n');

  test.each([{}, { isIpv6: true }])('a refused SIP MESSAGE goes nowhere: %j', (ends) => {
    const bench = new Bench(refusing('secret'));
    const talk = new Connection({ ...ends, serverPort: 5060 });
    expect(bench.give(talk.datagram(0, message('lunch?')).octets, Side.A)).toBe(Fate.Forward);
    expect(bench.give(talk.datagram(0, message('the secret')).octets, Side.A)).toBe(Fate.Drop);
    expect(bench.out).toHaveLength(1);
    expect(bench.verdicts('message')[1]).toMatchObject({ action: 'drop', enforced: true });
    expect(bench.counter('droppedByVerdict')).toBe(1);
  });

  test('text is masked in place, and the checksum follows', () => {
    const bench = new Bench(refusing('secret', 'redact'));
    const talk = new Connection({ serverPort: 5060 });
    expect(bench.give(talk.datagram(0, message('the secret')).octets, Side.A)).toBe(Fate.Forward);
    const out = bench.out[0]?.octets ?? new Uint8Array();
    const wanted = talk.datagram(0, message('the ******')).octets;
    expect(latin(out)).toBe(latin(wanted));
    expect(bench.bridge.changed).toBe(true);
  });

  test('a flow that is to be reset is dropped from there on', () => {
    const bench = new Bench(refusing('secret', 'reset'));
    const talk = new Connection({ serverPort: 5060 });
    bench.give(talk.datagram(0, message('the secret')).octets, Side.A);
    expect(bench.give(talk.datagram(0, message('lunch?')).octets, Side.A)).toBe(Fate.Drop);
    expect(bench.verdicts('message')[0]?.why).toMatch(/no connection to reset/);
  });
});

describe('connections of refused offers', () => {
  const refuseOffers = {
    judge: ({ kind }: { kind: string }): VerdictRecord => ({
      action: kind === 'file.offer' ? 'drop' : 'pass',
      enforced: true,
    }),
  };

  test('DCC: refused at the SYN', () => {
    const bench = new Bench(refuseOffers);
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    // 10.0.0.1 listens at port 5000.
    bench.give(
      talk.say(0, 'PRIVMSG bob :\x01DCC SEND a.exe 167772161 5000 12\x01\r\n').octets,
      Side.A,
    );
    expect(bench.verdicts('file.offer')[0]).toMatchObject({ action: 'drop', enforced: true });
    const data = new Connection({ clientPort: 5000, serverPort: 41_000 });
    const sent = bench.out.length;
    // The one who takes the file connects to 10.0.0.1:5000.
    expect(bench.give(data.packet(1, -1, '', SYN).octets, Side.B)).toBe(Fate.Drop);
    expect(bench.counter('refusedConnections')).toBe(1);
    expect(bench.out).toHaveLength(sent + 1);
    const answer = segmentOf(bench.out[sent]?.octets ?? new Uint8Array());
    expect(bench.out[sent]?.side).toBe(Side.B);
    expect(answer.flags & (RST | ACK)).toBe(RST | ACK);
    expect(answer.acknowledgement).toBe(data.first(1));
    expect(bench.give(data.packet(1, -1, '', SYN).octets, Side.B)).toBe(Fate.Drop);
  });

  test('what would still be said of a refused connection was not let through', () => {
    const bench = new Bench({
      judge: ({ kind }) => ({
        action: kind.startsWith('file.') ? 'drop' : 'pass',
        enforced: true,
      }),
    });
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    bench.give(
      talk.say(0, 'PRIVMSG bob :\x01DCC SEND a.exe 167772161 5000 12\x01\r\n').octets,
      Side.A,
    );
    const data = new Connection({ clientPort: 5000, serverPort: 41_000 });
    bench.give(data.packet(1, -1, '', SYN).octets, Side.B);
    bench.bridge.finish();
    for (const verdict of bench.verdicts('file.start')) {
      expect(verdict).toMatchObject({
        enforced: true,
        why: 'its connection was refused or reset before',
      });
    }
    expect(bench.events.every(({ verdict }) => verdict?.enforced)).toBe(true);
  });

  test('DCC: of an offer that passed, it passes', () => {
    const bench = new Bench();
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    bench.give(
      talk.say(0, 'PRIVMSG bob :\x01DCC SEND a.exe 167772161 5000 12\x01\r\n').octets,
      Side.A,
    );
    const data = new Connection({ clientPort: 5000, serverPort: 41_000 });
    expect(bench.give(data.packet(1, -1, '', SYN).octets, Side.B)).toBe(Fate.Forward);
  });
});

describe('the judge', () => {
  test('can be exchanged between two packets; sessions go on', () => {
    const { bench, talk, arrived } = session('drop');
    bench.give(talk.say(0, BAD.slice(0, 12)).octets, Side.A);
    bench.bridge.setJudge(refusing('lunch'));
    bench.giveAll([talk.say(0, BAD.slice(12)), talk.say(0, GOOD)]);
    expect(arrived()).toBe(`${BAD}${neutralLine(GOOD.length)}`);
  });
});

describe('memory', () => {
  test('a flood of SYNs, and one of holes, stay within their limits', () => {
    const limits = { flows: 2000, asideTotal: 20_000, asidePerDirection: 2000 };
    const bench = new Bench(undefined, { limits });
    for (let n = 0; n < 5000; n++) {
      const talk = new Connection({ clientPort: 1024 + n, serverPort: 6667 });
      bench.give(talk.packet(0, -1, '', SYN).octets, Side.A);
    }
    expect(bench.counter('flowsRemembered')).toBe(0);
    for (let n = 0; n < 1000; n++) {
      const talk = new Connection({ clientPort: 10_000 + n });
      bench.giveAll(talk.open());
      for (let i = 1; i < 10; i++)
        bench.give(talk.packet(0, i * 900, 'x'.repeat(500)).octets, Side.A);
    }
    expect(bench.counter('asideOctets')).toBeLessThanOrEqual(20_000);
    expect(bench.counter('droppedOutOfOrder')).toBeGreaterThan(1000);
    bench.bridge.finish();
    expect(bench.counter('asideOctets')).toBe(0);
    expect(bench.counter('flowsRemembered')).toBe(0);
  });

  test('where what is retained has no room, the flow is not read on, and says so', () => {
    const bench = new Bench(undefined, { limits: { retainedTotal: 1 << 16 } });
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    bench.give(talk.say(0, GOOD).octets, Side.A);
    expect(bench.counter('memoryRefused')).toBeGreaterThan(0);
    expect(latin(bench.received(Side.B, talk.first(0)))).toContain(GOOD);
    expect(bench.counter('retainedOctets')).toBe(0);
  });

  test('a sender that nobody acknowledges is slowed down', () => {
    const bench = new Bench(undefined, { limits: { retainedPerDirection: 4096 } });
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    const line = `PRIVMSG bob :${'x'.repeat(400)}\r\n`;
    for (let i = 0; i < 20; i++) bench.give(talk.say(0, line).octets, Side.A);
    expect(bench.counter('droppedAhead')).toBeGreaterThan(0);
    expect(bench.counter('retainedOctets')).toBeLessThanOrEqual(8192);
    expect(octetsOf(line).length).toBeGreaterThan(400);
  });
});
