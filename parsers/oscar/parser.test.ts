import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  client,
  Ear,
  feed,
  flowContext,
  hex,
  joined,
  octets,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { Direction, Status } from '../contract.ts';
import { OSCAR } from './definition.ts';
import { EVASIONS } from './evasions.fixture.ts';
import { ICQ } from './icq.fixture.ts';
import { LISTS, ROOMS } from './lists.fixture.ts';
import { MESSAGES, OPENING } from './messages.fixture.ts';
import {
  COOKIE,
  flap,
  HELLO,
  item,
  name,
  PAGER,
  piece,
  received,
  rendezvous,
  roomWords,
  SELF,
  SHOW_COOKIE,
  sent,
  snac,
  tlv,
  user,
  words,
} from './oscar.fixture.ts';
import { ASTRAY_LIMIT } from './oscar-limits.ts';
import { SESSIONS } from './sessions.fixture.ts';

const text = (written: string) => words(piece('0000', octets(written)));
const { ToServer, ToClient } = Direction;
const parser = (changes = {}) => OSCAR.create(flowContext(changes));
const texts = (ear: Ear) => ear.heard.map((heard) => heard.text ?? heard.anomaly ?? heard.kind);

test('units are frames; the text is where it stands, also inside markup', () => {
  const wire = joined(
    sent('bob', text('plain')),
    sent('bob', text('<B>bold</B>')),
    sent('bob', text('a&amp;b')),
    sent('bob', words(piece('0000', "'<b>'", octets('\u0416\u20ac\u{1f600}'), "'</b>'"))),
    sent('bob', words(piece('0003', "'<b>' e9 '</b>'"))),
    sent('bob', words(piece('0002', '0068 0069'))),
    sent('bob', words(piece('0000', "'a'"), piece('0000', "'b'"))),
    snac('000e/0005', "'12345678' 0003", tlv(1), roomWords('us-ascii', "'<i>den</i>'")),
  );
  const ear = feed(parser(), [{ direction: ToServer, wire }]);
  let at = 0;
  const shown = ear.units.map(({ start, end, textStart, textEnd, head, form }) => {
    expect([start, head, form]).toEqual([at, 6, 0]);
    at = end;
    return textStart === -1 ? '-' : new TextDecoder().decode(wire.subarray(textStart, textEnd));
  });
  expect(at).toBe(wire.length);
  expect(shown).toEqual(['plain', 'bold', '-', 'Ж€😀', '-', '-', '-', 'den']);
});

test('the watermark is the start of the unfinished frame', () => {
  const oscar = parser();
  const ear = new Ear();
  const wire = joined(HELLO, sent('bob', text('hi')));
  oscar.push(ToServer, wire.slice(0, 12), ear);
  expect(oscar.holdFrom(ToServer)).toBe(10);
  expect(oscar.holdFrom(ToClient)).toBe(-1);
  oscar.push(ToServer, wire.slice(12), ear);
  expect(oscar.holdFrom(ToServer)).toBe(-1);
});

