/** Test support: conversations of NMDC, wire in and events out. */
import { deflate } from 'pako';
import { client, octets, type Row, server, sha256 } from '../../test/support/parser-harness.ts';

export const OWN = { origin: 'client', account: 'ann' };
export const HUB = { origin: 'server', account: 'ann' };
export const ROOM = { room: 'Moor', route: 'room' };
const direct = { route: 'direct' };

/** Signed in as ann at the hub Moor. */
export const SIGN_IN = [
  server('$Lock EXTENDEDPROTOCOLabc Pk=hub|'),
  client('$Supports NoHello ZPipe0|$Key \x15\xd1|$ValidateNick ann|'),
  server('$Supports NoHello|$GetPass|'),
  client('$MyPass secret|'),
  server('$Hello ann|$HubName Moor|'),
];
export const SIGNED_IN = { kind: 'session.login', ...HUB, from: 'ann' };

/** At the hub, after the sign-in. */
export function atHub(name: string, turns: Row['turns'], ...want: Row['want']): Row {
  return { name, turns: [...SIGN_IN, ...turns], want: [SIGNED_IN, ...want] };
}

export const CHAT: readonly Row[] = [
  atHub(
    'main chat, both ways, and the hub’s copy of own words',
    [client('<ann> hello all|'), server('<ann> hello all|<bob> hi|')],
    { kind: 'message', ...OWN, from: 'ann', ...ROOM, text: 'hello all' },
    { kind: 'message', ...HUB, from: 'ann', ...ROOM, text: 'hello all', copy: 'echo' },
    { kind: 'message', ...HUB, from: 'bob', ...ROOM, text: 'hi' },
  ),
  atHub(
    'private messages',
    [client('$To: bob From: ann $<ann> psst|'), server('$To: ann From: bob $<bob> what?|')],
    { kind: 'message', ...OWN, from: 'ann', to: ['bob'], ...direct, text: 'psst' },
    { kind: 'message', ...HUB, from: 'bob', to: ['ann'], ...direct, text: 'what?' },
  ),
  atHub(
    'a robot’s room: the brackets name who speaks',
    [server('$To: ann From: #ops $<bob> in here|')],
    { kind: 'message', ...HUB, from: 'bob', room: '#ops', route: 'room', text: 'in here' },
  ),
  atHub(
    'main chat to one',
    [client('$MCTo: bob $ann one to one|'), server('$MCTo: ann $bob so so|')],
    { kind: 'message', ...OWN, from: 'ann', to: ['bob'], ...direct, text: 'one to one' },
    { kind: 'message', ...HUB, from: 'bob', to: ['ann'], ...direct, text: 'so so' },
  ),
  atHub(
    'escapes, lines, characters',
    [client('<ann> 5&#36; &#124; &amp;#36; a\r\nb|'), server('<bob> caf\xc3\xa9|<bob> caf\xe9|')],
    { kind: 'message', ...OWN, from: 'ann', ...ROOM, text: '5$ | &#36; a\r\nb' },
    { kind: 'message', ...HUB, from: 'bob', ...ROOM, text: 'café' },
    { kind: 'message', ...HUB, from: 'bob', ...ROOM, text: 'café' },
  ),
  atHub(
    'actions',
    [server('<bob> /me waves|* bob leaves|')],
    { kind: 'message', ...HUB, from: 'bob', ...ROOM, text: 'waves', form: 'action' },
    { kind: 'message', ...HUB, ...ROOM, text: '* bob leaves', form: 'action' },
  ),
  atHub(
    'words of the hub itself',
    [server('This hub closes soon.|<Moor> Read the rules.|')],
    { kind: 'message', ...HUB, ...ROOM, text: 'This hub closes soon.' },
    { kind: 'message', ...HUB, from: 'Moor', ...ROOM, text: 'Read the rules.' },
  ),
  {
    name: 'before the hub has said its name the room is its address',
    turns: [server('$Lock abc Pk=hub|<Moor> Welcome|')],
    want: [
      {
        kind: 'message',
        origin: 'server',
        from: 'Moor',
        room: '10.0.0.2:5000',
        route: 'room',
        text: 'Welcome',
      },
    ],
  },
];

