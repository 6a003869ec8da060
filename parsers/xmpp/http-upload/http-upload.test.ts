/** Files of XMPP over HTTP: from the stream that tells of them to the last octet. */
import fc from 'fast-check';
import { gzip } from 'pako';
import { describe, expect, test } from 'vitest';
import {
  client,
  cut,
  describeRows,
  Ear,
  feed,
  flowContext,
  octets,
  replaced,
  server,
} from '../../../test/support/parser-harness.ts';
import { Direction, Status } from '../../contract.ts';
import { XMPP } from '../definition.ts';
import { HTTP_UPLOAD } from './definition.ts';
import {
  answer,
  CARRIED,
  CONTENT,
  EVASIONS,
  EXPECTED,
  following,
  get,
  LINK,
  link,
  put,
  SLOT,
  STRANGERS,
  told,
} from './http-upload.fixture.ts';

const { ToServer, ToClient } = Direction;
const kinds = (ear: Ear) => ear.events.map(({ kind }) => kind);
const GET = get('/docs/a.txt?v=1');
const opened = (turns: readonly string[]) => HTTP_UPLOAD.create(flowContext(following(turns)));

describe('files that were told', () => describeRows(HTTP_UPLOAD, CARRIED));
describe('made to be missed', () => describeRows(HTTP_UPLOAD, EVASIONS));
describe('connections of others', () => describeRows(HTTP_UPLOAD, STRANGERS));

test('events name the service and protocol, and no secret', () => {
  const ear = feed(opened(SLOT), [client(put(CONTENT)), server(answer(201))]);
  for (const event of ear.events) {
    expect(event).toMatchObject({ service: 'xmpp', protocol: 'http-upload' });
    expect(JSON.stringify(event)).not.toContain('s3cret');
  }
});

test('what streams and files remember of each other is one family’s', () => {
  expect(HTTP_UPLOAD.family).toBe(XMPP.family ?? XMPP.name);
});

describe('connections of others are handed on whole', () => {
  test.each([1, 3, 5, 40])('in pieces of %i', (size) => {
    const wire = octets(get('/docs/b.txt?v=1', 'X: y\r\n'));
    const parser = opened([LINK]);
    const ear = new Ear();
    let status: Status = Status.More;
    let fed = 0;
    const edges = Array.from({ length: Math.ceil(wire.length / size) }, (_, i) => i * size);
    for (const piece of cut(wire, edges)) {
      if (status !== Status.More) break;
      status = parser.push(ToServer, piece, ear);
      fed += piece.length;
    }
    expect(status).toBe(Status.HandOver);
    expect(ear.handedOver[0]).toEqual(wire.subarray(0, fed));
    expect(ear.events).toEqual([]);
  });

  test('with what the client had begun, where the server speaks before it is done', () => {
    const ear = feed(opened([LINK]), [client('GET /docs/a'), server('* hello\r\n')]);
    expect(ear.handedOver).toEqual([octets('GET /docs/a'), octets('* hello\r\n')]);
  });

  test('where octets are missing before its first request', () => {
    const parser = opened([LINK]);
    const ear = feed(parser, [client('GET /do')]);
    expect(parser.gap(ToServer, 3, ear)).toBe(Status.HandOver);
    expect(ear.handedOver[0]).toEqual(octets('GET /do'));
  });

  test('a head without end', () => {
    const ear = feed(opened([LINK]), [client(`GET /${'a'.repeat(20_000)}`)]);
    expect(ear.heard).toEqual([
      { anomaly: 'http-head-too-long' },
      { handOver: '*', reason: 'HTTP' },
    ]);
    expect(ear.handedOver[0]?.length).toBe(20_005);
  });

  test('the next is looked at again at once, though not for ever', () => {
    const { memory } = told([LINK]);
    const context = flowContext({ ...following([]), memory });
    const stranger = () => feed(HTTP_UPLOAD.create(context), [client('GET /x')]).expected.length;
    const again = Array.from({ length: 100 }, stranger);
    expect(again.reduce((sum, n) => sum + n, 0)).toBe(64);
    // One that is for a file opens the way for others.
    feed(HTTP_UPLOAD.create(context), [client(GET)]);
    expect(stranger()).toBe(1);
  });
});

