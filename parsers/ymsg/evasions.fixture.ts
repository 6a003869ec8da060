/** Test support: ways to get past a filter, and what must be heard all the same. */
import {
  client,
  hex,
  joined,
  octets,
  type Row,
  server,
} from '../../test/support/parser-harness.ts';
import { direct, framed, heard, mine, packet, pairs, served, utf8 } from './ymsg.fixture.ts';

const ESC = '\x1b';
const toBob = { ...mine, ...direct, kind: 'message', to: ['bob'] };
const fromBob = { ...heard, ...direct, kind: 'message', from: 'bob', to: ['ann'] };
const file = { name: 'x.exe', size: 1, token: 't' };
const offer = (more: string) => packet(0xdc, `1=ann|5=bob|265=t|222=1|${more}`);
const spelled = (markup: string) => ({ ...toBob, text: 'falcon', markup });
const MARKED = [
  `fal${ESC}[1mcon${ESC}[x1m`,
  `f<b>a</b>l<font size="1">con</font>`,
  `${ESC}[#00ff00mf${ESC}[31ma${ESC}[2ml${ESC}[lmcon`,
  'fa<snd=x>l<fade #000000,#ffffff>con</fade>',
  'f<I>al</I><ALT #1,#2>c</ALT><#123456>on',
  `fal${ESC}[no such codem${ESC}[#xyzmcon`,
  `f<b/x>al<font ${'x'.repeat(2000)}>con`,
  'fal<font a="<b>" b=\'>\'>con</font >',
];
/** What libpurple shows of packets that are not what they say. */
const offered = { ...heard, ...direct, protocolVersion: '16', kind: 'file.offer', from: 'bob' };
const stored = { name: 'x.exe', size: 1, method: 'p2p', url: 'http://10.9.9.9:80/x.exe' };

