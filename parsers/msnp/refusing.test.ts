/** Refusing: what a bridge makes of a unit, what a proxy puts in its place, and that the stream goes on. */
import { describe, expect, test } from 'vitest';
import type { ImEvent } from '../../src/event/event.ts';
import { needs } from '../../test/support/need.ts';
import {
  client,
  feed,
  flowContext,
  type Heard,
  joined,
  neutralised,
  octets,
  replaced,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { captureOf, tsharkFields } from '../../test/support/tshark-opinion.ts';
import { Direction } from '../contract.ts';
import { sdg } from './conversations.fixture.ts';
import { MSNP } from './definition.ts';
import { carried, mime, OPEN, plain, SIGN_IN } from './wire.fixture.ts';

const heard = (turns: readonly Turn[]): Heard[] => feed(MSNP.create(flowContext()), turns).heard;
const text = (wire: Uint8Array): string => String.fromCharCode(...wire);

const CONVERSATION: readonly Turn[] = [
  client(OPEN.client),
  server(OPEN.server),
  client(carried('MSG 3 A', plain('a secret'))),
  server('ACK 3\r\n', carried('MSG bob@retro.test Bob', plain('another secret'))),
  client(carried('MSG 4 N', mime('image/gif', `base64:${btoa('GIF89a')}`))),
  client('CAL 5 carol@retro.test\r\n'),
  server('CAL 5 RINGING 4711\r\nJOI carol@retro.test Carol\r\n'),
  client(carried('MSG 6 A', plain('all is well'))),
  server(carried('MSG carol@retro.test Carol', plain('hello')), 'BYE carol@retro.test\r\n'),
];

const SESSION: readonly Turn[] = [
  client(SIGN_IN.client),
  server(SIGN_IN.server),
  client(
    'ADC 8 FL N=bob@retro.test F=Bob\r\n',
    carried('ADL 9', '<ml><d n="x.y"><c n="z" l="1"/></d></ml>'),
  ),
  server(
    'ADC 0 RL N=bob@retro.test F=Bob\r\n',
    'RNG 4711 10.0.0.9:1864 CKI 1.2 eve@retro.test Eve\r\n',
  ),
  client('CHG 10 BSY 0\r\n', carried('UUX 11', '<Data><PSM>a secret</PSM></Data>')),
  server(
    'NLN AWY bob@retro.test Bob 0\r\n',
    carried('UBX bob@retro.test', '<Data><PSM>gone</PSM></Data>'),
  ),
  client(
    carried('UUM 12 yann@yahoo.test 32 1', plain('salut')),
    carried('PAG 13 b@x.y D', '<TEXT>hi</TEXT>'),
  ),
  server(carried('UBM yann@yahoo.test 32 1', plain('hi')), 'FLN bob@retro.test\r\n'),
  client(sdg(14, '1:bob@retro.test', '1:alice@retro.test', 'Text', 'a secret')),
  server(sdg(0, '1:alice@retro.test', '1:bob@retro.test', 'Text', 'another secret')),
];

/** Kinds and more that tell the events apart; each is refused by itself, and the others stay. */
const REFUSED: readonly (readonly [string, readonly Turn[], (event: ImEvent) => boolean])[] = [
  ['a message to the server', CONVERSATION, ({ text }) => text === 'a secret'],
  ['a message to the client', CONVERSATION, ({ text }) => text === 'another secret'],
  ['an image', CONVERSATION, ({ kind }) => kind === 'file.offer' || kind === 'file.complete'],
  [
    'the first invitation',
    CONVERSATION,
    ({ kind, route }) => kind === 'room.invite' && route === 'direct',
  ],
  [
    'an invitation into a room',
    CONVERSATION,
    ({ kind, route }) => kind === 'room.invite' && route === 'room',
  ],
  ['a contact that is added', SESSION, ({ kind }) => kind === 'contact.add'],
  ['a request', SESSION, ({ kind }) => kind === 'contact.request'],
  ['an invitation from a stranger', SESSION, ({ kind }) => kind === 'room.invite'],
  ['presence and status text', SESSION, ({ kind }) => kind === 'presence'],
  ['messages by the notification server', SESSION, ({ kind }) => kind === 'message'],
];

describe('neutral forms', () => {
  test.each(REFUSED)('%s: it is gone, all others are heard as before', (_, turns, refuse) => {
    const ear = feed(MSNP.create(flowContext()), turns);
    const left = ear.heard.filter((_, i) => !refuse(ear.events[i] as ImEvent));
    expect(left.length).toBeLessThan(ear.heard.length);
    const after = neutralised(MSNP, turns, refuse);
    expect(after.map(({ wire }) => wire.length)).toEqual(turns.map(({ wire }) => wire.length));
    expect(heard(after)).toEqual(left);
  });

  test('octet for octet', () => {
    const only = (turns: readonly Turn[], refuse: (event: ImEvent) => boolean, i: number) =>
      text(neutralised(MSNP, turns, refuse)[i]?.wire ?? octets(''));
    expect(only(CONVERSATION, ({ text }) => text === 'a secret', 2)).toBe(
      `MSG 3 A 70\r\nMIME-Version: 1.0\r\nContent-Type: text/x-keepalive\r\n\r\n${' '.repeat(17)}`,
    );
    expect(only(CONVERSATION, ({ route }) => route === 'room', 5)).toBe(
      'MSG 0 U 011\r\n\n\r\n\r\n\r\n\r\n\r\n',
    );
    expect(only(SESSION, ({ kind }) => kind === 'contact.add', 2)).toBe(
      `PNG${' '.repeat(28)}\r\nADL 9 40\r\n<ml></ml>${' '.repeat(31)}`,
    );
    expect(only(SESSION, ({ kind }) => kind === 'contact.request', 3)).toContain(
      `QNG ${'0'.repeat(25)}50\r\nRNG `,
    );
    expect(only(SESSION, ({ kind }) => kind === 'presence', 4)).toBe(
      `PNG         \r\nUUX 11 32\r\n<Data></Data>${' '.repeat(19)}`,
    );
    expect(only(SESSION, ({ kind }) => kind === 'message', 8)).toContain(
      'From: 1:alice@retro.test\r\n\r\nReliability: 1.0\r\n\r\nMessaging: 2.0\r\n' +
        'Message-Type: Control/Keepalive\r\nContent-Length: 0\r\nX-Pad: ',
    );
  });

  test('a sign-in has none', () => {
    const ear = feed(MSNP.create(flowContext()), SESSION);
    expect(ear.units[0]?.form).toBe(-1);
  });
});

/** [what, turns, which event, notice, what goes on, what goes back]. */
const REPLACED: readonly (readonly [
  string,
  readonly Turn[],
  (event: ImEvent) => boolean,
  string | undefined,
  string,
  string,
])[] = [
  ['a message with A', CONVERSATION, ({ text }) => text === 'a secret', undefined, '', 'NAK 3\r\n'],
  [
    'a message, with a notice',
    CONVERSATION,
    ({ text }) => text === 'a secret',
    'Not allowed – sorry',
    '',
    `NAK 3\r\n${text(notice('bob@retro.test', 'Not allowed – sorry'))}`,
  ],
  [
    'a message to the client',
    CONVERSATION,
    ({ text }) => text === 'another secret',
    undefined,
    '',
    '',
  ],
  [
    'a message to the client, with a notice',
    CONVERSATION,
    ({ text }) => text === 'another secret',
    'A message was kept back',
    text(notice('bob@retro.test', 'A message was kept back')),
    '',
  ],
  ['an image', CONVERSATION, ({ kind }) => kind === 'file.offer', undefined, '', 'NAK 4\r\n'],
  ['an invitation', CONVERSATION, ({ route }) => route === 'room', undefined, '', '217 5\r\n'],
  [
    'a contact',
    SESSION,
    ({ list, kind }) => kind === 'contact.add' && list === 'forward',
    'n',
    '',
    '201 8\r\n',
  ],
  ['a request', SESSION, ({ kind }) => kind === 'contact.request', undefined, '', ''],
  [
    'an invitation from a stranger',
    SESSION,
    ({ kind }) => kind === 'room.invite',
    undefined,
    '',
    '',
  ],
  ['a state', SESSION, ({ state }) => state === 'busy', undefined, '', 'CHG 10 BSY 0\r\n'],
  ['a status text', SESSION, ({ status }) => status === 'a secret', undefined, '', 'UUX 11 0\r\n'],
  ['another’s status text', SESSION, ({ status }) => status === 'gone', undefined, '', ''],
  ['a routed message', SESSION, ({ text }) => text === 'a secret', undefined, '', 'SDG 14 OK\r\n'],
  ['a sign-in', SESSION, ({ kind }) => kind === 'session.login', undefined, '911 4\r\n', 'OUT\r\n'],
];

function notice(from: string, words: string): Uint8Array {
  return carried(
    `MSG ${from} gateway`,
    plain(words, 'X-MMS-IM-Format: FN=Arial; EF=; CO=0; CS=0; PF=0\r\n'),
  );
}

describe('replacements', () => {
  test.each(REPLACED)('%s', (_, turns, refuse, words, forward, back) => {
    const first = replaced(MSNP, turns, refuse, words)[0]?.replacement;
    expect(text(first?.forward ?? octets('none'))).toBe(forward);
    expect(text(first?.back ?? octets('none'))).toBe(back);
  });

  test('U asks for no word, N for one only when it fails', () => {
    const turns = [
      client(OPEN.client),
      server(OPEN.server),
      client(
        carried('MSG 3 U', plain('a')),
        carried('MSG 4 N', plain('b')),
        carried('MSG 5 D', plain('c')),
      ),
    ];
    const back = replaced(MSNP, turns, ({ kind }) => kind === 'message', undefined).map(
      ({ replacement }) => text(replacement?.back ?? octets('none')),
    );
    expect(back).toEqual(['', 'NAK 4\r\n', 'NAK 5\r\n']);
  });
});

describe('offers are declined in the other’s name', () => {
  const invitation = mime(
    'text/x-msmsgsinvite; charset=UTF-8',
    'Application-Name: File Transfer\r\nApplication-GUID: {5D3E02AB-6190-11d3-BBBB-00C04F795683}\r\n' +
      'Invitation-Command: INVITE\r\nInvitation-Cookie: 51077\r\nApplication-File: plan.pdf\r\n' +
      'Application-FileSize: 52341\r\n\r\n',
  );
  const offered = ({ kind }: ImEvent) => kind === 'file.offer';
  const opened = [client(OPEN.client), server(OPEN.server)];

  test('one’s own: the decline comes back as the peer’s message, the server never hears of it', () => {
    const turns = [...opened, client(carried('MSG 3 A', invitation))];
    const [first] = replaced(MSNP, turns, offered, 'no files');
    expect(first?.replacement?.forward.length).toBe(0);
    const back = text(first?.replacement?.back ?? octets(''));
    expect(back).toMatch(
      /^ACK 3\r\nMSG bob@retro\.test bob@retro\.test \d+\r\nMIME-Version: 1\.0\r\n/,
    );
    expect(back).toContain(
      'Invitation-Command: CANCEL\r\nInvitation-Cookie: 51077\r\nCancel-Code: REJECT\r\n',
    );
    expect(back.endsWith(text(notice('bob@retro.test', 'no files')))).toBe(true);
    // What comes back reads as what it says.
    const heard = feed(MSNP.create(flowContext()), [
      ...turns,
      server(first?.replacement?.back ?? ''),
    ]);
    expect(heard.events.map(({ kind }) => kind)).toEqual([
      'room.invite',
      'file.offer',
      'file.decline',
      'message',
    ]);
  });

  test('another’s: the decline goes to the server as the client’s message', () => {
    const turns = [...opened, server(carried('MSG bob@retro.test Bob', invitation))];
    const [first] = replaced(MSNP, turns, offered, undefined);
    expect(first?.replacement?.forward.length).toBe(0);
    const back = text(first?.replacement?.back ?? octets(''));
    expect(back).toMatch(/^MSG 2147483000 U \d+\r\nMIME-Version: 1\.0\r\n/);
    expect(back).toContain('Cancel-Code: REJECT\r\n');
    const heard = feed(MSNP.create(flowContext()), [
      ...turns,
      client(first?.replacement?.back ?? ''),
    ]);
    expect(heard.events.at(-1)).toMatchObject({ kind: 'file.decline', origin: 'client' });
  });
});

const need = needs({ tools: ['tshark'] });

describe.skipIf(need.skip)(`tshark reads on behind what was refused${need.why}`, () => {
  const lines = async (turns: readonly Turn[]): Promise<string> => {
    const rows = await tsharkFields(captureOf(turns, { port: 1863 }), {
      filter: 'msnms',
      fields: ['_ws.col.Info'],
    });
    return rows.map((row) => row[0]?.join(' ') ?? '').join('\n');
  };

  test.each([REFUSED[0], REFUSED[4], REFUSED[9]].flatMap((row) => (row ? [row] : [])))(
    'neutral: %s',
    async (_, turns, refuse) => {
      const found = await lines(neutralised(MSNP, turns, refuse));
      expect(found.split('\n').length).toBe(turns.length);
      expect(found).not.toContain('Malformed');
    },
  );

  test('a proxy’s streams, with NAK, errors and notices in them', async () => {
    const streams = proxied(
      CONVERSATION,
      ({ kind }) => kind === 'message' || kind === 'file.offer',
    );
    const found = await lines(streams);
    expect(found).toContain('NAK 3');
    expect(found).toContain('gateway');
    expect(found).toContain('CAL 5 carol@retro.test');
    expect(found).not.toContain('Malformed');
  });
});

/** What the client sees of the proxy, as turns: refused messages do not come, the proxy's words do. */
function proxied(turns: readonly Turn[], refuse: (event: ImEvent) => boolean): Turn[] {
  const all = replaced(MSNP, turns, refuse, 'kept back');
  const out: Turn[] = [];
  const at = [0, 0];
  for (const { direction, wire } of turns) {
    const from = at[direction] ?? 0;
    at[direction] = from + wire.length;
    let rest: Uint8Array = wire;
    let shift = from;
    for (const { unit, replacement } of all) {
      if (unit.direction !== direction || unit.start < from || unit.end > from + wire.length)
        continue;
      const before = rest.subarray(0, unit.start - shift);
      out.push({ direction, wire: joined(before, replacement?.forward ?? octets('')) });
      rest = rest.subarray(unit.end - shift);
      shift = unit.end;
      const other = direction === Direction.ToServer ? Direction.ToClient : Direction.ToServer;
      out.push({ direction: other, wire: replacement?.back ?? octets('') });
    }
    out.push({ direction, wire: rest });
  }
  return out.filter(({ wire }) => wire.length > 0);
}
