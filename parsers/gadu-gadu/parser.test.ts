import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEvent } from '../../src/event/decode.ts';
import { encodeEvent } from '../../src/event/encode.ts';
import {
  client,
  cut,
  describeRows,
  Ear,
  feed,
  flowContext,
  hex,
  joined,
  octets,
  server,
} from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { GADU_GADU } from './definition.ts';
import {
  BOB,
  bob,
  info,
  login,
  login80,
  ME,
  me,
  offer,
  packet,
  receive,
  send,
  send80,
  u32,
  welcome,
} from './gadu.fixture.ts';
import { PAYLOAD_LIMIT } from './gg-limits.ts';
import { CONTACTS, EVASIONS, FILES } from './lists.fixture.ts';
import { MESSAGES, ROOMS, SESSIONS } from './talk.fixture.ts';

const step = 3;
describe('sessions', () => describeRows(GADU_GADU, SESSIONS, { step }));
describe('messages', () => describeRows(GADU_GADU, MESSAGES, { step }));
describe('rooms', () => describeRows(GADU_GADU, ROOMS, { step }));
describe('contacts', () => describeRows(GADU_GADU, CONTACTS, { step }));
describe('files', () => describeRows(GADU_GADU, FILES, { step: 11 }));
describe('evasions', () => describeRows(GADU_GADU, EVASIONS, { step: 41 }));

const { ToServer, ToClient } = Direction;
const create = (midstream = false) => GADU_GADU.create(flowContext({ midstream }));
const heardOf = (...turns: Parameters<typeof feed>[1]) =>
  feed(create(), [...login(), ...turns]).heard.slice(2);

test('no hash and no secret is in any event', () => {
  for (const version of ['7', '8', '10.5'] as const) {
    const { events } = feed(create(), login(version));
    expect(JSON.stringify(events)).not.toMatch(/HASH/);
  }
});

test('units are packets; text of clients before 8.0 is where it stands', () => {
  const wire = joined(send('plain'), send('zażółć'), send80('<b>x</b>', 'x'));
  const start = login80().length;
  const { units } = feed(create(), [server(welcome), client(login80()), client(wire)]);
  const shown = units.slice(1).map((unit) => {
    const words = new TextDecoder().decode(
      wire.subarray(unit.textStart - start, unit.textEnd - start),
    );
    return `${unit.start - start}-${unit.end - start} ${unit.textStart === -1 ? '-' : words}`;
  });
  const first = send('plain').length;
  const second = first + send('zażółć').length;
  expect(shown).toEqual([`0-${first} plain`, `${first}-${second} -`, `${second}-${wire.length} -`]);
});

test('the watermark is the start of the unfinished packet', () => {
  const parser = create();
  const ear = new Ear();
  parser.push(ToClient, joined(welcome, octets('\x2e')), ear);
  expect(parser.holdFrom(ToClient)).toBe(12);
  parser.push(ToClient, octets('\0\0\0'), ear);
  expect(parser.holdFrom(ToClient)).toBe(12);
  parser.push(ToServer, login80(), ear);
  expect(parser.holdFrom(ToServer)).toBe(-1);
});

test('of a packet beyond 64 KiB the beginning is judged', () => {
  const long = packet(0x0b, u32(BOB, 5, 8), 'secret '.repeat(20_000));
  const ear = feed(create(), [...login(), client(long, send('next'))]);
  const said = ear.heard.slice(2).map(({ anomaly, text }) => anomaly ?? String(text).slice(0, 9));
  expect(said).toEqual(['gg-packet-too-long', 'gg-malformed', 'secret se', 'next']);
  expect(ear.units[2]).toMatchObject({ end: -1, form: -1 });
});