describe('the connection is announced', () => {
  const places = (turns: readonly string[], changes = {}) =>
    told(turns, changes).expected.map(({ protocol, address, port, offer }) => [
      protocol,
      address,
      port,
      offer.senderListens,
    ]);
  const slotOf = (host: string) => SLOT.map((turn) => turn.replaceAll('up.example.org:5280', host));
  const message = (inner: string) =>
    `S: <message from='bob@example.net/home' to='ann@example.org/desk'>${inner}</message>`;

  test.each([
    ['a slot', SLOT, '10.0.0.2', 5280, [false, true]],
    ['by number', slotOf('192.0.2.9'), '192.0.2.9', 80, [false, true]],
    ['IPv6', slotOf('[2001:DB8:0::9]:81'), '2001:db8::9', 81, [false, true]],
    ['a number as browsers read it', slotOf('0x0a000009'), '10.0.0.9', 80, [false, true]],
    ['a link in a message', [LINK], '10.0.0.2', 5280, [true]],
    [
      'a link in an iq',
      [
        "S: <iq type='set' id='o' from='bob@example.net/home'><query xmlns='jabber:iq:oob'><url>http://192.0.2.9/f</url></query></iq>",
      ],
      '192.0.2.9',
      80,
      [true],
    ],
    [
      'stateless sharing',
      [
        message(
          "<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'><name>f</name></file><sources><url-data xmlns='http://jabber.org/protocol/url-data' target='http://192.0.2.9/f'/></sources></file-sharing>",
        ),
      ],
      '192.0.2.9',
      80,
      [true],
    ],
    [
      'a media reference',
      [
        message(
          "<reference xmlns='urn:xmpp:reference:0' type='data'><media-sharing xmlns='urn:xmpp:sims:1'><file xmlns='urn:xmpp:jingle:apps:file-transfer:5'><name>f</name></file><sources><reference xmlns='urn:xmpp:reference:0' type='data' uri='http://192.0.2.9/f'/></sources></media-sharing></reference>",
        ),
      ],
      '192.0.2.9',
      80,
      [true],
    ],
  ] as const)('%s', (_, turns, address, port, listens) => {
    expect(places(turns)).toEqual(listens.map((sender) => ['http-upload', address, port, sender]));
  });

  test.each([
    ['https', 'https://192.0.2.9/f'],
    ['another scheme', 'ftp://192.0.2.9/f'],
    ['no URL', 'http://'],
    ['a port that is none', 'http://192.0.2.9:99999/f'],
    ['a path alone', '/docs/a.txt'],
    ['a URL too long to keep', `http://192.0.2.9/${'f'.repeat(2048)}`],
  ])('%s is not', (_, url) => {
    expect(places([link(url)])).toEqual([]);
  });

  test('a slot of https whose file is fetched by http, and the other way about', () => {
    const [ask = '', grant = ''] = SLOT;
    const half = (word: string) => [
      ask,
      grant.replace(`<${word} url='http:`, `<${word} url='https:`),
    ];
    expect(places(half('put')).map(([, , , sender]) => sender)).toEqual([true]);
    expect(places(half('get')).map(([, , , sender]) => sender)).toEqual([false]);
  });

  test('without a server, at whoever told it; its reader is the other one', () => {
    const NS = "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'";
    const memory = new Map<string, unknown>();
    const parser = XMPP.create(flowContext({ memory, serverPort: 5298 }));
    const { expected } = feed(parser, [
      client(`<stream:stream ${NS} from='ann@mill' to='bob@moor' version='1.0'>`),
      server(`<stream:stream ${NS} from='bob@moor' to='ann@mill' version='1.0'>`),
      client(
        "<message to='bob@moor'><x xmlns='jabber:x:oob'><url>http://mill.local:5297/f</url></x></message>",
      ),
      server("<message><x xmlns='jabber:x:oob'><url>http://moor.local:5297/g</url></x></message>"),
    ]);
    expect(expected.map(({ address }) => address)).toEqual(['10.0.0.1', '10.0.0.2']);
    const flow = flowContext({
      memory,
      clientAddress: '10.0.0.2',
      serverAddress: '10.0.0.1',
      serverPort: 5297,
      expected: expected[0],
    });
    const ear = feed(HTTP_UPLOAD.create(flow), [client(get('/f')), server(answer(200, CONTENT))]);
    expect(ear.heard.at(-1)).toMatchObject({
      kind: 'file.complete',
      account: 'bob@moor',
      from: 'ann@mill',
      to: ['bob@moor'],
    });
    expect(ear.events[0]?.service).toBe('bonjour');
  });
});

