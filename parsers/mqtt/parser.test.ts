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
  joined,
  octets,
  server,
} from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { EVASIONS, MESSAGES, ROOMS, SESSIONS } from './conversations.fixture.ts';
import { MQTT } from './definition.ts';
import { id, login, packet, text } from './mqtt.fixture.ts';
import { PACKET_LIMIT } from './mqtt-limits.ts';

const also = ['visibility'];
describe('sessions', () => describeRows(MQTT, SESSIONS));
describe('messages', () =>
  describeRows(
    MQTT,
    MESSAGES.filter(({ name }) => name !== 'binary'),
  ));
describe('rooms', () => describeRows(MQTT, ROOMS));
describe('evasions', () => describeRows(MQTT, EVASIONS));

const { ToServer, ToClient } = Direction;
const create = (midstream = false) => MQTT.create(flowContext({ midstream }));
const publish = (topic: string, payload: string) => packet(0x30, text(topic), payload);

test('a binary payload is shown as metadata', () => {
  const row = MESSAGES.find(({ name }) => name === 'binary');
  const ear = feed(create(), row?.turns ?? [], undefined, new Ear(also));
  expect(ear.heard[1]).toEqual(row?.want[1]);
});

test('no password is in any event', () => {
  const ear = feed(create(), login());
  expect(JSON.stringify(ear.events)).not.toContain('secret');
});

test('units are packets, text is where it stands; a will is a unit of its own', () => {
  const will = packet(0x10, text('MQTT'), 4, 0x06, id(60), text('c'), text('t'), text('gone'));
  const wire = joined(will, publish('t', 'på'), publish('t', '{"from":"a","text":"b"}'));
  const { units } = feed(create(), [client(wire)]);
  const shown = units.map(({ start, end, textStart, textEnd }) => {
    const verbatim = new TextDecoder().decode(wire.subarray(textStart, textEnd));
    return `${start}-${end} ${textStart === -1 ? '-' : verbatim}`;
  });
  const first = will.length;
  expect(shown).toEqual([
    `${first - 4}-${first} gone`,
    `${first}-${first + 8} på`,
    `${first + 8}-${wire.length} -`,
  ]);
});

test('the watermark is the start of the unfinished packet', () => {
  const parser = create();
  const ear = new Ear();
  const [connect] = login();
  const at = connect?.wire.length ?? 0;
  parser.push(ToServer, joined(connect?.wire ?? octets(''), octets('\x30')), ear);
  expect(parser.holdFrom(ToServer)).toBe(at);
  parser.push(ToServer, octets('\x05\x00\x01tab'), ear);
  expect(parser.holdFrom(ToServer)).toBe(-1);
});

test('of a packet beyond the limit the beginning is judged before its end has come', () => {
  const long = packet(0x30, text('t'), 'secret '.repeat(60_000));
  const ear = feed(create(), [...login(), client(long), client(publish('t', 'next'))], () => [
    100_000,
  ]);
  expect(
    ear.heard.slice(1).map(({ anomaly, text: words }) => anomaly ?? String(words).slice(0, 9)),
  ).toEqual(['mqtt-packet-cut', 'secret se', 'next']);
  expect(ear.units[1]).toMatchObject({ end: -1, form: -1 });
  expect(ear.units[2]?.start).toBe((login()[0]?.wire.length ?? 0) + long.length);
});