describe('the cookie tells the account on the next connection', () => {
  const memory = new Map<string, unknown>();
  const granted = snac('0017/0003', tlv(1, "'Ann Other'"), tlv(6, COOKIE));

  test('from signing in to the pager, which says no second sign-in', () => {
    const auth = feed(parser({ memory }), [client(HELLO), server(granted)]);
    expect(texts(auth)).toEqual(['session.login']);
    const pager = feed(parser({ memory }), [
      client(SHOW_COOKIE),
      server(PAGER),
      client(sent('bob', text('hi'))),
      server(SELF),
    ]);
    expect(pager.heard).toEqual([
      expect.objectContaining({ kind: 'message', account: 'annother', from: 'annother' }),
    ]);
  });

  test('from the pager to a room', () => {
    const ask = snac('0001/0004', '000e', tlv(1, '0004', name('4-0-Den'), '0000'));
    const grant = snac('0001/0005', tlv(0x0d, '000e'), tlv(5, "'10.0.0.2'"), tlv(6, "'den'"));
    feed(parser({ memory }), [client(SHOW_COOKIE), server(PAGER), client(ask), server(grant)]);
    const room = feed(parser({ memory }), [
      client(flap(1, '00000001', tlv(6, "'den'"))),
      server(snac('0001/0003', '0001 000e'), snac('000e/0003', user('Ann Other'), user('bob'))),
      client(snac('000e/0005', "'12345678' 0003", tlv(1), roomWords('us-ascii', "'hi'"))),
    ]);
    expect(
      room.heard.map(({ kind, account, from, room: where, state }) => [
        kind,
        account,
        from,
        where,
        state,
      ]),
    ).toEqual([
      ['room.join', 'annother', 'annother', 'Den', undefined],
      ['room.join', 'annother', 'bob', 'Den', 'present'],
      ['message', 'annother', 'annother', 'Den', undefined],
    ]);
  });

  test('what is kept is no cookie', () => {
    expect(JSON.stringify([...memory])).not.toContain('a cookie');
    expect([...memory.keys()]).toHaveLength(2);
  });

  test('also where the sign-on frame has another version', () => {
    const ear = feed(parser({ memory }), [client(flap(1, '00000002', tlv(6, COOKIE)))]);
    expect(ear.heard).toMatchObject([{ reason: 'FLAP version 2' }]);
    const pager = feed(parser({ memory }), [
      client(flap(1, '00000002', tlv(6, COOKIE)), sent('bob', text('hi'))),
    ]);
    expect(pager.heard.at(-1)).toMatchObject({ kind: 'message', account: 'annother' });
  });

  test('a cookie that was given to another account is named', () => {
    const ear = feed(parser({ memory }), [
      client(SHOW_COOKIE),
      server(PAGER, snac('0001/000f', user('eve'))),
      client(sent('bob', text('hi'))),
    ]);
    expect(ear.heard).toEqual([
      { anomaly: 'oscar-other-account' },
      expect.objectContaining({ kind: 'message', account: 'eve', from: 'eve' }),
    ]);
  });
});

test('a connection that ends is the end of the session, and of the visit in a room', () => {
  const pager = parser();
  const ear = feed(pager, OPENING);
  pager.end(ToClient, ear);
  pager.end(ToServer, ear);
  expect(ear.heard.slice(1)).toEqual([
    { kind: 'session.logout', origin: 'server', account: 'annother', from: 'annother' },
  ]);
  const room = parser();
  const den = feed(room, [
    client(SHOW_COOKIE),
    server(SELF, snac('000e/0002', '0004', name('4-0-Den')), snac('000e/0003', user('Ann Other'))),
  ]);
  room.end(ToServer, den);
  room.end(ToClient, den);
  expect(den.heard.slice(1)).toEqual([
    { kind: 'room.leave', origin: 'client', account: 'annother', from: 'annother', room: 'Den' },
  ]);
});

describe('a gap', () => {
  test('costs the frame it hits, and only in its direction', () => {
    const oscar = parser();
    const ear = feed(oscar, OPENING);
    const wire = joined(sent('bob', text('lost')), sent('bob', text('kept')));
    const answer = received('bob', text('whole'));
    oscar.push(ToClient, answer.slice(0, 20), ear);
    oscar.push(ToServer, wire.slice(0, 30), ear);
    oscar.gap(ToServer, 4, ear);
    oscar.push(ToServer, wire.slice(34), ear);
    oscar.push(ToClient, answer.slice(20), ear);
    expect(texts(ear).slice(1)).toEqual(['kept', 'whole']);
  });

  test('between frames: the next one is found, whatever stands before it', () => {
    const oscar = parser();
    const ear = feed(oscar, OPENING);
    oscar.gap(ToServer, 100, ear);
    const rest = joined(hex("'rest *' 2a02 'of a' 2a05"), sent('bob', text('found')));
    for (const octet of rest) oscar.push(ToServer, Uint8Array.of(octet), ear);
    expect(texts(ear).slice(1)).toEqual(['found']);
    expect(ear.units.at(-1)?.start).toBe(
      100 + SHOW_COOKIE.length + rest.length - sent('bob', text('found')).length,
    );
  });
});

