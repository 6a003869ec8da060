/** MSNP over the HTTP gateway: sessions that pass from identifier to identifier, and from connection to connection. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { needs } from '../../../test/support/need.ts';
import {
  client,
  describeRows,
  Ear,
  feed,
  flowContext,
  neutralised,
  octets,
  PASS,
  type Row,
  replaced,
  server,
  type Turn,
} from '../../../test/support/parser-harness.ts';
import { captureOf, tsharkFields } from '../../../test/support/tshark-opinion.ts';
import { Direction, Probe } from '../../contract.ts';
import { BOB, carried, FROM_BOB, OPEN, OPENED, plain, TO_BOB } from '../wire.fixture.ts';
import { MSNP_HTTP } from './definition.ts';
import { GatewayParser } from './parser.ts';
import { PROBE_LIMIT, probeGateway } from './probe.ts';

const OPENING = 'Action=open&Server=SB&IP=207.46.108.83';
const POLL = (id: string) => `Action=poll&SessionID=${id}`;
const DATA = (id: string) => `SessionID=${id}`;

function post(query: string, ...body: readonly (string | Uint8Array)[]): Turn {
  const octetsOf = client(...body).wire;
  return client(
    `POST http://gateway.messenger.hotmail.com/gateway/gateway.dll?${query} HTTP/1.1\r\n` +
      `Host: gateway.messenger.hotmail.com\r\nContent-Length: ${octetsOf.length}\r\n\r\n`,
    octetsOf,
  );
}

function answer(id: string, ...body: readonly (string | Uint8Array)[]): Turn {
  const octetsOf = server(...body).wire;
  return server(
    `HTTP/1.1 200 OK\r\nX-MSN-Messenger: SessionID=${id}; GW-IP=207.46.110.11\r\n` +
      `Content-Type: application/x-msn-messenger\r\nContent-Length: ${octetsOf.length}\r\n\r\n`,
    octetsOf,
  );
}

const HI = carried('MSG 3 A', plain('hi bob'));
const HELLO = carried('MSG bob@retro.test Bob', plain('hello'));

const ROWS: readonly Row[] = [
  {
    name: 'a conversation: opened, polled, a message cut over two bodies, closed',
    turns: [
      post(OPENING, OPEN.client),
      answer('1.1', OPEN.server),
      post(DATA('1.1'), HI.slice(0, 40)),
      answer('1.2'),
      post(DATA('1.2'), HI.slice(40)),
      answer('1.3', 'ACK 3\r\n', HELLO.slice(0, 30)),
      post(POLL('1.3')),
      answer('1.4; Session=close', HELLO.slice(30)),
    ],
    want: [
      OPENED,
      { kind: 'message', ...TO_BOB, text: 'hi bob' },
      { kind: 'message', ...FROM_BOB, text: 'hello' },
    ],
  },
  {
    name: 'chunked bodies, other requests between, names in any case',
    turns: [
      client('GET /index.html HTTP/1.1\r\nHost: a\r\n\r\n'),
      server('HTTP/1.1 404 no\r\nContent-Length: 2\r\n\r\nno'),
      client(
        'POST /Gateway/Gateway.dll?action=OPEN&server=NS HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n',
        `${OPEN.client.length.toString(16)}\r\n${OPEN.client}\r\n0\r\n\r\n`,
      ),
      server(
        'HTTP/1.1 200 OK\r\nx-msn-messenger: sessionid=9\r\nTransfer-Encoding: chunked\r\n\r\n',
      ),
      server(`${OPEN.server.length.toString(16)}\r\n${OPEN.server}\r\n0\r\n\r\n`),
    ],
    want: [OPENED],
  },
  {
    name: 'a session that was opened elsewhere is picked up in the middle',
    turns: [post(DATA('7.7'), HI, 'CAL 5 carol@retro.test\r\n'), answer('7.8', HELLO)],
    want: [
      { anomaly: 'msnp-unknown-session' },
      { kind: 'message', origin: 'client', route: 'direct', text: 'hi bob' },
      { kind: 'room.invite', origin: 'client', to: ['carol@retro.test'], route: 'direct' },
      { kind: 'message', origin: 'server', from: BOB, route: 'direct', text: 'hello' },
    ],
  },
];

describe('the gateway', () => describeRows(MSNP_HTTP, ROWS, { step: 3 }));

test('its events are its own protocol', () => {
  const ear = feed(MSNP_HTTP.create(flowContext()), ROWS[0]?.turns ?? []);
  expect(new Set(ear.events.map(({ protocol }) => protocol))).toEqual(new Set(['msnp-http']));
});

test('a session goes on over other connections', () => {
  const memory = new Map<string, unknown>();
  const ear = new Ear();
  const over = (turns: readonly Turn[]) =>
    feed(MSNP_HTTP.create(flowContext({ memory })), turns, undefined, ear);
  over([post(OPENING, OPEN.client), answer('1.1', OPEN.server)]);
  over([post(DATA('1.1'), HI.slice(0, 50)), answer('1.2')]);
  over([post(DATA('1.2'), HI.slice(50)), answer('1.3', HELLO)]);
  expect(ear.heard).toEqual(ROWS[0]?.want);
  // One identifier is remembered, the newest.
  expect(memory.get('msnp-gateway')).toHaveProperty('size', 1);
});

test('a body of which octets are lost: the next command is found', () => {
  const parser = new GatewayParser(flowContext());
  const ear = feed(parser, [post(OPENING, OPEN.client), answer('1.1', OPEN.server)]);
  const turn = post(DATA('1.1'), HI, carried('MSG 4 A', plain('after'))).wire;
  const cutAt = turn.length - 130;
  parser.push(Direction.ToServer, turn.slice(0, cutAt), ear);
  parser.gap(Direction.ToServer, 10, ear);
  parser.push(Direction.ToServer, turn.slice(cutAt + 10), ear);
  expect(ear.heard.at(-1)).toEqual({ kind: 'message', ...TO_BOB, text: 'after' });
});

describe('refusing', () => {
  const turns = [
    post(OPENING, OPEN.client),
    answer('1.1', OPEN.server),
    post(DATA('1.1'), HI, 'CAL 4 carol@retro.test\r\n'),
    answer('1.2', HELLO),
  ];

  test('in a bridge a message becomes neutral where it stands in the body', () => {
    const after = neutralised(MSNP_HTTP, turns, ({ kind }) => kind === 'message');
    expect(after.map(({ wire }) => wire.length)).toEqual(turns.map(({ wire }) => wire.length));
    const heard = feed(MSNP_HTTP.create(flowContext()), after).heard;
    expect(heard.map(({ kind }) => kind)).toEqual(['room.invite', 'room.invite']);
    expect(String.fromCharCode(...(after[2]?.wire ?? []))).toContain(
      `MSG 3 A 68\r\nMIME-Version: 1.0\r\nContent-Type: text/x-keepalive\r\n\r\n${' '.repeat(15)}CAL 4 `,
    );
  });

  test('in a proxy the same octets go on: the body’s length is told before it', () => {
    const [first] = replaced(MSNP_HTTP, turns, ({ kind }) => kind === 'message', 'notice');
    expect(first?.replacement?.forward.length).toBe(HI.length);
    expect(first?.replacement?.back.length).toBe(0);
    expect(first?.unit.textEnd).toBe(first?.unit.end);
  });

  test('a message that began in another body has no place: a reset', () => {
    const ear = feed(MSNP_HTTP.create(flowContext()), [
      ...turns.slice(0, 2),
      post(DATA('1.1'), HI.slice(0, 40)),
      answer('1.2'),
      post(DATA('1.2'), HI.slice(40)),
    ]);
    expect(ear.events.at(-1)).toMatchObject({ kind: 'message', text: 'hi bob' });
    expect(ear.units.at(-1)).toMatchObject({ start: -1, form: -1 });
  });

  test('an unfinished command is held while its body comes, and not beyond', () => {
    const parser = new GatewayParser(flowContext());
    const quiet = {
      event: () => PASS,
      anomaly() {},
      expect() {},
      handOver() {},
      identify: () => false,
      resolved() {},
    };
    const turn = post(OPENING, OPEN.client, HI.slice(0, 40)).wire;
    const body = turn.length - 40;
    parser.push(Direction.ToServer, turn.slice(0, -1), quiet);
    expect(parser.holdFrom(Direction.ToServer)).toBe(body);
    parser.push(Direction.ToServer, turn.slice(-1), quiet);
    expect(parser.holdFrom(Direction.ToServer)).toBe(-1);
  });

  const need = needs({ tools: ['tshark'] });
  test.skipIf(need.skip)(`tshark reads the neutral bodies${need.why}`, async () => {
    const after = neutralised(MSNP_HTTP, turns, ({ kind }) => kind === 'message');
    const rows = await tsharkFields(captureOf(after, { port: 80 }), {
      filter: 'http',
      fields: ['http.request.method', 'http.response.code', 'http.content_length'],
    });
    expect(rows.map((row) => row[0]?.[0] ?? row[1]?.[0])).toEqual(['POST', '200', 'POST', '200']);
  });
});

describe('the probe', () => {
  const ask = (direction: Direction, wire: string) => probeGateway(direction, octets(wire));
  test.each([
    [
      'a request',
      Direction.ToServer,
      'POST /gateway/gateway.dll?Action=open HTTP/1.1\r\n',
      Probe.Yes,
    ],
    [
      'through a proxy',
      Direction.ToServer,
      'POST http://x/Gateway/gateway.DLL?a HTTP/1.1\r\n',
      Probe.Yes,
    ],
    ['its beginning', Direction.ToServer, 'POST http://gateway.mess', Probe.More],
    ['another path', Direction.ToServer, 'POST /gateway/gateway.php HTTP/1.1\r\n', Probe.No],
    ['a longer name', Direction.ToServer, 'POST /gateway/gateway.dllx HTTP/1.1\r\n', Probe.No],
    ['another method', Direction.ToServer, 'GET /gateway/gateway.dll HTTP/1.1\r\n', Probe.No],
    ['an endless target', Direction.ToServer, `POST /${'x'.repeat(600)}`, Probe.No],
    [
      'an answer',
      Direction.ToClient,
      'HTTP/1.1 200 OK\r\nX-MSN-Messenger: SessionID=1\r\n',
      Probe.Yes,
    ],
    ['another answer', Direction.ToClient, 'HTTP/1.1 200 OK\r\nServer: x\r\n\r\nbody', Probe.No],
    ['half an answer', Direction.ToClient, 'HTTP/1.1 200 OK\r\nServer', Probe.More],
    ['no HTTP', Direction.ToClient, 'SSH-2.0', Probe.No],
    [
      'a head without end',
      Direction.ToClient,
      `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(400)}`,
      Probe.No,
    ],
  ])('%s', (_, direction, wire, want) => {
    expect(ask(direction, wire.slice(0, PROBE_LIMIT))).toBe(want);
  });
});

test('noise: nothing is thrown, and cuts change nothing', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ROWS),
      fc.array(fc.tuple(fc.nat(5000), fc.nat(255)), { maxLength: 5 }),
      fc.array(fc.nat(900), { maxLength: 4 }),
      (row, changes, cuts) => {
        const turns = row.turns.map(({ direction, wire }, t): Turn => {
          const changed = wire.slice();
          for (const [at, octet] of changes) {
            if (at % row.turns.length === t) changed[at % wire.length] = octet;
          }
          return { direction, wire: changed };
        });
        const run = (cutAt?: (length: number) => readonly number[]) => {
          const parser = MSNP_HTTP.create(flowContext());
          const ear = feed(parser, turns, cutAt);
          parser.end(0, ear);
          parser.end(1, ear);
          expect(parser.held()).toBeLessThan(200_000);
          return ear.heard;
        };
        expect(run((length) => cuts.filter((at) => at < length))).toEqual(run());
      },
    ),
    { numRuns: 100 },
  );
});

describe('sessions in the memory', () => {
  const opening = (id: string): Turn[] => [post(OPENING, OPEN.client), answer(id, OPEN.server)];
  const texts = (ear: Ear) =>
    ear.events.filter(({ kind }) => kind === 'message').map(({ account, text }) => [account, text]);

  test("an identifier is one client's: another one cannot speak in its name, nor take its session", () => {
    const memory = new Map<string, unknown>();
    const alice = flowContext({ memory });
    const eve = flowContext({ memory, clientAddress: '10.0.0.66' });
    feed(MSNP_HTTP.create(alice), opening('1.1'));
    const stolen = feed(MSNP_HTTP.create(eve), [
      post(DATA('1.1'), HI),
      answer('1.1'),
      post(OPENING, 'USR 1 eve@retro.test 1.2.3\r\n'),
      answer('1.1'),
    ]);
    expect(texts(stolen)).toEqual([[undefined, 'hi bob']]);
    const own = feed(MSNP_HTTP.create(alice), [post(DATA('1.1'), HI), answer('1.2')]);
    expect(texts(own)).toEqual([['alice@retro.test', 'hi bob']]);
  });

  test('both sides of a web proxy are two sessions', () => {
    const memory = new Map<string, unknown>();
    const inside = MSNP_HTTP.create(flowContext({ memory }));
    const outside = MSNP_HTTP.create(flowContext({ memory, clientAddress: '10.0.0.80' }));
    const ears = [new Ear(), new Ear()] as const;
    for (const turn of [...opening('1.1'), post(DATA('1.1'), HI), answer('1.2')]) {
      feed(inside, [turn], undefined, ears[0]);
      feed(outside, [turn], undefined, ears[1]);
    }
    expect(ears.map(texts)).toEqual([
      [['alice@retro.test', 'hi bob']],
      [['alice@retro.test', 'hi bob']],
    ]);
  });

  test('their number is bounded, and what each holds', () => {
    const memory = new Map<string, unknown>();
    const context = flowContext({ memory });
    const parser = MSNP_HTTP.create(context);
    for (let i = 0; i < 600; i++) feed(parser, opening(`${i}`));
    expect(memory.size).toBeLessThan(10);
    const ear = feed(MSNP_HTTP.create(context), [post(DATA('0'), HI), answer('x')]);
    expect(ear.heard[0]).toEqual({ anomaly: 'msnp-unknown-session' });
    const part = carried('MSG 5 N', plain('x'.repeat(60_000), 'Message-ID: {A}\r\nChunks: 9\r\n'));
    const more = (i: number) =>
      carried('MSG 5 N', `Message-ID: {A}\r\nChunk: ${i}\r\n\r\n${'x'.repeat(60_000)}`);
    const large = feed(MSNP_HTTP.create(context), [
      ...opening('L'),
      post(DATA('L'), part, more(1), more(2)),
    ]);
    expect(large.heard).toContainEqual({ anomaly: 'msnp-session-too-large' });
  });
});
