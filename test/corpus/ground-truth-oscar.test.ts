/**
 * Real captures of AIM and ICQ against their ground truth: sign-in, lists, presence, messages, rooms and
 * files with the right sender, recipient, origin and text, and nothing that is not there.
 */
import { afterAll, describe, test } from 'vitest';
import { needs } from '../support/need.ts';
import { GroundTruth } from './checker.ts';
import type { Explained } from './compare.ts';
import { expectOscar } from './expect-oscar.ts';
import { expectPuzzle } from './expect-puzzle.ts';
import { RECORDED_EXPLANATIONS } from './judged.ts';
import { readPublic, readRecorded, recordedNames } from './truth.ts';

const need = needs({ corpus: true });
const truths = new GroundTruth();

/** The truth is about what people do. */
const EXPLANATIONS: readonly Explained[] = [
  ...RECORDED_EXPLANATIONS,
  {
    why: 'icon of a contact, fetched by the client itself (SNAC 0010)',
    covers: (facts) =>
      /^file\.(offer|complete)$/.test(String(facts.kind)) && facts['file.method'] === 'attachment',
  },
  {
    why: 'the server says that the receiver is not signed in (SNAC 0004/0001)',
    covers: (facts) => facts.kind === 'message.receipt' && facts.state === 'failed',
  },
];

/** Where the script does not ask the clients for their lists. */
const NO_LISTS: Explained = {
  why: 'contact list of the server; the truth lists none',
  covers: (facts) => facts.kind === 'contact.list',
};

describe.skipIf(need.skip)(`recorded sessions say what their truth says${need.why}`, () => {
  test.each(need.skip ? [] : recordedNames('oscar'))('oscar/%s', async (name) => {
    const truth = readRecorded('oscar', name);
    const path = `recorded/oscar/${name}.pcap`;
    const hasLists = truth.events.some((item) => item.type === 'roster');
    const explanations = hasLists ? EXPLANATIONS : [...EXPLANATIONS, NO_LISTS];
    await truths.hold(path, expectOscar(truth), { explanations });
  });
});

describe.skipIf(need.skip)(`public captures say what their truth says${need.why}`, () => {
  test('the forensic puzzle', async () => {
    const truth = readPublic('puzzle1-anns-bad-aim.pcap');
    const path = 'oscar/puzzle1-anns-bad-aim.pcap';
    await truths.hold(path, expectPuzzle(truth), { explanations: EXPLANATIONS });
  });
});

afterAll(() => truths.print());
