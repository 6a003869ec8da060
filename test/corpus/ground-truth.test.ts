/**
 * Real captures against their ground truth: every message, login, contact, room and file event with
 * the right sender, recipient, origin and text, and nothing that is not there.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { corpusPath } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { type Comparison, compare, type Expected, type Explained } from './compare.ts';
import { expectIrc } from './expect-irc.ts';
import { expectPublic } from './expect-public.ts';
import { expectXmpp } from './expect-xmpp.ts';
import { isJudged, PUBLIC_EXPLANATIONS, RECORDED_EXPLANATIONS } from './judged.ts';
import { ledgerFaults } from './ledger.ts';
import { type Replay, replayFile } from './replay.ts';
import { table } from './table.ts';
import { capturesBelow, readPublic, readRecorded, recordedNames } from './truth.ts';
import { amend } from './truth-amended.ts';

const need = needs({ corpus: true });
/** XMPP over BOSH and WebSocket is not decoded in this version. */
const NOT_DECODED = /^(bosh|websocket)-/;

const rows: (readonly (string | number)[])[] = [];

function check(
  path: string,
  replay: Replay,
  expected: readonly Expected[],
  explanations: readonly Explained[],
): void {
  const judgement = compare(expected, replay.events, isJudged, explanations);
  rows.push(rowOf(path, replay, judgement));
  expect(replay.error).toBeUndefined();
  expect(ledgerFaults(replay.events)).toEqual([]);
  expect(judgement.differences.join('\n')).toBe('');
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

describe.skipIf(need.skip)(`recorded sessions say what their truth says${need.why}`, () => {
  const names = (folder: string) => (need.skip ? [] : recordedNames(folder));
  test.each(names('irc'))('irc/%s', async (name) => {
    const truth = readRecorded('irc', name);
    const path = `recorded/irc/${truth.capture}`;
    check(
      path,
      await replayFile(corpusPath(path)),
      amend(path, expectIrc(truth)),
      RECORDED_EXPLANATIONS,
    );
  });

  test.each(names('xmpp').filter((name) => !NOT_DECODED.test(name)))('xmpp/%s', async (name) => {
    const truth = readRecorded('xmpp', name);
    const path = `recorded/xmpp/${truth.capture}`;
    check(
      path,
      await replayFile(corpusPath(path)),
      amend(path, expectXmpp(truth)),
      RECORDED_EXPLANATIONS,
    );
  });
});

describe.skipIf(need.skip)(`public captures say what their truth says${need.why}`, () => {
  const paths = need.skip ? [] : [...capturesBelow('irc'), ...capturesBelow('xmpp')];
  test.each(paths)('%s', async (path) => {
    const name = path.split('/')[1] ?? '';
    const expected = expectPublic(readPublic(name));
    check(path, await replayFile(corpusPath(path)), amend(path, expected), PUBLIC_EXPLANATIONS);
  });
});

afterAll(() => {
  if (rows.length === 0) return;
  table(
    ['capture', 'packets', 'events', 'found', 'optional', 'invented', 'not in the truth'],
    rows,
  );
});
