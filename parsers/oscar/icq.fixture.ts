/** Test support: ICQ's own messages: channel 4, the relay, envelopes, telephones. */
import {
  client,
  type Heard,
  hex,
  octets,
  type Row,
  server,
} from '../../test/support/parser-harness.ts';
import {
  envelope,
  icqText,
  name,
  PAGER,
  RELAY,
  relayed,
  rendezvous,
  SHOW_COOKIE,
  snac,
  tlv,
  user,
} from './oscar.fixture.ts';

const SELF = snac('0001/000f', user('100001'));
const OPENING = [client(SHOW_COOKIE), server(PAGER, SELF)] as const;
const COOKIE = '3132333435363738';
const account = '100001';
const SIGNED_IN: Heard = { kind: 'session.login', origin: 'server', account, from: account };

function received(kind: string, more: Heard = {}): Heard {
  const parties = { kind, origin: 'server', account, from: '200002', to: [account] };
  return { ...parties, messageId: COOKIE, ...more };
}

function sentTo(kind: string, more: Heard = {}): Heard {
  const parties = { kind, origin: 'client', account, from: account, to: ['200002'] };
  return { ...parties, messageId: COOKIE, ...more };
}

/** Channel 4 of 200002: type, then its text. */
function old(type: string, text: string): Uint8Array {
  const block = tlv(5, '420d0300', type, '00', icqText(text));
  return snac('0004/0007', "'12345678' 0004", user('200002'), block);
}

/** A proposal of ICQ's relay. */
function relay(label: string, party: Uint8Array, ...data: readonly Uint8Array[]): Uint8Array {
  const block = rendezvous('0000', RELAY, tlv(0x0a, '0001'), tlv(0x0f), ...data);
  return snac(label, "'12345678' 0002", party, block);
}

const direct = { route: 'direct' };
const UTF8 = octets('{0946134E-4C7F-11D1-8222-444553540000}');
const RTF = octets('{97B12751-243C-4334-AD22-D6ABF73F1492}');
const FILE = octets('File');

const SMS = (text: string) =>
  octets(
    `<icq_sms_message><destination>+4915112345</destination><text>${text}</text><codepage>1252</codepage></icq_sms_message>`,
  );

