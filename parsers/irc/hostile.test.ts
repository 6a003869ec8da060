/** Input made to cost: what is held is told, and no line is worth more than its octets. */
import { describe, expect, test } from 'vitest';
import { memoryInUse } from '../../test/support/heap.ts';
import { Direction } from '../contract.ts';
import { Ear, flowContext, octets, PASS } from './irc.fixture.ts';
import { LINE_TEXT_LIMIT } from './irc-limits.ts';
import { IrcParser } from './parser.ts';

const NOISE = 1 << 20; // octets that the process itself comes and goes by meanwhile
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

function heard(...lines: readonly string[]): Ear {
  const ear = new Ear();
  const irc = new IrcParser(flowContext());
  for (const line of lines) irc.push(Direction.ToServer, octets(`${line}\n`), ear);
  return ear;
}

describe('one line to many', () => {
  test('all texts of one line are bounded, and what is left out is named', () => {
    const rooms = many(100, (i) => `#${i},`);
    for (const line of [
      `PRIVMSG ${rooms} :${'x'.repeat(15_000)}`,
      `PART ${rooms} :${'x'.repeat(15_000)}`,
      `KICK #x ${many(100, (i) => `n${i},`)} :${'x'.repeat(15_000)}`,
      `REDACT ${rooms} m :${'x'.repeat(15_000)}`,
      `@+typing=${'x'.repeat(7000)} TAGMSG ${rooms}`,
    ]) {
      const ear = heard(line);
      const said = ear.heard.filter((h) => h.kind !== undefined);
      expect(said.length).toBeGreaterThan(0);
      expect(JSON.stringify(said).length).toBeLessThan(LINE_TEXT_LIMIT + 20_000);
      expect(ear.heard.filter((h) => h.anomaly === 'irc-too-many-targets')).toHaveLength(1);
    }
  });

  test('a line within 512 octets loses nothing, whatever its split', () => {
    const rooms = many(62, (i) => `#${String.fromCharCode(0x40 + i)}${i % 10},`);
    const line = `PRIVMSG ${rooms} :${'\x02x'.repeat(120)}`;
    expect(line.length).toBeLessThanOrEqual(510);
    const ear = heard(line);
    expect(ear.heard.filter((h) => h.kind === 'message')).toHaveLength(62);
    expect(ear.heard.filter((h) => h.anomaly !== undefined)).toEqual([]);
  });

  test('a room named twice hears it once', () => {
    expect(heard(`PRIVMSG ${'#X,#x,'.repeat(50)} :hi`, 'JOIN #y,#Y', 'PART #y,#Y').heard).toEqual([
      { kind: 'message', origin: 'client', room: '#X', route: 'room', text: 'hi' },
      { kind: 'room.join', origin: 'client', room: '#y', route: 'room', state: 'requested' },
      { kind: 'room.leave', origin: 'client', room: '#y', route: 'room', state: 'requested' },
    ]);
  });

  test('a multiline batch has only so many lines', () => {
    const ear = heard(
      'BATCH +m draft/multiline bob',
      many(600, () => '@batch=m PRIVMSG bob :\n'),
      'BATCH -m',
    );
    expect(ear.heard.filter((h) => h.anomaly === 'irc-batch-too-large')).toHaveLength(88);
  });
});

test('a name of an offer that is too long is kept by both its ends, and said whole', () => {
  const name = `${'a'.repeat(3000)}.exe`;
  const ear = heard(`PRIVMSG bob :\x01DCC SEND ${name} 16843009 5000 10\x01`);
  expect(ear.heard.at(-1)).toMatchObject({ kind: 'file.offer', file: { name } });
  const kept = ear.expected[0]?.offer.name ?? '';
  expect(kept).toHaveLength(512);
  expect(kept.endsWith('aaa.exe')).toBe(true);
});

/** Octets that one parser occupies after `wire`: the mean of many. */
async function occupied(
  count: number,
  wire: (k: number) => string,
): Promise<{ real: number; held: number }> {
  const make = (k: number) => {
    const irc = new IrcParser(flowContext());
    irc.push(Direction.ToClient, octets(':s 001 ann :W\n'), quiet);
    const all = new TextEncoder().encode(wire(k));
    for (let at = 0; at < all.length; at += 1460)
      irc.push(Direction.ToServer, all.slice(at, at + 1460), quiet);
    return irc;
  };
  const kept: IrcParser[] = [make(-1)];
  const before = await memoryInUse();
  for (let k = 0; k < count; k++) kept.push(make(k));
  const real = ((await memoryInUse()) - before) / count;
  return { real, held: Math.max(...kept.map((irc) => irc.held())) };
}

describe('what is held is no more than is told', () => {
  const pad = ','.repeat(14_000);
  test.each<[string, number, (k: number) => string]>([
    ['nothing yet', 1000, () => ''],
    ['half a line', 500, () => 'x'],
    [
      'rooms out of long lists',
      10,
      (k) => many(200, (i) => `JOIN #a-room-name-${k}x${i},${pad}\n`),
    ],
    [
      'contacts out of long lists',
      10,
      (k) => many(200, (i) => `MONITOR + a-long-nick-${k}x${i},${pad}\n`),
    ],
    [
      'offers to one of a long list',
      10,
      (k) =>
        many(
          200,
          (i) =>
            `PRIVMSG a-long-nick-${k}x${i},${pad} :\x01DCC SEND some-long-name 16843009 ${i + 1} 1\x01\n`,
        ),
    ],
    [
      'offers of long names',
      10,
      (k) =>
        many(
          100,
          (i) => `PRIVMSG bob :\x01DCC SEND ${'n'.repeat(14_000)}${k} 16843009 ${i + 1} 1\x01\n`,
        ),
    ],
    [
      'batches of many short lines',
      10,
      () =>
        many(
          32,
          (b) => `BATCH +${b} draft/multiline #x\n${`@batch=${b} PRIVMSG #x :a\n`.repeat(600)}`,
        ),
    ],
    ['nicks asked for', 50, (k) => `ISON :${many(700, (i) => `long-nickname-${k}x${i} `)}\n`],
  ])('%s', async (_, count, wire) => {
    const { real, held } = await occupied(count, wire);
    expect(real * count).toBeLessThanOrEqual(1.25 * held * count + NOISE);
    expect(held).toBeLessThan(2 << 20);
  });
});
