/** P2P inside the messages of a conversation: footers, endpoints, announced connections, refusals. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { needs } from '../../../test/support/need.ts';
import {
  client,
  DROP,
  describeRows,
  Ear,
  feed,
  flowContext,
  hex,
  joined,
  neutralised,
  octets,
  PASS,
  type Row,
  replaced,
  server,
  sha256,
  type Turn,
} from '../../../test/support/parser-harness.ts';
import { captureOf, tsharkFields } from '../../../test/support/tshark-opinion.ts';
import type { FlowContext, TransferOffer } from '../../contract.ts';
import { MSNP } from '../definition.ts';
import { MSN_DIRECT } from '../direct/definition.ts';
import { carried } from '../wire.fixture.ts';
import { guidText } from './guid.ts';
import {
  ANN,
  answer,
  BOB,
  bye,
  FOO,
  framed,
  fromAnn,
  fromBob,
  handshake,
  invite,
  NONCE,
  odd,
  PLAN,
  packet,
  packet2,
  SESSION,
  said,
  transport,
} from './peer.fixture.ts';

const EVE = 'eve@example.com';
const FOOTER = octets('\0\0\0\0');
const CONTENT = '0123456789';
const OPEN: readonly Turn[] = [
  client(`USR 1 ${ANN} 1.2.3\r\nCAL 2 ${BOB}\r\n`),
  server(`USR 1 OK ${ANN} Ann\r\nCAL 2 RINGING 4711\r\nJOI ${BOB} Bob\r\n`),
];
const OPENED = { kind: 'room.invite', ...fromAnn };

const type = 'MIME-Version: 1.0\r\nContent-Type: application/x-msnmsgrp2p\r\n';
const body = (headers: string, one: Uint8Array, footer = FOOTER) =>
  joined(octets(`${type}${headers}\r\n`), one, footer);
/** Of Ann, to Bob. */
const up = (one: Uint8Array, footer = FOOTER, transaction = 20) =>
  client(carried(`MSG ${transaction} D`, body(`P2P-Dest: ${BOB}\r\n`, one, footer)));
/** Of Bob, to Ann. */
const down = (one: Uint8Array, footer = FOOTER) =>
  server(carried(`MSG ${BOB} Bob`, body(`P2P-Dest: ${ANN}\r\n`, one, footer)));
const data = (offset: number, text: string) =>
  packet({ session: SESSION, message: 2, offset, total: 10, flags: 0x30 }, text);

const OFFER = said('file.offer', fromAnn, { file: PLAN });
const ACCEPT = said('file.accept', fromBob, { file: PLAN });

/** Octets 10 01 00 2a: a header of version 2 of 16 octets, behind which 42 follow. */
const DISGUISED = 0x2a000110;
const HIDDEN = { ...PLAN, token: String(DISGUISED) };

