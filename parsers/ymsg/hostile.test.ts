/** Input made to break, to confuse or to cost; and octets that are missing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import { memoryInUse } from '../../test/support/heap.ts';
import {
  client,
  Ear,
  feed,
  flowContext,
  joined,
  octets,
  PASS,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { Direction, Status } from '../contract.ts';
import { YMSG, YMSG_HTTP } from './definition.ts';
import { FILES } from './files.fixture.ts';
import { HTTP } from './http.fixture.ts';
import { MESSAGES, ROOMS } from './messages.fixture.ts';
import { YmsgParser } from './parser.ts';
import { CONTACTS, SESSIONS } from './sessions.fixture.ts';
import { framed, packet, pairs, served } from './ymsg.fixture.ts';

const { ToServer, ToClient } = Direction;
const HELD_MOST = 1 << 20; // octets of one parser
const NOISE = 1 << 20; // octets that the process itself comes and goes by meanwhile
const quiet = {
  event: () => PASS,
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};
const say = (text: string) => packet(6, `1=ann|5=bob|14=${text}`);
const texts = (ear: Ear) => ear.events.map(({ text }) => text);

describe('octets that were not seen', () => {
  test('inside a packet whose end is known: the next one is read', () => {
    const parser = new YmsgParser(flowContext());
    const ear = new Ear();
    const [one, two] = [say('one'), say('two')];
    parser.push(ToServer, one.subarray(0, 30), ear);
    parser.gap(ToServer, one.length - 30, ear);
    expect(parser.holdFrom(ToServer)).toBe(-1);
    parser.push(ToServer, two, ear);
    expect(texts(ear)).toEqual(['two']);
    expect(ear.units[0]).toMatchObject({ start: one.length, end: one.length + two.length });
  });

  test('inside a body that nobody wants', () => {
    const parser = new YmsgParser(flowContext());
    const ear = new Ear();
    const silent = packet(0x15, `1=ann|14=${'x'.repeat(50)}`);
    parser.push(ToServer, silent.subarray(0, 25), ear);
    parser.gap(ToServer, silent.length - 25, ear);
    parser.push(ToServer, say('two'), ear);
    expect(ear.heard).toHaveLength(1);
    expect(texts(ear)).toEqual(['two']);
  });

  test('beyond the packet: the next likely header is looked for, wherever it is cut', () => {
    const rest = joined(octets('...YYMYMSYMSG, not one. YMSG\x00\x77'), say('two'), say('three'));
    for (let at = 1; at < rest.length; at++) {
      const parser = new YmsgParser(flowContext());
      const ear = new Ear();
      parser.push(ToServer, say('one').subarray(0, 30), ear);
      parser.gap(ToServer, 5000, ear);
      parser.push(ToServer, rest.slice(0, at), ear);
      parser.push(ToServer, rest.slice(at), ear);
      expect(texts(ear), `cut at ${at}`).toEqual(['two', 'three']);
      expect(ear.heard.filter((said) => 'anomaly' in said)).toEqual([]);
    }
  });

  test('a session picked up in the middle: the account is who speaks, or is spoken to', () => {
    const midstream = { midstream: true };
    const own = feed(YMSG.create(flowContext(midstream)), [client(say('hi'))]);
    expect(own.events[0]).toMatchObject({ account: 'ann', from: 'ann' });
    const turn = server(served(6, '4=bob|5=ann|14=hi'), served(0xf0, '7=bob|10=0'));
    const theirs = feed(YMSG.create(flowContext(midstream)), [turn]);
    expect(theirs.events.map(({ account }) => account)).toEqual(['ann', 'ann']);
  });
});

describe('the end', () => {
  const ended = (turns: readonly Turn[], first: Direction) => {
    const parser = new YmsgParser(flowContext());
    const ear = feed(parser, turns);
    parser.end(first, ear);
    parser.end(first === ToServer ? ToClient : ToServer, ear);
    return ear.heard.at(-1);
  };
  const asked = client(packet(0x57, '1=ann'));
  const answered = client(packet(0x54, '0=ann|6=x'));
  const granted = server(served(0x55, '87='));

  test('of a session', () => {
    const over = { kind: 'session.logout', account: 'ann', reason: 'connection ended' };
    expect(ended([asked, answered, granted], ToServer)).toMatchObject({
      ...over,
      origin: 'client',
    });
    expect(ended([asked, answered, granted], ToClient)).toMatchObject({
      ...over,
      origin: 'server',
    });
  });

  test('of a sign-in that came to nothing', () => {
    const failed = { kind: 'session.failed', account: 'ann' };
    expect(ended([asked], ToServer)).toMatchObject({ ...failed, reason: 'not completed' });
    expect(ended([asked, answered], ToServer)).toMatchObject({ ...failed, reason: 'no answer' });
  });

  test('of a session that began before, or was left: nothing more', () => {
    expect(ended([client(say('hi'))], ToServer)).toMatchObject({ kind: 'message' });
    const left = ended([asked, answered, granted, client(packet(2, ''))], ToServer);
    expect(left).not.toHaveProperty('reason');
  });
});

describe('what one packet may cost', () => {
  const many = (n: number, one: (i: number) => string) =>
    Array.from({ length: n }, (_, i) => one(i)).join('|');

  test('more pairs than are read: the packet itself is told', () => {
    const { heard } = feed(YMSG.create(flowContext()), [
      client(packet(6, `1=ann|5=bob|${many(9000, () => '1=')}|14=falcon`)),
    ]);
    expect(heard.slice(0, 2)).toMatchObject([
      { anomaly: 'ymsg-too-many-pairs' },
      { kind: 'app.unknown', reason: 'service 0x6 with too many pairs' },
    ]);
  });

  test.each([
    [
      'texts to recipients',
      0x17,
      `1=ann|${many(300, (i) => `5=recipient-${i}`)}|${many(3000, (i) => `14=${i}`)}`,
    ],
    [
      'members of a conference',
      0x18,
      `1=ann|57=r|51=${Array.from({ length: 6000 }, (_, i) => `m${i}`).join(',')}`,
    ],
    [
      'files of an offer',
      0xdc,
      `1=ann|5=bob|265=${'t'.repeat(9000)}|222=1|${many(3000, (i) => `27=${i}|28=1`)}`,
    ],
    [
      'contacts under a long group',
      0xf1,
      `65=${'g'.repeat(20_000)}|${many(3500, (i) => `7=c${i}`)}`,
    ],
  ])('%s: bounded, and named', (_, service, fields) => {
    const turn =
      service === 0xf1 ? server(served(service, fields)) : client(packet(service, fields));
    const ear = feed(YMSG.create(flowContext()), [turn]);
    expect(ear.events.length).toBeGreaterThan(0);
    expect(JSON.stringify(ear.heard).length).toBeLessThan(4 << 20);
    if (service !== 0xf1) {
      expect(ear.heard.some((said) => /^ymsg-too-many/.test(String(said.anomaly)))).toBe(true);
    }
  });

  test('a list entry that never ends is given up', () => {
    const part = server(served(0x55, `87=Friends:${'x'.repeat(60_000)}`, { status: 5 }));
    const parser = new YmsgParser(flowContext());
    const { heard } = feed(parser, [part, part, server(served(0x55, '87=y,bob\n', { status: 0 }))]);
    expect(heard).toContainEqual({ anomaly: 'ymsg-list-too-long' });
    expect(heard.at(-1)).toMatchObject({ contact: 'bob', groups: ['Friends'] });
    expect(parser.held()).toBeLessThan(16_384);
  });

  test('no pattern takes longer than its text: markup and separators', () => {
    const began = cpuMilliseconds();
    for (const unit of ['<', '<font ', '\x1b[', '\xc0', '<b', '<snd=', '<#12345']) {
      feed(YMSG.create(flowContext()), [
        client(say(unit.repeat(Math.floor(60_000 / unit.length)))),
      ]);
    }
    expect(cpuMilliseconds() - began).toBeLessThan(4000);
  });
});

describe('what is asked again for every event of a packet', () => {
  const spent = (direction: Direction, wire: Uint8Array): number =>
    Math.min(
      ...Array.from({ length: 3 }, () => {
        const parser = new YmsgParser(flowContext());
        const started = cpuMilliseconds();
        parser.push(direction, wire.slice(), quiet);
        return cpuMilliseconds() - started;
      }),
    );
  const many = (n: number, fields: string) => Array(n).fill(fields).join('|');
  const who = Array.from({ length: 256 }, (_, i) => `u${i}`).join(',');

  test.each<[string, Direction, (n: number) => Uint8Array]>([
    ['texts of a message', ToServer, (n) => packet(6, `1=ann|5=bob|${many(n, '14=x')}`)],
    ['texts of a conference', ToServer, (n) => packet(0x1d, `1=ann|57=r|${many(n, '14=x')}`)],
    ['members of a room', ToClient, (n) => served(0x98, `104=r|${many(n, '109=x')}`)],
    ['contacts that are moved', ToServer, (n) => packet(0xe7, `1=ann|${many(n, '7=x')}`)],
    [
      'the same people invited again',
      ToServer,
      (n) =>
        packet(
          0x18,
          `1=ann|57=r|52=${who}|${many(n / 50, `52=${many(50, 'u255').replaceAll('|', ',')}`)}`,
        ),
    ],
    ['octets that nearly end a value', ToServer, (n) => packet(6, `1=${'\xc0'.repeat(6 * n)}`)],
  ])('%s: the cost grows with the packet, not with its square', (_, direction, wire) => {
    // It was 600 ms and more; a busy machine is allowed for.
    expect(spent(direction, wire(7000))).toBeLessThan(200);
  });
});

describe('any octets', () => {
  const wires = [...SESSIONS, ...CONTACTS, ...MESSAGES, ...ROOMS, ...FILES].flatMap(
    ({ turns }) => turns,
  );
  const http = HTTP.flatMap(({ turns }) => turns);

  const mutated = (turns: readonly Turn[]) =>
    fc
      .record({
        turn: fc.constantFrom(...turns),
        at: fc.array(fc.nat(400), { maxLength: 6 }),
        octet: fc.nat(255),
        cut: fc.nat(400),
      })
      .map(({ turn: { direction, wire }, at, octet, cut }) => {
        const changed = wire.slice();
        for (const i of at) changed[i % changed.length] = octet;
        return {
          direction,
          wire: cut % 4 === 0 ? changed.subarray(0, cut % changed.length) : changed,
        };
      });

  const random = fc.record({
    direction: fc.constantFrom<Direction>(ToServer, ToClient),
    wire: fc.uint8Array({ minLength: 1, maxLength: 80 }),
  });

  test.each([
    ['YMSG', YMSG, wires],
    ['HTTP', YMSG_HTTP, http],
  ] as const)('%s: nothing thrown, bounded, the same however it is cut', (_, definition, turns) => {
    const pieces = fc.array(fc.oneof({ weight: 4, arbitrary: mutated(turns) }, random), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(400), { maxLength: 12 }), (given, cuts) => {
        const parser = definition.create(flowContext());
        const whole = feed(parser, given);
        expect(parser.held()).toBeLessThan(HELD_MOST);
        const again = feed(definition.create(flowContext()), given, (length) =>
          cuts.map((at) => at % (length + 1)),
        );
        expect(again.heard).toEqual(whole.heard);
      }),
      { numRuns: 300 },
    );
  });

  test('a header may promise what never comes', () => {
    const parser = new YmsgParser(flowContext());
    const ear = new Ear();
    const long = framed(6, new Uint8Array(65_535));
    for (let at = 0; at < long.length - 1; at += 1000) {
      const status = parser.push(
        ToServer,
        long.slice(at, Math.min(at + 1000, long.length - 1)),
        ear,
      );
      expect(status).toBe(Status.More);
    }
    expect(ear.heard).toEqual([]);
    expect(parser.holdFrom(ToServer)).toBe(0);
    expect(parser.held()).toBeLessThan(150_000);
    expect(pairs('')).toHaveLength(0);
  });
});

describe('what is held is no more than is told', () => {
  const repeat = (n: number, one: (i: number) => Uint8Array) =>
    joined(...Array.from({ length: n }, (_, i) => one(i)));

  test.each<[string, number, Direction, (k: number) => Uint8Array]>([
    ['nothing yet', 500, ToServer, () => new Uint8Array(0)],
    ['half a packet', 200, ToServer, () => framed(6, new Uint8Array(4000)).subarray(0, 3000)],
    [
      'contacts',
      5,
      ToClient,
      (k) =>
        repeat(40, (n) =>
          served(0xf1, Array.from({ length: 100 }, (_, i) => `7=contact-${k}-${n}-${i}`).join('|')),
        ),
    ],
    [
      'long names of contacts',
      5,
      ToClient,
      (k) => repeat(300, (i) => served(0xf1, `7=${'n'.repeat(2000)}${k}-${i}`)),
    ],
    [
      'identities',
      50,
      ToClient,
      (k) =>
        served(
          0x55,
          `3=ann|89=${Array.from({ length: 60 }, (_, i) => `identity-of-mine-${k}-${i}`).join(',')}`,
        ),
    ],
    [
      'messages with numbers',
      20,
      ToClient,
      (k) => repeat(200, (i) => served(6, `4=bob|5=ann|14=x|429=${'0'.repeat(300)}${k}-${i}`)),
    ],
    [
      'an unfinished list',
      50,
      ToClient,
      (k) => served(0x55, `87=${'g'.repeat(5000)}:${'c'.repeat(900)}${k}`, { status: 5 }),
    ],
  ])('%s', async (_, count, direction, wire) => {
    const make = (k: number) => {
      const parser = new YmsgParser(flowContext());
      const all = wire(k);
      for (let at = 0; at < all.length; at += 1460)
        parser.push(direction, all.slice(at, at + 1460), quiet);
      return parser;
    };
    const kept = [make(-1)];
    const before = await memoryInUse();
    for (let k = 0; k < count; k++) kept.push(make(k));
    const real = (await memoryInUse()) - before;
    const held = Math.max(...kept.map((parser) => parser.held()));
    expect(real).toBeLessThanOrEqual(1.25 * held * count + NOISE);
    expect(held).toBeLessThan(HELD_MOST);
  });
});
