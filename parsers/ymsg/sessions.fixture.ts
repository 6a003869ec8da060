/** Test support: signing in and out, lists, contacts, presence. */
import { client, type Row, server } from '../../test/support/parser-harness.ts';
import { direct, heard, mine, packet, served, utf8 } from './ymsg.fixture.ts';

const AUTH = packet(0x57, '1=Ann');
const CHALLENGE = served(0x57, '1=ann|94=x3cret|13=1');
const ANSWER = packet(0x54, '6=h4sh|96=h4sh|0=Ann|1=ann_work|277=c00kie|278=c00kie|135=9.0');
const LISTED = served(0x55, '87=|88=|89=ann,ann_work|59=Y\tc00kie|3=ann', { status: 0 });
const login = { ...heard, protocolVersion: '16', kind: 'session.login', from: 'ann' };
const of16 = { ...heard, protocolVersion: '16' };
const asked = { ...mine, list: 'roster', state: 'requested' };
const fact = { ...heard, from: 'ann', list: 'roster' };

export const SESSIONS: readonly Row[] = [
  {
    name: 'a sign-in that is granted, secrets in no event; and the user signs out',
    turns: [client(AUTH), server(CHALLENGE), client(ANSWER), server(LISTED), client(packet(2, ''))],
    want: [login, { ...mine, kind: 'session.logout' }],
  },
  {
    name: 'a sign-in that is refused',
    turns: [
      client(AUTH),
      server(CHALLENGE),
      client(ANSWER),
      server(served(0x54, '66=13|0=ann', { status: -1 })),
    ],
    want: [{ ...login, kind: 'session.failed', reason: 'wrong user name or password' }],
  },
  {
    name: 'refused, and tried again as somebody else on the same connection',
    turns: [
      client(AUTH, ANSWER),
      server(served(0x54, '66=52', { status: -1 })),
      client(packet(0x57, '1=eve'), packet(0x54, '0=eve|1=eve')),
      server(served(0x55, '3=eve', { status: 0 })),
    ],
    want: [
      { ...login, kind: 'session.failed', reason: 'try again' },
      { ...login, account: 'eve', from: 'eve' },
    ],
  },
  {
    name: 'versions 8 to 10 are written the other way round',
    turns: [
      client(
        packet(0x57, '1=ann', { version: 0x0900 }),
        packet(0x54, '1=ann', { version: 0x0900 }),
      ),
      server(served(0x55, '87=', { status: 0 })),
    ],
    want: [{ ...login, protocolVersion: '9' }],
  },
  {
    name: 'signed in elsewhere, and put out by the server: told once',
    turns: [
      client(AUTH, ANSWER),
      server(LISTED, served(2, '', { status: -1 }), served(0x7d1, '66=1013')),
    ],
    want: [login, { ...of16, kind: 'session.logout', from: 'ann', reason: 'signed in elsewhere' }],
  },
  {
    name: 'the server ends it',
    turns: [client(AUTH, ANSWER), server(LISTED, served(0x7d1, '66=52'))],
    want: [login, { ...of16, kind: 'session.logout', from: 'ann', reason: 'try again' }],
  },
  {
    name: 'identities of one person come and go',
    turns: [
      client(AUTH, ANSWER),
      server(LISTED),
      client(packet(7, '3=Ann_Home'), packet(8, '3=ann_home')),
    ],
    want: [
      login,
      { ...mine, kind: 'presence', name: 'ann_home', state: 'identity-activated' },
      { ...mine, kind: 'presence', name: 'ann_home', state: 'identity-deactivated' },
    ],
  },
  {
    name: 'keep-alives name the account once, pings and settings say nothing',
    turns: [
      client(
        packet(0x8a, '0=Ann'),
        packet(0x8a, '0=ann'),
        packet(0x12, ''),
        packet(0x15, '1=ann|14=x'),
      ),
      server(served(0x12, '143=60|144=13')),
    ],
    want: [{ ...mine, kind: 'presence', reason: 'keep-alive' }],
  },
  {
    name: 'an old list over two packets, cut inside a name, and the ignore list',
    turns: [
      client(AUTH, ANSWER),
      server(
        served(0x55, '87=Friends:Bob,ca', { status: 5 }),
        served(0x55, `87=rol\n${utf8('Büro')}:dave@ymail.com\n|88=eve,fay@yahoo.com|89=ann`, {
          status: 0,
        }),
      ),
    ],
    want: [
      login,
      { ...of16, kind: 'contact.list', contact: 'bob', list: 'roster', groups: ['Friends'] },
      { ...of16, kind: 'contact.list', contact: 'carol', list: 'roster', groups: ['Friends'] },
      {
        ...of16,
        kind: 'contact.list',
        contact: 'dave@ymail.com',
        list: 'roster',
        groups: ['Büro'],
      },
      { ...of16, kind: 'contact.list', contact: 'eve', list: 'block' },
      { ...of16, kind: 'contact.list', contact: 'fay', list: 'block' },
    ],
  },
  {
    name: 'a list of YMSG 15, its group going on in the next packet, and who is ignored',
    turns: [
      client(AUTH, ANSWER),
      server(
        served(0xf1, '302=318|300=318|65=Friends|302=319|300=319|7=bob', { status: 5 }),
        served(
          0xf1,
          '301=319|300=319|7=Carol|241=2|301=319|303=319|301=318|303=318|302=320|300=320|7=eve|301=320|303=320',
          { status: 0 },
        ),
      ),
    ],
    want: [
      login,
      { ...of16, kind: 'contact.list', contact: 'bob', list: 'roster', groups: ['Friends'] },
      { ...of16, kind: 'contact.list', contact: 'carol', list: 'roster', groups: ['Friends'] },
      { ...of16, kind: 'contact.list', contact: 'eve', list: 'block' },
    ],
  },
];

