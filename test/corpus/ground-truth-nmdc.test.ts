/** The public capture of an NMDC hub and two connections between peers, against its ground truth. */
import { afterAll, describe, expect, test } from 'vitest';
import { needs } from '../support/need.ts';
import { GroundTruth } from './checker.ts';
import { expectNmdc } from './expect-nmdc.ts';
import { isJudged } from './judged.ts';
import { capturesBelow, readPublic } from './truth.ts';

const need = needs({ corpus: true });
const truths = new GroundTruth();

describe.skipIf(need.skip)(`public captures say what their truth says${need.why}`, () => {
  test.each(need.skip ? [] : capturesBelow('nmdc'))('%s', async (path) => {
    const truth = readPublic(path.replace('/', '__'));
    // The truth lists every $MyINFO too: presence is held to it, and none may be invented.
    const judged = (facts: Parameters<typeof isJudged>[0]) =>
      isJudged(facts) || facts.kind === 'presence';
    const replay = await truths.hold(path, expectNmdc(truth), { explanations: [], judged });
    expect(JSON.stringify(replay.events)).not.toContain('BITSCTF{');
  });
});

afterAll(() => truths.print());