test.each([
  ['fetched', [LINK], GET, 302, 'http://192.0.2.9/g', '192.0.2.9', 80, get('/g')],
  [
    'brought',
    SLOT,
    put(CONTENT),
    308,
    '//up.example.org/g',
    '10.0.0.2',
    80,
    put(CONTENT, '', '/g'),
  ],
] as const)(
  'what is %s elsewhere than was told is announced there',
  (_, turns, ask, status, to, address, port, next) => {
    const context = flowContext({ ...following(turns), memory: told(turns).memory });
    const moved = answer(status, '', `Location: ${to}\r\n`);
    const ear = feed(HTTP_UPLOAD.create(context), [client(ask), server(moved)]);
    const expected = ear.expected.at(-1);
    expect(expected).toMatchObject({ protocol: 'http-upload', address, port });
    const flow = { ...context, expected, serverAddress: address, serverPort: port };
    const there = feed(HTTP_UPLOAD.create(flow), [client(next), server(answer(200, CONTENT))]);
    expect(there.heard.at(-1)).toMatchObject({ kind: 'file.complete', file: { size: 12 } });
  },
);

test.each(['https://192.0.2.9/g', 'http://', ''])('moved to %j: nothing is announced', (to) => {
  const moved = answer(302, '', `Location: ${to}\r\n`);
  const ear = feed(opened([LINK]), [client(GET), server(moved)]);
  const others = ear.expected.filter(({ port }) => port !== EXPECTED.port);
  expect(others).toEqual([]);
});

describe('who fetches it', () => {
  const fetchedBy = (streams: readonly (readonly string[])[], clientAddress: string) => {
    const memory = new Map<string, unknown>();
    const login = (turns: readonly string[], n: number) => {
      const named = turns.map((turn) => turn.replaceAll('ann@', `ann${n || ''}@`));
      return named;
    };
    streams.forEach((turns, n) => {
      const parser = XMPP.create(
        flowContext({ memory, clientAddress: n === 0 ? '10.0.0.1' : '10.0.0.3' }),
      );
      const NS = "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'";
      const root = `<stream:stream ${NS} from='example.org' to='example.org' version='1.0'>`;
      feed(parser, [
        client(root),
        server(root),
        ...login(turns, n).map((turn) => (turn.startsWith('C') ? client : server)(turn.slice(3))),
      ]);
    });
    const flow = flowContext({ ...following([]), memory, clientAddress });
    const ear = feed(HTTP_UPLOAD.create(flow), [client(GET), server(answer(200, CONTENT))]);
    const { account, from, to } = ear.events.at(-1) ?? {};
    return { account, from, to };
  };

  test('each occupant is told apart by the address of its stream', () => {
    const from = 'bob@example.net';
    expect(fetchedBy([[LINK], [LINK]], '10.0.0.1')).toEqual({
      account: 'ann@example.org',
      from,
      to: ['ann@example.org'],
    });
    expect(fetchedBy([[LINK], [LINK]], '10.0.0.3')).toEqual({
      account: 'ann1@example.org',
      from,
      to: ['ann1@example.org'],
    });
  });

  test('a link that another device of the account sent is its own', () => {
    const url = 'http://up.example.org:5280/docs/a.txt?v=1';
    const carbon = `S: <message from='ann@example.org' to='ann@example.org/desk'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='ann@example.org/phone' to='bob@example.net'><x xmlns='jabber:x:oob'><url>${url}</url></x></message></forwarded></sent></message>`;
    const flow = flowContext(following([carbon]));
    const ear = feed(HTTP_UPLOAD.create(flow), [client(GET), server(answer(200, CONTENT))]);
    const own = 'ann@example.org';
    expect(ear.events.at(-1)).toMatchObject({ account: own, from: own, to: [own] });
  });

  test('two accounts at one address: neither is guessed', () => {
    const found = fetchedBy([[], [LINK], [LINK]], '10.0.0.3');
    expect(found).toEqual({ account: undefined, from: 'bob@example.net', to: undefined });
  });
});

