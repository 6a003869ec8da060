/** Real captures of MSN against their ground truth: accounts, contacts, conversations, conferences and files. */
import { afterAll, describe, test } from 'vitest';
import { needs } from '../support/need.ts';
import { GroundTruth } from './checker.ts';
import { expectMsnp, expectPublicMsnp, MSNP_EXPLANATIONS } from './expect-msnp.ts';
import { capturesBelow, readPublic, readRecorded, recordedNames } from './truth.ts';

const need = needs({ corpus: true });
const truths = new GroundTruth();

describe.skipIf(need.skip)(`recorded sessions of MSN say what their truth says${need.why}`, () => {
  test.each(need.skip ? [] : recordedNames('msnp'))('msnp/%s', async (name) => {
    const truth = readRecorded('msnp', name);
    await truths.hold(`recorded/msnp/${name}.pcap`, expectMsnp(name, truth), {
      explanations: MSNP_EXPLANATIONS,
      concerns: (event) => event.protocol === 'msnp',
    });
  });
});

describe.skipIf(need.skip)(`public captures of MSN say what their truth says${need.why}`, () => {
  test.each(need.skip ? [] : capturesBelow('msnp'))('%s', async (path) => {
    const name = path.split('/')[1] ?? '';
    await truths.hold(path, expectPublicMsnp(readPublic(name)), {
      explanations: MSNP_EXPLANATIONS,
      // Of the mixed capture SIP, Yahoo! and telnet are others' business.
      concerns: (event) => event.protocol === 'msnp',
    });
  });
});

afterAll(() => truths.print());
