/** Test support: what people say, one to one and in rooms, and calls. */
import { client, type Row, server } from '../../test/support/parser-harness.ts';
import { direct, heard, mine, packet, served, utf8 } from './ymsg.fixture.ts';

const ESC = '\x1b';
const toBob = { ...mine, ...direct, kind: 'message', to: ['bob'] };
const fromBob = { ...heard, ...direct, kind: 'message', from: 'bob', to: ['ann'] };
const room = { room: 'ann-42', route: 'room' };
const club = { room: 'Linux:1', route: 'room' };
const say = (text: string, more = '') =>
  packet(6, `1=Ann|5=Bob|97=1|14=${text}${more}`, { status: 0x5a55aa56 });

export const MESSAGES: readonly Row[] = [
  {
    name: 'a message there and one back, several packets in one segment',
    turns: [
      client(say('hi'), say('you there?')),
      server(
        served(6, '5=ann|4=Bob|14=yes|63=;0|64=0|97=1'),
        served(6, '4=bob|5=ann|97=1|14=what?'),
      ),
    ],
    want: [
      { ...toBob, text: 'hi' },
      { ...toBob, text: 'you there?' },
      { ...fromBob, protocolVersion: '16', text: 'yes' },
      { ...fromBob, protocolVersion: '16', text: 'what?' },
    ],
  },
  {
    name: 'markup is taken out of the text and kept beside it',
    turns: [
      client(
        say(
          `${ESC}[1mbold${ESC}[x1m <font face="Arial" size="10">${ESC}[#ff0000mred</font>${ESC}[30m`,
        ),
        say(`<FADE #ff0000,#00ff00>fa<b>l</b>con</FADE> <alt #000000,#ffffff>x</alt><snd=knock>`),
        say(`${ESC}[lmhttp://e.example/?a=1&b=2${ESC}[xlm`),
        say('3 < 5 && 7 > 6 <nobody> &lt;'),
        say('<red>stop</red> <#00ff00>go'),
      ),
    ],
    want: [
      {
        ...toBob,
        text: 'bold red',
        markup: `${ESC}[1mbold${ESC}[x1m <font face="Arial" size="10">${ESC}[#ff0000mred</font>${ESC}[30m`,
      },
      {
        ...toBob,
        text: 'falcon x',
        markup:
          '<FADE #ff0000,#00ff00>fa<b>l</b>con</FADE> <alt #000000,#ffffff>x</alt><snd=knock>',
      },
      {
        ...toBob,
        text: 'http://e.example/?a=1&b=2',
        markup: `${ESC}[lmhttp://e.example/?a=1&b=2${ESC}[xlm`,
      },
      { ...toBob, text: '3 < 5 && 7 > 6 <nobody> &lt;' },
      { ...toBob, text: 'stop go', markup: '<red>stop</red> <#00ff00>go' },
    ],
  },
  {
    name: 'UTF-8 or not, as key 97 says and the octets show',
    turns: [
      client(
        say(utf8('Grüße – 日本 😀')),
        packet(6, '1=ann|5=bob|97=0|14=na\xefve \x80'),
        packet(6, '1=ann|5=bob|14=na\xefve'),
        packet(6, `1=ann|5=bob|14=${utf8('naïve')}`),
        packet(6, `1=ann|5=bob|14=${utf8('ï')}|97=0`),
      ),
    ],
    want: [
      { ...toBob, text: 'Grüße – 日本 😀' },
      { ...toBob, text: 'naïve €' },
      { ...toBob, text: 'naïve' },
      { ...toBob, text: 'naïve' },
      { ...toBob, text: 'Ã¯' },
    ],
  },
  {
    name: 'a buzz, alone; among words it is text',
    turns: [client(say('<ding>'), say(' <DING>'), say('say <ding>'))],
    want: [
      { ...toBob, form: 'nudge', markup: '<ding>' },
      { ...toBob, form: 'nudge', markup: ' <DING>' },
      { ...toBob, text: 'say <ding>' },
    ],
  },
  {
    name: 'several kept messages in one packet, each with its time',
    turns: [
      server(
        served(
          6,
          '31=6|32=6|4=bob|5=ann|14=one|15=1700000000|97=1|31=6|32=6|4=Carol|5=ann|14=two|15=1700000001|97=1',
          { status: 5 },
        ),
        served(
          6,
          `4=bob|5=ann|15=1700000000|97=1|14=one|4=carol|5=ann|15=1700000001|97=1|14=${utf8('två')}`,
          { status: 5 },
        ),
      ),
    ],
    want: [
      { ...fromBob, text: 'one', sentAt: '2023-11-14T22:13:20.000000Z' },
      { ...fromBob, from: 'carol', text: 'two', sentAt: '2023-11-14T22:13:21.000000Z' },
      { ...fromBob, text: 'one', sentAt: '2023-11-14T22:13:20.000000Z' },
      { ...fromBob, from: 'carol', text: 'två', sentAt: '2023-11-14T22:13:21.000000Z' },
    ],
  },
  {
    name: 'acknowledged, sent again, not delivered',
    turns: [
      server(served(6, '4=bob|5=ann|14=hi|97=1|429=00A1')),
      client(packet(0xfb, '1=ann|5=bob|302=430|430=00A1|303=430|450=0')),
      server(
        served(6, '4=bob|5=ann|14=hi|97=1|429=00A1|15=1700000000', { status: 5 }),
        served(6, '4=bob|5=ann|16=full', { status: 2 }),
      ),
    ],
    want: [
      { ...fromBob, text: 'hi', messageId: '00A1' },
      {
        ...mine,
        ...direct,
        kind: 'message.receipt',
        to: ['bob'],
        refersTo: '00A1',
        state: 'delivered',
      },
      {
        ...fromBob,
        protocolVersion: '16',
        text: 'hi',
        messageId: '00A1',
        copy: 'history',
        sentAt: '2023-11-14T22:13:20.000000Z',
      },
      {
        ...heard,
        ...direct,
        protocolVersion: '16',
        kind: 'message.receipt',
        from: 'bob',
        to: ['ann'],
        state: 'failed',
        reason: 'full',
      },
    ],
  },
  {
    name: 'to many, to a telephone, with a sound, from the network',
    turns: [
      client(
        packet(0x17, '1=ann|5=bob|5=Carol|5=bob|14=all of you|97=1'),
        packet(0x2ea, '1=ann|5=15551234|68=carrier|69=Bob|14=call me'),
      ),
      server(
        served(0x2ea, '4=15551234|5=ann|14=later'),
        served(0xd0, '4=bob|5=ann|230=base.us.hi|231=Hello there|97=1'),
        served(0x14, '14=maintenance at noon'),
      ),
    ],
    want: [
      { ...toBob, to: ['bob', 'carol'], text: 'all of you' },
      { ...toBob, to: ['15551234'], form: 'sms', text: 'call me' },
      { ...fromBob, protocolVersion: '16', from: '15551234', form: 'sms', text: 'later' },
      { ...fromBob, protocolVersion: '16', text: 'Hello there', subject: 'base.us.hi' },
      {
        ...heard,
        protocolVersion: '16',
        kind: 'message',
        to: ['ann'],
        route: 'service',
        form: 'notice',
        text: 'maintenance at noon',
      },
    ],
  },
  {
    name: 'typing, a game, a drawing and another shared window',
    turns: [
      client(
        packet(0x4b, '1=ann|5=bob|49=TYPING|13=1|14= '),
        packet(0x4b, '1=ann|5=bob|49=typing|13=0|14= '),
      ),
      server(
        served(0x4b, '4=bob|5=ann|49=TYPING|13=1|14= '),
        served(0x4b, '4=bob|5=ann|49=GAME|13=1|14=chess'),
      ),
      client(
        packet(6, '1=ann|5=bob|97=1|14="1,2,3"|63=doodle;106|64=0'),
        packet(0x4d, '1=ann|5=bob|49=IMVIRONMENT|63=doodle;106|13=3|14="4,5,6"|64=0'),
        packet(0x4d, '1=ann|5=bob|49=IMVIRONMENT|63=fish|13=1|14=falcon|64=0'),
        packet(0x4d, '1=ann|5=bob|49=IMVIRONMENT|63=fish|13=0|14= |64=0'),
      ),
    ],
    want: [
      { ...mine, ...direct, kind: 'typing', to: ['bob'], state: 'composing' },
      { ...mine, ...direct, kind: 'typing', to: ['bob'], state: 'paused' },
      {
        ...heard,
        ...direct,
        protocolVersion: '16',
        kind: 'typing',
        from: 'bob',
        to: ['ann'],
        state: 'composing',
      },
      { ...fromBob, protocolVersion: '16', form: 'notice', subject: 'GAME', text: 'chess' },
      { ...toBob, form: 'ink', text: '"1,2,3"' },
      { ...toBob, form: 'ink', subject: 'doodle;106', text: '"4,5,6"' },
      { ...toBob, form: 'notice', subject: 'fish', text: 'falcon' },
    ],
  },
  {
    name: 'between two clients without a server (port 5101)',
    turns: [
      client(
        packet(0x4d, '4=ann|5=bob|12=MTIz|13=1|49=PEERTOPEER'),
        packet(6, '1=ann|5=bob|97=1|14=psst|11=77'),
      ),
      server(
        packet(6, '1=bob|5=ann|97=1|14=what|11=78'),
        packet(0x4b, '4=bob|5=ann|49=TYPING|13=0'),
      ),
    ],
    want: [
      { ...toBob, text: 'psst' },
      { ...fromBob, protocolVersion: '16', text: 'what' },
      {
        ...heard,
        ...direct,
        protocolVersion: '16',
        kind: 'typing',
        from: 'bob',
        to: ['ann'],
        state: 'paused',
      },
    ],
  },
  {
    name: 'what this decoder does not know, and versions it does not',
    turns: [
      client(
        packet(0x333, '1=ann|5=bob|14=falcon'),
        packet(6, '1=ann|5=bob|14=hi', { version: 0x22 }),
        packet(6, '1=ann|5=bob|14=hi', { version: 0x22 }),
      ),
      server(served(0x4b, '4=bob|5=ann|49=SHARE|14=x')),
    ],
    want: [
      {
        protocolVersion: '16',
        origin: 'client',
        kind: 'app.unknown',
        to: ['bob'],
        reason: 'service 0x333',
        text: 'falcon',
      },
      { protocolVersion: '34', origin: 'client', kind: 'app.unknown', reason: 'version 34' },
      { ...toBob, protocolVersion: '34', text: 'hi' },
      { ...toBob, protocolVersion: '34', text: 'hi' },
      {
        ...heard,
        ...direct,
        protocolVersion: '34',
        kind: 'app.unknown',
        from: 'bob',
        to: ['ann'],
        reason: 'notify SHARE',
        text: 'x',
      },
    ],
  },
];