describe('gaps', () => {
  const talk = [send('one'), send('a longer text that is hit'), send80('', 'three')];
  test('within a packet cost that packet only', () => {
    const parser = create();
    const ear = feed(parser, login());
    const whole = joined(...talk);
    const first = talk[0]?.length ?? 0;
    parser.push(ToServer, whole.subarray(0, first + 12), ear);
    parser.gap(ToServer, 5, ear);
    parser.push(ToServer, whole.subarray(first + 17), ear);
    expect(ear.heard.slice(2).map(({ text }) => text)).toEqual(['one', 'three']);
  });

  test('over a border of packets: the next one is found, wherever it is cut', () => {
    for (let at = 1; at < 70; at += 2) {
      const parser = create();
      const ear = feed(parser, login());
      parser.push(ToServer, octets('\x0b\0'), ear);
      parser.gap(ToServer, 40, ear);
      for (const piece of cut(joined(octets('text that is hit\0'), ...talk), [at])) {
        parser.push(ToServer, piece, ear);
      }
      expect(ear.heard.slice(2).map(({ text }) => text)).toEqual([
        'one',
        'a longer text that is hit',
        'three',
      ]);
    }
  });

  test('an image with octets missing has no hash; one that does not end is cancelled', () => {
    const parser = create();
    const ear = feed(parser, login());
    const part = (kind: number, crc: number, name: string, content: string) =>
      receive('', joined(octets(String.fromCharCode(kind)), u32(6, crc), octets(name + content)));
    parser.push(ToClient, joined(part(5, 1, 'a\0', '012'), part(5, 2, 'b\0', '012')), ear);
    parser.gap(ToClient, 10, ear);
    parser.push(ToClient, part(6, 1, '', '345'), ear);
    parser.end(ToClient, ear);
    expect(ear.heard.slice(-2)).toMatchObject([
      { kind: 'file.complete', reason: 'gap', file: { name: 'a', size: 6 } },
      { kind: 'file.cancel', reason: 'incomplete', file: { name: 'b', size: 3 } },
    ]);
    expect(JSON.stringify(ear.heard)).not.toContain('sha256');
  });
});

test('picked up in the middle: nobody is known until the end', () => {
  const ear = feed(create(true), [
    client(octets('rest of a text'), send80('', 'hej')),
    server(receive('ho')),
  ]);
  expect(ear.heard.map(({ from, to, text }) => [from, to, text])).toEqual([
    [undefined, [bob], 'hej'],
    [bob, undefined, 'ho'],
  ]);
});

test('a client that says it goes, and closes, has left', () => {
  const parser = create();
  const ear = feed(parser, [...login(), client(packet(0x38, u32(1, 0, 0)))]);
  parser.end(ToServer, ear);
  parser.end(ToClient, ear);
  expect(ear.heard.slice(2).map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    'presence unavailable',
    'session.logout undefined',
  ]);
});

test('where a file will pass is announced, by address or by its identifier; also of a refused offer, as refused', () => {
  const talk = (text: string, kind: number) => [
    ...login(),
    client(offer('plan.pdf', 5, { sha1: 'ab'.repeat(20) })),
    client(info(BOB, text, kind)),
    server(info(BOB, '10.0.0.9 1550')),
  ];
  const context = flowContext();
  const { expected } = feed(GADU_GADU.create(context), talk('10.0.0.7 2000', 1));
  const token = '0807060504030201';
  expect(expected).toMatchObject([
    {
      protocol: 'gg-dcc',
      address: '10.0.0.7',
      port: 2000,
      token,
      offer: { senderListens: true, sender: me, recipient: bob },
    },
    {
      protocol: 'gg-dcc',
      address: '10.0.0.9',
      port: 1550,
      offer: { senderListens: false, name: 'plan.pdf', size: 5 },
    },
  ]);
  expect(context.memory.get(`sha1 ${token}`)).toBe('ab'.repeat(20));
  const relayed = feed(create(), talk('GG1CH2', 2)).expected;
  expect(relayed[0]).toMatchObject({ protocol: 'gg-relay', token });
  expect(relayed[0]?.address).toBeUndefined();
  const ear = new Ear();
  ear.judge = () => ({ action: 'drop', enforced: true });
  feed(create(), talk('10.0.0.7 2000', 1), undefined, ear);
  expect(ear.refused.map(({ address }) => address)).toEqual(['10.0.0.7', '10.0.0.9']);
  expect(ear.expected).toHaveLength(2);
});

