/** Invitations of MSNFTP inside a conversation, and the connections they announce. */
import { describe, expect, test } from 'vitest';
import {
  client,
  describeRows,
  feed,
  flowContext,
  type Heard,
  joined,
  octets,
  type Row,
  replaced,
  server,
  sha256,
  type Turn,
} from '../../../test/support/parser-harness.ts';
import { MSNP } from '../definition.ts';
import { ALICE, BOB, carried, FROM_BOB, mime, OPEN, OPENED, TO_BOB } from '../wire.fixture.ts';
import { MSNFTP } from './definition.ts';

const FILE = 'Application-GUID: {5D3E02AB-6190-11d3-BBBB-00C04F795683}';
const invitation = (...fields: readonly string[]) =>
  mime('text/x-msmsgsinvite; charset=UTF-8', `${fields.join('\r\n')}\r\n\r\n`);
const up = (...fields: readonly string[]) => client(carried('MSG 7 N', invitation(...fields)));
const down = (...fields: readonly string[]) =>
  server(carried(`MSG ${BOB} Bob`, invitation(...fields)));

const INVITE = [
  'Application-Name: File Transfer',
  FILE,
  'Invitation-Command: INVITE',
  'Invitation-Cookie: 51077',
  'Application-File: plan.pdf',
  'Application-FileSize: 10',
];
const answer = (command: string, ...fields: readonly string[]) => [
  `Invitation-Command: ${command}`,
  'Invitation-Cookie: 51077',
  ...fields,
];
const WHERE = ['IP-Address: 10.1.2.3', 'Port: 6891', 'AuthCookie: 40991'];
const MALFORMED = { anomalies: ['msnftp-invitation-malformed'] };
const PLAN = { method: 'msnftp', name: 'plan.pdf', size: 10, token: '51077' };
const said = (kind: string, who: Heard, more: Heard = {}) => ({
  kind,
  ...who,
  file: PLAN,
  ...more,
});

function row(name: string, turns: readonly Turn[], ...want: readonly Heard[]): Row {
  return {
    name,
    turns: [client(OPEN.client), server(OPEN.server), ...turns],
    want: [OPENED, ...want],
  };
}

const ROWS: readonly Row[] = [
  row(
    'offered, taken, told where',
    [
      up(...INVITE),
      down(...answer('ACCEPT', 'Launch-Application: FALSE', 'Request-Data: IP-Address:')),
      up(...answer('ACCEPT', ...WHERE)),
    ],
    said('file.offer', TO_BOB),
    said('file.accept', FROM_BOB),
  ),
  row(
    'declined; a second time says nothing new',
    [
      up(...INVITE),
      down(...answer('CANCEL', 'Cancel-Code: REJECT')),
      down(...answer('CANCEL', 'Cancel-Code: REJECT')),
    ],
    said('file.offer', TO_BOB),
    said('file.decline', FROM_BOB, { reason: 'REJECT' }),
  ),
  row(
    'taken back by who offered; by the other one after he took it',
    [
      down(...INVITE),
      down(...answer('CANCEL', 'Cancel-Code: OUTBANDCANCEL')),
      down(...INVITE),
      up(...answer('ACCEPT')),
      up(...answer('CANCEL', 'Cancel-Code: FTTIMEOUT')),
    ],
    said('file.offer', FROM_BOB),
    said('file.cancel', FROM_BOB, { reason: 'OUTBANDCANCEL' }),
    said('file.offer', FROM_BOB),
    said('file.accept', TO_BOB),
    said('file.cancel', TO_BOB, { reason: 'FTTIMEOUT' }),
  ),
  row(
    'nobody accepts his own invitation; an answer to what was not seen says nothing',
    [
      up(...INVITE),
      up(...answer('ACCEPT')),
      down('Invitation-Command: ACCEPT', 'Invitation-Cookie: 9'),
    ],
    said('file.offer', TO_BOB),
  ),
  row(
    'hidden: names in another case, a GUID in another, a second name, no size, no GUID',
    [
      up(...INVITE.map((field) => field.replace(/^[^:]*/, (name) => name.toUpperCase()))),
      up(...INVITE.map((field) => field.replace(/\{.*\}/, (guid) => guid.toLowerCase()))),
      up(...INVITE, 'Application-File: b.exe'),
      up('Invitation-Command: CANCEL', ...INVITE),
      up(...INVITE.map((field) => field.replace('Size: 10', 'Size: -1'))),
      up(...INVITE.filter((field) => field !== FILE)),
    ],
    said('file.offer', TO_BOB),
    said('file.offer', TO_BOB),
    { anomaly: 'msnftp-repeated-field' },
    said('file.offer', TO_BOB, { anomalies: ['msnftp-repeated-field'] }),
    said('file.offer', TO_BOB, {
      file: { ...PLAN, name: 'b.exe' },
      anomalies: ['msnftp-repeated-field'],
    }),
    { anomaly: 'msnftp-repeated-field' },
    said('file.offer', TO_BOB, { anomalies: ['msnftp-repeated-field'] }),
    { anomaly: 'msnftp-bad-size' },
    said('file.offer', TO_BOB, {
      file: { method: 'msnftp', name: 'plan.pdf', token: '51077' },
      anomalies: ['msnftp-bad-size'],
    }),
    said('file.offer', TO_BOB),
  ),
  row(
    'no command, no cookie, a command nobody knows',
    [up(FILE), up(FILE, 'Invitation-Command: INVITE'), up(FILE, ...answer('DANCE'))],
    { anomaly: 'msnftp-invitation-malformed' },
    { kind: 'app.unknown', ...TO_BOB, reason: 'MSG invitation', ...MALFORMED },
    { anomaly: 'msnftp-invitation-malformed' },
    { kind: 'app.unknown', ...TO_BOB, reason: 'MSG invitation INVITE', ...MALFORMED },
    { kind: 'app.unknown', ...TO_BOB, reason: 'MSG invitation DANCE' },
  ),
];