export const CONTACTS: readonly Row[] = [
  {
    name: 'put on the list: a request to who is not there yet, a change for who is',
    turns: [
      client(packet(0x83, '1=ann|7=Bob|65=Friends|14=it is me|97=1')),
      server(served(0x83, '1=ann|66=0|7=bob|65=Friends')),
      client(packet(0x83, '1=ann|7=bob|65=Work')),
      server(served(0x83, '1=ann|66=2|7=bob|65=Work'), served(0x83, '1=ann|66=3|7=nobody|65=Work')),
    ],
    want: [
      { ...asked, kind: 'contact.add', contact: 'bob', groups: ['Friends'] },
      {
        ...mine,
        ...direct,
        kind: 'contact.request',
        to: ['bob'],
        contact: 'bob',
        text: 'it is me',
      },
      { ...fact, protocolVersion: '16', kind: 'contact.add', contact: 'bob', groups: ['Friends'] },
      { ...asked, kind: 'contact.add', contact: 'bob', groups: ['Work'] },
      { ...fact, protocolVersion: '16', kind: 'contact.add', contact: 'bob', groups: ['Work'] },
      {
        ...fact,
        protocolVersion: '16',
        kind: 'contact.add',
        contact: 'nobody',
        groups: ['Work'],
        state: 'refused',
        reason: 'code 3',
      },
    ],
  },
  {
    name: 'taken off, moved, a group renamed, ignored and not',
    turns: [
      client(
        packet(0x84, '1=ann|7=bob|65=Friends'),
        packet(0xe7, '1=ann|302=240|300=240|7=bob|224=Friends|264=Family|301=240|303=240'),
        packet(0x89, `1=ann|65=Work|67=${utf8('Büro')}`),
        packet(0x85, '1=ann|7=eve|13=1'),
        packet(0x85, '1=ann|7=eve|13=2'),
      ),
      server(served(0x84, '1=ann|66=0|7=bob|65=Friends'), served(0x85, '1=ann|0=eve|66=0|13=1')),
    ],
    want: [
      { ...asked, kind: 'contact.remove', contact: 'bob', groups: ['Friends'] },
      {
        ...asked,
        kind: 'contact.add',
        contact: 'bob',
        groups: ['Family'],
        reason: 'moved from Friends',
      },
      {
        protocolVersion: '16',
        origin: 'client',
        account: 'ann',
        kind: 'contact.list',
        list: 'roster',
        groups: ['Büro'],
        reason: 'group renamed from Work',
        state: 'requested',
      },
      { ...asked, list: 'block', kind: 'contact.block', contact: 'eve' },
      { ...asked, list: 'block', kind: 'contact.unblock', contact: 'eve' },
      {
        ...fact,
        protocolVersion: '16',
        kind: 'contact.remove',
        contact: 'bob',
        groups: ['Friends'],
      },
      { ...fact, protocolVersion: '16', list: 'block', kind: 'contact.block', contact: 'eve' },
    ],
  },
  {
    name: 'requests and answers of YMSG 15',
    turns: [
      server(served(0xd6, '4=Bob|5=ann|14=hello?|97=1|216=Bob|254=Builder', { status: 3 })),
      client(
        packet(0xd6, '1=ann|5=bob|13=1|334=0'),
        packet(0xd6, '1=ann|5=eve|13=2|334=0|97=1|14=no'),
      ),
      server(served(0xd6, '4=carol|5=ann|13=1'), served(0xd6, '4=dave|5=ann|13=2|14=go away')),
    ],
    want: [
      {
        ...heard,
        ...direct,
        kind: 'contact.request',
        from: 'bob',
        to: ['ann'],
        contact: 'bob',
        text: 'hello?',
        name: 'Bob Builder',
      },
      { ...mine, ...direct, kind: 'contact.approve', to: ['bob'], contact: 'bob' },
      { ...mine, ...direct, kind: 'contact.deny', to: ['eve'], contact: 'eve', text: 'no' },
      {
        ...heard,
        ...direct,
        protocolVersion: '16',
        kind: 'contact.approve',
        from: 'carol',
        to: ['ann'],
        contact: 'carol',
      },
      {
        ...heard,
        ...direct,
        protocolVersion: '16',
        kind: 'contact.deny',
        from: 'dave',
        to: ['ann'],
        contact: 'dave',
        text: 'go away',
      },
    ],
  },
  {
    name: 'requests and answers of older versions',
    turns: [
      server(served(0x0f, '1=ann|3=Bob|14=hello?|15=1700000000', { status: 3 })),
      client(packet(0x86, '1=ann|7=bob|14=no')),
      server(
        served(0x0f, '1=ann|3=carol|14=go away', { status: 7 }),
        served(0x0f, '8=1|7=dave|10=0|13=1'),
      ),
    ],
    want: [
      {
        ...heard,
        ...direct,
        kind: 'contact.request',
        from: 'bob',
        to: ['ann'],
        contact: 'bob',
        text: 'hello?',
      },
      { ...mine, ...direct, kind: 'contact.deny', to: ['bob'], contact: 'bob', text: 'no' },
      {
        ...heard,
        ...direct,
        protocolVersion: '16',
        kind: 'contact.deny',
        from: 'carol',
        to: ['ann'],
        contact: 'carol',
        text: 'go away',
      },
      { ...heard, protocolVersion: '16', kind: 'presence', from: 'dave', state: 'available' },
    ],
  },
  {
    name: "one's own presence in all forms",
    turns: [
      client(
        packet(0x8a, '0=ann'),
        packet(0xc6, '10=0|19='),
        packet(0xc6, '10=1|19=|47=1'),
        packet(0xc6, `10=99|97=1|19=${utf8('zu Tisch – 13 Uhr')}|47=1`),
        packet(0xc6, '10=99|97=0|19=caf\xe9|47=0'),
        packet(0xc6, '10=999|19=|47=2'),
        packet(0x03, '10=6'),
        packet(0x04, ''),
        packet(0xc5, '13=2'),
        packet(0xc5, '13=1'),
        packet(0xc6, '10=77'),
      ),
    ],
    want: [
      { ...mine, kind: 'presence', reason: 'keep-alive' },
      { ...mine, kind: 'presence', state: 'available' },
      { ...mine, kind: 'presence', state: 'brb' },
      { ...mine, kind: 'presence', state: 'away', status: 'zu Tisch – 13 Uhr' },
      { ...mine, kind: 'presence', state: 'available', status: 'café' },
      { ...mine, kind: 'presence', state: 'idle' },
      { ...mine, kind: 'presence', state: 'on-phone' },
      { ...mine, kind: 'presence', state: 'available' },
      { ...mine, kind: 'presence', state: 'invisible' },
      { ...mine, kind: 'presence', state: 'visible' },
      { ...mine, kind: 'presence', state: 'state 77' },
    ],
  },
  {
    name: "contacts' presence: several in a packet, with texts, and gone",
    turns: [
      client(packet(0x8a, '0=ann')),
      server(
        served(0x01, '0=ann|1=ann|8=2|7=bob|10=0|11=1|13=1|7=Carol|10=99|19=lunch|47=1|13=1'),
        served(0xf0, '0=ann|1=ann|8=1|302=315|300=315|7=bob|10=2|97=1|13=1|301=315|303=315'),
        served(0x02, '7=bob|10=0|13=0'),
        served(0xc5, '13=2', { status: 0 }),
      ),
    ],
    want: [
      { ...mine, kind: 'presence', reason: 'keep-alive' },
      { ...heard, protocolVersion: '16', kind: 'presence', from: 'bob', state: 'available' },
      {
        ...heard,
        protocolVersion: '16',
        kind: 'presence',
        from: 'carol',
        state: 'away',
        status: 'lunch',
      },
      { ...heard, protocolVersion: '16', kind: 'presence', from: 'bob', state: 'busy' },
      { ...heard, protocolVersion: '16', kind: 'presence', from: 'bob', state: 'offline' },
      {
        ...heard,
        protocolVersion: '16',
        kind: 'presence',
        from: 'ann',
        state: 'invisible',
        copy: 'echo',
      },
    ],
  },
];
