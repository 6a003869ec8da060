/** TCP as chance would have it: cut, shuffled, repeated, lost; and hostile. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Disposition } from '../flow/disposition.ts';
import { Conversation } from './conversation.fixture.ts';
import type { FlowDirection, StreamListener } from './listener.ts';

/** Puts what it hears at its stream offset; -1: a gap. */
class Ledger implements StreamListener {
  readonly heard: [number[], number[]] = [[], []];
  readonly ends: [number, number] = [0, 0];
  readonly anomalies = new Set<string>();
  gaps = 0;
  closes = 0;
  onOpened: (slot: number) => void = () => {};

  opened(slot: number): void {
    this.onOpened(slot);
  }

  data(_: number, d: FlowDirection, buffer: Uint8Array, start: number, end: number): void {
    expect(end).toBeGreaterThan(start);
    expect(this.ends[d]).toBe(0);
    for (let i = start; i < end; i++) this.heard[d].push(buffer[i] ?? -2);
  }

  gap(_: number, d: FlowDirection, octets: number): void {
    expect(octets).toBeGreaterThan(0);
    expect(this.ends[d]).toBe(0);
    this.gaps++;
    for (let i = 0; i < octets; i++) this.heard[d].push(-1);
  }

  ended(_: number, d: FlowDirection): void {
    this.ends[d]++;
  }

  closed(): void {
    this.closes++;
  }

  anomaly(_: number, __: FlowDirection, name: string): void {
    this.anomalies.add(name);
  }
}

interface Piece {
  readonly d: FlowDirection;
  readonly from: number;
  readonly to: number;
}

const octets = fc.uint8Array({ minLength: 1, maxLength: 300 });
const scenario = fc.record({
  data: fc.tuple(octets, octets),
  initials: fc.tuple(fc.integer({ min: -400, max: 400 }), fc.integer({ min: -400, max: 400 })),
  /** Added to the initial numbers: around 0, 2^31. */
  half: fc.boolean(),
  cuts: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 }),
  repeats: fc.array(fc.tuple(fc.nat(299), fc.integer({ min: 1, max: 80 })), { maxLength: 8 }),
  jumps: fc.array(fc.nat(40), { minLength: 1, maxLength: 30 }),
  lost: fc.array(fc.nat(7), { minLength: 1, maxLength: 30 }),
  acknowledges: fc.boolean(),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

function piecesOf(s: Scenario): Piece[] {
  const pieces: Piece[] = [];
  for (const d of [0, 1] as const) {
    const { length } = s.data[d];
    for (let at = 0, k = 0; at < length; k++) {
      const to = Math.min(length, at + (s.cuts[k % s.cuts.length] ?? 1));
      pieces.push({ d, from: at, to });
      at = to;
    }
    for (const [from, size] of s.repeats) {
      const to = Math.min(length, from + size);
      if (from < to) pieces.push({ d, from, to });
    }
  }
  return shuffled(pieces, s.jumps);
}

/** Each moved back by at most forty places. */
function shuffled(pieces: Piece[], jumps: readonly number[]): Piece[] {
  return pieces
    .map((piece, i) => ({ piece, at: i + (jumps[i % jumps.length] ?? 0) + i / 1e6 }))
    .sort((a, b) => a.at - b.at)
    .map(({ piece }) => piece);
}

function replay(s: Scenario, pieces: readonly Piece[]): { ledger: Ledger; c: Conversation } {
  const ledger = new Ledger();
  const half = s.half ? 2 ** 31 : 0;
  const c = new Conversation({
    listener: ledger,
    clientInitial: (s.initials[0] + half) | 0,
    serverInitial: (s.initials[1] - half) | 0,
  });
  ledger.onOpened = (slot) => c.table.setDisposition(slot, Disposition.Session);
  c.client({ flags: 'S', seq: 0 }).server({ flags: 'S', seq: 0, ack: 1 });
  for (const { d, from, to } of pieces) {
    const data = s.data[d].subarray(from, to);
    // What was seen so far says nothing of what the receiver has: acknowledge nothing, or all.
    const segment = { seq: 1 + from, data, ...(s.acknowledges ? { ack: 1 } : {}) };
    if (d === 0) c.client(segment);
    else c.server(segment);
  }
  c.client({ flags: 'F', seq: 1 + s.data[0].length });
  c.server({ flags: 'F', seq: 1 + s.data[1].length });
  c.finish();
  return { ledger, c };
}