export const EVASIONS: readonly Row[] = [
  {
    name: 'a word split by markup',
    turns: [client(...MARKED.map((text) => packet(6, `1=ann|5=bob|97=1|14=${text}`)))],
    want: MARKED.map(spelled),
  },
  {
    name: 'more than one text: clients show the last, all are told',
    turns: [
      client(packet(6, '1=ann|5=bob|14=falcon|14=hi')),
      server(served(6, '4=bob|5=ann|14=falcon|14=hi|97=1')),
    ],
    want: [
      { anomaly: 'ymsg-repeated-text' },
      { ...toBob, text: 'falcon', anomalies: ['ymsg-repeated-text'] },
      { ...toBob, text: 'hi', anomalies: ['ymsg-repeated-text'] },
      { anomaly: 'ymsg-repeated-text' },
      { ...fromBob, protocolVersion: '16', text: 'falcon', anomalies: ['ymsg-repeated-text'] },
      { ...fromBob, protocolVersion: '16', text: 'hi', anomalies: ['ymsg-repeated-text'] },
    ],
  },
  {
    name: 'more than one text where no client shows more than the last',
    turns: [client(packet(0x18, '1=ann|57=r|52=bob|58=falcon|58=come'))],
    want: [
      { anomaly: 'ymsg-repeated-text' },
      {
        ...mine,
        kind: 'room.invite',
        to: ['bob'],
        room: 'r',
        route: 'room',
        text: 'come',
        anomalies: ['ymsg-repeated-text'],
      },
    ],
  },
  {
    name: 'a separator inside the text splits it, as it does for every receiver',
    turns: [client(packet(6, '1=ann|5=bob|14=fal\xc0\x8014\xc0\x80con'))],
    want: [
      { anomaly: 'ymsg-repeated-text' },
      { ...toBob, text: 'fal', anomalies: ['ymsg-repeated-text'] },
      { ...toBob, text: 'con', anomalies: ['ymsg-repeated-text'] },
    ],
  },
  {
    name: 'keys as strtol reads them',
    turns: [
      client(
        packet(6, '1=ann|5=bob| 14=falcon'),
        packet(6, '1=ann|+5=bob|14x=falcon'),
        packet(6, '1=ann|5=bob|0014=falcon'),
        packet(6, '1=ann|5=bob|-14=no|14=falcon'),
      ),
    ],
    want: [
      { anomaly: 'ymsg-bad-key' },
      { ...toBob, text: 'falcon', anomalies: ['ymsg-bad-key'] },
      { anomaly: 'ymsg-bad-key' },
      { ...toBob, text: 'falcon', anomalies: ['ymsg-bad-key'] },
      { anomaly: 'ymsg-bad-key' },
      { ...toBob, text: 'falcon', anomalies: ['ymsg-bad-key'] },
      { anomaly: 'ymsg-bad-key' },
      { ...toBob, text: 'falcon', anomalies: ['ymsg-bad-key'] },
    ],
  },
  {
    name: 'a key without octets, and one of 70 digits, take no value',
    turns: [
      client(
        framed(6, joined(pairs('1=ann|5=bob'), hex('c0 80 c0 80'), pairs('14=falcon'))),
        framed(
          6,
          joined(
            pairs('1=ann|5=bob'),
            octets('1'.repeat(70)),
            hex('c0 80 c0 80'),
            pairs('14=falcon'),
          ),
        ),
      ),
    ],
    want: [
      { anomaly: 'ymsg-bad-key' },
      { ...toBob, text: 'falcon', anomalies: ['ymsg-bad-key'] },
      { anomaly: 'ymsg-bad-key' },
      { ...toBob, text: 'falcon', anomalies: ['ymsg-bad-key'] },
    ],
  },
  {
    name: 'a last value without its end is read; what stands behind a NUL is not',
    turns: [
      client(
        framed(6, joined(pairs('1=ann|5=bob'), octets('14\xc0\x80falcon'))),
        framed(6, joined(pairs('1=ann|5=bob|14=falcon'), hex('00'), pairs('14=garbage'))),
        framed(6, joined(pairs('1=ann|5=bob|14=falcon'), octets('14'))),
        framed(6, octets('1\xc0\x80ann\xc0\x805\xc0\x80bob\xc0\x8014\xc0\x80falcon\xc0')),
      ),
    ],
    want: [
      { anomaly: 'ymsg-unterminated' },
      { ...toBob, text: 'falcon', anomalies: ['ymsg-unterminated'] },
      { anomaly: 'ymsg-trailing-octets' },
      { ...toBob, text: 'falcon', anomalies: ['ymsg-trailing-octets'] },
      { anomaly: 'ymsg-unterminated' },
      { ...toBob, text: 'falcon', anomalies: ['ymsg-unterminated'] },
      { anomaly: 'ymsg-unterminated' },
      { ...toBob, text: 'falconÀ', anomalies: ['ymsg-unterminated'] },
    ],
  },
  {
    name: 'said elsewhere than in a message: requests, refusals, invitations, sounds, drawings, windows, status',
    turns: [
      client(
        packet(0x83, '1=ann|7=bob|65=x|14=falcon'),
        packet(0x86, '1=ann|7=bob|14=falcon'),
        packet(0x18, '1=ann|57=r|52=bob|58=falcon'),
        packet(0x1a, '1=ann|57=r|3=bob|14=falcon'),
        packet(0xd0, '1=ann|5=bob|230=x|231=falcon'),
        packet(0x4b, '1=ann|5=bob|49=GAME|13=1|14=falcon'),
        packet(0x4b, '1=ann|5=bob|49=NEWER|13=1|14=falcon'),
        packet(0xc6, '10=99|19=falcon'),
        packet(0x9d, '1=ann|104=r|118=bob|117=falcon'),
      ),
    ],
    want: [
      {
        ...mine,
        kind: 'contact.add',
        contact: 'bob',
        list: 'roster',
        groups: ['x'],
        state: 'requested',
      },
      { ...mine, ...direct, kind: 'contact.request', to: ['bob'], contact: 'bob', text: 'falcon' },
      { ...mine, ...direct, kind: 'contact.deny', to: ['bob'], contact: 'bob', text: 'falcon' },
      { ...mine, kind: 'room.invite', to: ['bob'], room: 'r', route: 'room', text: 'falcon' },
      { ...mine, kind: 'room.decline', room: 'r', route: 'room', text: 'falcon' },
      { ...toBob, subject: 'x', text: 'falcon' },
      { ...toBob, form: 'notice', subject: 'GAME', text: 'falcon' },
      {
        ...mine,
        ...direct,
        kind: 'app.unknown',
        to: ['bob'],
        reason: 'notify NEWER',
        text: 'falcon',
      },
      { ...mine, kind: 'presence', state: 'available', status: 'falcon' },
      { ...mine, kind: 'room.invite', to: ['bob'], room: 'r', route: 'room', text: 'falcon' },
    ],
  },
  {
    name: 'names are one, however they are written; another sender is named',
    turns: [
      client(
        packet(6, '1=ANN@Yahoo.com|5= Bob@yahoo.com |14=hi'),
        packet(6, '1=ann|5=bob@ymail.com|14=hi'),
        packet(6, '1=eve|5=bob|14=hi'),
      ),
    ],
    want: [
      { ...toBob, text: 'hi' },
      { ...toBob, to: ['bob@ymail.com'], text: 'hi' },
      { anomaly: 'ymsg-foreign-sender' },
      { ...toBob, from: 'eve', text: 'hi', anomalies: ['ymsg-foreign-sender'] },
    ],
  },
  {
    name: 'sizes that are none, names with paths and look-alikes',
    turns: [
      client(
        offer('27=../x.exe|28=99999999999999999999'),
        offer('27=x.exe|28=1e9'),
        offer('27=x.exe|28=1'),
        offer(`27=${utf8('x\u202etxt.exe')}|28=1`),
      ),
    ],
    want: [
      { anomaly: 'ymsg-bad-size' },
      {
        ...mine,
        ...direct,
        kind: 'file.offer',
        to: ['bob'],
        file: { name: '../x.exe', token: 't' },
        anomalies: ['ymsg-bad-size'],
      },
      { anomaly: 'ymsg-bad-size' },
      {
        ...mine,
        ...direct,
        kind: 'file.offer',
        to: ['bob'],
        file: { name: 'x.exe', token: 't' },
        anomalies: ['ymsg-bad-size'],
      },
      { ...mine, ...direct, kind: 'file.offer', to: ['bob'], file },
      {
        ...mine,
        ...direct,
        kind: 'file.offer',
        to: ['bob'],
        file: { ...file, name: 'x\u202etxt.exe' },
      },
    ],
  },
  {
    name: 'a header whose length counts into the next packet swallows it, and the one after is found',
    turns: [
      client(
        joined(
          framed(0x12, new Uint8Array(0)).fill(4, 9, 10),
          octets('....'),
          packet(6, '1=ann|5=bob|14=falcon'),
        ),
        joined(octets('garbage YMS YMSGY '), packet(6, '1=ann|5=bob|14=falcon')),
      ),
    ],
    want: [
      { ...toBob, text: 'falcon' },
      { anomaly: 'ymsg-no-magic' },
      { ...toBob, text: 'falcon' },
    ],
  },
  {
    name: 'files are offered to libpurple whatever the step, and without a word of what it is',
    turns: [
      client(packet(0x12, '')),
      server(
        served(0xdc, '4=bob|5=ann|265=t|27=x.exe|28=1'),
        served(0xdc, '4=bob|5=ann|265=t|222=5|27=x.exe|28=1'),
        served(0xdc, '4=bob|5=ann|265=t|222=1|27=x.exe|28=1', { status: -1 }),
        served(0x4d, '4=bob|5=ann|20=http://10.9.9.9:80/x.exe|27=x.exe|28=1'),
        served(0x4d, '4=bob|5=ann|49=FILEXFER|13=2|20=http://10.9.9.9:80/y.exe|27=y.exe|28=1'),
        served(0x4d, '4=bob|5=ann|49=FILEXFER|13=3|20=http://10.9.9.9:80/y.exe|27=y.exe|28=1'),
      ),
    ],
    want: [
      { ...offered, to: ['ann'], file },
      { ...offered, to: ['ann'], file },
      { ...offered, to: ['ann'], file },
      { ...offered, to: ['ann'], file: stored },
      {
        ...offered,
        to: ['ann'],
        file: { ...stored, name: 'y.exe', url: 'http://10.9.9.9:80/y.exe' },
      },
      {
        ...offered,
        kind: 'file.decline',
        to: ['ann'],
        file: { name: 'y.exe', method: 'p2p', url: 'http://10.9.9.9:80/y.exe' },
      },
    ],
  },
  {
    name: 'messages under the names of games and of old rooms',
    turns: [
      server(
        served(0x2a, '4=bob|5=ann|14=falcon|4=eve|5=ann|14=hi'),
        served(0x20, '4=bob|5=ann|14=falcon'),
      ),
    ],
    want: [
      { ...fromBob, text: 'falcon' },
      { ...fromBob, from: 'eve', text: 'hi' },
      { ...fromBob, text: 'falcon' },
    ],
  },
  {
    name: 'the ancestors and the web chat are named, and read no further',
    turns: [client(octets('YHOO1.0\0'), packet(6, '1=ann|5=bob|14=falcon'))],
    want: [{ kind: 'app.unknown', reason: 'version YHOO' }],
  },
];
