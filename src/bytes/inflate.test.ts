import { Deflate, deflate } from 'pako';
import { expect, test } from 'vitest';
import { Inflated, InflateStream } from './inflate.ts';

const LIMITS = { ratio: 100, floor: 1 << 16 };
const Z_SYNC_FLUSH = 2;
const octets = (text: string) => new TextEncoder().encode(text);

/** One zlib stream, flushed after each part. */
function packed(parts: readonly string[]): Uint8Array[] {
  const out: Uint8Array[] = [];
  const deflate = new Deflate();
  let now: number[] = [];
  deflate.onData = (chunk) => {
    now.push(...(chunk as Uint8Array));
  };
  for (const part of parts) {
    deflate.push(octets(part), Z_SYNC_FLUSH);
    out.push(Uint8Array.from(now));
    now = [];
  }
  return out;
}

test('what a sync flush completed is there at once', () => {
  const stream = new InflateStream(LIMITS);
  const parts = ['first ', 'second ', 'x'.repeat(40000)];
  for (const [i, part] of packed(parts).entries()) {
    let seen = '';
    expect(stream.push(part, (o) => (seen += new TextDecoder().decode(o)))).toBe(Inflated.More);
    expect(seen).toBe(parts[i]);
  }
});

test('one octet at a time gives the same', () => {
  const stream = new InflateStream(LIMITS);
  let seen = '';
  for (const part of packed(['abc', 'def']))
    for (const octet of part)
      stream.push(Uint8Array.of(octet), (o) => (seen += new TextDecoder().decode(o)));
  expect(seen).toBe('abcdef');
});

test('a bomb is stopped near its floor; damage is named', () => {
  const [bomb = new Uint8Array(0)] = packed(['\0'.repeat(8 << 20)]);
  let out = 0;
  const stream = new InflateStream(LIMITS);
  expect(stream.push(bomb, (o) => (out += o.length))).toBe(Inflated.Bomb);
  expect(out).toBeLessThan(1 << 20);
  expect(new InflateStream(LIMITS).push(octets('not zlib'), () => {})).toBe(Inflated.Broken);
});

test('many small bombs after each other are one', () => {
  const totals = { in: 0, out: 0 };
  const wire = deflate(new Uint8Array(60_000));
  let bombs = 0;
  for (let i = 0; i < 200; i++)
    if (new InflateStream(LIMITS, totals).push(wire, () => {}) === Inflated.Bomb) bombs++;
  expect(bombs).toBeGreaterThan(150);
  expect(totals.out).toBeLessThan(LIMITS.floor + totals.in * LIMITS.ratio + 60_000);
});

test('what stands behind the end of a stream is told', () => {
  const whole = deflate(octets('abc '.repeat(200)));
  for (const behind of [0, 1, 5, 256, 700]) {
    const wire = new Uint8Array(whole.length + behind).fill(0x24);
    wire.set(whole);
    for (let at = 1; at < whole.length; at++) {
      const stream = new InflateStream(LIMITS);
      expect(stream.push(wire.subarray(0, at), () => {})).toBe(Inflated.More);
      expect(stream.push(wire.subarray(at), () => {})).toBe(Inflated.End);
      expect(stream.left).toBe(behind);
    }
  }
});

test('what stands before damage is told, however it was cut', () => {
  const wire = deflate(octets(Array.from({ length: 300 }, (_, i) => `line ${i * i}`).join()));
  wire.fill(0xff, 700);
  const told = (step: number) => {
    const stream = new InflateStream(LIMITS);
    let seen = '';
    let state: Inflated = Inflated.More;
    for (let at = 0; at < wire.length && state === Inflated.More; at += step)
      state = stream.push(
        wire.subarray(at, at + step),
        (o) => (seen += new TextDecoder().decode(o)),
      );
    expect(state).toBe(Inflated.Broken);
    return seen;
  };
  const whole = told(wire.length);
  expect(whole.startsWith('line 0,line 1,line 4,')).toBe(true);
  for (const step of [1, 2, 7, 100, 256, 699]) expect(told(step)).toBe(whole);
});
