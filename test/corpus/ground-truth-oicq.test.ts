/** The public capture of QQ against its ground truth: whose traffic it is, and nothing of what it says. */
import { afterAll, describe, expect, test } from 'vitest';
import { needs } from '../support/need.ts';
import { GroundTruth } from './checker.ts';
import { expectOicq } from './expect-oicq.ts';
import { isJudged } from './judged.ts';
import { capturesBelow, readPublic } from './truth.ts';

const need = needs({ corpus: true });
const truths = new GroundTruth();

describe.skipIf(need.skip)(`public captures say what their truth says${need.why}`, () => {
  test.each(need.skip ? [] : capturesBelow('oicq'))('%s', async (path) => {
    const truth = readPublic(path.replace('/', '__'));
    const { events } = await truths.hold(path, expectOicq(truth), {
      explanations: [],
      judged: (facts) => isJudged(facts) || facts.kind === 'presence',
    });
    for (const event of events) expect(event.visibility).toBe('metadata');
    const versions = new Set(truth.presence.map(({ version }) => String(version).slice(2)));
    const seen = events.flatMap(({ protocolVersion }) => protocolVersion ?? []);
    expect(new Set(seen)).toEqual(versions);
    expect(events.filter(({ kind }) => kind === 'flow.identified')).toHaveLength(
      truth.flows.length,
    );
  });
});

afterAll(() => truths.print());
