/** Test support: conversations of ADC, wire in and events out. */
import { deflate } from 'pako';
import { client, octets, type Row, server, sha256 } from '../../test/support/parser-harness.ts';

const OWN = { origin: 'client', account: 'ann', protocolVersion: '1.0' };
const HUB = { origin: 'server', account: 'ann', protocolVersion: '1.0' };
const ROOM = { room: 'Moor', route: 'room' };
const direct = { route: 'direct' };

/** Signed in as ann (AAAB) at the hub Moor, where bob (AAAC) already is. */
export const ADC_SIGN_IN = [
  client('HSUP ADBASE ADTIGR ADZLIF\n'),
  server('ISUP ADBASE ADTIGR ADZLIF\nISID AAAB\nIINF CT32 NIMoor VE1\n'),
  client('BINF AAAB IDCID1 PDsecret1 NIann DElikes\\sbees I410.0.0.1\n'),
  server('IGPA AAAA\n'),
  client('HPAS secret2\n'),
  server(
    'BINF AAAC IDCID2 NIbob I410.0.0.9 AW1\nBINF AAAB IDCID1 NIann DElikes\\sbees I410.0.0.1\n',
  ),
];
const STATUS = { state: 'available', status: 'likes bees' };
export const ADC_SIGNED_IN = [
  { kind: 'presence', origin: 'client', protocolVersion: '1.0', from: 'ann', ...ROOM, ...STATUS },
  {
    kind: 'presence',
    origin: 'server',
    protocolVersion: '1.0',
    from: 'bob',
    ...ROOM,
    state: 'away',
  },
  { kind: 'session.login', ...HUB, from: 'ann' },
  { kind: 'presence', ...HUB, from: 'ann', ...ROOM, ...STATUS, copy: 'echo' },
];

function atHub(name: string, turns: Row['turns'], ...want: Row['want']): Row {
  return { name, turns: [...ADC_SIGN_IN, ...turns], want: [...ADC_SIGNED_IN, ...want] };
}

export const ADC_CHAT: readonly Row[] = [
  atHub(
    'main chat, both ways, and the hub’s copy of own words',
    [
      client('BMSG AAAB hello\\sall\n'),
      server('BMSG AAAB hello\\sall\nBMSG AAAC waves ME1\nIMSG rules\\nand\\sregulations\\\\\n'),
    ],
    { kind: 'message', ...OWN, from: 'ann', ...ROOM, text: 'hello all' },
    { kind: 'message', ...HUB, from: 'ann', ...ROOM, text: 'hello all', copy: 'echo' },
    { kind: 'message', ...HUB, from: 'bob', ...ROOM, text: 'waves', form: 'action' },
    { kind: 'message', ...HUB, ...ROOM, text: 'rules\nand regulations\\' },
  ),
  atHub(
    'private messages and their copies',
    [
      client('EMSG AAAB AAAC psst PMAAAB\n'),
      server('EMSG AAAB AAAC psst PMAAAB\nDMSG AAAC AAAB what? PMAAAC\n'),
    ],
    { kind: 'message', ...OWN, from: 'ann', to: ['bob'], ...direct, text: 'psst' },
    { kind: 'message', ...HUB, from: 'ann', to: ['bob'], ...direct, text: 'psst', copy: 'echo' },
    { kind: 'message', ...HUB, from: 'bob', to: ['ann'], ...direct, text: 'what?' },
  ),
  atHub(
    'a robot’s room, and words of yesterday',
    [server('BINF AAAD IDCID4 NI#ops\nDMSG AAAC AAAB in\\shere PMAAAD TS1700000000\n')],
    { kind: 'room.join', ...HUB, from: '#ops', ...ROOM },
    {
      kind: 'message',
      ...HUB,
      from: 'bob',
      room: '#ops',
      route: 'room',
      text: 'in here',
      sentAt: '2023-11-14T22:13:20.000000Z',
    },
  ),
  atHub(
    'another’s SID identifies nobody',
    [client('BMSG AAAC hi\n')],
    { anomaly: 'dc-sender-mismatch' },
    {
      kind: 'message',
      ...OWN,
      from: 'ann',
      ...ROOM,
      text: 'hi',
      anomalies: ['dc-sender-mismatch'],
    },
  ),
  atHub(
    'compression, lines across its edges',
    [
      server('IZON\n', deflate(octets('BMSG AAAC two\nBMSG AAAC thr')), 'ee\n'),
      client('HZON\n', deflate(octets('BMSG AAAB four\nHZOF\n')), 'BMSG AAAB five\n'),
    ],
    ...['two', 'three'].map((text) => ({ kind: 'message', ...HUB, from: 'bob', ...ROOM, text })),
    ...['four', 'five'].map((text) => ({ kind: 'message', ...OWN, from: 'ann', ...ROOM, text })),
  ),
];