test('octets that are no frame are named once; too many of them end the reading', () => {
  const oscar = parser();
  const ear = feed(oscar, OPENING);
  expect(oscar.push(ToServer, octets('x'.repeat(1000)), ear)).toBe(Status.More);
  expect(texts(ear).slice(1)).toEqual(['flap-framing-lost']);
  expect(oscar.push(ToServer, new Uint8Array(ASTRAY_LIMIT), ear)).toBe(Status.Lost);
  expect(oscar.push(ToServer, sent('bob', text('hi')), ear)).toBe(Status.Lost);
  expect(texts(ear).slice(1)).toEqual(['flap-framing-lost']);
});

test('picked up in the middle: no sign-in is invented, the account is learned', () => {
  const ear = feed(parser({ midstream: true }), [
    { direction: ToClient, wire: octets('end of a frame') },
    client(sent('bob', text('one'))),
    server(SELF),
    client(sent('bob', text('two'))),
    client(snac('0003/0004', name('carl'))),
  ]);
  expect(ear.heard.map(({ kind, account }) => [kind, account])).toEqual([
    ['message', undefined],
    ['message', 'annother'],
    ['contact.add', 'annother'],
  ]);
});

test('the service is that of the account, else of the other party', () => {
  const ear = new Ear(['service']);
  const oscar = parser({ midstream: true });
  feed(oscar, [client(sent('200002', text('a')), sent('bob', text('b')))], undefined, ear);
  feed(oscar, [server(SELF), client(sent('200002', text('c')))], undefined, ear);
  expect(ear.heard.map(({ service }) => service)).toEqual(['icq', undefined, 'aim']);
});

test('a frame of many contacts says so many, and names that there are more', () => {
  const items = Array.from({ length: 9000 }, () => item('', 1, 0, tlv(0)).length);
  expect(items[0]).toBe(14);
  const names = joined(...Array.from({ length: 9000 }, (_, i) => name(String(i))));
  const ear = feed(parser(), [client(snac('0003/0004', names))]);
  expect(ear.heard.filter(({ kind }) => kind !== undefined)).toHaveLength(8192);
  expect(ear.heard.filter(({ anomaly }) => anomaly !== undefined)).toEqual([
    { anomaly: 'flap-large-frame' },
    { anomaly: 'oscar-too-many-events' },
  ]);
});

test('whatever stands before a text, a name or a file, it is read', () => {
  const nothing = joined(...Array.from({ length: 2000 }, () => tlv(9)));
  const pieces = joined(...Array.from({ length: 2000 }, () => hex('0901 0000')));
  const fields = '\xfe'.repeat(100);
  const offer = tlv(0x2711, "0001 0001 00000005 'a.exe' 00");
  const file = '094613434c7f11d18222444553540000';
  const ear = feed(parser(), [
    ...OPENING,
    client(
      sent('bob', nothing, text('one')),
      sent('bob', tlv(2, '0501 0001 01', pieces, piece('0000', "'two'"))),
      snac('0004/0006', "'12345678' 0002", name('bob'), nothing, rendezvous('0000', file, offer)),
      snac('0004/0006', "'12345678' 0002", name('bob'), rendezvous('0000', file, nothing, offer)),
      snac(
        '0004/0006',
        "'12345678' 0004",
        name('2'),
        tlv(5, '01000000 1300 6a00', octets(`${fields}falcon`)),
      ),
    ),
  ]);
  const said = ear.events.map(({ text: words_, file: of }) => words_ ?? of?.name);
  expect(said.slice(1)).toEqual(['one', 'two', 'a.exe', 'a.exe', `${'\xfe'.repeat(37)}falcon`]);
});