const ROWS: readonly Row[] = [
  {
    name: 'a file through the switchboard',
    turns: [
      ...OPEN,
      up(packet({}, invite())),
      down(packet({}, answer('200 OK'))),
      up(data(0, '01234'), octets('\0\0\0\x02')),
      up(data(5, '56789'), octets('\0\0\0\x02')),
      up(packet({ message: 3 }, bye())),
    ],
    want: [
      OPENED,
      OFFER,
      ACCEPT,
      said('file.start', fromAnn, { file: PLAN }),
      said('file.complete', fromAnn, { file: { ...PLAN, sha256: sha256(octets(CONTENT)) } }),
    ],
  },
  {
    name: 'version 2 between endpoints',
    turns: [
      ...OPEN,
      client(
        carried(
          'MSG 20 D',
          body(
            `P2P-Dest: ${BOB};{11111111-0000-0000-0000-000000000000}\r\nP2P-Src: ${ANN};{2}\r\n`,
            packet2({}, invite({ from: `${ANN};{2}`, to: `${BOB};{1}` })),
          ),
        ),
      ),
    ],
    want: [OPENED, OFFER],
  },
  {
    name: 'version 1 made to look like version 2: the addresses tell',
    turns: [
      ...OPEN,
      up(packet({}, invite({ session: DISGUISED }))),
      up(packet({ session: DISGUISED, flags: 0x30, length: 0 }, CONTENT)),
    ],
    want: [
      OPENED,
      said('file.offer', fromAnn, { file: HIDDEN }),
      ...odd('p2p-length-mismatch', said('file.start', fromAnn, { file: HIDDEN })),
      said('file.complete', fromAnn, {
        file: { ...HIDDEN, sha256: sha256(octets(CONTENT)) },
        anomalies: ['p2p-length-mismatch'],
      }),
    ],
  },
  {
    name: 'packets of version 2 one behind the other, without footers',
    turns: [
      ...OPEN,
      client(
        carried(
          'MSG 20 D',
          joined(
            octets(`${type}\r\n`),
            packet2({ tlvs: [2, 4, 0, 0, 0, 1, 0, 0] }),
            packet2({}, invite()),
            packet2({ session: SESSION, pack: 2, combined: 7 }, CONTENT),
          ),
        ),
      ),
    ],
    want: [
      OPENED,
      OFFER,
      said('file.start', fromAnn, { file: PLAN }),
      said('file.complete', fromAnn, { file: { ...PLAN, sha256: sha256(octets(CONTENT)) } }),
    ],
  },
  {
    name: 'nobody asked for it: a picture by its footer',
    turns: [...OPEN, down(packet({ session: 9, flags: 0x20 }, 'GIF'), octets('\0\0\0\x0b'))],
    want: [
      OPENED,
      said('file.start', fromBob, {
        file: { method: 'p2p', token: '9', size: 3, purpose: 'emoticon' },
      }),
      said('file.complete', fromBob, {
        file: {
          method: 'p2p',
          token: '9',
          size: 3,
          purpose: 'emoticon',
          sha256: sha256(octets('GIF')),
        },
      }),
    ],
  },
  {
    name: 'who has no part in a dialog cannot end it, take it or say where it goes',
    turns: [
      ...OPEN,
      server(`JOI ${EVE} Eve\r\n`),
      up(packet({}, invite())),
      server(
        carried(`MSG ${EVE} Eve`, body('', packet({}, bye({ from: EVE })))),
        carried(`MSG ${EVE} Eve`, body('', packet({}, answer('200 OK', { from: EVE })))),
        carried(
          `MSG ${EVE} Eve`,
          body('', packet({}, transport('MSNSLP/1.0 200 OK', ['Listening: true'], { from: EVE }))),
        ),
      ),
      down(packet({}, answer('200 OK'))),
    ],
    want: [
      OPENED,
      { kind: 'room.join', origin: 'server', account: ANN, from: BOB, room: '4711', route: 'room' },
      {
        kind: 'room.join',
        origin: 'server',
        account: ANN,
        from: EVE,
        name: 'Eve',
        room: '4711',
        route: 'room',
      },
      { ...OFFER, room: '4711' },
      { anomaly: 'slp-stranger' },
      { anomaly: 'slp-stranger' },
      { anomaly: 'slp-stranger' },
      { ...ACCEPT, room: '4711' },
    ],
  },
];

describeRows(MSNP, ROWS, { step: 17 });

/** A conversation in which Bob answers where he waits. */
function announcing(...fields: readonly string[]): { ear: Ear; memory: Map<string, unknown> } {
  const memory = new Map<string, unknown>();
  const turns = [
    ...OPEN,
    up(packet({}, invite())),
    down(packet({}, transport('MSNSLP/1.0 200 OK', fields, { from: BOB, to: ANN }))),
  ];
  return { ear: feed(MSNP.create(flowContext({ memory })), turns), memory };
}

const OFFERED: TransferOffer = {
  service: 'msn',
  account: ANN,
  sender: ANN,
  recipient: BOB,
  senderListens: false,
  room: undefined,
  name: 'plan.pdf',
  size: 10,
  offset: 0,
  mime: undefined,
  token: String(SESSION),
  method: 'p2p',
  origin: 'client',
};
const NONCE_TEXT = guidText(NONCE, 0);
const waiting = (address: string, port: number, token?: string) => ({
  protocol: 'msn-direct',
  service: 'msn',
  address,
  port,
  ...(token === undefined ? {} : { token }),
  offer: OFFERED,
});
const backwards = (text: string) => [...text].reverse().join('');

