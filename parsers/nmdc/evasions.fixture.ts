/** Test support: ways to get past a filter of NMDC, and what must be heard all the same. */
import { deflate } from 'pako';
import { client, octets, type Row, server, sha256 } from '../../test/support/parser-harness.ts';
import { atHub, HUB, MEET, OWN, ROOM } from './nmdc.fixture.ts';

const direct = { route: 'direct' };
const falcon = { text: 'sell the falcon' };
const get = (name: string, more = {}) => ({
  kind: 'file.offer',
  ...OWN,
  origin: 'server',
  from: 'bob',
  to: ['ann'],
  ...direct,
  file: { name, method: 'nmdc', ...more },
});

export const EVASIONS: readonly Row[] = [
  atHub('spaces around the recipient', [client('$To:  bob  From: ann $<ann> sell the falcon|')], {
    kind: 'message',
    ...OWN,
    from: 'ann',
    to: ['bob'],
    ...direct,
    ...falcon,
  }),
  atHub('empty commands and keep-alives around it', [client('|||<ann> sell the falcon||')], {
    kind: 'message',
    ...OWN,
    from: 'ann',
    ...ROOM,
    ...falcon,
  }),
  atHub(
    'words to a hub that pass as a file, or as those of two clients',
    [
      client('$MyNick eve|$ADCGET file x 0 9|$ADCSND file x 0 99999|$Sending 99999|$Send|'),
      client('<ann> sell the falcon|'),
    ],
    ...['MyNick', 'ADCGET', 'ADCSND', 'Sending', 'Send'].map((reason) => ({
      kind: 'app.unknown',
      ...OWN,
      from: 'ann',
      reason,
    })),
    { kind: 'message', ...OWN, from: 'ann', ...ROOM, ...falcon },
  ),
  {
    name: 'the same before the hub is known to be one',
    turns: [
      server('$Lock EXTENDEDPROTOCOLabc Pk=hub|'),
      client('$MyNick eve|$ADCSND file x 0 99999|$Key x|$ValidateNick ann|<ann> sell the falcon|'),
      server('$Hello ann|'),
    ],
    want: [
      { kind: 'app.unknown', origin: 'client', reason: 'ADCSND' },
      {
        kind: 'message',
        origin: 'client',
        from: 'ann',
        room: '10.0.0.2:5000',
        route: 'room',
        ...falcon,
      },
      { kind: 'session.login', ...HUB, from: 'ann' },
    ],
  },
  atHub('escapes inside the word', [client('<ann> sell the fal&amp;con|')], {
    kind: 'message',
    ...OWN,
    from: 'ann',
    ...ROOM,
    text: 'sell the fal&con',
  }),
  atHub(
    'in another’s name',
    [
      client('<bob> sell the falcon|'),
      client('$To: eve From: bob $<bob> sell the falcon|'),
      client('$To: eve From: ann $<bob> sell the falcon|'),
    ],
    { anomaly: 'dc-sender-mismatch' },
    { kind: 'message', ...OWN, from: 'ann', ...ROOM, ...falcon, anomalies: ['dc-sender-mismatch'] },
    { anomaly: 'dc-sender-mismatch' },
    { anomaly: 'dc-sender-mismatch' },
    {
      kind: 'message',
      ...OWN,
      from: 'ann',
      to: ['eve'],
      ...direct,
      ...falcon,
      anomalies: ['dc-sender-mismatch'],
    },
    { anomaly: 'dc-sender-mismatch' },
    {
      kind: 'message',
      ...OWN,
      from: 'ann',
      to: ['eve'],
      ...direct,
      ...falcon,
      anomalies: ['dc-sender-mismatch'],
    },
  ),
  atHub(
    'without a name, or without its brackets',
    [client('sell the falcon|'), client('$To: bob From: ann $sell the falcon|')],
    { kind: 'message', ...OWN, from: 'ann', ...ROOM, ...falcon },
    { kind: 'message', ...OWN, from: 'ann', to: ['bob'], ...direct, ...falcon },
  ),
  atHub('a private message that is not written as one', [client('$To: bob sell the falcon|')], {
    kind: 'app.unknown',
    ...OWN,
    reason: 'To:',
  }),
  atHub('a command in other letters', [client('$to: bob From: ann $<ann> x|')], {
    kind: 'app.unknown',
    ...OWN,
    from: 'ann',
    reason: 'to:',
  }),
  atHub(
    'in the description, the topic, the name of the hub',
    [
      client('$MyINFO $ALL ann sell the falcon$ $x\x01$$0$|$SetTopic sell the falcon|'),
      server('$HubName Moor - sell the falcon|'),
    ],
    {
      kind: 'presence',
      ...OWN,
      from: 'ann',
      ...ROOM,
      state: 'available',
      status: 'sell the falcon',
    },
    { kind: 'room.topic', ...OWN, from: 'ann', ...ROOM, ...falcon, state: 'requested' },
    { kind: 'room.topic', ...HUB, ...ROOM, ...falcon },
  ),
  atHub(
    'compression inside compression is not read by anybody',
    [server('$ZOn|', deflate(octets('$ZOn|<bob> sell the falcon|')))],
    { anomaly: 'dc-bad-compression' },
    { kind: 'message', ...HUB, from: 'bob', ...ROOM, ...falcon },
  ),
  {
    name: 'another name in the grant than in the request: what is sent is what is granted',
    turns: [
      ...MEET,
      client('$ADCGET file harmless.txt 0 -1|'),
      server('$ADCSND file falcon.exe 0 1|x'),
    ],
    want: [
      get('harmless.txt'),
      { ...get('falcon.exe', { size: 1 }), kind: 'file.accept' },
      { ...get('falcon.exe', { size: 1 }), kind: 'file.start' },
      { ...get('falcon.exe', { size: 1, sha256: sha256(octets('x')) }), kind: 'file.complete' },
    ],
  },
  {
    name: 'a file that nobody asked for',
    turns: [...MEET, server('$ADCSND file falcon.exe 0 1|x')],
    want: [
      { anomaly: 'dc-unrequested' },
      { ...get('falcon.exe', { size: 1 }), kind: 'file.accept', anomalies: ['dc-unrequested'] },
      { ...get('falcon.exe', { size: 1 }), kind: 'file.start' },
      { ...get('falcon.exe', { size: 1, sha256: sha256(octets('x')) }), kind: 'file.complete' },
    ],
  },
  {
    name: 'a request of a kind that is not known',
    turns: [...MEET, client('$ADCGET magic falcon.exe 0 -1|')],
    want: [{ kind: 'app.unknown', ...OWN, from: 'ann', reason: 'ADCGET magic' }, get('falcon.exe')],
  },
  {
    name: 'sizes and positions that are none',
    turns: [
      ...MEET,
      client(
        '$ADCGET file a -5 9|$ADCGET file a 0 99999999999999999999|$Get a$0|$UGetBlock x 5 a|',
      ),
      server('$FileLength 5|$FileLength many|$Sending 5|'),
    ],
    want: [
      ...Array(4).fill({ anomaly: 'dc-bad-number' }),
      { anomaly: 'dc-unrequested' },
      { anomaly: 'dc-bad-number' },
      { anomaly: 'dc-unrequested' },
    ],
  },
  {
    name: 'compressed content that ends before its size',
    turns: [
      ...MEET,
      client('$ADCGET file a 0 -1 ZL1|'),
      server('$ADCSND file a 0 9 ZL1|', deflate(octets('12345')), '$Error x|'),
    ],
    want: [
      get('a'),
      { ...get('a', { size: 9 }), kind: 'file.accept' },
      { ...get('a', { size: 9 }), kind: 'file.start' },
      { anomaly: 'dc-size-mismatch' },
      {
        ...get('a', { size: 5 }),
        kind: 'file.cancel',
        reason: 'incomplete',
        anomalies: ['dc-size-mismatch'],
      },
    ],
  },
];
