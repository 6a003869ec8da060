import { Worker } from 'node:worker_threads';
import { describe, expect, test, vi } from 'vitest';
import { WireSpan } from './wire-span.ts';

describe('whose a packet is', () => {
  const at = (time: number) => Float64Array.of(time);

  test('nobody has asked yet: not ours', () => {
    expect(new WireSpan().holds(at(1.79e15))).toBe(false);
  });

  test('from the time on that the watchdog said, until the time it said', () => {
    const span = new WireSpan();
    span.begin(1000);
    expect([999, 1000, 1e18].map((time) => span.holds(at(time)))).toEqual([false, true, true]);
    span.end(2000);
    expect([1999, 2000].map((time) => span.holds(at(time)))).toEqual([true, false]);
    span.begin(3000);
    expect([1500, 2500, 3000].map((time) => span.holds(at(time)))).toEqual([false, false, true]);
  });

  test('both sides of the shared memory see the same', () => {
    const span = new WireSpan();
    const worker = new WireSpan(span.memory);
    span.begin(1000);
    expect(worker.holds(at(1000))).toBe(true);
  });
});

describe('a clock that is set back an hour', () => {
  const HOUR = 3600e6;
  const at = (time: number) => Float64Array.of(time);

  test('does not shut the wire, nor have it carried twice', () => {
    vi.useFakeTimers();
    try {
      const span = new WireSpan();
      span.begin(5 * HOUR);
      vi.advanceTimersByTime(2500);
      expect(span.holds(at(4 * HOUR))).toBe(true);
      span.end(6 * HOUR);
      expect([6 * HOUR - 1, 6 * HOUR].map((time) => span.holds(at(time)))).toEqual([true, false]);
      vi.advanceTimersByTime(2500);
      expect(span.holds(at(5 * HOUR))).toBe(false);
      span.begin(7 * HOUR);
      span.end(8 * HOUR);
      vi.advanceTimersByTime(2500);
      span.begin(9 * HOUR);
      expect([8 * HOUR, 9 * HOUR].map((time) => span.holds(at(time)))).toEqual([false, true]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('resting', () => {
  test('a worker rests from its birth until the wire is ours, and shows signs of life', () => {
    const span = new WireSpan();
    let turns = 0;
    new WireSpan(span.memory).rest(() => {
      turns += 1;
      if (turns === 3) span.begin(1);
      return true;
    });
    expect(turns).toBe(3);
    new WireSpan(span.memory).rest(() => expect.unreachable());
  });

  test('a worker that is told to stop rests no more', () => {
    new WireSpan(new WireSpan().memory).rest(() => false);
  });

  test('pause: true when all rest, false when one does not hear', async () => {
    const span = new WireSpan();
    span.begin(1);
    expect(await span.pause(1)).toBe(false);
    span.begin(1);
    // A worker of nothing but the waiting, in plain JavaScript: RESTING is word 4, RESTED word 5.
    const worker = new Worker(
      `const { workerData } = require('node:worker_threads');
       const words = new Int32Array(workerData);
       while (Atomics.load(words, 4) === 0) Atomics.wait(words, 5, 0, 1);
       Atomics.add(words, 5, 1);`,
      { eval: true, workerData: span.memory },
    );
    await new Promise((resolve) => worker.once('online', resolve));
    expect(await span.pause(1)).toBe(true);
    await worker.terminate();
  });
});