describe('gaps', () => {
  const talk = [
    publish('t', 'one'),
    publish('t', 'a longer text that is hit'),
    publish('topic', 'three'),
  ];
  test('within a packet cost that packet only', () => {
    const parser = create();
    const ear = feed(parser, login());
    const whole = joined(...talk);
    parser.push(ToServer, whole.subarray(0, 20), ear);
    parser.gap(ToServer, 5, ear);
    parser.push(ToServer, whole.subarray(25), ear);
    expect(ear.heard.slice(1).map((heard) => heard.text)).toEqual(['one', 'three']);
    expect(ear.units.at(-1)?.end).toBe((login()[0]?.wire.length ?? 0) + whole.length);
  });

  test('over a border of packets: the next one that stands every test is found, wherever it is cut', () => {
    for (let at = 1; at < 60; at++) {
      const parser = create();
      const ear = feed(parser, login());
      parser.push(ToServer, (talk[0] ?? octets('')).subarray(0, 4), ear);
      parser.gap(ToServer, 40, ear);
      for (const piece of cut(joined(octets('text that is hit'), ...talk), [at])) {
        parser.push(ToServer, piece, ear);
      }
      expect(ear.heard.slice(1).map((heard) => heard.text)).toEqual([
        'one',
        'a longer text that is hit',
        'three',
      ]);
    }
  });
});

test('picked up in the middle: the version is the one that fits, nobody is known', () => {
  const ear = feed(create(true), [
    client(octets('end of a text'), packet(0x82, id(1), 0, text('a'), 1)),
    server(packet(0x90, id(1), 0, 1), packet(0x30, text('a'), 0, 'hi')),
  ]);
  expect(ear.heard).toEqual([
    {
      kind: 'room.join',
      origin: 'client',
      protocolVersion: '5.0',
      room: 'a',
      route: 'room',
      state: 'requested',
    },
    {
      kind: 'message',
      origin: 'server',
      protocolVersion: '5.0',
      room: 'a',
      route: 'room',
      text: 'hi',
    },
  ]);
  const old = feed(create(true), [client(publish('a', 'hi'), packet(0x30, text('a'), 0, 'ho'))]);
  expect(old.heard.map((heard) => heard.text)).toEqual(['hi', 'ho']);
});

test('tables do not grow', () => {
  const parser = create();
  const ear = feed(parser, login(5));
  const held: number[] = [];
  for (let i = 1; i <= 3000; i++) {
    const topic = `a/rather/long/topic/${i}`;
    parser.push(
      ToServer,
      packet(0x32, text(topic), id(i), 3, 0x23, id(i), 'words of some length'),
      ear,
    );
    parser.push(ToServer, packet(0x82, id(i), 0, text(topic), 1), ear);
    held.push(parser.held());
  }
  expect(held.at(-1)).toBeLessThan(100_000);
  expect(held.at(-1)).toBeLessThan(1.1 * (held[1000] ?? 0));
});

test('any octets: nothing thrown, memory in bounds, the same events however they are cut', () => {
  const pieces = fc.array(
    fc.tuple(
      fc.constantFrom(ToServer, ToClient),
      fc.oneof(
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom(
          ...[...MESSAGES, ...ROOMS, ...EVASIONS].flatMap(({ turns }) =>
            turns.map(({ wire }) => wire),
          ),
        ),
      ),
      fc.option(fc.tuple(fc.nat(40), fc.nat(255)), { nil: undefined }),
    ),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(pieces, fc.integer({ min: 1, max: 9 }), (list, step) => {
      const turns = list.map(([direction, wire, change]) => {
        const changed = wire.slice();
        if (change !== undefined && change[0] < changed.length) changed[change[0]] = change[1];
        return { direction, wire: changed };
      });
      const parser = create();
      const whole = feed(parser, [...login(5), ...turns]);
      expect(parser.held()).toBeLessThan(2 * PACKET_LIMIT + 300_000);
      for (const event of whole.events) {
        expect(decodeEvent(JSON.parse(encodeEvent(event))).problems).toBeUndefined();
      }
      const cuts = (length: number) => [...Array(length).keys()].filter((i) => i % step === 0);
      expect(feed(create(), [...login(5), ...turns], cuts).heard).toEqual(whole.heard);
    }),
    { numRuns: 150 },
  );
});

test('service and protocol are told with every event', () => {
  const { events } = feed(create(), [...login(), client(publish('t', 'x'))]);
  expect(events.map(({ service, protocol }) => `${service} ${protocol}`)).toEqual(
    Array(2).fill('mqtt mqtt'),
  );
});
