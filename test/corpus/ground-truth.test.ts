/**
 * Real captures of XMPP and IRC against their ground truth: every message, login, contact, room and file
 * event with the right sender, recipient, origin and text, and nothing that is not there.
 */
import { afterAll, describe, test } from 'vitest';
import { needs } from '../support/need.ts';
import { GroundTruth } from './checker.ts';
import { expectIrc } from './expect-irc.ts';
import { expectPublic } from './expect-public.ts';
import { expectXmpp } from './expect-xmpp.ts';
import { PUBLIC_EXPLANATIONS, RECORDED_EXPLANATIONS } from './judged.ts';
import { capturesBelow, readPublic, readRecorded, recordedNames } from './truth.ts';

const need = needs({ corpus: true });
/** XMPP over BOSH and WebSocket is not decoded in this version. */
const NOT_DECODED = /^(bosh|websocket)-/;

const truths = new GroundTruth();
const recorded = { explanations: RECORDED_EXPLANATIONS };

describe.skipIf(need.skip)(`recorded sessions say what their truth says${need.why}`, () => {
  const names = (folder: string) => (need.skip ? [] : recordedNames(folder));
  test.each(names('irc'))('irc/%s', async (name) => {
    const truth = readRecorded('irc', name);
    await truths.hold(`recorded/irc/${truth.capture}`, expectIrc(truth), recorded);
  });

  test.each(names('xmpp').filter((name) => !NOT_DECODED.test(name)))('xmpp/%s', async (name) => {
    const truth = readRecorded('xmpp', name);
    await truths.hold(`recorded/xmpp/${truth.capture}`, expectXmpp(truth), recorded);
  });
});

describe.skipIf(need.skip)(`public captures say what their truth says${need.why}`, () => {
  const paths = need.skip ? [] : [...capturesBelow('irc'), ...capturesBelow('xmpp')];
  test.each(paths)('%s', async (path) => {
    const name = path.split('/')[1] ?? '';
    await truths.hold(path, expectPublic(readPublic(name)), { explanations: PUBLIC_EXPLANATIONS });
  });
});

afterAll(() => truths.print());
