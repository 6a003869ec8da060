/** Gaps, middles, noise, and input made to cost. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import {
  client,
  cut,
  Ear,
  feed,
  flowContext,
  type Heard,
  joined,
  octets,
  PASS,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { CONTACTS } from './contacts.fixture.ts';
import { CONVERSATIONS } from './conversations.fixture.ts';
import { MSNP } from './definition.ts';
import { CALLED_LIMIT, CHUNKED_OCTETS_LIMIT, LINE_LIMIT, PAYLOAD_LIMIT } from './msnp-limits.ts';
import { MsnpParser } from './parser.ts';
import { SESSIONS } from './sessions.fixture.ts';
import { carried, FROM_BOB, OPEN, plain } from './wire.fixture.ts';

const quiet = {
  event: () => PASS,
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};
const many = (n: number, one: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => one(i)).join('');

describe('what was not seen', () => {
  const wire = joined(
    carried('MSG bob@retro.test Bob', plain('one\r\nMSG is a word\r\nand 5 more')),
    carried('MSG bob@retro.test Bob', plain('two')),
    carried('MSG bob@retro.test Bob', plain('three')),
  );
  const first = joined(
    carried('MSG bob@retro.test Bob', plain('one\r\nMSG is a word\r\nand 5 more')),
  ).length;

  test('a gap anywhere in the first message: the others are heard', () => {
    for (let at = 1; at < first; at++) {
      const length = Math.min(7, first - at);
      const parser = new MsnpParser(flowContext());
      const ear = feed(parser, [client(OPEN.client), server(OPEN.server)]);
      parser.push(Direction.ToClient, wire.slice(0, at), ear);
      parser.gap(Direction.ToClient, length, ear);
      parser.push(Direction.ToClient, wire.slice(at + length), ear);
      const texts = ear.events.filter(({ kind }) => kind === 'message').map(({ text }) => text);
      expect(texts.slice(-2), `gap at ${at}`).toEqual(['two', 'three']);
      expect(texts.length, `gap at ${at}`).toBe(2);
      // Units count the octets that were lost.
      const last = ear.units.at(-1);
      expect((last?.end ?? 0) - octets(OPEN.server).length).toBe(wire.length);
    }
  });

  test('picked up anywhere in the first message', () => {
    for (let at = 1; at < first; at++) {
      const parser = new MsnpParser(flowContext({ midstream: true }));
      const ear = feed(parser, [{ direction: Direction.ToClient, wire: wire.slice(at) }]);
      const texts = ear.events.filter(({ kind }) => kind === 'message').map(({ text }) => text);
      expect(texts, `from ${at}`).toEqual(['two', 'three']);
      expect(ear.heard.filter(({ anomaly }) => anomaly !== undefined)).toEqual([]);
    }
  });

  test('in the middle of a conversation: who speaks is learnt from what is said', () => {
    const heard = feed(new MsnpParser(flowContext({ midstream: true })), [
      client(
        carried(
          'MSG 8 U',
          'Content-Type: text/x-msmsgscontrol\r\nTypingUser: Alice@retro.test\r\n\r\n',
        ),
      ),
      server(carried('MSG bob@retro.test Bob', plain('hi'))),
      client(carried('MSG 9 N', plain('hello'))),
      server(carried('MSG carol@retro.test C', plain('three of us'))),
    ]).heard;
    const room = { room: '10.0.0.2:5000/40000', route: 'room' };
    expect(heard.slice(1)).toEqual([
      { kind: 'message', ...FROM_BOB, text: 'hi' },
      {
        kind: 'message',
        origin: 'client',
        account: 'alice@retro.test',
        from: 'alice@retro.test',
        to: ['bob@retro.test'],
        route: 'direct',
        text: 'hello',
      },
      {
        kind: 'message',
        origin: 'server',
        account: 'alice@retro.test',
        from: 'carol@retro.test',
        ...room,
        text: 'three of us',
      },
    ]);
  });

  test('a message in parts of which one is lost is said as what it is', () => {
    const parser = new MsnpParser(flowContext());
    const ear = feed(parser, [client(OPEN.client), server(OPEN.server)]);
    const part = (headers: string, body: string) =>
      carried('MSG bob@retro.test Bob', `${headers}\r\n\r\n${body}`);
    parser.push(
      Direction.ToClient,
      part('Content-Type: text/plain\r\nMessage-ID: {A}\r\nChunks: 2', 'a'),
      ear,
    );
    parser.gap(Direction.ToClient, 100, ear);
    parser.push(Direction.ToClient, part('Message-ID: {A}\r\nChunk: 1', 'b'), ear);
    expect(ear.heard.at(-1)).toMatchObject({ kind: 'app.unknown', reason: 'MSG chunk', text: 'b' });
  });
});

describe('the watermark', () => {
  test('an unfinished command is held from its first octet, nothing else', () => {
    const parser = new MsnpParser(flowContext());
    const { ToServer } = Direction;
    parser.push(ToServer, octets('PNG\r\n'), quiet);
    expect(parser.holdFrom(ToServer)).toBe(-1);
    const message = carried('MSG 3 A', plain('hi'));
    for (let at = 1; at < message.length; at++) {
      parser.push(ToServer, message.slice(at - 1, at), quiet);
      expect(parser.holdFrom(ToServer)).toBe(5);
    }
    parser.push(ToServer, message.slice(-1), quiet);
    expect(parser.holdFrom(ToServer)).toBe(-1);
  });
});

describe('noise', () => {
  const ROWS = [...SESSIONS, ...CONTACTS, ...CONVERSATIONS];

  test('mutated conversations: nothing is thrown, and cuts change nothing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ROWS),
        fc.array(fc.tuple(fc.nat(5000), fc.nat(255)), { maxLength: 6 }),
        fc.array(fc.nat(2000), { maxLength: 5 }),
        fc.boolean(),
        (row, changes, cuts, midstream) => {
          const turns = row.turns.map(({ direction, wire }, t): Turn => {
            const changed = wire.slice();
            for (const [at, octet] of changes)
              if (at % row.turns.length === t) changed[at % wire.length] = octet;
            return { direction, wire: changed };
          });
          const run = (cutAt?: (length: number) => readonly number[]): Heard[] => {
            const parser = MSNP.create(flowContext({ midstream }));
            const ear = feed(parser, turns, cutAt);
            parser.end(0, ear);
            parser.end(1, ear);
            expect(parser.held()).toBeLessThan(200_000);
            return ear.heard;
          };
          const whole = run();
          expect(run((length) => cuts.filter((at) => at < length))).toEqual(whole);
          expect(run((length) => [...Array(length).keys()])).toEqual(whole);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('random octets between commands are bounded and end', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 3000 }),
        fc.array(fc.nat(3000), { maxLength: 4 }),
        (wire, cuts) => {
          const parser = new MsnpParser(flowContext());
          const ear = new Ear();
          for (const piece of cut(
            wire,
            cuts.filter((at) => at < wire.length),
          )) {
            parser.push(Direction.ToServer, piece, ear);
            parser.push(Direction.ToClient, piece, ear);
          }
          expect(parser.held()).toBeLessThan(40_000);
        },
      ),
    );
  });
});

describe('what is held is bounded', () => {
  const held = (...turns: readonly Turn[]): number => {
    const parser = new MsnpParser(flowContext());
    feed(parser, turns, undefined, new Ear());
    return parser.held();
  };

  test.each([
    ['a line without end', client('MSG '.repeat(10_000)), 2 * LINE_LIMIT + 10_000],
    [
      'a payload that does not come',
      client(`MSG 1 A ${PAYLOAD_LIMIT}\r\n`, 'x'.repeat(60_000)),
      2 * PAYLOAD_LIMIT + 20_000,
    ],
    [
      'a payload that claims too much',
      client('MSG 1 A 999999999\r\n', 'x'.repeat(100_000)),
      20_000,
    ],
    [
      'chunked messages',
      server(
        many(300, (i) => {
          const body = `Message-ID: {${i}}\r\nChunks: 900\r\n\r\n${'x'.repeat(1500)}`;
          return `MSG b@c.d B ${body.length}\r\n${body}`;
        }),
      ),
      CHUNKED_OCTETS_LIMIT + 400_000,
    ],
    ['participants', server(many(2000, (i) => `JOI user${i}@retro.test N\r\n`)), 100_000],
    ['groups', server(many(2000, (i) => `LSG ${i} ${'g'.repeat(700)} 0\r\n`)), 600_000],
    ['requests', server(many(5000, (i) => `ADD 0 RL 1 user${i}@retro.test N\r\n`)), 400_000],
    ['allowed people', server(many(5000, (i) => `LST user${i}@retro.test N 3\r\n`)), 400_000],
    [
      'identifiers',
      server(many(5000, (i) => `LST N=user${i}@retro.test F=x C=g${i} 1\r\n`)),
      600_000,
    ],
  ])('%s', (_, turn, most) => expect(held(turn)).toBeLessThan(most));

  test('and it goes again', () => {
    const parser = new MsnpParser(flowContext());
    const before = parser.held();
    const message = carried('MSG 3 A', plain('x'.repeat(1200)));
    parser.push(Direction.ToServer, message.slice(0, 700), quiet);
    expect(parser.held()).toBeGreaterThan(before);
    parser.push(Direction.ToServer, message.slice(700), quiet);
    expect(parser.held()).toBeLessThanOrEqual(before + 100);
  });
});

describe('nothing is quadratic', () => {
  const spent = (turns: readonly Turn[]): number => {
    const started = cpuMilliseconds();
    feed(new MsnpParser(flowContext()), turns, undefined, new Ear());
    return cpuMilliseconds() - started;
  };

  test.each([
    ['lists that open tags without end', (n: number) => carried('ADL 1', '<'.repeat(n))],
    ['lists of quotes', (n: number) => carried('ADL 1', '<c n="'.repeat(n / 6))],
    ['status of openings', (n: number) => carried('UUX 1', '<PSM'.repeat(n / 4))],
    ['status of CDATA', (n: number) => carried('UUX 1', `<PSM>${'<![CDATA['.repeat(n / 9)}</PSM>`)],
    ['status of comments', (n: number) => carried('UUX 1', `<PSM>${'<!--'.repeat(n / 4)}</PSM>`)],
    ['attributes', (n: number) => carried('ADL 1', `<ml><c ${'a="1" '.repeat(n / 6)}/></ml>`)],
    ['percent signs', (n: number) => carried(`MSG 1 ${'%4'.repeat(2000)} A`, plain('%'.repeat(n)))],
    ['folded headers', (n: number) => carried('MSG 1 A', `A: b\r\n${' c\r\n'.repeat(n / 4)}\r\n`)],
  ])('%s', (_, wire) => {
    const long = spent([client(wire(60_000))]);
    expect(long).toBeLessThan(1000);
  });

  test.each([
    ['joins', Direction.ToClient, 'JOI a\r\n'],
    ['calls', Direction.ToServer, 'CAL 1 a\r\n'],
    ['messages', Direction.ToClient, 'MSG a b 0\r\n'],
    ['entries of a list', Direction.ToClient, 'LST a@b x 31\r\n'],
    ['lines', Direction.ToServer, 'a\r\n'],
  ])('%s cost the same in one push of many as in many pushes', (_, direction, line) => {
    const wire = octets(line.repeat(64_000 / line.length));
    const fastest = (size: number): number =>
      Math.min(
        ...Array.from({ length: 5 }, () => {
          const parser = new MsnpParser(flowContext());
          const started = cpuMilliseconds();
          for (let at = 0; at < wire.length; at += size)
            parser.push(direction, wire.subarray(at, at + size), quiet);
          return cpuMilliseconds() - started;
        }),
      );
    // It was 450 ms and more; a busy machine is allowed for.
    expect(fastest(wire.length)).toBeLessThan(3 * fastest(1000) + 100);
  });

  test('a long attribute without a value is read once', () => {
    const long = spent([client(carried('ADL 1', `<ml><c ${'a'.repeat(60_000)} l="1"/></ml>`))]);
    const short = spent([client(carried('ADL 1', `<ml><c ${'a'.repeat(6000)} l="1"/></ml>`))]);
    expect(long).toBeLessThan(40 * Math.max(1, short) + 100);
  });
});

describe('little input makes no long events', () => {
  const characters = (turns: readonly Turn[]): number => {
    const { events } = feed(new MsnpParser(flowContext()), turns);
    return events.reduce((sum, event) => sum + JSON.stringify(event).length, 0);
  };

  test('a domain of a list is said with every contact in it', () => {
    const entries = '<c n="a" l="1"/>'.repeat(2000);
    const wire = carried('ADL 5', `<ml><d n="${'x'.repeat(30_000)}">${entries}</d></ml>`);
    expect(characters([client(wire)])).toBeLessThan(2000 * 1500);
  });

  test('people who were called are the recipients of every message', () => {
    const calls = many(300, (i) => `CAL 2 user${i}@retro.test\r\n`);
    const ear = feed(new MsnpParser(flowContext()), [
      client('USR 1 alice@retro.test 1.2.3\r\n', calls, carried('MSG 3 U', plain('hi'))),
    ]);
    expect(ear.events.at(-1)?.to).toHaveLength(CALLED_LIMIT);
    expect(ear.heard).toContainEqual({ anomaly: 'msnp-table-full' });
  });

  test('one empty notice of a waiting message is one', () => {
    const type = 'Content-Type: text/x-msmsgsoimnotification\r\n\r\n';
    const notice = (body: string) =>
      feed(new MsnpParser(flowContext()), [server(carried('MSG Hotmail Hotmail', type + body))]);
    expect(notice('<MD><M></M></MD>').events).toHaveLength(1);
    expect(notice('<MD><M/><M><E>bob@retro.test</E></M></MD>').events).toHaveLength(2);
  });

  test('a message put together is not kept', () => {
    const parser = new MsnpParser(flowContext());
    const before = parser.held();
    const part = (headers: string, body: string) =>
      carried('MSG bob@retro.test Bob', `Message-ID: {A}\r\n${headers}\r\n\r\n${body}`);
    const [first, last] = [
      part('Chunks: 2', 'x'.repeat(60_000)),
      part('Chunk: 1', 'y'.repeat(60_000)),
    ];
    parser.push(Direction.ToClient, first, quiet);
    expect(parser.held()).toBeGreaterThan(before + 60_000);
    parser.push(Direction.ToClient, last, quiet);
    expect(parser.held()).toBeLessThan(before + 1000);
  });
});