describe('where the data will come', () => {
  test('internal and external addresses, a nonce', () => {
    const { ear } = announcing(
      'Bridge: TCPv1',
      'Listening: true',
      `Nonce: {${NONCE_TEXT}}`,
      'IPv4Internal-Addrs: 10.0.0.5 192.168.1.5',
      'IPv4Internal-Port: 5190',
      'IPv4External-Addrs: 203.0.113.5',
      'IPv4External-Port: 6000',
    );
    expect(ear.expected).toEqual([
      waiting('10.0.0.5', 5190, NONCE_TEXT),
      waiting('192.168.1.5', 5190, NONCE_TEXT),
      waiting('203.0.113.5', 6000, NONCE_TEXT),
    ]);
    expect(ear.heard.at(-1)).toEqual(OFFER);
  });

  test('of a refused invitation: as refused', () => {
    const ear = new Ear();
    ear.judge = ({ kind }) => (kind === 'file.offer' ? DROP : PASS);
    const where = ['Listening: true', 'IPv4Internal-Addrs: 10.0.0.5', 'IPv4Internal-Port: 5190'];
    const turns = [
      ...OPEN,
      up(packet({}, invite())),
      down(packet({}, transport('MSNSLP/1.0 200 OK', where, { from: BOB, to: ANN }))),
    ];
    feed(MSNP.create(flowContext()), turns, undefined, ear);
    expect(ear.refused).toEqual([waiting('10.0.0.5', 5190)]);
    expect(ear.expected).toEqual(ear.refused);
  });

  test('names and values spelt backwards, a hashed nonce, addresses with their ports, IPv6', () => {
    const hashed = 'AAAAAAAA-0000-0000-0000-000000000000';
    const { ear } = announcing(
      'Listening: true',
      `Hashed-Nonce: {${hashed.toLowerCase()}}`,
      `srddA-lanretnI4vPI: ${backwards('10.0.0.5')}`,
      `troP-lanretnI4vPI: ${backwards('5190')}`,
      'IPv4ExternalAddrsAndPorts: 203.0.113.5:6000',
      'IPv6-Addrs: 2001:db8::1',
      'IPv6-Port: 7000',
    );
    expect(ear.expected).toEqual([
      waiting('10.0.0.5', 5190, hashed),
      waiting('203.0.113.5', 6000, hashed),
      waiting('2001:db8::1', 7000, hashed),
    ]);
    expect(ear.heard.at(-1)).toEqual({ anomaly: 'p2p-reversed-names' });
  });

  test('who does not listen is not waited for; names and ports that are none are named', () => {
    const { ear, memory } = announcing(
      'Listening: false',
      `Nonce: {${NONCE_TEXT}}`,
      'IPv4Internal-Addrs: 10.0.0.5',
      'IPv4Internal-Port: 5190',
    );
    expect(ear.expected).toEqual([]);
    expect(memory.get(`p2p-nonce ${NONCE_TEXT}`)).toMatchObject({ owner: BOB, listens: false });
    const odd = announcing(
      'Listening: true',
      'Nonce: {00000000-0000-0000-0000-000000000000}',
      'IPv4Internal-Addrs: home.example.com 10.0.0.5',
      'IPv4Internal-Port: 99999',
    );
    expect(odd.ear.expected).toEqual([]);
    expect(odd.ear.heard.at(-1)).toEqual({ anomaly: 'p2p-bad-endpoint' });
    expect([...odd.memory.keys()].filter((key) => key.startsWith('p2p-nonce'))).toEqual([]);
  });

  test('at most so many addresses', () => {
    const many = Array.from({ length: 30 }, (_, i) => `10.0.0.${i + 1}`).join(' ');
    const { ear } = announcing(
      'Listening: true',
      `IPv4Internal-Addrs: ${many}`,
      'IPv4Internal-Port: 5190',
      `IPv4External-Addrs: ${many}`,
      'IPv4External-Port: 5190',
    );
    expect(ear.expected).toHaveLength(8);
  });

  test('an answer to a transport request is no answer to the offer', () => {
    const turns = [
      ...OPEN,
      up(packet({}, invite())),
      down(packet({}, answer('603 Decline', { branch: '{0A}', type: 'null' }))),
    ];
    expect(feed(MSNP.create(flowContext()), turns).heard.at(-1)).toEqual(OFFER);
  });
});