describe('streams', () => {
  test('cut, shuffled, repeated and overlapping segments give the exact octets', () => {
    fc.assert(
      fc.property(scenario, (s) => {
        const { ledger, c } = replay(s, piecesOf(s));
        expect(ledger.heard).toEqual([Array.from(s.data[0]), Array.from(s.data[1])]);
        expect(ledger.gaps).toBe(0);
        expect(ledger.ends).toEqual([1, 1]);
        expect(ledger.closes).toBe(1);
        expect(ledger.anomalies.size).toBe(0);
        expect(c.streams.heldOctets).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test('with losses, octets and gaps add up and octets stand at their offsets', () => {
    fc.assert(
      fc.property(scenario, (s) => {
        const pieces = piecesOf(s).filter((_, i) => (s.lost[i % s.lost.length] ?? 1) !== 0);
        const { ledger } = replay(s, pieces);
        for (const d of [0, 1] as const) {
          const seen = new Set<number>();
          for (const p of pieces) if (p.d === d) for (let i = p.from; i < p.to; i++) seen.add(i);
          const expected = Array.from(s.data[d], (octet, i) => (seen.has(i) ? octet : -1));
          expect(ledger.heard[d]).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('of conflicting copies the first wins, and it is said', () => {
    fc.assert(
      fc.property(scenario, fc.nat(1000), (s, pick) => {
        const pieces = piecesOf(s);
        const target = pieces[pick % pieces.length];
        if (target === undefined) return;
        const ledger = new Ledger();
        const c = new Conversation({ listener: ledger });
        ledger.onOpened = (slot) => c.table.setDisposition(slot, Disposition.Session);
        c.handshake();
        for (const piece of pieces) {
          const data = s.data[piece.d].slice(piece.from, piece.to);
          const segment = { seq: 1 + piece.from, data };
          const say = () => (piece.d === 0 ? c.client(segment) : c.server(segment));
          say();
          if (piece !== target) continue;
          for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? 0) ^ 0x55;
          if (data.length > 1) say(); // one octet before the next is a keep-alive
        }
        c.finish();
        const said = ledger.anomalies.has('conflicting-overlap');
        expect(said).toBe(target.to - target.from > 1);
        expect(ledger.heard).toEqual([Array.from(s.data[0]), Array.from(s.data[1])]);
      }),
      { numRuns: 200 },
    );
  });

  test('any flags, numbers and sizes: no throw, bounded memory, one end each', () => {
    const packet = fc.record({
      fromClient: fc.boolean(),
      flags: fc.subarray(['F', 'S', 'R', 'P', 'A', 'U']),
      seq: fc.oneof(fc.integer({ min: -5, max: 60 }), fc.integer()),
      ack: fc.option(fc.oneof(fc.integer({ min: -5, max: 60 }), fc.integer()), { nil: undefined }),
      data: fc.uint8Array({ maxLength: 20 }),
      missing: fc.oneof(fc.constant(0), fc.nat(40)),
      after: fc.oneof(fc.constant(0.001), fc.double({ min: -10, max: 9000, noNaN: true })),
      disposition: fc.option(fc.constantFrom(...Object.values(Disposition)), { nil: undefined }),
      swap: fc.boolean(),
    });
    const limits = { reassemblyPerDirection: 8 * 2048, reassemblyTotal: 12 * 2048 };
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 60 }), (packets) => {
        const c = new Conversation({ limits, disposition: Disposition.Undecided });
        let open = 0;
        const open1 = c.scribe.hook;
        let next: (typeof packets)[number] | undefined;
        c.scribe.hook = (what, slot) => {
          open1(what, slot);
          if (what === 'opened') open++;
          if (what === 'closed') open--;
          if (next?.disposition !== undefined) c.table.setDisposition(slot, next.disposition);
          if (next?.swap === true) c.table.swap(slot);
        };
        for (const p of packets) {
          next = p;
          const { data, missing, after, seq } = p;
          const ack = p.ack === undefined ? {} : { ack: p.ack };
          const segment = { flags: p.flags.join(''), seq, data, missing, after, ...ack };
          if (p.fromClient) c.client(segment);
          else c.server(segment);
          expect(c.streams.heldOctets).toBeLessThanOrEqual(limits.reassemblyTotal);
        }
        next = undefined;
        c.finish();
        expect(open).toBe(0);
        expect(c.table.size).toBe(0);
        expect(c.streams.heldOctets).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});

test.each([-4, -1, 0, 1, 2 ** 31 - 4])('octets that wait at sequence number %i', (number) => {
  const c = new Conversation({ clientInitial: (number - 4) | 0 }).handshake();
  c.client({ seq: 4, ack: 1, data: 'def' }).client({ seq: 1, ack: 1, data: 'abc' });
  expect(c.scribe.take()).toEqual(['> abc', '> def']);
});

describe('hostile order', () => {
  test.each([
    ['forwards', (i: number) => i],
    ['backwards', (i: number) => 499 - i],
    ['scattered', (i: number) => (i * 211) % 500],
  ])('five hundred pieces that wait, %s', (_, order) => {
    const ledger = new Ledger();
    const c = new Conversation({ listener: ledger });
    ledger.onOpened = (slot) => c.table.setDisposition(slot, Disposition.Session);
    c.handshake();
    const octets = Uint8Array.from({ length: 3000 }, (_, i) => (i * 31) & 255);
    const say = (from: number) => c.client({ seq: 1 + from, data: octets.slice(from, from + 3) });
    for (let i = 0; i < 500; i++) say(6 * order(i) + 3);
    expect(ledger.heard[0]).toEqual([]);
    for (let i = 0; i < 500; i++) say(6 * order((i * 7) % 500));
    expect(ledger.heard[0]).toEqual(Array.from(octets));
    expect([ledger.gaps, ledger.anomalies.size, c.streams.heldOctets > 2048]).toEqual([
      0,
      0,
      false,
    ]);
  });

  test('tiny segments that never meet stay within the limits and are not quadratic', () => {
    const ledger = new Ledger();
    ledger.gap = () => {};
    ledger.data = () => {};
    const limits = { reassemblyPerDirection: 1 << 20 };
    const c = new Conversation({ listener: ledger, limits });
    ledger.onOpened = (slot) => c.table.setDisposition(slot, Disposition.Undecided);
    c.handshake();
    const data = Uint8Array.of(0x61);
    const started = performance.now();
    let most = 0;
    for (let i = 0; i < 300_000; i++) {
      c.client({ seq: 3 + 2 * i, data, after: 0 });
      most = Math.max(most, c.streams.heldOctets);
    }
    // Backwards, each in front of all others.
    for (let i = 600_000; i > 0; i--) c.server({ seq: 1 + 2 * i, data, after: 0 });
    expect(most).toBeLessThanOrEqual(limits.reassemblyPerDirection);
    expect(c.streams.heldOctets).toBeLessThanOrEqual(2 * limits.reassemblyPerDirection);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('many flows share the total', () => {
    const limits = { reassemblyTotal: 64 * 2048 };
    const c = new Conversation({ limits });
    for (let i = 0; i < 500; i++) {
      c.clientPort = 1024 + i;
      c.client({ flags: 'S', seq: 0 }).client({ seq: 10, data: 'x'.repeat(100) });
      expect(c.streams.heldOctets).toBeLessThanOrEqual(limits.reassemblyTotal);
    }
    expect(c.streams.counters.memoryGaps).toBeGreaterThan(0);
    c.finish();
    expect(c.streams.heldOctets).toBe(0);
  });
});
