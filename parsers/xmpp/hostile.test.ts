import fc from 'fast-check';
import { deflate } from 'pako';
import { describe, expect, test } from 'vitest';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import { Direction, Status } from '../contract.ts';
import { MAX_STANZA } from '../framing/xml-scanner.ts';
import { XmppParser } from './parser.ts';
import { Ear, flowContext, LOGIN, OPEN, run, SIGNED_IN, single, utf8 } from './xmpp.fixture.ts';

const BOB = "from='bob@example.net/home' to='ann@example.org/desk'";
const signedIn = (...turns: string[]) => run([...LOGIN, ...turns]);
const message = (text: string) => `<message ${BOB}><body>${text}</body></message>`;
const texts = (heard: readonly Readonly<Record<string, unknown>>[]) =>
  heard.map((h) => h.text ?? h.anomaly ?? h.reason).filter((t) => t !== undefined);

describe('XML that XMPP forbids', () => {
  test('a document type is hostile: the stream is given up', () => {
    const { ear, status } = signedIn('S: <!DOCTYPE x [<!ENTITY a "b">]>');
    expect(ear.heard).toEqual([SIGNED_IN, { anomaly: 'doctype' }]);
    expect(status).toBe(Status.Lost);
    expect(run(['C: <!DOCTYPE x><stream:stream>']).status).toBe(Status.Lost);
  });

  test('comments and instructions are named and read over', () => {
    const { ear } = signedIn(`S: <message ${BOB}><body>a<!-- x > -->b<?pi ?>c</body></message>`);
    expect(texts(ear.heard)).toEqual(['comment', 'processing-instruction', 'abc']);
  });

  test('an entity nobody declared stays as it stands', () => {
    expect(texts(signedIn(`S: ${message('&bomb;&#xFFFFFFF;')}`).ear.heard)).toEqual([
      '&bomb;\ufffd',
    ]);
  });

  test('after XML that is not well formed the next stanza is read', () => {
    const { ear } = signedIn(`S: <message ${BOB}><body>1 < 2</body></message>${message('next')}`);
    expect(texts(ear.heard)).toEqual(['not-well-formed', 'next']);
    const crossed = signedIn(`S: <message ${BOB}><body>x</bodi></message>${message('next')}`);
    expect(texts(crossed.ear.heard)).toEqual(['not-well-formed', 'not-well-formed', 'next']);
  });

  test('text between stanzas is named', () => {
    const { ear } = signedIn(`S:  \n spam ${message('next')}`);
    expect(texts(ear.heard)).toEqual(['text-between-stanzas', 'next']);
  });
});

const many = (n: number, one: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => one(i)).join('');

describe('limits', () => {
  test('depth, attributes, namespaces, elements', () => {
    const rows: [string, string][] = [
      ['too-deep', `<a>`.repeat(70) + `</a>`.repeat(70)],
      ['too-many-attributes', `<a ${many(65, (i) => `a${i}='' `)}/>`],
      [
        'too-many-namespaces',
        `<a ${many(60, (i) => `xmlns:a${i}='u' `)}><a ${many(60, (i) => `xmlns:b${i}='u' `)}><a ${many(60, (i) => `xmlns:c${i}='u' `)}/></a></a>`,
      ],
      ['too-many-elements', '<a/>'.repeat(65537)],
    ];
    for (const [anomaly, payload] of rows) {
      const { ear } = signedIn(`S: <message ${BOB}>${payload}</message>${message('next')}`);
      expect(ear.heard.slice(1)).toMatchObject([
        { anomaly },
        { kind: 'app.unknown', reason: anomaly },
        { text: 'next' },
      ]);
    }
  });

  test('a stanza, and a tag, that are too long: followed to the end, not kept', () => {
    const ear = new Ear();
    const parser = new XmppParser(flowContext());
    for (const turn of LOGIN)
      parser.push(
        turn.startsWith('C') ? Direction.ToServer : Direction.ToClient,
        utf8(turn.slice(3)),
        ear,
      );
    const push = (text: string) => parser.push(Direction.ToClient, utf8(text), ear);
    push(`<message ${BOB}><body>`);
    const part = 'x'.repeat(65536);
    for (let i = 0; i < 40; i++) {
      push(part);
      expect(parser.held()).toBeLessThanOrEqual(2 * MAX_STANZA + 12_288);
    }
    expect(parser.held()).toBeLessThan(12_288);
    expect(parser.holdFrom(Direction.ToClient)).toBeGreaterThan(0);
    push(`</body></message>${message('next')}<message x='${part}`);
    push(`${part}' ${BOB}/>${message('last')}`);
    expect(texts(ear.heard)).toEqual([
      'stanza-too-long',
      'stanza-too-long',
      'next',
      'tag-too-long',
      'tag-too-long',
      'last',
    ]);
  });

  test('a big stanza in single octets costs no more than its length', () => {
    const body = 'y'.repeat(150_000);
    const began = cpuMilliseconds();
    const { ear } = run([...LOGIN, `S: ${message(body)}`], single);
    expect(texts(ear.heard)).toEqual([body]);
    expect(cpuMilliseconds() - began).toBeLessThan(5000); // quadratic would be minutes
  });
});