const NAMED = 'Moor - who has seen the moon?';
export const PEOPLE: readonly Row[] = [
  {
    name: 'a sign-in without a password; $LogedIn says nothing new',
    turns: [
      server('$Lock abc Pk=hub|'),
      client('$Key x|$ValidateNick ann|'),
      server('$Hello ann|$LogedIn ann|'),
      client('$Version 1,0091|$GetNickList|'),
    ],
    want: [SIGNED_IN],
  },
  {
    name: 'refusals',
    turns: [
      server('$Lock abc Pk=hub|'),
      client('$ValidateNick ann|'),
      server('$ValidateDenide ann|$HubIsFull|$GetPass|'),
      client('$MyPass wrong|'),
      server('$BadPass|$ForceMove other.example:411|'),
    ],
    want: ['ValidateDenide', 'HubIsFull', 'BadPass', 'ForceMove other.example:411'].map(
      (reason) => ({
        kind: 'session.failed',
        ...HUB,
        from: 'ann',
        reason,
      }),
    ),
  },
  atHub(
    'who comes, goes, and is away',
    [
      client('$MyINFO $ALL ann likes <b>bees</b><++ V:0.8,M:A>$ $LAN(T1)\x01$ann@example$1000$|'),
      server('$MyINFO $ALL ann likes <b>bees</b><++ V:0.8,M:A>$ $LAN(T1)\x01$$1000$|'),
      server(
        '$Hello bob|$MyINFO $ALL bob $ $DSL\x03$$5$|$MyINFO $ALL bob $ $DSL\x03$$6$|$Quit bob|',
      ),
      server('$NickList ann$$bob$$|$OpList $$|$UserIP bob 10.0.0.9$$|$UserCommand 1 1 x$y&#124;|'),
    ],
    {
      kind: 'presence',
      ...OWN,
      from: 'ann',
      ...ROOM,
      state: 'available',
      status: 'likes <b>bees</b>',
    },
    {
      kind: 'presence',
      ...HUB,
      from: 'ann',
      ...ROOM,
      state: 'available',
      status: 'likes <b>bees</b>',
      copy: 'echo',
    },
    { kind: 'room.join', ...HUB, from: 'bob', ...ROOM },
    { kind: 'presence', ...HUB, from: 'bob', ...ROOM, state: 'away' },
    { kind: 'room.leave', ...HUB, from: 'bob', ...ROOM },
  ),
  atHub(
    'the topic behind the name, the topic, and an operator’s',
    [
      server(`$HubName ${NAMED}|$HubName ${NAMED}|$HubTopic new|`),
      client('$SetTopic &amp; newer|'),
    ],
    { kind: 'room.topic', ...HUB, ...ROOM, text: 'who has seen the moon?' },
    { kind: 'room.topic', ...HUB, ...ROOM, text: 'new' },
    { kind: 'room.topic', ...OWN, from: 'ann', ...ROOM, text: '& newer', state: 'requested' },
  ),
  atHub(
    'an operator throws out',
    [client('$Kick bob|$OpForceMove $Who:eve$Where:else.example$Msg:go away|')],
    { kind: 'room.kick', ...OWN, from: 'ann', to: ['bob'], ...ROOM, state: 'requested' },
    {
      kind: 'room.kick',
      ...OWN,
      from: 'ann',
      to: ['eve'],
      ...ROOM,
      state: 'requested',
      reason: 'go away',
    },
  ),
  atHub('the hub sends its client away', [server('$ForceMove other.example|')], {
    kind: 'session.logout',
    ...HUB,
    from: 'ann',
    reason: 'ForceMove other.example',
  }),
  atHub(
    'commands that are not known',
    [client('$Wave bob|'), server('$NewThing x|$|')],
    { kind: 'app.unknown', ...OWN, from: 'ann', reason: 'Wave' },
    { kind: 'app.unknown', ...HUB, reason: 'NewThing' },
    { kind: 'app.unknown', ...HUB },
  ),
  {
    name: 'picked up in the middle: torn commands are not believed',
    context: { midstream: true },
    turns: [
      server('lf a sentence|\x01\x02|<bob> hi|$To: ann From: bob $<bob> you there?|'),
      client('st half|$To: bob From: ann $<ann> yes|'),
    ],
    want: [
      {
        kind: 'message',
        origin: 'server',
        from: 'bob',
        room: '10.0.0.2:5000',
        route: 'room',
        text: 'hi',
      },
      { kind: 'message', ...HUB, from: 'bob', to: ['ann'], ...direct, text: 'you there?' },
      { kind: 'message', ...OWN, from: 'ann', to: ['bob'], ...direct, text: 'yes' },
    ],
  },
];