export const ROOMS: readonly Row[] = [
  {
    name: 'a conference from invitation to farewell, seen by its maker',
    turns: [
      client(
        packet(0x19, '1=ann|3=ann|57=ann-42'),
        packet(0x18, '1=ann|57=ann-42|58=join us|97=1|52=Bob|52=carol|13=0'),
        packet(0x1c, '1=ann|51=dave,eve|57=ann-42|58=you too|13=0|52=bob|53=bob'),
      ),
      server(
        served(0x19, '1=ann|57=ann-42|53=bob'),
        served(0x1a, '1=ann|57=ann-42|54=carol|14=busy'),
      ),
      client(packet(0x1d, `1=ann|53=bob|57=ann-42|14=${ESC}[1mhi${ESC}[x1m|97=1`)),
      server(
        served(0x1d, '1=ann|57=ann-42|3=bob|14=hello|97=1'),
        served(0x1d, '1=ann|57=ann-42|3=ann|14=hi|97=1'),
        served(0x1b, '1=ann|57=ann-42|56=bob'),
      ),
      client(packet(0x1b, '1=ann|3=bob|57=ann-42')),
    ],
    want: [
      { ...mine, ...room, kind: 'room.join' },
      { ...mine, ...room, kind: 'room.invite', to: ['bob', 'carol'], text: 'join us' },
      { ...mine, ...room, kind: 'room.invite', to: ['dave', 'eve'], text: 'you too' },
      { ...heard, ...room, protocolVersion: '16', kind: 'room.join', from: 'bob' },
      {
        ...heard,
        ...room,
        protocolVersion: '16',
        kind: 'room.decline',
        from: 'carol',
        text: 'busy',
      },
      { ...mine, ...room, kind: 'message', text: 'hi', markup: `${ESC}[1mhi${ESC}[x1m` },
      { ...heard, ...room, protocolVersion: '16', kind: 'message', from: 'bob', text: 'hello' },
      {
        ...heard,
        ...room,
        protocolVersion: '16',
        kind: 'message',
        from: 'ann',
        text: 'hi',
        copy: 'echo',
      },
      { ...heard, ...room, protocolVersion: '16', kind: 'room.leave', from: 'bob' },
      { ...mine, ...room, kind: 'room.leave' },
    ],
  },
  {
    name: 'invited, and others are: 0x18, 0x1C, and status 11',
    turns: [
      server(
        served(0x18, '1=ann|57=ann-42|50=Bob|58=come|13=0'),
        served(0x1c, '1=ann|57=ann-42|50=bob|51=ann|53=carol|58=come on|97=1'),
        served(0x1c, '1=ann|57=ann-42|50=bob|51=dave|58=come', { status: 11 }),
      ),
      client(packet(0x1a, '1=ann|3=bob|57=ann-42|14=no time')),
    ],
    want: [
      { ...heard, ...room, kind: 'room.invite', from: 'bob', to: ['ann'], text: 'come' },
      { ...heard, ...room, kind: 'room.invite', from: 'bob', to: ['ann'], text: 'come on' },
      {
        ...heard,
        ...room,
        kind: 'room.invite',
        from: 'bob',
        to: ['dave'],
        text: 'come',
        copy: 'carbon',
      },
      { ...mine, ...room, kind: 'room.decline', text: 'no time' },
    ],
  },
  {
    name: 'a public chat room',
    turns: [
      client(
        packet(0x96, '109=ann|1=ann|6=abcde'),
        packet(0x98, '1=ann|104=Linux:1|129=1600326591|62=2'),
      ),
      server(
        served(0x98, '104=Linux:1|105=penguins|108=2|109=bob|110=30|109=ann|110=20'),
        served(0x98, '104=Linux:2|114=-35'),
      ),
      client(
        packet(0xa8, '1=ann|104=Linux:1|117=hi all|124=1'),
        packet(0xa8, '1=ann|104=Linux:1|117=waves|124=2'),
      ),
      server(
        served(0xa8, '104=Linux:1|109=bob|117=hello|124=1|97=1'),
        served(0x20, '104=Linux:1|109=bob|117=old'),
        served(0x9b, '104=Linux:1|109=bob'),
      ),
      client(
        packet(0x9d, '1=ann|118=carol|104=Linux:1|117=come|129=0'),
        packet(0x97, '1=ann|109=dave|62=2'),
        packet(0xa0, '1=ann'),
      ),
      server(served(0x9d, '104=Linux:1|117=come|118=ann|119=eve')),
    ],
    want: [
      { ...mine, ...club, kind: 'room.join', state: 'requested' },
      { ...heard, ...club, protocolVersion: '16', kind: 'room.join', from: 'bob' },
      { ...heard, ...club, protocolVersion: '16', kind: 'room.join', from: 'ann' },
      { ...heard, ...club, protocolVersion: '16', kind: 'room.topic', text: 'penguins' },
      {
        ...heard,
        protocolVersion: '16',
        kind: 'room.join',
        from: 'ann',
        room: 'Linux:2',
        route: 'room',
        state: 'refused',
        reason: 'code -35',
      },
      { ...mine, ...club, kind: 'message', text: 'hi all' },
      { ...mine, ...club, kind: 'message', text: 'waves', form: 'action' },
      { ...heard, ...club, protocolVersion: '16', kind: 'message', from: 'bob', text: 'hello' },
      { ...heard, ...club, protocolVersion: '16', kind: 'message', from: 'bob', text: 'old' },
      { ...heard, ...club, protocolVersion: '16', kind: 'room.leave', from: 'bob' },
      { ...mine, ...club, kind: 'room.invite', to: ['carol'], text: 'come' },
      { ...mine, route: 'room', kind: 'room.join', to: ['dave'], state: 'requested' },
      { ...mine, route: 'room', kind: 'room.leave' },
      {
        ...heard,
        ...club,
        protocolVersion: '16',
        kind: 'room.invite',
        from: 'eve',
        to: ['ann'],
        text: 'come',
      },
    ],
  },
  {
    name: 'cameras and voice',
    turns: [
      client(packet(0x4b, '1=ann|5=bob|49=WEBCAMINVITE|13=0|14= ')),
      server(
        served(0x4b, '4=bob|5=ann|49=WEBCAMINVITE|14=1'),
        served(0x4b, '4=carol|5=ann|49=WEBCAMINVITE|14=-1'),
      ),
      client(packet(0x50, '1=ann|5=bob')),
      server(served(0x50, '5=ann|4=bob|61=t1cket|102=webcam.example')),
      client(
        packet(0x4a, '1=ann|5=bob|57=ann-99|13=1'),
        packet(0x4a, '1=ann|5=bob|57=ann-99|13=5'),
      ),
      server(served(0x4a, '1=ann|5=ann|4=bob|57=ann-99|13=3room')),
    ],
    want: [
      { ...mine, ...direct, kind: 'call.offer', to: ['bob'], call: { media: 'video' } },
      {
        ...heard,
        ...direct,
        protocolVersion: '16',
        kind: 'call.accept',
        from: 'bob',
        to: ['ann'],
        call: { media: 'video' },
      },
      {
        ...heard,
        ...direct,
        protocolVersion: '16',
        kind: 'call.decline',
        from: 'carol',
        to: ['ann'],
        call: { media: 'video' },
      },
      { ...mine, ...direct, kind: 'call.offer', to: ['bob'], call: { media: 'video' } },
      {
        ...heard,
        ...direct,
        protocolVersion: '16',
        kind: 'call.accept',
        from: 'bob',
        to: ['ann'],
        call: { media: 'video' },
      },
      {
        ...mine,
        ...direct,
        kind: 'call.offer',
        to: ['bob'],
        call: { media: 'audio', token: 'ann-99' },
      },
      {
        ...mine,
        ...direct,
        kind: 'call.end',
        to: ['bob'],
        call: { media: 'audio', token: 'ann-99' },
      },
      {
        ...heard,
        ...direct,
        protocolVersion: '16',
        kind: 'call.decline',
        from: 'bob',
        to: ['ann'],
        call: { media: 'audio', token: 'ann-99' },
      },
    ],
  },
];
