/** The project's own captures: every message, login and file that the scripts caused, and no other. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { replayFile } from '../corpus/replay.ts';
import type { TruthFile } from '../record/truth.ts';
import { capturePath } from '../support/corpus.ts';
import { compareWithTruth } from './truth.ts';

const truths = readdirSync(capturePath())
  .filter((name) => name.endsWith('.truth.json'))
  .map((name): TruthFile => JSON.parse(readFileSync(capturePath(name), 'utf8')));

describe('example captures', () => {
  test('are there, small, and each has a truth', () => {
    const captures = readdirSync(capturePath()).filter((name) => /\.pcap(ng)?(\.\w+)?$/.test(name));
    expect(captures.length).toBeGreaterThan(4);
    expect(truths.map(({ capture }) => capture).sort()).toEqual(captures.sort());
    const octets = captures.reduce((sum, name) => sum + statSync(capturePath(name)).size, 0);
    expect(octets).toBeLessThan(600 * 1024);
  });

  test.each(truths)('$capture', async (truth) => {
    const { events, error } = await replayFile(capturePath(truth.capture));
    expect(error).toBeUndefined();
    const { found, expected, differences } = compareWithTruth(truth, events);
    expect(differences).toEqual([]);
    expect(found).toBe(expected);
  });
});
