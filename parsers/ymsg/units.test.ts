/** Where units and texts stand in the stream: what is refused, and what may be masked. */
import { describe, expect, test } from 'vitest';
import { client, feed, flowContext, joined, server } from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { YMSG } from './definition.ts';
import { packet, served, utf8 } from './ymsg.fixture.ts';

const other = packet(0x12, '');
const textOf = (wire: Uint8Array, start: number, end: number) =>
  Buffer.from(wire.subarray(start, end)).toString('utf8');

describe('a text that stands as it is has its range', () => {
  test.each([
    ['a message', packet(6, `1=ann|5=bob|14=${utf8('grün')}|97=1`), 'grün'],
    ['the second of two', packet(0x83, '1=ann|7=bob|65=x|14=no|14=yes'), 'yes'],
    ['an invitation', packet(0x18, '1=ann|57=r|52=bob|58=come'), 'come'],
    ['a conference', packet(0x1d, '1=ann|57=r|53=bob|14=hi all'), 'hi all'],
    ['a chat room', packet(0xa8, '1=ann|104=r|117=hi room|124=1'), 'hi room'],
    ['a status', packet(0xc6, '10=99|19=lunch|47=1'), 'lunch'],
  ])('%s', (_, wire, text) => {
    const all = joined(other, wire, other);
    const { units, events } = feed(YMSG.create(flowContext()), [client(all)], () => [7, 31]);
    const i = events.length - 1;
    const { start, end, textStart, textEnd, head, form, direction } = units[i] ?? {};
    expect({ start, end, head, form, direction }).toEqual({
      ...{ start: 20, end: 20 + wire.length, head: 20, form: 0, direction: Direction.ToServer },
    });
    expect(textOf(all, textStart ?? 0, textEnd ?? 0)).toBe(text);
  });
});

test.each([
  ['markup in it', '14=fal<b>con</b>'],
  ['a buzz', '14=<ding>'],
  ['no text', '14='],
])('%s: no range', (_, text) => {
  const { units } = feed(YMSG.create(flowContext()), [client(packet(6, `1=ann|5=bob|${text}`))]);
  expect(units[0]).toMatchObject({ textStart: -1, textEnd: -1 });
});

test('several messages of one packet are one unit with a range each', () => {
  const wire = served(6, '4=bob|5=ann|14=one|4=eve|5=ann|14=two');
  const { units } = feed(YMSG.create(flowContext()), [server(wire)]);
  expect(units.map(({ start, end }) => [start, end])).toEqual([
    [0, wire.length],
    [0, wire.length],
  ]);
  const texts = units.map(({ textStart, textEnd }) => textOf(wire, textStart, textEnd));
  expect(texts).toEqual(['one', 'two']);
});

test('the hold begins at a packet that is not whole, and is let go with it', () => {
  const parser = YMSG.create(flowContext());
  const wire = packet(6, '1=ann|5=bob|14=hi');
  const ear = feed(parser, [client(other, wire.subarray(0, 3))]);
  expect(parser.holdFrom(Direction.ToServer)).toBe(20);
  parser.push(Direction.ToServer, wire.slice(3, 40), ear);
  expect(parser.holdFrom(Direction.ToServer)).toBe(20);
  parser.push(Direction.ToServer, wire.slice(40), ear);
  expect(parser.holdFrom(Direction.ToServer)).toBe(-1);
  // A body that nobody wants is not held.
  parser.push(Direction.ToServer, packet(0x15, '14=x').slice(0, 22), ear);
  expect(parser.holdFrom(Direction.ToServer)).toBe(-1);
});