describe('a file over a direct connection belongs to the offer in the conversation', () => {
  const setUp = (context: Partial<FlowContext>, listens: boolean) => {
    const { memory } = announcing(`Listening: ${listens}`, `Nonce: {${NONCE_TEXT}}`);
    const shared = flowContext({ memory, ...context });
    return MSN_DIRECT.create(shared);
  };
  const shake = joined(FOO, handshake());
  const FILE = said('file.complete', fromAnn, {
    file: { ...PLAN, sha256: sha256(octets(CONTENT)) },
  });

  test('Ann connects to Bob, who waits', () => {
    const turns = [client(shake), server(handshake()), client(framed(data(0, CONTENT)))];
    const { heard } = feed(setUp({}, true), turns);
    expect(heard).toEqual([said('file.start', fromAnn, { file: PLAN }), FILE]);
  });

  test('Bob connects to Ann', () => {
    const turns = [client(shake), server(handshake()), server(framed(data(0, CONTENT)))];
    const { heard } = feed(setUp({}, false), turns);
    expect(heard).toEqual([said('file.start', fromAnn, { file: PLAN }), FILE]);
  });

  test('its end in the conversation, when all came, is no cancellation', () => {
    const memory = new Map<string, unknown>();
    const conversation = MSNP.create(flowContext({ memory }));
    const fields = ['Listening: true', `Nonce: {${NONCE_TEXT}}`];
    const turns = [
      ...OPEN,
      up(packet({}, invite())),
      down(packet({}, answer('200 OK'))),
      down(packet({ message: 5 }, transport('MSNSLP/1.0 200 OK', fields, { from: BOB, to: ANN }))),
    ];
    const ear = feed(conversation, turns);
    const direct = MSN_DIRECT.create(flowContext({ memory }));
    feed(direct, [client(shake), client(framed(data(0, CONTENT)))]);
    feed(conversation, [up(packet({ message: 6 }, bye()))], undefined, ear);
    expect(ear.heard).toEqual([OPENED, OFFER, ACCEPT]);
  });

  test('broken off in the conversation while it comes: said once', () => {
    const memory = new Map<string, unknown>();
    const conversation = MSNP.create(flowContext({ memory }));
    const fields = ['Listening: true', `Nonce: {${NONCE_TEXT}}`];
    const ear = feed(conversation, [
      ...OPEN,
      up(packet({}, invite())),
      down(packet({ message: 5 }, transport('MSNSLP/1.0 200 OK', fields, { from: BOB, to: ANN }))),
    ]);
    const direct = MSN_DIRECT.create(flowContext({ memory }));
    const other = feed(direct, [client(shake), client(framed(data(0, '01')))]);
    feed(conversation, [up(packet({ message: 6 }, bye()))], undefined, ear);
    direct.end(0, other);
    direct.end(1, other);
    expect(ear.heard.at(-1)).toEqual(said('file.cancel', fromAnn, { file: PLAN }));
    expect(other.heard).toEqual([said('file.start', fromAnn, { file: PLAN })]);
  });

  test('both sides of one conversation seen: each tells its own, the file once a connection', () => {
    const memory = new Map<string, unknown>();
    const mine = feed(MSNP.create(flowContext({ memory })), [...OPEN, up(packet({}, invite()))]);
    const his = feed(MSNP.create(flowContext({ memory })), [
      client(`ANS 1 ${BOB} 1.2.3 4711\r\n`),
      server(`IRO 1 1 1 ${ANN} Ann\r\nANS 1 OK\r\n`),
      server(carried(`MSG ${ANN} Ann`, body(`P2P-Dest: ${BOB}\r\n`, packet({}, invite())))),
    ]);
    expect(mine.heard.at(-1)).toEqual(OFFER);
    expect(his.heard.at(-1)).toEqual({ ...OFFER, origin: 'server', account: BOB });
  });
});

