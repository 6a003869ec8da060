/** Test support: Direct IM frames, conversations and what must be heard of them. */
import {
  client,
  hex,
  joined,
  octets,
  type Row,
  server,
  sha256,
} from '../../../test/support/parser-harness.ts';
import type { TransferRecord } from '../rendezvous/transfer-record.ts';

export const COOKIE = '434f4f4b49453031'; // COOKIE01

interface FrameFields {
  readonly flags?: number;
  readonly charset?: number;
  readonly cookie?: string;
  readonly type?: number;
  readonly subtype?: number;
  readonly length?: number;
}

export function frame(name: string, payload: string | Uint8Array, fields: FrameFields = {}) {
  const body = typeof payload === 'string' ? octets(payload) : payload;
  const length = fields.length ?? 76;
  const header = new Uint8Array(length);
  const view = new DataView(header.buffer);
  header.set(octets('ODC2'));
  view.setUint16(4, length);
  view.setUint16(6, fields.type ?? 1);
  view.setUint16(8, fields.subtype ?? 6);
  header.set(hex(fields.cookie ?? COOKIE), 12);
  view.setUint32(28, body.length);
  view.setUint16(32, fields.charset ?? 0);
  view.setUint16(38, fields.flags ?? 0);
  header.set(octets(name), 44);
  return joined(header, body);
}

export const hello = (name: string) => frame(name, '', { flags: 0x60 });

/** ann is signed in here; bob invited her. */
export const OFFER = {
  service: 'aim',
  account: 'ann',
  sender: 'bob',
  recipient: 'ann',
  senderListens: true,
  room: undefined,
  name: undefined,
  size: undefined,
  offset: 0,
  mime: undefined,
  token: COOKIE,
  method: 'odc',
  origin: 'server',
} as const;

export function remembered(): Map<string, TransferRecord> {
  const record = { cookie: COOKIE, offer: OFFER, files: undefined, done: false };
  return new Map([[`transfer ${COOKIE}`, record]]);
}

const context = () => ({ memory: remembered() });
const fields = { protocolVersion: '2', account: 'ann', route: 'direct' };
const sent = { ...fields, origin: 'client', from: 'ann', to: ['bob'] };
const got = { ...fields, origin: 'server', from: 'bob', to: ['ann'] };
const image = (id: string, more: object) => ({
  method: 'odc',
  token: `${COOKIE}-${id}`,
  purpose: 'inline',
  ...more,
});
const CAT = 'GIF89a <BINARY> cat';
const TEXT = '<HTML>look: <IMG SRC="cat.gif" ID="1" WIDTH="9" HEIGHT="9" DATASIZE="19"></HTML>';
export const PICTURE = `${TEXT}<BINARY><DATA ID="1" SIZE="19">${CAT}</DATA></BINARY>`;

export const CONVERSATIONS: readonly Row[] = [
  {
    name: 'hello, typing, a message, an answer',
    context: context(),
    turns: [
      client(hello('Ann')),
      server(hello('Bob')),
      client(frame('Ann', '', { flags: 0x000a })),
      client(frame('Ann', '', { flags: 0x0006 })),
      client(frame('Ann', '', { flags: 0x0002 })),
      client(frame('Ann', '<HTML><B>hi</B> &amp; welcome</HTML>')),
      server(frame('B o b', 'plain', { flags: 1 })),
    ],
    want: [
      { kind: 'typing', ...sent, state: 'composing' },
      { kind: 'typing', ...sent, state: 'paused' },
      { kind: 'typing', ...sent, state: 'active' },
      {
        kind: 'message',
        ...sent,
        text: 'hi & welcome',
        markup: '<HTML><B>hi</B> &amp; welcome</HTML>',
      },
      { kind: 'message', ...got, text: 'plain', form: 'auto-reply' },
    ],
  },
  {
    name: 'texts in UTF-16, Latin-1 and UTF-8',
    context: context(),
    turns: [
      server(frame('bob', '\0h\0\xe9', { charset: 2 })),
      server(frame('bob', 'caf\xe9', { charset: 3 })),
      server(frame('bob', '\xc3\xbc€')),
    ],
    want: ['hé', 'café', 'ü€'].map((text) => ({ kind: 'message', ...got, text })),
  },
  {
    name: 'a picture inside the text',
    context: context(),
    turns: [server(frame('bob', PICTURE), frame('bob', 'nice?'))],
    want: [
      { kind: 'message', ...got, text: 'look: ', markup: TEXT },
      { kind: 'file.offer', ...got, file: image('1', { name: 'cat.gif', size: 19 }) },
      {
        kind: 'file.complete',
        ...got,
        file: image('1', { name: 'cat.gif', size: 19, sha256: sha256(octets(CAT)) }),
      },
      { kind: 'message', ...got, text: 'nice?' },
    ],
  },
  {
    name: 'nobody who is known',
    turns: [server(frame('12345', 'hi')), client(frame('678', 'ho'))],
    want: [
      {
        kind: 'message',
        protocolVersion: '2',
        origin: 'server',
        from: '12345',
        route: 'direct',
        text: 'hi',
      },
      {
        kind: 'message',
        protocolVersion: '2',
        origin: 'client',
        from: '678',
        to: ['12345'],
        route: 'direct',
        text: 'ho',
      },
    ],
  },
  {
    name: 'told by where the connection was announced',
    context: {
      expected: { protocol: 'odc', service: 'aim', address: '10.0.0.2', port: 5000, offer: OFFER },
    },
    turns: [server(frame('', 'hi', { cookie: '0000000000000000' })), client(frame('ann', 'ho'))],
    want: [
      { kind: 'message', ...got, text: 'hi' },
      { kind: 'message', ...sent, text: 'ho' },
    ],
  },
];

