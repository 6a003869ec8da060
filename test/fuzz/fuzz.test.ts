import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { StoredFrame } from '../corpus/frames.ts';
import { capturePath, hasCorpus } from '../support/corpus.ts';
import { shippedServices } from '../support/shipped-services.ts';
import { Fuzzer } from './fuzzer.ts';
import { MUTATIONS } from './mutate.ts';
import { Random } from './random.ts';
import { loadSeeds } from './seeds.ts';

const SECONDS = 10;
const SEED = 20_261_123;
const nothing = !hasCorpus() && !existsSync(capturePath());

describe.skipIf(nothing)(`fuzzing${nothing ? ' (skipped: no captures)' : ''}`, () => {
  test('nothing throws, hangs, grows or lies on spoiled captures', {
    timeout: 60_000,
  }, async () => {
    const fuzzer = new Fuzzer(await loadSeeds(undefined), shippedServices().compiled);
    const faults: string[] = [];
    let events = 0;
    const until = performance.now() + SECONDS * 1000;
    for (let seed = SEED; performance.now() < until; seed++) {
      const execution = fuzzer.execute(seed);
      events += execution.events;
      if (execution.fault !== undefined)
        faults.push(`seed ${seed}, ${execution.what}: ${execution.fault}`);
    }
    expect(faults).toEqual([]);
    expect(events).toBeGreaterThan(100);
  });

  test('the same seed is the same execution', async () => {
    const fuzzer = new Fuzzer(await loadSeeds(undefined), shippedServices().compiled);
    const shape = (seed: number) => {
      const { what, frames, octets, events } = fuzzer.execute(seed);
      return { what, frames, octets, events };
    };
    for (let seed = 1; seed < 20; seed++) expect(shape(seed)).toEqual(shape(seed));
  });

  test('every mutation changes something, and leaves the original whole', async () => {
    const seeds = (await loadSeeds(undefined)).filter(
      (seed) => seed.im && seed.frames.filter((f) => f.linkType === 1).length > 20,
    );
    const [first, second] = seeds;
    if (first === undefined || second === undefined) throw new Error('no captures');
    const before = JSON.stringify(first.frames.map((frame) => [...frame.octets]));
    const shape = (frames: readonly StoredFrame[]) =>
      JSON.stringify(frames.map((f) => [...f.octets, f.linkType, f.time]));
    const original = shape(first.frames);
    for (const [name, mutate] of Object.entries(MUTATIONS)) {
      // A mutation that spares most packets may spare all of a small capture once.
      const tries = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => new Random(n));
      const changes = tries.some((r) => shape(mutate(first.frames, second.frames, r)) !== original);
      expect(changes, name).toBe(true);
    }
    expect(JSON.stringify(first.frames.map((frame) => [...frame.octets]))).toBe(before);
  });
});
