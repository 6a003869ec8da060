/** What stands in the place of a refused packet: neutral octets in a bridge, whole packets in a proxy. */
import { describe, expect, test } from 'vitest';
import type { ImEvent } from '../../src/event/event.ts';
import { needs } from '../../test/support/need.ts';
import {
  client,
  feed,
  flowContext,
  hex,
  joined,
  neutralised,
  octets,
  replaced,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { captureOf, tsharkFields } from '../../test/support/tshark-opinion.ts';
import { GADU_GADU } from './definition.ts';
import {
  BOB,
  field,
  fixed,
  fixed64,
  login,
  ME,
  offer,
  old,
  packet,
  receive,
  receive80,
  send,
  send80,
  signedIn,
  u32,
  written,
} from './gadu.fixture.ts';

const said = (turns: readonly Turn[]) => feed(GADU_GADU.create(flowContext()), turns).heard;
const bad = ({ text = '', file, contact }: ImEvent) =>
  /bad/.test(text) || /bad/.test(file?.name ?? '') || contact === '99';
const none = octets('');

/** One packet to refuse. */
const TALK: readonly (readonly [string, Turn])[] = [
  ['a message of 7', client(send('a bad word'))],
  ['a message of 8', client(send80('<b>a bad word</b>', 'a bad word'))],
  ['a message to the client', server(receive80('<b>a bad word</b>', 'a bad word'))],
  ['an offer of a file', client(offer('bad.exe', 5))],
  ['an offer to the client', server(offer('bad.exe', 5, { from: BOB, to: ME }))],
  ['a contact', client(packet(0x0d, u32(99), 3))],
  ['a message of 11', client(packet(0x7d, field(1, written(BOB)), field(3, 7), field(5, 'bad')))],
];

describe('neutral octets', () => {
  const around = (turn: Turn) => [
    ...login(),
    client(send80('', 'before')),
    turn,
    client(send80('', 'behind')),
    server(receive('answer')),
  ];
  test.each(TALK)('%s: gone when read again, everything else stays', (_name, turn) => {
    const turns = around(turn);
    const kept = said(turns).filter(
      (_, i) => !bad(feed(GADU_GADU.create(flowContext()), turns).events[i] as ImEvent),
    );
    expect(kept).toHaveLength(said(turns).length - 1);
    for (const step of [1, 7, 1000]) {
      expect(said(neutralised(GADU_GADU, turns, bad, { step }))).toEqual(kept);
    }
  });

  test('octet for octet: a ping to the server, a pong to the client', () => {
    const [, , , own] = neutralised(
      GADU_GADU,
      [...login(), client(packet(0x0b, u32(9, 5, 8), 'bad\0'))],
      bad,
    );
    expect(own?.wire).toEqual(joined(hex('08 00 00 00 10 00 00 00'), new Uint8Array(16)));
    const [, , , other] = neutralised(
      GADU_GADU,
      [...login(), server(packet(0x0a, u32(9, 5, 0, 8), 'bad\0'))],
      bad,
    );
    expect(other?.wire).toEqual(joined(hex('07 00 00 00 14 00 00 00'), new Uint8Array(20)));
  });
});

describe('replacement octets', () => {
  const given = (turn: Turn, notice?: string, version: '7' | '8' | '10.5' = '8') =>
    replaced(GADU_GADU, [...login(version), turn], bad, notice)[0]?.replacement;
  const id = hex('08 07 06 05 04 03 02 01');

  test.each<[string, Turn, Uint8Array, Uint8Array]>([
    [
      'the dossier: a message is blocked',
      client(send80('', 'bad', '', 1)),
      none,
      hex('05 00 00 00 0c 00 00 00 01 00 00 00 f1 fb 09 00 01 00 00 00'),
    ],
    ['one that asked for no answer', client(send('bad', '', 0x28)), none, none],
    [
      'a message to the client has arrived',
      server(receive80('', 'bad')),
      none,
      packet(0x46, u32(5)),
    ],
    ['one of 7, which nobody acknowledges', server(receive('bad')), none, none],
    ['a file is declined', client(offer('bad', 5)), none, packet(0x22, u32(BOB), id, u32(2))],
    [
      'a file of somebody else is declined',
      server(offer('bad', 5, { from: BOB, to: ME })),
      none,
      packet(0x22, u32(BOB), id, u32(2)),
    ],
    ['a contact is not added', client(packet(0x0d, u32(99), 3)), none, none],
    [
      'a message of 11',
      client(packet(0x7d, field(1, written(BOB)), field(3, 7), field(5, 'bad'))),
      none,
      packet(0x87, field(1, 1), field(2, 7), fixed(3, 0), field(7, 0)),
    ],
    [
      'a message of 11 to the client',
      server(
        packet(
          0x7e,
          field(1, written(BOB)),
          field(2, 0),
          field(3, 300),
          fixed(4, 0),
          field(5, 'bad'),
        ),
      ),
      none,
      packet(0x86, field(1, 1), field(2, 300), field(3, 1)),
    ],
    [
      'a message in a room',
      client(packet(0x8d, field(3, 7), field(5, 'bad'), fixed64(10, 77))),
      none,
      packet(0x87, field(1, 2), field(2, 7), fixed(3, 0), field(7, 0)),
    ],
  ])('%s', (_name, turn, forward, back) => {
    expect(given(turn)).toEqual({ forward, back });
  });

  test('what is refused of a sign-in fails it; in a bridge that is a reset', () => {
    const refuse = ({ kind }: ImEvent) => kind === 'presence';
    const [first] = replaced(GADU_GADU, login(), refuse, undefined);
    expect(first?.replacement).toEqual({ forward: none, back: hex('09 00 00 00 00 00 00 00') });
    const { units } = feed(GADU_GADU.create(flowContext()), login());
    expect(units.map(({ form }) => form)).toEqual([-1, -1]);
  });

  test('every part of a refused image is refused', () => {
    const part = (kind: number, name: string) =>
      server(receive('', joined(Uint8Array.of(kind), u32(9, 1), octets(`${name}012`))));
    const turns = [...login(), part(5, 'cat\0'), part(6, ''), part(6, '')];
    const refuse = ({ kind }: ImEvent) => kind === 'file.start';
    expect(replaced(GADU_GADU, turns, refuse, undefined)).toHaveLength(3);
  });

  test('a login fails', () => {
    const [first] = replaced(GADU_GADU, login(), ({ kind }) => kind === 'session.login', undefined);
    expect(first?.replacement).toEqual({ forward: hex('09 00 00 00 00 00 00 00'), back: none });
  });

  test('the notice is a message of the network, as the client reads it', () => {
    const contact = client(packet(0x0d, u32(99), 3));
    expect(given(contact, 'nie wolno: łódź', '7')?.back).toEqual(
      packet(0x0a, u32(0, 0, 0, 8), old('nie wolno: łódź')),
    );
    const html = octets('<span>no &#60;</span>\0');
    expect(given(contact, 'no <', '8')?.back).toEqual(
      packet(0x2e, u32(0, 0, 0, 8, 24 + html.length, 29 + html.length), html, 'no <\0'),
    );
    const back = given(contact, 'no <', '10.5')?.back ?? none;
    for (const [version, wire] of [
      ['10.5', back],
      ['8', given(contact, 'no <', '8')?.back ?? none],
    ] as const) {
      const heard = said([...login(version), server(wire)]);
      expect(heard.at(-1)).toMatchObject({
        kind: 'message',
        origin: 'server',
        route: 'service',
        text: 'no <',
      });
      expect(heard).toHaveLength(signedIn().length + 1);
    }
    expect(given(server(receive80('', 'bad')), 'no', '8')?.forward.length).toBeGreaterThan(24);
  });
});

const second = needs({ tools: ['tshark'] });
describe.skipIf(second.skip)(`tshark reads on behind a refused packet${second.why}`, () => {
  test.each(TALK)(
    '%s',
    async (_name, turn) => {
      const turns = neutralised(
        GADU_GADU,
        [...login(), turn, client(send80('', 'behind')), server(receive('answer'))],
        bad,
      );
      const rows = await tsharkFields(captureOf(turns, { port: 8074 }), {
        filter: 'gadu-gadu',
        fields: ['gadu-gadu.recv', 'gadu-gadu.send', '_ws.malformed'],
      });
      const types = rows.map(([received = [], sent = []]) => received[0] ?? sent[0]).map(Number);
      expect(types.slice(-3)).toEqual([turn.direction === 0 ? 0x08 : 0x07, 0x2d, 0x0a]);
      expect(rows.flatMap((row) => row[2])).toEqual([]);
    },
    20_000,
  );

  test('and takes what a proxy says', async () => {
    const [first] = replaced(GADU_GADU, [...login(), client(send80('', 'bad'))], bad, 'no');
    const rows = await tsharkFields(
      captureOf([...login(), server(first?.replacement?.back ?? none)], { port: 8074 }),
      { filter: 'gadu-gadu', fields: ['gadu-gadu.recv', '_ws.malformed'] },
    );
    expect(rows.flatMap((row) => row[1])).toEqual([]);
    expect(rows.at(-1)?.[0]?.map(Number)).toEqual([0x05, 0x2e]);
  }, 20_000);
});