export const EVASIONS: readonly Row[] = [
  {
    name: 'the word split by markup, by references and over the text’s end',
    context: context(),
    turns: [client(frame('ann', 'fal<FONT COLOR="x>y">c</FONT>&#111;n<binary>'))],
    want: [
      {
        kind: 'message',
        ...sent,
        text: 'falcon',
        markup: 'fal<FONT COLOR="x>y">c</FONT>&#111;n',
      },
    ],
  },
  {
    name: 'a frame of another type that clients show all the same',
    context: context(),
    turns: [client(frame('ann', 'falcon', { subtype: 9 }))],
    want: [
      { anomaly: 'odc-unknown-frame' },
      { kind: 'app.unknown', ...sent, reason: 'odc frame', anomalies: ['odc-unknown-frame'] },
      { kind: 'message', ...sent, text: 'falcon', anomalies: ['odc-unknown-frame'] },
    ],
  },
  {
    name: 'somebody else’s name, and a longer header',
    context: context(),
    turns: [client(hello('ann'), frame('eve', 'hi', { length: 90 }))],
    want: [
      { anomaly: 'odc-name-differs' },
      { kind: 'message', ...sent, text: 'hi', anomalies: ['odc-name-differs'] },
    ],
  },
  {
    name: 'a file passed as an image that the text does not show, or shows smaller',
    context: context(),
    turns: [
      client(
        frame(
          'ann',
          '<img src=a.gif id=2 datasize=1><BINARY><DATA SIZE="3" ID="7">MZx</DATA> <data id=2 size=2>MZ</data></BINARY>',
        ),
      ),
    ],
    want: [
      { kind: 'message', ...sent, markup: '<img src=a.gif id=2 datasize=1>' },
      { kind: 'file.offer', ...sent, file: image('2', { name: 'a.gif', size: 1 }) },
      { anomaly: 'odc-image-unannounced' },
      {
        kind: 'file.offer',
        ...sent,
        file: image('7', { size: 3 }),
        anomalies: ['odc-image-unannounced'],
      },
      {
        kind: 'file.complete',
        ...sent,
        file: image('7', { size: 3, sha256: sha256(octets('MZx')) }),
        anomalies: ['odc-image-unannounced'],
      },
      { anomaly: 'odc-image-unannounced' },
      ...['file.offer', 'file.complete'].map((kind) => ({
        kind,
        ...sent,
        file: image('2', {
          name: 'a.gif',
          size: 2,
          ...(kind === 'file.complete' ? { sha256: sha256(octets('MZ')) } : {}),
        }),
        anomalies: ['odc-image-unannounced'],
      })),
    ],
  },
  {
    name: 'an image that goes beyond its frame, a tag without end, a tag without size',
    context: context(),
    turns: ['<DATA ID="1" SIZE="4">abc', `<DATA ${'x'.repeat(300)}>`, '<DATA ID="1">abc'].map(
      (data) => client(frame('ann', `x<BINARY>${data}`)),
    ),
    want: [1, 2, 3].flatMap(() => [
      { kind: 'message', ...sent, text: 'x' },
      { anomaly: 'odc-bad-binary' },
    ]),
  },
  {
    name: 'a header longer than usual ones',
    context: context(),
    turns: [client(frame('ann', 'hi', { length: 4000 }))],
    want: [{ kind: 'message', ...sent, text: 'hi' }],
  },
  {
    name: 'junk between frames',
    context: context(),
    turns: [client('xxODC', 'OODC2', frame('ann', 'hi'))],
    want: [{ anomaly: 'odc-no-header' }, { kind: 'message', ...sent, text: 'hi' }],
  },
];
