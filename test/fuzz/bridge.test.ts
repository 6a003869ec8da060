import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { capturePath, hasCorpus } from '../support/corpus.ts';
import { shippedServices } from '../support/shipped-services.ts';
import { executeBridge } from './bridge-fuzzer.ts';
import { loadSeeds, type Seed } from './seeds.ts';

const SECONDS = 10;
/** For as many as are wanted, on a machine that has other work. */
const MOST_SECONDS = 50;
const SEED = 20_261_126;
const nothing = !hasCorpus() && !existsSync(capturePath());

describe.skipIf(nothing)(`fuzzing the bridge${nothing ? ' (skipped: no captures)' : ''}`, () => {
  const services = shippedServices().compiled;
  let seeds: readonly Seed[];
  beforeAll(async () => {
    const all = await loadSeeds(undefined);
    // Twice: captures of what is decoded are chosen more often.
    seeds = [...all, ...all.filter(({ im }) => im), ...all.filter(({ im }) => im)];
  });

  test('nothing throws, grows, gets lost or changes unsaid on spoiled captures', {
    timeout: 60_000,
  }, () => {
    const faults: string[] = [];
    let events = 0;
    let refused = 0;
    const began = performance.now();
    const goesOn = () => {
      const seconds = (performance.now() - began) / 1000;
      return seconds < (events > 100 && refused > 20 ? SECONDS : MOST_SECONDS);
    };
    for (let seed = SEED; goesOn() && faults.length < 10; seed++) {
      const execution = executeBridge(seeds, seed, services);
      events += execution.events;
      refused += execution.refused;
      if (execution.fault !== undefined) {
        faults.push(`seed ${seed}, ${execution.what}: ${execution.fault}`);
      }
    }
    expect(faults).toEqual([]);
    expect(events).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(20);
  });

  test('the same seed is the same execution', () => {
    for (let seed = 1; seed < 10; seed++) {
      expect(executeBridge(seeds, seed, services).what).toBe(
        executeBridge(seeds, seed, services).what,
      );
      expect(executeBridge(seeds, seed, services).outcome).toBe(
        executeBridge(seeds, seed, services).outcome,
      );
    }
  });
});
