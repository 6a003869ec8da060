import { describe, expect, test } from 'vitest';
import { Direction } from '../contract.ts';
import { neutraliseIrc } from './neutral.ts';

/** The whole unit, made neutral in pieces of `piece` octets. */
function neutral(length: number, direction: Direction, piece = length): string {
  const unit = { direction, length, head: 0, form: 0 };
  const octets = new Uint8Array(length).fill(0x41);
  for (let at = 0; at < length; at += piece) {
    neutraliseIrc(octets.subarray(at, Math.min(length, at + piece)), at, unit);
  }
  return String.fromCharCode(...octets);
}

describe('to the server', () => {
  test('one line, whatever its length', () => {
    expect(neutral(27, Direction.ToServer)).toBe(`PONG :${'x'.repeat(19)}\r\n`);
    expect(neutral(9, Direction.ToServer)).toBe('PONG :x\r\n');
    expect(neutral(511, Direction.ToServer)).toBe(`PONG :${'x'.repeat(503)}\r\n`);
  });

  test('too short for that: empty lines', () => {
    expect(neutral(8, Direction.ToServer)).toBe('\r\n\r\n\r\n\r\n');
    expect(neutral(3, Direction.ToServer)).toBe('\n\r\n');
  });

  test.each([512, 513, 767, 768, 5000])('%i octets: lines that a server takes', (length) => {
    const text = neutral(length, Direction.ToServer);
    expect(text.length).toBe(length);
    expect(text.endsWith('\r\n')).toBe(true);
    const lines = text.slice(0, -2).split('\r\n');
    expect(lines.every((line) => /^PONG :x+$/.test(line) && line.length <= 510)).toBe(true);
  });
});

test('to the client: empty lines', () => {
  expect(neutral(7, Direction.ToClient)).toBe('\n\r\n\r\n\r\n');
});

test.each([9, 30, 512, 800])('%i octets: any cut gives the same', (length) => {
  for (const direction of [Direction.ToServer, Direction.ToClient]) {
    for (let piece = 1; piece < length; piece += piece < 12 ? 1 : 97) {
      expect(neutral(length, direction, piece)).toBe(neutral(length, direction));
    }
  }
});