const DECLINE = [
  'MSNSLP/1.0 603 Decline',
  `To: <msnmsgr:${ANN}>`,
  `From: <msnmsgr:${BOB}>`,
  'Via: MSNSLP/1.0/TLP ;branch={11111111-2222-3333-4444-555555555555}',
  'CSeq: 1',
  'Call-ID: {66666666-7777-8888-9999-AAAAAAAAAAAA}',
  'Max-Forwards: 0',
  'Content-Type: application/x-msnmsgr-sessionreqbody',
  'Content-Length: 25',
  '',
  `SessionID: ${SESSION}\r\n\r\n\0`,
].join('\r\n');

/** What declines the offer: an acknowledgement of its packet, then 603. Identifiers follow from its own. */
function declining(to: string, lines: readonly string[]): Uint8Array {
  const low = (n: number) => String.fromCharCode(n & 255, (n >> 8) & 255, 0, 0);
  const total = low(invite().length);
  const id = [0x14, 0xd8, 0xf4, 0x14];
  const head = (n: number) =>
    octets(`\0\0\0\0${String.fromCharCode(...id.with(0, (id[0] ?? 0) + n))}`);
  const zeros = (n: number) => octets('\0'.repeat(n));
  const acknowledged = octets(`\x01\x0a\0\0\x55\0\0\0${total}\0\0\0\0`);
  const ack = joined(
    head(0),
    zeros(8),
    octets(total),
    zeros(8),
    octets('\x02\0\0\0'),
    acknowledged,
  );
  const text = octets(DECLINE);
  const length = octets(low(text.length));
  const unique = octets('\xd4\xd9\xb6\xfb');
  const no = joined(head(1), zeros(8), length, zeros(4), length, zeros(4), unique, zeros(12), text);
  const address = octets(`P2P-Dest: ${to}\r\n\r\n`);
  return joined(
    ...[ack, no].flatMap((one, i) => [
      carried(lines[i] ?? '', joined(octets(type), address, one, FOOTER)),
    ]),
  );
}

describe('an offer that is refused, octet for octet', () => {
  const refuse = (e: { kind: string }) => e.kind === 'file.offer';

  test('of the client: it is declined in the name of whom it asked, and told why', () => {
    const turns = [...OPEN, up(packet({}, invite()))];
    const [one, ...others] = replaced(MSNP, turns, refuse, 'Files are not allowed.');
    expect(others).toEqual([]);
    expect(one?.replacement?.forward).toEqual(octets(''));
    const notice = carried(
      `MSG ${BOB} gateway`,
      'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n' +
        'X-MMS-IM-Format: FN=Arial; EF=; CO=0; CS=0; PF=0\r\n\r\nFiles are not allowed.',
    );
    const back = declining(ANN, [`MSG ${BOB} ${BOB}`, `MSG ${BOB} ${BOB}`]);
    expect(one?.replacement?.back).toEqual(joined(octets('ACK 20\r\n'), back, notice));
  });

  test('of the other side: the client hears nothing but why, who offered is declined', () => {
    const offer = invite({ from: BOB, to: ANN });
    const turns = [...OPEN, down(packet({}, offer))];
    const [one] = replaced(MSNP, turns, refuse, undefined);
    expect(one?.replacement?.forward).toEqual(octets(''));
    const back = one?.replacement?.back ?? octets('');
    const text = Buffer.from(back).toString('latin1');
    expect(text).toMatch(/^MSG \d+ U \d+\r\nMIME-Version: 1\.0\r\n/);
    expect(text).toContain(`P2P-Dest: ${BOB}\r\n`);
    // Read on Bob's side, after his own offer, it is Ann's refusal.
    const seen = feed(MSNP.create(flowContext()), [...turns, client(back)]).heard;
    expect(seen.slice(-2)).toEqual([
      said('file.offer', fromBob, { file: PLAN }),
      said('file.decline', fromAnn, { file: PLAN, reason: '603 Decline' }),
    ]);
  });

  test('what a field may not hold is not sent back', () => {
    const offer = octets(
      Buffer.from(invite())
        .toString('latin1')
        .replace('Via: ', `Via: \x01\rX ${'v'.repeat(3000)}`),
    );
    const [one] = replaced(MSNP, [...OPEN, up(packet({}, offer))], refuse, undefined);
    const text = Buffer.from(one?.replacement?.back ?? octets('')).toString('latin1');
    expect(text).toMatch(/\r\nVia: X v{1,510}\r\nCSeq: 1\r\n/);
  });

  test('what is declined is read as declined by the second reader of the stream', () => {
    const turns = [...OPEN, up(packet({}, invite()))];
    const [one] = replaced(MSNP, turns, refuse, undefined);
    const seen = feed(MSNP.create(flowContext()), [
      ...turns,
      server(one?.replacement?.back ?? octets('')),
      up(packet({ message: 77 }, invite({ call: '{next}' })), FOOTER, 21),
    ]).heard;
    expect(seen.slice(-3)).toEqual([
      OFFER,
      said('file.decline', fromBob, { file: PLAN, reason: '603 Decline' }),
      OFFER,
    ]);
  });
});