export const ADC_PEOPLE: readonly Row[] = [
  atHub(
    'who comes, changes and goes',
    [
      server('BINF AAAE IDCID5 NIeve\nBINF AAAE NIeva\nBINF AAAE AW2 DEout SS5\nBINF AAAE SS6\n'),
      server('IQUI AAAE MSbye\nIQUI AAAC IDAAAB MSbad\\swords\nIINF DEsell\\sand\\sbuy\n'),
    ],
    { kind: 'room.join', ...HUB, from: 'eve', ...ROOM },
    { kind: 'presence', ...HUB, from: 'eve', ...ROOM, state: 'renamed', name: 'eva' },
    { kind: 'presence', ...HUB, from: 'eva', ...ROOM, state: 'xa', status: 'out' },
    { kind: 'room.leave', ...HUB, from: 'eva', ...ROOM, reason: 'bye' },
    { kind: 'room.kick', ...HUB, from: 'ann', to: ['bob'], ...ROOM, reason: 'bad words' },
    { kind: 'room.topic', ...HUB, ...ROOM, text: 'sell and buy' },
  ),
  atHub('sent away', [server('IQUI AAAB RDadc://else.example:1511\n')], {
    kind: 'session.logout',
    ...HUB,
    from: 'ann',
    reason: 'redirected to adc://else.example:1511',
  }),
  {
    name: 'refused',
    turns: [
      ...ADC_SIGN_IN.slice(0, 5),
      server('ISTA 000 fine\nISTA 223 Invalid\\spassword\nIQUI AAAB\n'),
    ],
    want: [
      ...ADC_SIGNED_IN.slice(0, 1),
      { kind: 'session.failed', ...HUB, from: 'ann', reason: 'Invalid password' },
      { kind: 'session.failed', ...HUB, from: 'ann' },
    ].map((event) => (event.kind === 'session.failed' ? { ...event, account: 'ann' } : event)),
  },
  atHub(
    'what is not known, and what is no line',
    [client('BWAV AAAB x\n\n\nbmsg AAAB x\n'), server('INEW x\n')],
    { kind: 'app.unknown', ...OWN, from: 'ann', reason: 'WAV' },
    { anomaly: 'adc-bad-line' },
    { kind: 'app.unknown', ...HUB, reason: 'NEW' },
  ),
];

const falcon = { text: 'sell the falcon' };
export const ADC_EVASIONS: readonly Row[] = [
  atHub(
    'keep-alives around it, several spaces, needless escapes',
    [client('\n\nBMSG  AAAB   sell\\sthe\\s\\falcon  \n\n')],
    { kind: 'message', ...OWN, from: 'ann', ...ROOM, ...falcon },
  ),
  atHub(
    'to those with a feature only, and to the hub',
    [client('FMSG AAAB +TCP4 sell\\sthe\\sfalcon\nHMSG sell\\sthe\\sfalcon\n')],
    { kind: 'message', ...OWN, from: 'ann', ...ROOM, ...falcon },
    { kind: 'message', ...OWN, from: 'ann', route: 'service', ...falcon },
  ),
  atHub(
    'in the description, in the nick, in the words of leaving',
    [
      client('BINF AAAB DEsell\\sthe\\sfalcon\n'),
      server('BINF AAAC NIfalcon\nIQUI AAAC MSsell\\sthe\\sfalcon\n'),
    ],
    {
      kind: 'presence',
      ...OWN,
      from: 'ann',
      ...ROOM,
      state: 'available',
      status: 'sell the falcon',
    },
    { kind: 'presence', ...HUB, from: 'bob', ...ROOM, state: 'renamed', name: 'falcon' },
    { kind: 'room.leave', ...HUB, from: 'falcon', ...ROOM, reason: 'sell the falcon' },
  ),
  atHub(
    'to somebody who is not known: the message is said, its recipient is not',
    [client('DMSG AAAB ZZZZ sell\\sthe\\sfalcon PMAAAB\n')],
    { kind: 'message', ...OWN, from: 'ann', route: 'direct', ...falcon },
  ),
  atHub(
    'damaged compression',
    [client('HZON\nno zlib BMSG AAAB sell\\sthe\\sfalcon\n')],
    { anomaly: 'dc-bad-compression' },
    {
      kind: 'app.unknown',
      ...OWN,
      reason: 'undecodable compression',
      anomalies: ['dc-bad-compression'],
    },
  ),
  {
    name: 'compression that the hub does not read is none',
    turns: ADC_SIGN_IN.map(({ direction, wire }) => ({
      direction,
      wire: octets(new TextDecoder().decode(wire).replace(' ADZLIF', '')),
    })).concat(client('HZON\nBMSG AAAB sell\\sthe\\sfalcon\n')),
    want: [
      ...ADC_SIGNED_IN,
      { kind: 'app.unknown', ...OWN, from: 'ann', reason: 'ZON' },
      { kind: 'message', ...OWN, from: 'ann', ...ROOM, text: 'sell the falcon' },
    ],
  },
  atHub(
    'words to a hub that pass as a file, or as those of two clients',
    [
      client('CINF IDCID2 TO1\nCSND file x 0 99999\nHSND file x 0 99999\nHSND blom / 0 9\n'),
      client('CGET file x 0 9\n'),
      client('BMSG AAAB sell\\sthe\\sfalcon\n'),
    ],
    ...['SND', 'SND', 'SND', 'GET'].map((reason) => ({
      kind: 'app.unknown',
      ...OWN,
      from: 'ann',
      reason,
    })),
    { kind: 'message', ...OWN, from: 'ann', ...ROOM, text: 'sell the falcon' },
  ),
  atHub(
    'a filter of all hashes, which the hub asked for, is content',
    [
      server('IGET blom / 0 24 BK8 BH24\n'),
      client('HSND blom / 0 24 BK8 BH24\n', 'BMSG AAAB no words here\n', 'BMSG AAAB words\n'),
    ],
    { kind: 'message', ...OWN, from: 'ann', ...ROOM, text: 'words' },
  ),
  {
    name: 'a request of a kind that is not known',
    turns: [
      client('CSUP ADBASE\n'),
      server('CSUP ADBASE\n'),
      client('CGET magic falcon.exe 0 -1\n'),
    ],
    want: [
      { kind: 'app.unknown', origin: 'client', protocolVersion: '1.0', reason: 'GET magic' },
      {
        kind: 'file.offer',
        origin: 'server',
        protocolVersion: '1.0',
        route: 'direct',
        file: { name: 'falcon.exe', method: 'nmdc' },
      },
    ],
  },
];

