/** Captures of Gadu-Gadu against their ground truth. */
import { afterAll, describe, expect, test } from 'vitest';
import { needs } from '../support/need.ts';
import { GroundTruth } from './checker.ts';
import type { Explained } from './compare.ts';
import { expectGadu } from './expect-gadu.ts';
import { RECORDED_EXPLANATIONS } from './judged.ts';
import { readRecorded, recordedNames } from './truth.ts';

const need = needs({ corpus: true });
const truths = new GroundTruth();
const explanations: readonly Explained[] = [
  ...RECORDED_EXPLANATIONS,
  {
    // Frames 14, 22 and 40 (0x46), 18, 36 and 38 (0x05).
    why: 'acknowledgement, which the truth passes over',
    covers: ({ kind }) => kind === 'message.receipt',
  },
];

describe.skipIf(need.skip)(`recorded sessions say what their truth says${need.why}`, () => {
  test.each(need.skip ? [] : recordedNames('gadu'))('gadu/%s', async (name) => {
    const truth = readRecorded('gadu', name);
    const path = `recorded/gadu/${truth.capture}`;
    const { events } = await truths.hold(path, expectGadu(truth), { explanations });
    // What the truth notes of the conference: whoever is in it besides the account.
    const threads = events.filter(({ thread }) => thread !== undefined);
    expect(threads.map(({ thread }) => thread)).toEqual(Array(2).fill('501001,502002,777003'));
  });
});

afterAll(() => truths.print());
