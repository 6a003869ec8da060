/** Real captures of Yahoo! against their ground truth: accounts, contacts, conversations, conferences and files. */
import { afterAll, describe, test } from 'vitest';
import { needs } from '../support/need.ts';
import { GroundTruth } from './checker.ts';
import { expectPublicYmsg, expectYmsg } from './expect-ymsg.ts';
import { readPublic, readRecorded, recordedNames } from './truth.ts';

const need = needs({ corpus: true });
const MIXED = 'mixed-sip-rtp-msn-ymsg-telnet.pcap';
const truths = new GroundTruth();

describe.skipIf(need.skip)(
  `recorded sessions of Yahoo! say what their truth says${need.why}`,
  () => {
    test.each(need.skip ? [] : recordedNames('ymsg'))('ymsg/%s', async (name) => {
      const expected = expectYmsg(name, readRecorded('ymsg', name));
      // Every event of the capture: MSN, HTTP and UPnP in it must not be taken for anything else.
      await truths.hold(`recorded/ymsg/${name}.pcap`, expected, { explanations: [] });
    });
  },
);

describe.skipIf(need.skip)(
  `the mixed capture says what its truth says of Yahoo!${need.why}`,
  () => {
    test('three sessions that began before it', async () => {
      await truths.hold(`msnp/${MIXED}`, expectPublicYmsg(readPublic(MIXED)), {
        explanations: [],
        judged: () => true,
        // MSN, SIP and telnet of this capture are others' business.
        concerns: ({ protocol, kind }) =>
          (protocol?.startsWith('ymsg') ?? false) && !kind.startsWith('flow.'),
      });
    });
  },
);

afterAll(() => truths.print());