export const zipped = (text: string) => deflate(octets(text));
export const COMPRESSED: readonly Row[] = [
  atHub(
    'a compressed part, commands across its edges',
    [
      server('<bob> one|<bob> t$ZOn|'), // no command: a torn word of chat
      server(
        '$ZOn|',
        zipped('<bob> two|<bob> thr'),
        'ee|$ZOn|',
        zipped('<eve> four|'),
        '<eve> five|',
      ),
    ],
    { kind: 'message', ...HUB, from: 'bob', ...ROOM, text: 'one' },
    { kind: 'message', ...HUB, from: 'bob', ...ROOM, text: 't$ZOn' },
    ...['two', 'three'].map((text) => ({ kind: 'message', ...HUB, from: 'bob', ...ROOM, text })),
    ...['four', 'five'].map((text) => ({ kind: 'message', ...HUB, from: 'eve', ...ROOM, text })),
  ),
  atHub(
    'damaged compression ends the reading',
    [server('$ZOn|no zlib|<bob> hi|')],
    { anomaly: 'dc-bad-compression' },
    {
      kind: 'app.unknown',
      ...HUB,
      reason: 'undecodable compression',
      anomalies: ['dc-bad-compression'],
    },
  ),
];

/** ann connects to bob. */
export const MEET = [
  client('$MyNick ann|$Lock EXTENDEDPROTOCOLabc Pk=DCPLUSPLUS|'),
  server(
    '$MyNick bob|$Lock EXTENDEDPROTOCOLabc Pk=DCPLUSPLUS|$Supports XmlBZList ADCGet ZLIG|$Direction Upload 5|$Key x|',
  ),
  client('$Supports XmlBZList ADCGet ZLIG|$Direction Download 9|$Key y|'),
];
const CONTENT = 'the plan of the mill|with bars|';
const hash = sha256(octets(CONTENT));
const toAnn = { origin: 'server', account: 'ann', from: 'bob', to: ['ann'], ...direct };
const toBob = { origin: 'client', account: 'ann', from: 'ann', to: ['bob'], ...direct };
const size = CONTENT.length;
const file = (name: string, more = {}) => ({ file: { name, method: 'nmdc', ...more } });