describe('a connection that ends early, or is not seen whole', () => {
  const ends = (parser: ReturnType<typeof opened>, ear: Ear) => {
    parser.end(ToClient, ear);
    parser.end(ToServer, ear);
    return ear;
  };

  test.each([
    ['brought', SLOT, [client(put(CONTENT).slice(0, -3))], 'incomplete', 9],
    ['fetched', [LINK], [client(GET), server(answer(200, CONTENT).slice(0, -3))], 'incomplete', 9],
    ['never answered', [LINK], [client(GET)], 'no answer', 0],
    ['answered in part', [LINK], [client(GET), server('HTTP/1.1 200 O')], 'no answer', 0],
    ['upgraded', [LINK], [client(GET), server('HTTP/1.1 101 Other\r\n\r\n\x81')], 'status 101', 0],
  ] as const)('%s', (_, turns, wire, reason, size) => {
    const parser = opened(turns);
    const ear = ends(parser, feed(parser, wire));
    expect(kinds(ear)).toEqual(['file.start', 'file.cancel']);
    expect(ear.heard.at(-1)).toMatchObject({ reason, file: { size } });
  });

  test('without a length it lasts to the end', () => {
    const parser = opened([LINK]);
    const ear = feed(parser, [client(GET), server(`HTTP/1.0 200 OK\r\n\r\n${CONTENT}`)]);
    expect(kinds(ear)).toEqual(['file.start']);
    expect(kinds(ends(parser, ear))).toEqual(['file.start', 'file.complete']);
    expect(ear.heard.at(-1)).toMatchObject({ file: { size: 12 } });
  });

  test.each([
    ['brought', SLOT, [client(put(CONTENT).slice(0, -6))], ToServer],
    ['fetched', [LINK], [client(GET), server(answer(200, CONTENT).slice(0, -6))], ToClient],
  ] as const)(
    'a hole in what is %s: complete, without a digest, and no original',
    (_, turns, wire, way) => {
      const parser = opened(turns);
      const ear = feed(parser, wire);
      parser.gap(way, 3, ear);
      parser.push(way, octets('tes'), ear);
      expect(ear.heard.at(-1)).toMatchObject({ kind: 'file.complete', reason: 'gap' });
      expect(ear.events.at(-1)?.file).toMatchObject({ size: 12, sha256: undefined });
    },
  );

  test('the beginning of the answer is missing', () => {
    const parser = opened([LINK]);
    const ear = feed(parser, [client(GET)]);
    parser.gap(ToClient, 40, ear);
    expect(ear.heard.at(-1)).toMatchObject({ kind: 'file.cancel', reason: 'gap' });
    expect(ends(parser, ear).heard).toHaveLength(2);
  });
});

