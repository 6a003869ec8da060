/**
 * Whatever a path before the bridge does to segments, and one behind it loses: what a receiver reads is what the
 * sender said, with refused messages neutral.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Side } from '../verdict/wire/packet-judge.ts';
import { Bench, Connection, ircLogin, latin, neutralLine, refusing } from './bridge.fixture.ts';

const word = fc.constantFrom('lunch', 'secret', 'plan', 'hello there', 'the secret', 'x');
const line = word.map((text) => `PRIVMSG bob :${text}\r\n`);

interface Step {
  /** Which octets of what is still unacknowledged, as shares of it. */
  readonly start: number;
  readonly length: number;
  readonly lost: boolean;
  readonly twice: boolean;
  readonly acknowledge: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  start: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 60 }),
  lost: fc.boolean(),
  twice: fc.boolean(),
  acknowledge: fc.boolean(),
});

function expected(lines: readonly string[]): string {
  return lines.map((text) => (text.includes('secret') ? neutralLine(text.length) : text)).join('');
}

test('a receiver reads what the sender said, without what was refused', () => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 6 }),
      fc.array(step, { maxLength: 30 }),
      fc.boolean(),
      (lines, steps, isIpv6) => {
        const bench = new Bench(refusing('secret'));
        const talk = new Connection({ isIpv6 });
        bench.giveAll(ircLogin(talk));
        const from = talk.said[0];
        const first = talk.first(0);
        const text = lines.join('');
        const delivered: Uint8Array[] = bench.out
          .filter(({ side }) => side === Side.B)
          .map(({ octets }) => octets);
        let seen = bench.out.length;
        const receiver = new Bench();
        // What the receiver has in order; what is lost behind the bridge never gets there.
        const has = (): number => {
          receiver.out.length = 0;
          for (const octets of delivered) receiver.out.push({ side: Side.B, octets, time: 0 });
          return receiver.received(Side.B, first).length - from;
        };
        const give = (start: number, end: number, lost: boolean) => {
          bench.give(talk.packet(0, from + start, text.slice(start, end)).octets, Side.A);
          for (const { side, octets } of bench.out.slice(seen)) {
            if (side === Side.B && !lost) delivered.push(octets);
          }
          seen = bench.out.length;
        };
        for (const { start, length, lost, twice, acknowledge } of steps) {
          const least = acknowledge ? has() : 0;
          if (acknowledge) {
            talk.said[0] = from + least;
            bench.give(talk.acknowledge(1).octets, Side.B);
            seen = bench.out.length;
          }
          const at = Math.floor(start * text.length);
          const end = Math.min(text.length, at + length);
          if (end <= at) continue;
          give(at, end, lost);
          if (twice) give(at, end, lost);
        }
        // At last everything is sent again from what the receiver has, as a sender does.
        for (let round = 0; round < 5 && has() < text.length; round++) {
          for (let at = has(); at < text.length; at += 7) {
            give(at, Math.min(text.length, at + 7), false);
          }
        }
        has();
        expect(latin(receiver.received(Side.B, first)).slice(from)).toBe(expected(lines));
        expect(bench.counter('asideOctets')).toBe(0);
        expect(bench.counter('heldOctets')).toBe(0);
      },
    ),
    { numRuns: 150 },
  );
});