export const FILES: readonly Row[] = [
  {
    name: 'asked for, granted, sent, twice; a space in its name',
    turns: [
      ...MEET,
      client('$ADCGET file my\\ plan.txt 0 -1|'),
      server(`$ADCSND file my\\ plan.txt 0 ${size}|`, CONTENT),
      client('$ADCGET list /docs/ 0 -1 ZL1|'),
      server(`$ADCSND list /docs/ 0 ${size} ZL1|`, deflate(octets(CONTENT))),
    ],
    want: ['my plan.txt', '/docs/'].flatMap((name) => [
      { kind: 'file.offer', ...toAnn, ...file(name) },
      { kind: 'file.accept', ...toAnn, ...file(name, { size }) },
      { kind: 'file.start', ...toAnn, ...file(name, { size }) },
      { kind: 'file.complete', ...toAnn, ...file(name, { size, sha256: hash }) },
    ]),
  },
  {
    name: 'the other way, in the old manner, resumed',
    turns: [
      ...MEET,
      server('$Get docs\\plan.txt$5|'),
      client(`$FileLength ${size + 4}|`),
      server('$Send|'),
      client(CONTENT, '$Get x$1|'),
    ],
    want: [
      { kind: 'file.offer', ...toBob, ...file('docs\\plan.txt', { offset: 4 }) },
      { kind: 'file.accept', ...toBob, ...file('docs\\plan.txt', { size: size + 4, offset: 4 }) },
      { kind: 'file.start', ...toBob, ...file('docs\\plan.txt', { size: size + 4, offset: 4 }) },
      {
        kind: 'file.complete',
        ...toBob,
        ...file('docs\\plan.txt', { size: size + 4, offset: 4, sha256: hash }),
      },
      { kind: 'file.offer', ...toAnn, ...file('x') },
    ],
  },
  {
    name: 'a compressed block',
    turns: [
      ...MEET,
      client(`$UGetZBlock 0 ${size} plan.txt|`),
      server(`$Sending ${size}|`, deflate(octets(CONTENT))),
    ],
    want: [
      { kind: 'file.offer', ...toAnn, ...file('plan.txt', { size }) },
      { kind: 'file.accept', ...toAnn, ...file('plan.txt', { size }) },
      { kind: 'file.start', ...toAnn, ...file('plan.txt', { size }) },
      { kind: 'file.complete', ...toAnn, ...file('plan.txt', { size, sha256: hash }) },
    ],
  },
  {
    name: 'refused, and given up',
    turns: [
      ...MEET,
      client('$ADCGET file a 0 -1|'),
      server('$MaxedOut|'),
      client('$Get b$1|'),
      server('$Error File Not Available|'),
      client('$Get c$1|$Cancel|'),
    ],
    want: [
      { kind: 'file.offer', ...toAnn, ...file('a') },
      { kind: 'file.decline', ...toAnn, ...file('a'), reason: 'MaxedOut' },
      { kind: 'file.offer', ...toAnn, ...file('b') },
      { kind: 'file.decline', ...toAnn, ...file('b'), reason: 'File Not Available' },
      { kind: 'file.offer', ...toAnn, ...file('c') },
      { kind: 'file.cancel', ...toAnn, ...file('c') },
    ],
  },
  {
    name: 'empty; a hash tree is no file; what the peers say besides is no chat',
    turns: [
      ...MEET,
      client('$ADCGET tthl TTH/ABC 0 -1|'),
      server('$ADCSND tthl TTH/ABC 0 6|\x01|\x02|$|<bob> hm|'),
      client('$ADCGET file empty 0 -1|'),
      server('$ADCSND file empty 0 0|'),
    ],
    want: [
      { kind: 'file.offer', ...toAnn, ...file('empty') },
      { kind: 'file.accept', ...toAnn, ...file('empty', { size: 0 }) },
      { kind: 'file.start', ...toAnn, ...file('empty', { size: 0 }) },
      {
        kind: 'file.complete',
        ...toAnn,
        ...file('empty', { size: 0, sha256: sha256(octets('')) }),
      },
    ],
  },
  {
    name: 'the account is the one whose hub connection announced the flow: here, who listens',
    context: {
      expected: {
        protocol: 'nmdc',
        service: 'nmdc',
        offer: {
          service: 'nmdc',
          account: 'bob',
          sender: undefined,
          recipient: undefined,
          senderListens: undefined,
          room: undefined,
          name: undefined,
          size: undefined,
          offset: 0,
          mime: undefined,
          token: undefined,
          method: 'nmdc',
          origin: 'client',
        },
      },
    },
    turns: [...MEET, client('$ADCGET file a 0 -1|')],
    want: [{ kind: 'file.offer', ...toAnn, origin: 'client', account: 'bob', ...file('a') }],
  },
];
