/** The project's own recordings against what their scripts did: needs nothing but the repository. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { TruthEvent, TruthFile } from '../record/truth.ts';
import { capturePath } from '../support/corpus.ts';
import { compare, type Expected, type Explained } from './compare.ts';
import { ledgerFaults } from './ledger.ts';
import { replayFile } from './replay.ts';
import { table } from './table.ts';

const names = readdirSync(capturePath()).filter((name) => name.endsWith('.truth.json'));
const rows: (readonly (string | number)[])[] = [];

/** Not counted by the truth, as its definition says. */
const EXPLANATIONS: readonly Explained[] = [
  { why: 'room echo of the own message', covers: (facts) => facts.copy === 'echo' },
  { why: 'CTCP', covers: (facts) => facts.form === 'ctcp' },
  { why: 'said by the server', covers: (facts) => facts.route === 'service' },
];

function expectedOf(event: TruthEvent): Expected {
  const { file, to, ...plain } = event;
  const inFile = Object.entries(file ?? {}).map(([name, value]) => [`file.${name}`, value]);
  const fields = { ...plain, ...(to ? { to: to.join(',') } : {}), ...Object.fromEntries(inFile) };
  return { what: JSON.stringify(event), fields };
}

describe('the own captures say what their scripts did', () => {
  test('there are some', () => expect(names.length).toBeGreaterThan(2));

  test.each(names)('%s', async (name) => {
    const truth: TruthFile = JSON.parse(readFileSync(capturePath(name), 'utf8'));
    const replay = await replayFile(capturePath(truth.capture));
    const complete = new Set(truth.complete);
    const judged = (facts: { readonly kind?: unknown }) => complete.has(String(facts.kind));
    const judgement = compare(truth.events.map(expectedOf), replay.events, judged, EXPLANATIONS);
    rows.push([
      truth.capture,
      replay.frames,
      replay.events.length,
      `${judgement.found}/${judgement.expected}`,
    ]);
    expect(replay.error).toBeUndefined();
    expect(ledgerFaults(replay.events)).toEqual([]);
    expect(judgement.differences.join('\n')).toBe('');
  });

  afterAll(() => table(['capture', 'packets', 'events', 'found'], rows));
});