describe('what a refusal does', () => {
  test.each([
    ['brought', SLOT, put(CONTENT)],
    ['fetched', [LINK], GET],
  ])('what is %s is answered with 403 and does not go on', (_, turns, wire) => {
    const [first] = replaced(
      HTTP_UPLOAD,
      [client(wire)],
      ({ kind }) => kind === 'file.start',
      'no files',
      following(turns),
    );
    const back = octets('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    expect(first?.replacement).toEqual({ forward: new Uint8Array(0), back });
    expect(first?.unit).toMatchObject({ start: 0, end: -1, form: -1 });
  });

  test('nothing fits a file that has passed', () => {
    const [first] = replaced(
      HTTP_UPLOAD,
      [client(put(CONTENT))],
      ({ kind }) => kind === 'file.complete',
      undefined,
      following(SLOT),
    );
    expect(first?.replacement).toBeUndefined();
  });

  test('a request is held back until it is known whose it is, content is not', () => {
    const wire = octets(put(CONTENT));
    const parser = opened(SLOT);
    const ear = new Ear();
    parser.push(ToServer, wire.subarray(0, 20), ear);
    expect(parser.holdFrom(ToServer)).toBe(0);
    parser.push(ToServer, wire.subarray(20, -4), ear);
    expect(parser.holdFrom(ToServer)).toBe(-1);
  });
});

describe('hostile input', () => {
  const rows = [...CARRIED, ...EVASIONS];

  test('mutated and cut anywhere: no throw, the same events, bounds kept', () => {
    const mutation = fc.record({ at: fc.nat(400), octet: fc.nat(255) });
    fc.assert(
      fc.property(
        fc.nat(rows.length - 1),
        fc.array(mutation, { maxLength: 4 }),
        fc.array(fc.nat(400), { maxLength: 5 }),
        (n, mutations, cuts) => {
          const row = rows[n];
          if (row === undefined) return;
          const turns = row.turns.map(({ direction, wire }) => {
            const changed = wire.slice();
            for (const { at, octet } of mutations) if (at < changed.length) changed[at] = octet;
            return { direction, wire: changed };
          });
          const said = (at: (length: number) => number[]) => {
            const parser = HTTP_UPLOAD.create(flowContext(row.context));
            const { heard } = feed(parser, turns, at);
            expect(parser.held()).toBeLessThan(1 << 18);
            return heard;
          };
          const pieces = (length: number) =>
            [...new Set(cuts)].filter((at) => at > 0 && at < length);
          expect(said(pieces)).toEqual(said(() => []));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('requests without answers, and without end', () => {
    const parser = opened([LINK]);
    const ear = new Ear();
    for (let i = 0; i < 1000; i++) parser.push(ToServer, octets(GET), ear);
    expect(kinds(ear).filter((kind) => kind === 'file.start')).toHaveLength(64);
    expect(parser.held()).toBeLessThan(1 << 17);
    parser.end(ToClient, ear);
    expect(kinds(ear).filter((kind) => kind === 'file.cancel')).toHaveLength(64);
  });

  test('more is brought on one connection than is waited for: all of it is read', () => {
    const turns = Array.from({ length: 80 }, () => [client(put(CONTENT)), server(answer(201))]);
    const parser = opened(SLOT);
    const ear = feed(parser, turns.flat());
    expect(kinds(ear).filter((kind) => kind === 'file.complete')).toHaveLength(80);
    expect(parser.held()).toBeLessThan(8192);
  });

  test('a bomb is not inflated to its end', () => {
    const parser = opened([LINK]);
    const ear = feed(parser, [client(GET)]);
    const zeros = String.fromCharCode(...gzip(new Uint8Array(8 << 20)));
    feed(
      parser,
      [server(answer(200, zeros, 'Content-Encoding: gzip\r\n'))],
      (length) => [length >> 1],
      ear,
    );
    expect(ear.heard.at(-1)).toMatchObject({ kind: 'file.complete', reason: 'encoded' });
    expect(ear.events.at(-1)?.file?.size).toBeLessThan(3 << 20);
    expect(ear.events.at(-1)?.file?.sha256).toBeUndefined();
  });

  test('one link told over and over is a few entries, and names are cut', () => {
    const urls = Array.from({ length: 300 }, (_, i) => link('http://192.0.2.9/f', `b${i}@e/h`));
    const { memory } = told(urls);
    expect([...memory.keys()].filter((key) => key.startsWith('get '))).toHaveLength(1);
    const [file] = [...memory].filter(([key]) => key.startsWith('get ')).map(([, v]) => v);
    expect(file).toHaveProperty('told.length', 16);
    const again = [link('http://192.0.2.9/f', 'carol@e/h'), ...Array(300).fill(urls[0] ?? '')];
    const [both] = [...told(again).memory]
      .filter(([key]) => key.startsWith('get '))
      .map(([, v]) => v);
    expect(both).toHaveProperty('told.length', 2);
    const long = told([link(`http://192.0.2.9/${'n'.repeat(900)}`)]).memory;
    expect(JSON.stringify([...long.values()]).length).toBeLessThan(2000);
    expect(told([link('http://192.0.2.9/f', `${'b'.repeat(2500)}@e/h`)]).expected).toEqual([]);
  });
});

test('the announcement is kept with the connection it was for', () => {
  const ear = feed(opened([LINK]), [client(GET)]);
  expect(ear.expected.every((expected) => expected === EXPECTED)).toBe(true);
  expect(ear.expected.length).toBeGreaterThan(0);
});