const CONTENT = 'the plan of the mill\nBMSG AAAB x\n';
const size = CONTENT.length;
const hash = sha256(octets(CONTENT));
const toAnn = {
  origin: 'server',
  account: 'ann',
  protocolVersion: '1.0',
  from: 'bob',
  to: ['ann'],
  ...direct,
};
const file = (more = {}) => ({ file: { name: 'my plan.txt', method: 'nmdc', ...more } });
export const ADC_MEET = [
  client('CSUP ADBASE ADZLIG\n'),
  server('CSUP ADBASE ADZLIG\nCINF IDCID2\n'),
  client('CINF IDCID1 TO42\n'),
];
/** What hub connections told of those who meet. */
export const ADC_MEMORY = new Map<string, unknown>([
  ['cid CID1', 'ann'],
  ['cid CID2', 'bob'],
]);

export const ADC_FILES: readonly Row[] = [
  {
    name: 'asked for, granted, sent; then refused',
    context: { memory: ADC_MEMORY },
    turns: [
      ...ADC_MEET,
      client('CGET file my\\splan.txt 0 -1 ZL1\n'),
      server(`CSND file my\\splan.txt 0 ${size} ZL1\n`, deflate(octets(CONTENT))),
      client('CGET file my\\splan.txt 0 -1\n'),
      server(`CSND file my\\splan.txt 0 ${size}\n`, CONTENT),
      client('CGET tthl TTH/AA 0 -1\n'),
      server('CSND tthl TTH/AA 0 3\n\n\n\nCMSG and\\sa\\sword\n'),
      client('CGET file my\\splan.txt 0 -1\n'),
      server('CSTA 151 File\\snot\\savailable\n'),
    ],
    want: [
      ...[1, 2].flatMap(() => [
        { kind: 'file.offer', ...toAnn, ...file() },
        { kind: 'file.accept', ...toAnn, ...file({ size }) },
        { kind: 'file.start', ...toAnn, ...file({ size }) },
        { kind: 'file.complete', ...toAnn, ...file({ size, sha256: hash }) },
      ]),
      { kind: 'message', ...toAnn, text: 'and a word' },
      { kind: 'file.offer', ...toAnn, ...file() },
      { kind: 'file.decline', ...toAnn, ...file(), reason: 'File not available' },
    ],
  },
  {
    name: 'a hub asks for its filter: no file',
    turns: [
      ...ADC_SIGN_IN,
      server('IGET blom / 0 4 BK6 BH24\n'),
      client('HSND blom / 0 4\n\n\n\n\nBMSG AAAB hi\n'),
    ],
    want: [...ADC_SIGNED_IN, { kind: 'message', ...OWN, from: 'ann', ...ROOM, text: 'hi' }],
  },
];
