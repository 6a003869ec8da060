import { expect, test } from 'vitest';
import { WireSpan } from '../failsafe/wire-span.ts';
import { SILENT_LOG } from '../log/log.ts';
import { WireKeeper, type WireLink } from './wire-keeper.ts';

/** A fail-safe that notes what it is asked; each answer is a later time. */
class FakeLink implements WireLink {
  readonly asked: string[] = [];
  readonly status = { carriedBy: 'kernel', failovers: 0 } as const;
  fail = 0;
  #time = 1000;

  take(): Promise<number> {
    return this.#answer('take');
  }

  handOver(): Promise<number> {
    return this.#answer('handOver');
  }

  stop(): Promise<number> {
    return this.#answer('stop');
  }

  watch(): void {
    this.asked.push('watch');
  }

  async #answer(what: string): Promise<number> {
    this.asked.push(what);
    if (this.fail > 0) {
      this.fail -= 1;
      throw new Error('no watchdog');
    }
    this.#time += 1000;
    return this.#time;
  }
}

function keeperOf(workers: { ready: number; all: number }) {
  const link = new FakeLink();
  const span = new WireSpan();
  const keeper = new WireKeeper({ link, span, log: SILENT_LOG, workers: () => workers });
  const ours = (time: number) => span.holds(Float64Array.of(time));
  return { link, keeper, ours };
}

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds() && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(holds()).toBe(true);
}

test('packets are ours from the time on that the wire was taken, and until it was given back', async () => {
  const { link, keeper, ours } = keeperOf({ ready: 0, all: 0 });
  expect(ours(2000)).toBe(false);
  await keeper.begin(new Int32Array(1));
  expect([ours(1999), ours(2000), ours(9e15)]).toEqual([false, true, true]);
  await keeper.end();
  expect([ours(2000), ours(2999), ours(3000)]).toEqual([true, true, false]);
  expect(link.asked).toEqual(['watch', 'take', 'stop']);
});

test('a worker that dies costs us the wire until it runs again', async () => {
  const workers = { ready: 1, all: 1 };
  const { link, keeper, ours } = keeperOf(workers);
  await keeper.begin(new Int32Array(1));
  workers.ready = 0;
  keeper.changed();
  await until(() => link.asked.includes('handOver'));
  await until(() => !ours(3000));
  expect(ours(2999)).toBe(true);
  workers.ready = 1;
  keeper.changed();
  await until(() => ours(4000));
  expect(ours(3999)).toBe(false);
  expect(link.asked).toEqual(['watch', 'take', 'handOver', 'take']);
  await keeper.end();
});

test('nothing is asked while all is as it was, or before it began', async () => {
  const { link, keeper } = keeperOf({ ready: 1, all: 1 });
  keeper.changed();
  await keeper.begin(new Int32Array(1));
  keeper.changed();
  await keeper.end();
  expect(link.asked).toEqual(['watch', 'take', 'stop']);
});

test('what failed is tried again, and workers do not rest for ever', async () => {
  const workers = { ready: 1, all: 1 };
  const { link, keeper, ours } = keeperOf(workers);
  await keeper.begin(new Int32Array(1));
  link.fail = 1;
  workers.ready = 0;
  keeper.changed();
  await until(() => link.asked.includes('handOver'));
  workers.ready = 1;
  keeper.changed();
  await until(() => ours(9e15));
  await keeper.end();
  expect(link.asked.at(-1)).toBe('stop');
});

test('an end without a watchdog is an end all the same', async () => {
  const { link, keeper, ours } = keeperOf({ ready: 0, all: 0 });
  await keeper.begin(new Int32Array(1));
  link.fail = 1;
  await keeper.end();
  expect(ours(9e15)).toBe(false);
});
