/**
 * Holds one capture against its truth and keeps the row of the table that is printed at the end. Each
 * file of ground-truth tests makes its own.
 */
import { expect } from 'vitest';
import type { ImEvent } from '../../src/event/event.ts';
import { corpusPath } from '../support/corpus.ts';
import { type Comparison, compare, type Expected, type Explained, type Facts } from './compare.ts';
import { isJudged } from './judged.ts';
import { ledgerFaults } from './ledger.ts';
import { type Replay, replayFile } from './replay.ts';
import { table } from './table.ts';
import { amend } from './truth-amended.ts';

export interface Holding {
  /** Events that may be there although the truth does not list them. */
  readonly explanations: readonly Explained[];
  /** Which facts must not be invented; conversation, accounts, contacts, rooms, files otherwise. */
  readonly judged?: (facts: Facts) => boolean;
  /** Of a capture with several protocols, the events that this truth is about. */
  readonly concerns?: (event: ImEvent) => boolean;
}

export class GroundTruth {
  readonly #rows: (readonly (string | number)[])[] = [];

  /** Replays the capture and fails with text where it says something else than expected. */
  async hold(path: string, expected: readonly Expected[], holding: Holding): Promise<Replay> {
    const replay = await replayFile(corpusPath(path));
    const { explanations, judged = isJudged, concerns = () => true } = holding;
    const events = replay.events.filter(concerns);
    const judgement = compare(amend(path, expected), events, judged, explanations);
    this.#rows.push(rowOf(path, replay, judgement));
    expect(replay.error).toBeUndefined();
    expect(ledgerFaults(replay.events)).toEqual([]);
    expect(judgement.differences.join('\n')).toBe('');
    return replay;
  }

  /** Call when all is done: found and expected of each capture. */
  print(): void {
    if (this.#rows.length === 0) return;
    table(
      ['capture', 'packets', 'events', 'found', 'optional', 'invented', 'not in the truth'],
      this.#rows,
    );
  }
}

function rowOf(
  path: string,
  { frames, events }: Replay,
  judgement: Comparison,
): (string | number)[] {
  const { expected, found, differences, optionalFound, explained } = judgement;
  const invented = differences.filter((text) => text.startsWith('INVENTED')).length;
  const others = [...explained].map(([why, n]) => `${n} × ${why}`).join('; ');
  return [path, frames, events.length, `${found}/${expected}`, optionalFound, invented, others];
}