export const ICQ: readonly Row[] = [
  {
    name: 'channel 4: text, address, asking, denied, granted, added, pager, contacts',
    turns: [
      ...OPENING,
      server(
        old('01', 'hello'),
        old('04', 'look\xfehttp://x/'),
        old('06', 'Bo\xfeBob\xfeB\xfeb@x\xfe1\xfelet me'),
        old('07', 'no'),
        old('08', ''),
        old('0c', 'Bo\xfeBob\xfeB\xfeb@x\xfe'),
        old('0d', 'Web\xfe\xfe\xfew@x\xfe3\xfefrom the web'),
        old('13', '2\xfe300003\xfeCarl\xfe400004\xfeDora\xfe'),
      ),
    ],
    want: [
      SIGNED_IN,
      received('message', { ...direct, text: 'hello' }),
      received('message', { ...direct, text: 'look\nhttp://x/' }),
      received('contact.request', { contact: '200002', name: 'Bo', text: 'let me' }),
      received('contact.deny', { contact: '200002', text: 'no' }),
      received('contact.approve', { contact: '200002' }),
      received('contact.add', { contact: '200002', list: 'reverse', name: 'Bo' }),
      received('message', { route: 'service', text: 'Web\nw@x\n3\nfrom the web' }),
      received('message', { ...direct, text: '2\n300003\nCarl\n400004\nDora' }),
    ],
  },
  {
    name: 'channel 4 of the client; a type that is not known; away texts are asked for in silence',
    turns: [
      ...OPENING,
      client(
        snac(
          '0004/0006',
          "'12345678' 0004",
          name('200002'),
          tlv(5, 'a1860100 01 00', icqText('hej')),
        ),
        snac('0004/0006', "'12345678' 0004", name('200002'), tlv(5, 'a1860100 e8 00', icqText(''))),
      ),
      server(old('55', 'x')),
    ],
    want: [
      SIGNED_IN,
      sentTo('message', { ...direct, text: 'hej' }),
      received('app.unknown', { reason: 'ICQ message type 85', text: 'x' }),
    ],
  },
  {
    name: 'relayed: plain, UTF-8 by its format, RTF, an address',
    turns: [
      ...OPENING,
      client(
        relay('0004/0006', name('200002'), relayed('01', icqText('hi'))),
        relay(
          '0004/0006',
          name('200002'),
          relayed('01', icqText(hex('68 c3a9')), '00000000 ffffff00', '26000000', UTF8),
        ),
      ),
      server(
        relay(
          '0004/0007',
          user('200002'),
          relayed(
            '01',
            icqText("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\f0\\fs16 r\\'e9\\u8211?\\{x\\}\\par }"),
            '00000000 ffffff00',
            '26000000',
            RTF,
          ),
        ),
        relay('0004/0007', user('200002'), relayed('04', icqText('look\xfehttp://x/'))),
      ),
    ],
    want: [
      SIGNED_IN,
      sentTo('message', { ...direct, text: 'hi' }),
      sentTo('message', { ...direct, text: 'hé' }),
      received('message', {
        ...direct,
        text: 'ré–{x}',
        markup: "{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\f0\\fs16 r\\'e9\\u8211?\\{x\\}\\par }",
      }),
      received('message', { ...direct, text: 'look\nhttp://x/' }),
    ],
  },
  {
    name: 'relayed files: the old type, and the plugin with a name, or known by its GUID',
    turns: [
      ...OPENING,
      client(
        relay(
          '0004/0006',
          name('200002'),
          relayed('03', icqText('see'), '00000000', icqText('a.txt'), '39050000 00000000'),
        ),
      ),
      server(
        relay(
          '0004/0007',
          user('200002'),
          relayed(
            '1a',
            icqText(''),
            // 16 GUID · function · length 4 · File · 15 more
            '2900',
            '00'.repeat(16),
            '0000 04000000',
            FILE,
            '00'.repeat(15),
            '1d000000 03000000',
            octets('see'),
            '00000000',
            icqText('b.exe'),
            '39050000 00000000',
          ),
        ),
        relay(
          '0004/0007',
          user('200002'),
          relayed(
            '1a',
            icqText(''),
            '2a00 f02d12d9 3091d311 8dd70010 4b06462e 0000 05000000',
            octets('Datei'),
            '00'.repeat(15),
            '1d000000 03000000',
            octets('see'),
            '00000000',
            icqText('b.exe'),
            '39050000 00000000',
          ),
        ),
      ),
    ],
    want: [
      SIGNED_IN,
      sentTo('file.offer', file('a.txt')),
      received('file.offer', file('b.exe')),
      received('file.offer', file('b.exe')),
    ].map(known),
  },
  {
    name: 'a relayed message that says it is an answer, or a cancel; one without a message',
    turns: [
      ...OPENING,
      client(
        ...['0001', '0002'].map((type) =>
          snac(
            '0004/0006',
            "'12345678' 0002",
            name('200002'),
            rendezvous(type, RELAY, relayed('01', icqText('hi'))),
          ),
        ),
        snac('0004/0006', "'12345678' 0002", name('200002'), rendezvous('0001', RELAY)),
      ),
    ],
    want: [SIGNED_IN, ...[1, 2].map(() => sentTo('message', { ...direct, text: 'hi' }))].map(known),
  },
  {
    name: 'the answer to a message has the away text',
    turns: [
      ...OPENING,
      server(
        snac(
          '0004/000b',
          "'12345678' 0002",
          name('200002'),
          '0003 1b00',
          '00'.repeat(27),
          '0e00',
          '00'.repeat(14),
          'e8 00 0000 0000',
          icqText('asleep'),
        ),
      ),
    ],
    want: [SIGNED_IN, received('message', { ...direct, form: 'auto-reply', text: 'asleep' })],
  },
  {
    name: 'stored messages, with their time; asking for them, the end of them',
    turns: [
      ...OPENING,
      client(snac('0015/0002', envelope('3c00'))),
      server(
        snac('0015/0003', envelope('4100', '420d0300', 'd707 0c 1f 17 3b 01 00', icqText('late'))),
        snac('0015/0003', envelope('4100', '420d0300', 'd707 02 1f 17 3b 01 00', icqText('never'))),
        snac('0015/0003', envelope('4200', '00')),
      ),
    ],
    want: [
      SIGNED_IN,
      stored({ text: 'late', sentAt: '2007-12-31T23:59:00Z' }),
      stored({ text: 'never' }),
    ],
  },
  {
    name: 'to a telephone, from one, and its receipt; the rest of the directory is silent',
    turns: [
      ...OPENING,
      client(
        snac('0015/0002', envelope('d007', '8214 0001 0016', '00'.repeat(18), SMS('a &amp; b'))),
        snac('0015/0002', envelope('d007', 'b204 420d0300')),
        snac('0015/0002', envelope('9900')),
      ),
      server(
        old(
          '1a',
          '<sms_message><source>ICQ</source><sender>+4915112345</sender><text>yes</text></sms_message>',
        ),
        old(
          '1a',
          '<sms_delivery_receipt><destination>+49151</destination><delivered>Yes</delivered></sms_delivery_receipt>',
        ),
      ),
    ],
    want: [
      SIGNED_IN,
      {
        kind: 'message',
        origin: 'client',
        account,
        from: account,
        to: ['+4915112345'],
        form: 'sms',
        ...direct,
        text: 'a & b',
      },
      { kind: 'app.unknown', origin: 'client', account, reason: 'ICQ command 0099' },
      {
        kind: 'message',
        origin: 'server',
        account,
        from: '+4915112345',
        to: [account],
        form: 'sms',
        ...direct,
        text: 'yes',
      },
      {
        kind: 'message.receipt',
        origin: 'server',
        account,
        from: '+49151',
        to: [account],
        form: 'sms',
        state: 'delivered',
      },
    ],
  },
  {
    name: 'picked up in the middle an envelope tells the account',
    context: { midstream: true },
    turns: [
      client(
        snac('0015/0002', envelope('3c00')),
        snac('0004/0014', '00'.repeat(8), '0001', name('200002'), '0002'),
      ),
    ],
    want: [
      {
        kind: 'typing',
        origin: 'client',
        account,
        from: account,
        to: ['200002'],
        ...direct,
        state: 'composing',
      },
    ],
  },
];

function file(fileName: string): Heard {
  const offered = { method: 'p2p', token: COOKIE, name: fileName, size: 1337 };
  return { ...direct, messageId: undefined, text: 'see', file: offered };
}

/** Without the fields that are not there. */
function known(heard: Heard): Heard {
  return Object.fromEntries(Object.entries(heard).filter(([, value]) => value !== undefined));
}

function stored(more: Heard): Heard {
  const parties = { kind: 'message', origin: 'server', account, from: '200002', to: [account] };
  return { ...parties, ...direct, ...more };
}
