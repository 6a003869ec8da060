/** Where the truth is shown to be wrong or silent: what is amended, and the evidence. */
import type { Expected } from './compare.ts';
import { bodyOf } from './expect-public.ts';

interface Amendment {
  readonly capture: RegExp;
  /** What shows it, so that a reader can look for himself. */
  readonly evidence: string;
  readonly amend: (expected: readonly Expected[]) => readonly Expected[];
}

const AMENDMENTS: readonly Amendment[] = [
  {
    capture: /SkypeIRC/,
    evidence:
      'CAPAB identify-msg is on: the server puts + or - before every text, which nobody typed; the ' +
      'truth says so itself ("notable") and keeps the sign in its texts',
    amend: (expected) => expected.map(withoutSign),
  },
  {
    capture: /irc-cap-req-arkime/,
    evidence:
      'frame 19 holds "@msg-id=host_on :tmi.twitch.tv NOTICE #THE-USER :Now hosting xxxxxxxxxxx."; ' +
      'the script that made the truth did not read lines with tags',
    amend: (expected) => [
      ...expected,
      {
        what: 'frame 19: NOTICE #THE-USER',
        fields: {
          kind: 'message',
          origin: 'server',
          from: 'tmi.twitch.tv',
          to: undefined,
          room: '#THE-USER',
          text: 'Now hosting xxxxxxxxxxx.',
          form: 'notice',
        },
      },
    ],
  },
  {
    capture: /xmpp\/(ft-http-upload-oob|variant-upload)/,
    evidence:
      'the receiver answers the URL offer (jabber:iq:oob, id oob1) with an iq of type error, ' +
      'service-unavailable: frame 100 at the sender, 93 at the receiver; the truth lists the offer only',
    amend: (expected) => [
      ...expected,
      {
        what: 'iq error oob1',
        fields: {
          kind: 'file.decline',
          from: 'bjørn@harbor.example',
          to: 'anna@harbor.example',
          'file.url': 'http://files.harbor.example:5280/docs/tariff.pdf',
        },
      },
    ],
  },
  {
    capture: /variant-upload-snaplen700/,
    evidence:
      'the three upload slots stand in frames of 842, 777 and 797 octets (22, 72, 97 of the capture it ' +
      'is made from), of which the first 700 are there: the stanzas are cut before their end. What is brought ' +
      'to a slot that was not told (frames 27 and 77) is an HTTP request like any other',
    amend: (expected) =>
      expected.filter(({ what }) => !/file-upload-slot|"request":"PUT /.test(what)),
  },
  {
    capture: /msnp\/msnp(9|15)-basic/,
    evidence:
      'the client makes its own format of the HTML it was handed, and gets it wrong: frame 363 (MSNP9) and 552 ' +
      '(MSNP15) say face="Arial">red Arial in the text, and that is what the receiver shows (html_received)',
    amend: (expected) =>
      expected.map((item) =>
        item.fields.text === 'bold italic red Arial'
          ? { ...item, fields: { ...item.fields, text: 'bold italic face="Arial">red Arial' } }
          : item,
      ),
  },
  {
    capture: /msnp\/msnp15-files/,
    evidence:
      'declined.doc was declined in the receiver only: after its offer (frames 1261, 1262) bob says nothing but the ' +
      'acknowledgement of its packets (1266, 1267); his next message is the offer of cancelled.pdf (1271)',
    amend: (expected) =>
      expected.filter(
        ({ fields }) => fields.kind !== 'file.decline' || fields['file.name'] !== 'declined.doc',
      ),
  },
  {
    capture: /oscar\/aim-files-libpurple243/,
    evidence:
      'frame 315 (SNAC 0013/0006) has retroalice in Buddies on the list of bob retro already, and there is ' +
      'no 0013/0008 on his connection: the script asks for what the client need not do',
    amend: (expected) =>
      expected.filter(
        ({ fields }) => fields.kind !== 'contact.add' || fields.account !== 'bobretro',
      ),
  },
  {
    capture: /oscar\/icq-basic-libpurple243/,
    evidence:
      'frame 100 (SNAC 0013/0006) has 200002 twice, in group 1 (Buddies) and in group 4 (General); the ' +
      'client shows both under Buddies, and so does the truth',
    amend: (expected) => [
      ...expected,
      {
        what: 'frame 100: 200002 in General',
        fields: {
          kind: 'contact.list',
          origin: 'server',
          account: '100001',
          contact: '200002',
          groups: 'General',
        },
      },
    ],
  },
];

function withoutSign(item: Expected): Expected {
  const { kind, origin, text } = item.fields;
  if (kind !== 'message' || origin !== 'server' || typeof text !== 'string') return item;
  return { ...item, fields: { ...item.fields, ...bodyOf(text.replace(/^[+-]/, ''), undefined) } };
}

export function amend(capture: string, expected: readonly Expected[]): readonly Expected[] {
  const own = AMENDMENTS.filter((amendment) => amendment.capture.test(capture));
  return own.reduce((amended, { amend }) => amend(amended), expected);
}