describe('lost octets', () => {
  test('the stanza that was open is forgotten, the next is read', () => {
    const { ear } = signedIn(
      `S: <message ${BOB}><body>lost`,
      'S: GAP 100',
      `S: tail</body></message>${message('next')}`,
    );
    expect(texts(ear.heard)).toEqual(['next']);
  });

  test('a stanza inside another is not taken for one of its own', () => {
    const { ear } = signedIn(
      'S: GAP 100',
      `S: <message xmlns='jabber:client' from='ann@example.org/phone' to='bob@example.net'><body>carbon</body></message></forwarded></sent></message>${message('next')}`,
    );
    expect(texts(ear.heard)).toEqual(['next']);
  });

  test('offsets count what was lost', () => {
    const { ear } = run([...LOGIN, 'S: GAP 1000', `S: ${message('next')}`]);
    const before = LOGIN.filter((t) => t.startsWith('S')).reduce((n, t) => n + t.length - 3, 0);
    expect(ear.units.at(-1)?.start).toBe(before + 1000);
  });

  test('a new root is found after a gap', () => {
    const { ear } = run([...OPEN, 'S: GAP 10', ...OPEN, ...LOGIN.slice(2)]);
    expect(ear.heard).toEqual([SIGNED_IN]);
  });
});

test('picked up in the middle: whom the server writes to is who is signed in', () => {
  const { ear } = run(
    [`S: ${message('hi')}`, "C: <message to='bob@example.net'><body>yo</body></message>"],
    single,
    flowContext({ midstream: true }),
  );
  expect(ear.heard).toMatchObject([
    { text: 'hi', account: 'ann@example.org' },
    { text: 'yo', account: 'ann@example.org', from: 'ann@example.org', fromResource: 'desk' },
  ]);
});

test('picked up in the middle: a server that writes to two people speaks to a server', () => {
  const to = (who: string) =>
    `S: <message from='b@c' to='${who}@example.org'><body>x</body></message>`;
  const { ear } = run([to('ann'), to('carl'), to('ann')], single, flowContext({ midstream: true }));
  expect(ear.heard.map((h) => h.account)).toEqual(['ann@example.org', undefined, undefined]);
});

test('names given without measure are not taken', () => {
  const sasl = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";
  const digest = btoa(`username="${'a'.repeat(900_000)}",realm="x"`);
  const { ear, parser } = run([
    `C: <stream:stream to='${'d'.repeat(5000)}' version='${'1'.repeat(5000)}' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`,
    `C: <auth ${sasl} mechanism='DIGEST-MD5'>${digest}</auth>`,
    `S: ${(OPEN[1] ?? '').slice(3)}<success ${sasl}/>`,
  ]);
  expect(ear.heard).toEqual([]);
  expect(parser.held()).toBeLessThan(12_288);
});

test('units say where the stanza is, and the text where it stands verbatim', () => {
  const whole = message('häß');
  const { ear } = run([...LOGIN, `S: ${whole}  ${message('a&amp;b')}`], single);
  const [plain, escaped] = ear.units.slice(-2);
  const start = LOGIN.filter((t) => t.startsWith('S')).reduce((n, t) => n + t.length - 3, 0);
  const text = utf8(whole.slice(0, whole.indexOf('häß'))).length;
  expect(plain).toEqual({
    direction: Direction.ToClient,
    start,
    end: start + utf8(whole).length,
    textStart: start + text,
    textEnd: start + text + 5,
    head: 0,
    form: 0,
  });
  expect(escaped).toMatchObject({ start: start + utf8(whole).length + 2, textStart: -1 });
});

test('what may be forwarded ends where a stanza is open', () => {
  const ear = new Ear();
  const parser = new XmppParser(flowContext());
  const open = (OPEN[0] ?? '').slice(3);
  parser.push(Direction.ToServer, utf8(open), ear);
  expect(parser.holdFrom(Direction.ToServer)).toBe(-1);
  parser.push(Direction.ToServer, utf8(' <message'), ear);
  expect(parser.holdFrom(Direction.ToServer)).toBe(open.length + 1);
  parser.push(Direction.ToServer, utf8('/> '), ear);
  expect(parser.holdFrom(Direction.ToServer)).toBe(-1);
});