test('tables do not grow', () => {
  const parser = create();
  const ear = feed(parser, login());
  const held: number[] = [];
  for (let i = 0; i < 2000; i++) {
    const id = u32(i, i);
    parser.push(
      ToServer,
      packet(0x20, id, u32(ME, BOB, 4), 'n'.repeat(255), u32(9, 0), octets('\0'.repeat(20))),
      ear,
    );
    parser.push(ToClient, receive('', joined(octets('\x05'), u32(100, i), octets('a\0x'))), ear);
    parser.push(ToServer, packet(0x16, 1, 'no line end here'), ear);
    held.push(parser.held());
  }
  expect(held.at(-1)).toBeLessThan(100_000);
  expect(held.at(-1)).toBe(held[500]);
});

test('more entries than are reported are named once', () => {
  const heard = heardOf(
    client(
      packet(0x0f, ...Array.from({ length: 2000 }, (_, i) => joined(u32(i + 1), octets('\x03')))),
    ),
  );
  expect(heard.filter(({ kind }) => kind === 'contact.list')).toHaveLength(1024);
  expect(heard.filter(({ anomaly }) => anomaly === 'gg-too-many-entries')).toHaveLength(1);
});

test('any octets: nothing thrown, memory in bounds, the same events however they are cut', () => {
  const rows = [...SESSIONS, ...MESSAGES, ...ROOMS, ...CONTACTS, ...FILES, ...EVASIONS];
  const wires = rows
    .flatMap(({ turns }) => turns.map(({ wire }) => wire))
    .filter(({ length }) => length < 1000);
  const pieces = fc.array(
    fc.tuple(
      fc.constantFrom(ToServer, ToClient),
      fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(...wires)),
      fc.option(fc.tuple(fc.nat(80), fc.nat(255)), { nil: undefined }),
    ),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(pieces, fc.integer({ min: 1, max: 9 }), (list, size) => {
      const turns = list.map(([direction, wire, change]) => {
        const changed = wire.slice();
        if (change !== undefined && change[0] < changed.length) changed[change[0]] = change[1];
        return { direction, wire: changed };
      });
      const parser = create();
      const whole = feed(parser, [...login(), ...turns]);
      expect(parser.held()).toBeLessThan(4 * PAYLOAD_LIMIT);
      for (const event of whole.events) {
        expect(decodeEvent(JSON.parse(encodeEvent(event))).problems).toBeUndefined();
      }
      const cuts = (length: number) => [...Array(length).keys()].filter((i) => i % size === 0);
      expect(feed(create(), [...login(), ...turns], cuts).heard).toEqual(whole.heard);
    }),
    { numRuns: 150 },
  );
});

test('the packets of the vectors are what the rows are made of', () => {
  expect(welcome).toEqual(hex('01 00 00 00 04 00 00 00 78 56 34 12'));
  const file = joined(
    hex(
      "20 00 00 00 2f 01 00 00 08 07 06 05 04 03 02 01 40 e2 01 00 f1 fb 09 00 04 00 00 00 'plan.pdf'",
    ),
    new Uint8Array(247),
    hex('75 cc 00 00 00 00 00 00'),
    new Uint8Array(20),
  );
  expect(offer('plan.pdf', 52341)).toEqual(file);
});

test('service and protocol are told with every event', () => {
  const { events } = feed(create(), [...login(), client(send('x'))]);
  expect(events.map(({ service, protocol }) => `${service} ${protocol}`)).toEqual(
    Array(3).fill('gadu-gadu gadu-gadu'),
  );
});
