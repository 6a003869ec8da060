/** What a proxy sends to either side in the place of a refused packet, octet for octet. */
import { describe, expect, test } from 'vitest';
import type { ImEvent } from '../../src/event/event.ts';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import { needs } from '../../test/support/need.ts';
import {
  client,
  joined,
  type Replaced,
  replaced,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { captureOf, tsharkFields } from '../../test/support/tshark-opinion.ts';
import { YMSG } from './definition.ts';
import { type Head, packet } from './ymsg.fixture.ts';

const SESSION = 0x11223344;
const NOTHING = new Uint8Array(0);
/** As the client and the server of the flow write their headers. */
const toServer = (service: number, fields: string, head: Head = {}) =>
  packet(service, fields, { session: SESSION, ...head });
const toClient = (service: number, fields: string, head: Head = {}) =>
  packet(service, fields, { version: 0x0f, session: SESSION, status: 1, ...head });
/** Both sides have spoken, the server as version 15. */
const SIGNED_IN: readonly Turn[] = [
  client(packet(0x57, '1=ann'), packet(0x54, '0=ann|1=ann')),
  server(toClient(0x55, '3=ann', { status: 0 })),
];
const NOTICE = 'not here';
const helper = toClient(6, `4=YahooHelper|5=ann|14=${NOTICE}|97=1`);

function refused(
  turn: Turn,
  kind: string | ((event: ImEvent) => boolean),
  notice?: string,
): Replaced[] {
  const refuse = typeof kind === 'string' ? (event: ImEvent) => event.kind === kind : kind;
  return replaced(YMSG, [...SIGNED_IN, turn], refuse, notice);
}

interface Case {
  readonly name: string;
  readonly turn: Turn;
  readonly kind: string;
  /** Without and with a notice. */
  readonly forward: readonly [Uint8Array, Uint8Array];
  readonly back: readonly [Uint8Array, Uint8Array];
}

const inConversation = toClient(6, `4=bob|5=ann|14=${NOTICE}|97=1`);
const declinedOffer = toClient(0xdc, '4=bob|5=ann|265=t|222=4');
const notAdded = toClient(0x83, '1=ann|66=3|7=bob|65=Friends');
const denied = (reason: string) => toServer(0xd6, `1=ann|5=bob|13=2|334=0|97=1|14=${reason}`);
const rejected = (reason: string) => toServer(0x86, `1=ann|7=bob|14=${reason}`);
const conference = toClient(0x1a, '1=ann|57=r|54=bob|14=');
const declining = (reason: string) => toServer(0x1a, `1=ann|3=bob|57=r|14=${reason}`);
const refusedFile = toServer(0xdc, '1=ann|5=bob|265=t|222=4');
const ack = toServer(0xfb, '1=ann|5=bob|302=430|430=00A1|303=430|450=0');

const CASES: readonly Case[] = [
  {
    name: "the user's message: it was not sent, or why",
    turn: client(toServer(6, '1=ann|5=bob|14=falcon')),
    kind: 'message',
    forward: [NOTHING, NOTHING],
    back: [toClient(6, '4=bob|5=ann', { status: 2 }), inConversation],
  },
  {
    name: 'a message to the user, of YMSG 16: acknowledged, lest it is sent again',
    turn: server(toClient(6, '4=bob|5=ann|14=falcon|97=1|429=00A1')),
    kind: 'message',
    forward: [NOTHING, inConversation],
    back: [ack, ack],
  },
  {
    name: 'a message to the user, of older versions: nothing to say',
    turn: server(toClient(6, '4=bob|5=ann|14=falcon|97=1')),
    kind: 'message',
    forward: [NOTHING, inConversation],
    back: [NOTHING, NOTHING],
  },
  {
    name: "the user's file: declined as by the recipient",
    turn: client(toServer(0xdc, '1=ann|5=bob|265=t|222=1|27=a|28=1')),
    kind: 'file.offer',
    forward: [NOTHING, NOTHING],
    back: [declinedOffer, joined(declinedOffer, helper)],
  },
  {
    name: 'a file for the user: declined in their name',
    turn: server(toClient(0xdc, '4=bob|5=ann|265=t|222=1|27=a|28=1')),
    kind: 'file.offer',
    forward: [NOTHING, helper],
    back: [refusedFile, refusedFile],
  },
  {
    name: 'the user accepts: the sender hears no, the user that it was cancelled',
    turn: client(toServer(0xdc, '1=ann|5=bob|265=t|222=3')),
    kind: 'file.accept',
    forward: [refusedFile, refusedFile],
    back: [
      toClient(0xdc, '4=bob|5=ann|265=t|222=2'),
      joined(toClient(0xdc, '4=bob|5=ann|265=t|222=2'), helper),
    ],
  },
  {
    name: 'an older offer to the user: gone',
    turn: server(toClient(0x46, '4=bob|5=ann|20=http://f.example/a.txt|28=1')),
    kind: 'file.offer',
    forward: [NOTHING, helper],
    back: [NOTHING, NOTHING],
  },
  {
    name: "the user's request to be a contact: could not be added",
    turn: client(toServer(0x83, '1=ann|7=bob|65=Friends|14=hello')),
    kind: 'contact.request',
    forward: [NOTHING, NOTHING],
    back: [notAdded, joined(notAdded, helper)],
  },
  {
    name: 'a request to the user: denied in their name',
    turn: server(toClient(0xd6, '4=bob|5=ann|14=hello', { status: 3 })),
    kind: 'contact.request',
    forward: [NOTHING, helper],
    back: [denied(''), denied(NOTICE)],
  },
  {
    name: 'the same of older versions',
    turn: server(toClient(0x0f, '1=ann|3=bob|14=hello', { status: 3 })),
    kind: 'contact.request',
    forward: [NOTHING, helper],
    back: [rejected(''), rejected(NOTICE)],
  },
  {
    name: "the user's invitation to a conference: declined",
    turn: client(toServer(0x18, '1=ann|57=r|52=bob|58=come')),
    kind: 'room.invite',
    forward: [NOTHING, NOTHING],
    back: [conference, joined(conference, helper)],
  },
  {
    name: 'an invitation to the user: declined in their name',
    turn: server(toClient(0x18, '1=ann|57=r|50=bob|58=come')),
    kind: 'room.invite',
    forward: [NOTHING, helper],
    back: [declining(''), declining(NOTICE)],
  },
];

describe.each(CASES)('$name', ({ turn, kind, forward, back }) => {
  test.each([
    ['without a notice', undefined, 0],
    ['with a notice', NOTICE, 1],
  ] as const)('%s', (_, notice, i) => {
    const [found] = refused(turn, kind, notice);
    expect(found?.replacement).toEqual({ forward: forward[i], back: back[i] });
  });
});

test('several messages in one packet: the others go on, with a length that fits', () => {
  const batch = server(
    toClient(
      6,
      '31=6|32=6|4=bob|5=ann|14=one|97=1|31=6|32=6|4=eve|5=ann|14=falcon|97=1|31=6|32=6|4=dave|5=ann|14=three',
      { status: 5 },
    ),
  );
  const one = refused(batch, ({ text }) => text === 'falcon');
  expect(one.map(({ replacement }) => replacement?.forward)).toEqual([
    toClient(6, '31=6|32=6|4=bob|5=ann|14=one|97=1|31=6|32=6|4=dave|5=ann|14=three', { status: 5 }),
  ]);
  const two = refused(batch, ({ from }) => from !== 'bob');
  expect(two.at(-1)?.replacement?.forward).toEqual(
    toClient(6, '31=6|32=6|4=bob|5=ann|14=one|97=1', { status: 5 }),
  );
  expect(refused(batch, ({ kind }) => kind === 'message').at(-1)?.replacement?.forward).toEqual(
    NOTHING,
  );
});

test('the acknowledgement names the message that was refused, not the last of the packet', () => {
  const batch = server(
    toClient(6, '4=bob|5=ann|14=falcon|429=A1|4=eve|5=ann|14=hi|429=A2', { status: 5 }),
  );
  const [found] = refused(batch, ({ text }) => text === 'falcon');
  expect(found?.replacement?.back).toEqual(
    toServer(0xfb, '1=ann|5=bob|302=430|430=A1|303=430|450=0'),
  );
});

test('a packet of thousands of refused messages costs no more than it has, and nothing of it goes on', () => {
  const texts = Array.from({ length: 4000 }, () => '4=a|14=b').join('|');
  const started = cpuMilliseconds();
  const found = refused(server(toClient(6, `${texts}|4=c|14=d`, { status: 5 })), 'message');
  expect(cpuMilliseconds() - started).toBeLessThan(4000);
  expect(found).toHaveLength(4001);
  expect(found.at(-2)?.replacement?.forward).toEqual(NOTHING);
});

test('before the server was heard, its version is 0; the session is what is known', () => {
  const turn = client(packet(6, '1=ann|5=bob|14=hi'));
  const [found] = replaced(YMSG, [turn], () => true, undefined);
  expect(found?.replacement?.back).toEqual(packet(6, '4=bob|5=ann', { version: 0, status: 2 }));
});

const need = needs({ tools: ['tshark'] });
describe.skipIf(need.skip)(`tshark${need.why}`, () => {
  test('reads every packet that is put in, and what follows it', async () => {
    const after = [
      client(toServer(6, '1=ann|5=bob|14=after')),
      server(toClient(6, '4=bob|5=ann|14=after')),
    ];
    for (const { name, turn, kind } of CASES) {
      const [found] = refused(turn, kind, NOTICE);
      const { forward = NOTHING, back = NOTHING } = found?.replacement ?? {};
      const other = turn.direction === 0 ? 1 : 0;
      const put = [
        { direction: turn.direction, wire: forward },
        { direction: other, wire: back },
      ] as const;
      const turns = [...SIGNED_IN, ...put.filter(({ wire }) => wire.length > 0), ...after];
      const rows = await tsharkFields(captureOf(turns, { port: 5050 }), {
        filter: 'ymsg',
        fields: ['ymsg.service', 'ymsg.content-line.value', '_ws.malformed'],
      });
      const values = rows.flatMap(([, texts]) => texts ?? []);
      expect(
        values.filter((text) => text === 'after'),
        name,
      ).toHaveLength(2);
      expect(values.filter((text) => text.includes(NOTICE)).length, name).toBeGreaterThan(0);
      expect(
        rows.flatMap(([, , malformed]) => malformed ?? []),
        name,
      ).toEqual([]);
    }
  }, 60_000);
});