test('an account that signs in is kept by a short name', () => {
  const memory = new Map<string, unknown>();
  const long = tlv(1, octets('x'.repeat(60_000)));
  const oscar = parser({ memory });
  feed(oscar, [client(HELLO, snac('0017/0002', long)), server(snac('0017/0003', tlv(6, COOKIE)))]);
  expect(JSON.stringify([...memory]).length).toBeLessThan(500);
  expect(oscar.held()).toBeLessThan(8192);
});

test('tables do not grow with what is thrown at them', () => {
  const oscar = parser();
  const ear = feed(oscar, OPENING);
  const wire: Uint8Array[] = [];
  const mine: Uint8Array[] = [];
  for (let i = 0; i < 4000; i++) {
    wire.push(snac('0003/000b', user(`contact number ${i}`, tlv(1, '0010'))));
    wire.push(snac('0013/0008', item(`group ${i}`, i, 1)));
    const request = [i >> 8, i & 0xff].map((n) => n.toString(16).padStart(2, '0')).join('');
    mine.push(
      flap(
        2,
        `0004 0006 0000 0000${request} 'abcd' 0000${request} 0002`,
        name('bob'),
        tlv(
          5,
          '0000',
          `'abcd' 0000${request} 748f2420 6287 11d1 8222 444553540000`,
          tlv(0x0c, "'x'"),
        ),
      ),
    );
  }
  feed(oscar, [server(...wire), client(...mine)], undefined, ear);
  expect(ear.heard.filter(({ anomaly }) => anomaly === 'oscar-table-full').length).toBeGreaterThan(
    100,
  );
  expect(oscar.held()).toBeLessThan(600_000);
});

describe('any octets', () => {
  const rows = [...SESSIONS, ...MESSAGES, ...LISTS, ...ROOMS, ...ICQ, ...EVASIONS];
  const turns = fc.constantFrom(...rows).map((row) => row.turns);
  const frame = fc.record({
    direction: fc.constantFrom<Direction>(ToServer, ToClient),
    wire: fc
      .record({
        family: fc.constantFrom('0001', '0002', '0003', '0004', '000e', '0010', '0013', '0015'),
        subtype: fc.integer({ min: 0, max: 0x1e }),
        body: fc.uint8Array({ maxLength: 80 }),
      })
      .map(({ family, subtype, body }) =>
        snac(`${family}/${subtype.toString(16).padStart(4, '0')}`, body),
      ),
  });
  const noise = fc.record({
    direction: fc.constantFrom<Direction>(ToServer, ToClient),
    wire: fc.uint8Array({ maxLength: 60 }),
  });

  function same(conversation: readonly Turn[], cuts: readonly number[], midstream: boolean): void {
    const oscar = parser({ midstream });
    const pieces = (length: number) => cuts.map((at) => at % (length + 1));
    const said = feed(oscar, conversation, pieces).heard;
    expect(oscar.held()).toBeLessThan(800_000);
    expect(said).toEqual(feed(parser({ midstream }), conversation).heard);
  }

  test('cut anywhere say the same, throw nothing, hold little', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(frame, noise), { maxLength: 8 }),
        fc.array(fc.nat()),
        fc.boolean(),
        (conversation, cuts, midstream) => same(conversation, cuts, midstream),
      ),
      { numRuns: 300 },
    );
  });

  test('real conversations with some octets changed do too', () => {
    const change = fc.record({ at: fc.nat(), octet: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(
        turns,
        fc.array(change, { maxLength: 4 }),
        fc.array(fc.nat()),
        (row, changes, cuts) => {
          const changed = row.map(({ direction, wire }) => {
            const copy = Uint8Array.from(wire);
            for (const { at, octet } of changes) copy[at % copy.length] = octet;
            return { direction, wire: copy };
          });
          same(changed, cuts, false);
        },
      ),
      { numRuns: 400 },
    );
  });
});
