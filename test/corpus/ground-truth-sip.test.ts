/**
 * Real captures of SIP, SIMPLE and MSRP against their ground truth: sign-ins, messages, presence, calls,
 * file offers and the files, with the right sender, recipient and origin, and nothing that is not there.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { needs } from '../support/need.ts';
import { GroundTruth } from './checker.ts';
import type { Expected } from './compare.ts';
import { expectPublicSip, expectRecordedSip, type Shown } from './expect-sip.ts';
import { isJudged } from './judged.ts';
import { capturesBelow, readPublic, readRecorded, recordedNames } from './truth.ts';

const need = needs({ corpus: true });
const truths = new GroundTruth();

/** What the truth does not tell, and where everybody can see it. */
const KNOWN: Readonly<Record<string, Shown>> = {
  // Frames 640, 642: REGISTER with `Expires: 0`.
  'sip-flow-private.pcapng': { logouts: [641, 643] },
  // Frames 199, 210: `Expires: 0`.
  'private-test-sip.pcapng': { logouts: [200, 211] },
  // Frame 100: `Expires: 0`. Frame 14: credentials with `response=""`. Frame 90 holds an RP-DATA to the
  // service centre (+7, the To that the truth has) with an SMS-SUBMIT whose TP-DA is 122 and whose text
  // is `test` (tshark's gsm_sms dissector agrees): 122 gets the message.
  'sip-message-sms-over-ims-gtp-iphone.pcap': {
    logouts: [102],
    firstChallenges: [16],
    recipients: new Map([[90, { to: '122', text: 'test' }]]),
  },
};

/** A presence whose state is worth an event is worth a look, too. */
const judged = (facts: Parameters<typeof isJudged>[0]) =>
  isJudged(facts) || facts.kind === 'presence' || facts.kind === 'typing';

describe.skipIf(need.skip)(`recorded sessions say what their truth says${need.why}`, () => {
  const names = (folder: string) => (need.skip ? [] : recordedNames(folder));
  test.each([
    ...names('sip').map((name) => ['sip', name] as const),
    ...names('msrp').map((name) => ['msrp', name] as const),
  ])('%s/%s', async (folder, name) => {
    const truth = readRecorded(folder, name);
    await truths.hold(`recorded/${folder}/${truth.capture}`, expectRecordedSip(truth), {
      explanations: [
        {
          why: 'the first octet of the file',
          covers: (facts) => facts.kind === 'file.start' && facts['file.size'] === 20006,
        },
      ],
      judged,
    });
  });
});

describe.skipIf(need.skip)(`public captures say what their truth says${need.why}`, () => {
  test.each(need.skip ? [] : capturesBelow('sip'))('%s', async (path) => {
    const name = path.split('/')[1] ?? '';
    const truth = readPublic(`sip__${name}`);
    const replay = await truths.hold(path, expectPublicSip(truth, KNOWN[name]), {
      explanations: [],
      judged,
    });
    expect(replay.events.some(({ protocol }) => protocol === 'sip')).toBe(truth.flows.length > 0);
  });

  /** The truth names the call and lists none of its events: these are the frames, as tshark shows them. */
  const call = (packet: number, kind: string, fields: Expected['fields']): Expected => ({
    what: `frame ${packet}`,
    fields: { kind, packet, protocol: 'sip', ...fields },
  });
  const francisco = 'francisco@bestel.com';
  const ivan = { account: 'ivan@verso.com', origin: 'server' };
  const mixed = [
    call(1, 'call.offer', { from: '200.57.7.195', to: francisco, origin: 'server' }),
    call(498, 'call.accept', { from: francisco, to: '200.57.7.195', origin: 'client' }),
    call(153, 'session.login', { ...ivan, state: undefined }),
    call(1727, 'session.login', { account: francisco, origin: 'server' }),
    call(2912, 'session.login', { ...ivan, state: 'refreshed' }),
    call(2964, 'call.offer', { from: '5514540002@200.57.7.195', to: francisco, origin: 'server' }),
  ];
  test('msnp/mixed-sip-rtp-msn-ymsg-telnet.pcap, its telephone calls', async () => {
    await truths.hold('msnp/mixed-sip-rtp-msn-ymsg-telnet.pcap', mixed, {
      explanations: [],
      judged,
      concerns: ({ protocol }) => protocol === 'sip' || protocol === 'msrp',
    });
  });
});

afterAll(() => truths.print());