describe('compression (XEP-0138)', () => {
  const COMPRESS = 'http://jabber.org/protocol/compress';
  const agree = [
    `C: <compress xmlns='${COMPRESS}'><method>zlib</method></compress>`,
    `S: <compressed xmlns='${COMPRESS}'/>`,
  ];
  const feed = (parser: XmppParser, ear: Ear, turns: readonly string[]) => {
    for (const turn of turns)
      parser.push(
        turn.startsWith('C') ? Direction.ToServer : Direction.ToClient,
        utf8(turn.slice(3)),
        ear,
      );
  };

  test('stanzas are read as each sync flush brings them, however cut', () => {
    const text = (OPEN[1] ?? '').slice(3) + message('hi') + message('again');
    const packed = deflate(utf8(text));
    for (const size of [1, 7, packed.length]) {
      const ear = new Ear();
      const parser = new XmppParser(flowContext());
      feed(parser, ear, [...LOGIN, ...agree]);
      for (let i = 0; i < packed.length; i += size)
        expect(parser.push(Direction.ToClient, packed.slice(i, i + size), ear)).toBe(Status.More);
      expect(texts(ear.heard)).toEqual(['hi', 'again']);
      expect(ear.units.at(-1)).toMatchObject({ start: -1, end: -1, textStart: -1 });
    }
  });

  test('a bomb, and what is no zlib, end the reading', () => {
    for (const [octets, anomaly] of [
      [deflate(new Uint8Array(4 << 20)), 'compression-bomb'],
      [utf8('<message/>'), 'compression-broken'],
    ] as const) {
      const ear = new Ear();
      const parser = new XmppParser(flowContext());
      feed(parser, ear, [...LOGIN, ...agree]);
      expect(parser.push(Direction.ToClient, octets, ear)).toBe(Status.Lost);
      expect(ear.heard).toContainEqual({ anomaly });
    }
  });

  test('few octets that make many stanzas are a bomb before the octets are', () => {
    const ear = new Ear();
    const parser = new XmppParser(flowContext());
    feed(parser, ear, [...LOGIN, ...agree]);
    const packed = deflate(utf8((OPEN[1] ?? '').slice(3) + '<a/>'.repeat(200_000)));
    expect(packed.length).toBeLessThan(2000);
    expect(parser.push(Direction.ToClient, packed, ear)).toBe(Status.Lost);
    expect(ear.heard.at(-1)).toEqual({ anomaly: 'compression-bomb' });
    expect(ear.heard.length).toBeLessThan(17_000);
  });

  test('a storm of presences and a long roster are none', () => {
    const ear = new Ear();
    const parser = new XmppParser(flowContext());
    feed(parser, ear, [...LOGIN, ...agree]);
    const roster = many(
      20_000,
      (i) =>
        `<item jid='user${(i * 7919) % 20_000}@example.org' subscription='both'><group>Staff</group></item>`,
    );
    const text = `${(OPEN[1] ?? '').slice(3)}<iq type='result' id='r'><query xmlns='jabber:iq:roster'>${roster}</query></iq>${many(
      20_000,
      (i) =>
        `<presence from='user${(i * 7919) % 20_000}@example.org/x' to='ann@example.org/desk'><show>away</show><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/><priority>5</priority></presence>`,
    )}`;
    expect(parser.push(Direction.ToClient, deflate(utf8(text)), ear)).toBe(Status.More);
    expect(ear.heard.filter((h) => h.kind === 'presence')).toHaveLength(20_000);
  });

  test('another method is opaque', () => {
    const [ask = '', answer = ''] = agree;
    const { ear, status } = run([...LOGIN, ask.replace('zlib', 'lzw'), answer]);
    expect(ear.heard.at(-1)).toEqual({ handOver: 'compressed', reason: 'compression lzw' });
    expect(status).toBe(Status.HandOver);
  });
});

describe('anything at all', () => {
  const session = [
    ...LOGIN,
    `S: ${message('hi')}`,
    "C: <presence to='r@s/n'><x xmlns='http://jabber.org/protocol/muc'/></presence>",
    `S: <iq type='set' id='1' ${BOB}><jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s'><content name='a'><description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>n</name></file></description></content></jingle></iq>`,
  ];

  test('mutated streams never throw and stay bounded', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { maxLength: 12 }),
        fc.integer({ min: 1, max: 400 }),
        fc.boolean(),
        (changes, size, midstream) => {
          const ear = new Ear();
          const parser = new XmppParser(flowContext({ midstream }));
          let at = 0;
          for (const turn of session) {
            const octets = utf8(turn.slice(3));
            for (const [where, value] of changes)
              if (where >= at && where < at + octets.length) octets[where - at] = value;
            at += octets.length;
            const direction = turn.startsWith('C') ? Direction.ToServer : Direction.ToClient;
            for (let i = 0; i < octets.length; i += size)
              parser.push(direction, octets.slice(i, i + size), ear);
          }
          expect(parser.held()).toBeLessThan(64 << 10);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('every prefix of a session is quiet or says what it must', () => {
    const whole = run(session).ear.heard;
    for (let n = 0; n < session.length; n++) {
      const { heard } = run(session.slice(0, n)).ear;
      expect(heard).toEqual(whole.slice(0, heard.length));
    }
  });
});