describeRows(MSNP, ROWS, { step: 5 });

describe('where the data will come', () => {
  const expecting = (...turns: readonly Turn[]) => {
    const memory = new Map<string, unknown>();
    const opened = [client(OPEN.client), server(OPEN.server)];
    const ear = feed(MSNP.create(flowContext({ memory })), [...opened, ...turns]);
    return { ear, memory };
  };
  const OFFER = {
    service: 'msn',
    account: ALICE,
    sender: ALICE,
    recipient: BOB,
    senderListens: true,
    room: undefined,
    name: 'plan.pdf',
    size: 10,
    offset: 0,
    mime: undefined,
    token: '51077',
    method: 'msnftp',
    origin: 'client',
  };
  const waiting = (address: string, port: number, offer: object = OFFER) => ({
    protocol: 'msnftp',
    service: 'msn',
    address,
    port,
    token: '40991',
    offer,
  });

  test('at who offered; behind a router, too', () => {
    const more = ['IP-Address-Internal: 192.168.0.3', 'PortX: 11178', 'PortX-Internal: 11179'];
    const { ear, memory } = expecting(up(...INVITE), up(...answer('ACCEPT', ...WHERE, ...more)));
    expect(ear.expected).toEqual([
      waiting('10.1.2.3', 6891),
      waiting('192.168.0.3', 6891),
      waiting('10.1.2.3', 11178),
      waiting('192.168.0.3', 11179),
    ]);
    expect(memory.get('msnftp 40991')).toEqual(OFFER);
  });

  test('at who was asked, who says that the sender is to connect', () => {
    const { ear } = expecting(
      up(...INVITE),
      down(...answer('ACCEPT', ...WHERE, 'Sender-Connect: TRUE')),
    );
    expect(ear.expected).toEqual([waiting('10.1.2.3', 6891, { ...OFFER, senderListens: false })]);
  });

  test('names and ports that are none are named', () => {
    const { ear } = expecting(
      up(...INVITE),
      up(...answer('ACCEPT', 'IP-Address: home', 'Port: 6891', 'AuthCookie: 1')),
      up(...answer('ACCEPT', 'IP-Address: 10.1.2.3', 'Port: 70000', 'AuthCookie: 1')),
      up(...answer('ACCEPT', 'IP-Address: 10.1.2.3')),
    );
    expect(ear.expected).toEqual([]);
    expect(ear.heard.filter((h) => h.anomaly === 'msnftp-bad-endpoint')).toHaveLength(3);
  });

  test('the data connection belongs to the offer', () => {
    const { memory } = expecting(up(...INVITE), up(...answer('ACCEPT', ...WHERE)));
    const data = MSNFTP.create(flowContext({ memory }));
    const { heard } = feed(data, [
      client('VER MSNFTP\r\n', `USR ${BOB} 40991\r\n`),
      server('VER MSNFTP\r\nFIL 10\r\n\0\x0a\x000123456789\x01\0\0'),
    ]);
    const file = { ...PLAN, endpoint: '10.0.0.2:5000' };
    expect(heard).toEqual([
      said('file.start', TO_BOB, { file }),
      said('file.complete', TO_BOB, { file: { ...file, sha256: sha256(octets('0123456789')) } }),
    ]);
  });
});

test('no more invitations than are remembered', () => {
  const turns = Array.from({ length: 100 }, (_, i) =>
    up(
      FILE,
      'Invitation-Command: INVITE',
      `Invitation-Cookie: ${i}`,
      'Application-File: f',
      'Application-FileSize: 1',
    ),
  );
  const parser = MSNP.create(flowContext());
  const ear = feed(parser, [client(OPEN.client), server(OPEN.server), ...turns]);
  expect(ear.heard.filter((h) => h.anomaly === 'msnftp-table-full')).toHaveLength(36);
  expect(parser.held()).toBeLessThan(100_000);
});

describe('an offer that is refused, octet for octet', () => {
  const decline = mime(
    'text/x-msmsgsinvite; charset=UTF-8',
    'Invitation-Command: CANCEL\r\nInvitation-Cookie: 51077\r\nCancel-Code: REJECT\r\n\r\n',
  );
  const refuse = (e: { kind: string }) => e.kind === 'file.offer';

  test('of the client: the other one declines, the server hears nothing', () => {
    const turns = [
      client(OPEN.client),
      server(OPEN.server),
      client(carried('MSG 7 A', invitation(...INVITE))),
    ];
    const [one] = replaced(MSNP, turns, refuse, undefined);
    expect(one?.replacement?.forward).toEqual(octets(''));
    const back = joined(octets('ACK 7\r\n'), carried(`MSG ${BOB} ${BOB}`, decline));
    expect(one?.replacement?.back).toEqual(back);
    expect(feed(MSNP.create(flowContext()), [...turns, server(back)]).heard.at(-1)).toEqual(
      said('file.decline', FROM_BOB, { reason: 'REJECT' }),
    );
  });

  test('of the other side: the client hears nothing, who offered is declined', () => {
    const turns = [client(OPEN.client), server(OPEN.server), down(...INVITE)];
    const [one] = replaced(MSNP, turns, refuse, undefined);
    expect(one?.replacement?.forward).toEqual(octets(''));
    const back = Buffer.from(one?.replacement?.back ?? octets('')).toString('latin1');
    expect(back).toMatch(/^MSG \d+ U 148\r\n/);
    expect(back.slice(back.indexOf('\n') + 1)).toBe(decline);
    expect(decline).toHaveLength(148);
  });
});