describe('in a bridge the message of a refused offer becomes a keep-alive', () => {
  const refuse = (e: { kind: string }) => e.kind === 'file.offer';
  const heard = (turns: readonly Turn[]) => feed(MSNP.create(flowContext()), turns).heard;
  const half = 600;
  const whole = invite();
  const after = up(packet({ message: 9 }, invite({ call: '{other}', session: 5 })), FOOTER, 22);

  test.each([
    ['in one message', [up(packet({}, whole))]],
    [
      'in two: the first goes, the second is nothing without it',
      [
        up(packet({ total: whole.length }, whole.subarray(0, half))),
        up(packet({ total: whole.length, offset: half }, whole.subarray(half)), FOOTER, 21),
      ],
    ],
  ])('%s', (_, offer) => {
    const turns = [...OPEN, ...offer];
    expect(heard(turns)).toEqual([OPENED, OFFER]);
    expect(heard(neutralised(MSNP, turns, refuse))).toEqual([OPENED]);
    expect(heard([...neutralised(MSNP, turns, refuse), after])).toEqual([
      OPENED,
      said('file.offer', fromAnn, { file: { ...PLAN, token: '5' } }),
    ]);
  });
});

const need = needs({ tools: ['tshark'] });
test.skipIf(need.skip)(`tshark reads on behind a declined offer${need.why}`, async () => {
  const turns = [...OPEN, up(packet({}, invite()))];
  const [one] = replaced(MSNP, turns, (e) => e.kind === 'file.offer', 'No files.');
  const streams = [...OPEN, server(one?.replacement?.back ?? octets('')), client('OUT\r\n')];
  const rows = await tsharkFields(captureOf(streams, { port: 1863 }), {
    filter: 'msnms',
    fields: ['_ws.col.Info'],
  });
  const found = rows.map((row) => row[0]?.join(' ') ?? '').join('\n');
  expect(found).toContain('ACK 20');
  expect(found).toContain('OUT');
  expect(found).not.toContain('Malformed');
});

describe('vectors', () => {
  const vectors = JSON.parse(
    readFileSync(new URL('vectors.fixture.json', import.meta.url), 'utf8'),
  ) as readonly { readonly name: string; readonly dir: string; readonly hex: string }[];
  const wire = (name: string) => hex(vectors.find((v) => v.name.startsWith(name))?.hex ?? '');

  test('an MSNSLP file invitation in two messages', () => {
    const turn = client(wire('msnslp file invite'));
    for (const cuts of [[], [800], [30, 780, 1400]]) {
      const ear = feed(MSNP.create(flowContext()), [turn], () => cuts);
      expect(ear.heard).toEqual([
        {
          kind: 'file.offer',
          origin: 'client',
          from: ANN,
          to: [BOB],
          route: 'direct',
          file: { method: 'p2p', token: '180646677', name: 'plan.pdf', size: 52341 },
        },
      ]);
      // Said with the first of the two: the name is whole there.
      expect(ear.units[0]?.end).toBeLessThan(turn.wire.length / 2 + 30);
    }
  });

  test('an offer by MSNFTP', () => {
    const ear = feed(MSNP.create(flowContext()), [server(wire('msnftp offer'))]);
    expect(ear.heard).toEqual([
      {
        kind: 'file.offer',
        origin: 'server',
        from: 'ann@example.com',
        route: 'direct',
        file: { method: 'msnftp', token: '51077', name: 'plan.pdf', size: 52341 },
      },
    ]);
  });
});
