/** Direct connections: who is who, what holds packets together, what is declined, what is lost. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  client,
  describeRows,
  Ear,
  feed,
  flowContext,
  hex,
  joined,
  octets,
  type Row,
  replaced,
  server,
  sha256,
  type Turn,
} from '../../../test/support/parser-harness.ts';
import { Direction, Probe, Status } from '../../contract.ts';
import { guidText, hashedNonce } from '../p2p/guid.ts';
import {
  ANN,
  ann,
  announced,
  answer,
  BOB,
  betweenThem,
  bob,
  FOO,
  framed,
  fromAnn,
  fromBob,
  handshake,
  invite,
  NONCE,
  OPENING,
  odd,
  PLAN,
  packet,
  packet2,
  SESSION,
  said,
} from '../p2p/peer.fixture.ts';
import { type AnnouncedNonce, nonceKey } from '../p2p/transport.ts';
import { MSN_DIRECT } from './definition.ts';
import { DirectParser } from './parser.ts';
import { probeDirect } from './probe.ts';

const { ToServer, ToClient } = Direction;
const NONCE_TEXT = '03020100-0504-0706-0809-0A0B0C0D0E0F';
const CONTENT = '0123456789';
const data = (offset: number, text: string) =>
  packet({ session: SESSION, message: 2, offset, total: 10, flags: 0x30 }, text);

/** The memory of a conversation in which this nonce was announced. */
function remembering(nonce: string, more: Partial<AnnouncedNonce> = {}) {
  const { offer } = announced();
  const found: AnnouncedNonce = {
    owner: BOB,
    other: ANN,
    account: ANN,
    listens: true,
    offer,
    ...more,
  };
  return { memory: new Map<string, unknown>([[nonceKey(nonce), found]]) };
}

const OFFERED = [ann(packet({}, invite()))];
const OFFER = said('file.offer', fromAnn, { file: PLAN });
/** Bob connected to Ann: the account is the server of this connection. */
const toAnn: readonly Turn[] = [client(FOO, handshake()), server(handshake())];

const ROWS: readonly Row[] = [
  {
    name: 'found by its nonce: who announced it listens',
    turns: [...OPENING, ...OFFERED, bob(packet({}, answer('200 OK')))],
    context: remembering(NONCE_TEXT),
    want: [OFFER, said('file.accept', fromBob, { file: PLAN })],
  },
  {
    name: 'found by its nonce: who announced it connects',
    turns: [...OPENING, ...OFFERED],
    context: remembering(NONCE_TEXT, { owner: ANN, other: BOB, listens: false }),
    want: [OFFER],
  },
  {
    name: 'found by the hash of its nonce: who says it announced it, whichever side that is',
    turns: [...OPENING.slice(0, 1), ...OFFERED],
    context: remembering(guidText(createHash('sha1').update(NONCE).digest(), 0), {
      owner: ANN,
      other: BOB,
      listens: undefined,
    }),
    want: [OFFER],
  },
  {
    name: 'the other one connects: the account is the server of the connection, its words are the client\u2019s',
    turns: [
      ...toAnn,
      server(framed(packet({}, invite()))),
      client(framed(packet({}, answer('200 OK')))),
    ],
    context: remembering(NONCE_TEXT, { owner: ANN, other: BOB }),
    want: [OFFER, said('file.accept', fromBob, { file: PLAN })],
  },
  {
    name: 'found by the address where somebody waits',
    turns: [...OPENING, ...OFFERED],
    context: { expected: announced() },
    want: [OFFER],
  },
  {
    name: 'nobody announced it: the parties are in the dialog, who is whose is not known',
    turns: [...OPENING, ...OFFERED],
    want: [
      { anomaly: 'direct-unknown-nonce' },
      { anomaly: 'direct-unknown-nonce' },
      { kind: 'file.offer', origin: 'client', from: ANN, to: [BOB], route: 'direct', file: PLAN },
    ],
  },
  {
    name: 'version 2: sixteen octets of nonce; empty packets in between',
    turns: [
      client(FOO, framed(NONCE)),
      server(framed(NONCE)),
      client(framed(new Uint8Array(0))),
      ann(packet2({}, invite())),
    ],
    context: remembering(NONCE_TEXT),
    want: [OFFER],
  },
  {
    name: 'a second nonce, and no handshake at all',
    turns: [...OPENING, client(handshake(new Uint8Array(16)))],
    context: betweenThem(),
    want: [{ anomaly: 'direct-second-nonce' }],
  },
  {
    name: 'packets without a handshake',
    turns: [client(FOO), ...OFFERED],
    context: betweenThem(),
    want: odd('direct-no-handshake', OFFER),
  },
];

describeRows(MSN_DIRECT, ROWS, { step: 7 });

test('vector: foo and nonce', () => {
  const wire = hex(
    '04000000666f6f00300000000000000007000000000000000000000000000000000000000000000000010000000102030405060708090a0b0c0d0e0f',
  );
  expect(probeDirect(ToServer, wire, false)).toBe(Probe.Yes);
  expect(guidText(wire, wire.length - 16)).toBe(NONCE_TEXT);
  expect(joined(FOO, handshake())).toEqual(wire);
  expect(hashedNonce(NONCE, 0)).toBe('868B1756-7FA5-22AC-899A-9964185C2CC9');
});

describe('the probe', () => {
  const opening = joined(FOO, handshake());
  test.each<[string, Direction, Uint8Array, boolean, Probe]>([
    ['nothing yet', ToServer, octets(''), false, Probe.More],
    ['who connects', ToServer, opening, false, Probe.Yes],
    ['who connects, without the end', ToServer, opening.subarray(0, 40), false, Probe.More],
    ['who connects, with a short nonce', ToServer, joined(FOO, framed(NONCE)), false, Probe.Yes],
    ['who listens', ToClient, handshake(), false, Probe.Yes],
    ['who listens, without the end', ToClient, handshake().subarray(0, 20), false, Probe.More],
    ['a short nonce of who listens', ToClient, framed(NONCE), false, Probe.More],
    ['who listens speaks first', ToServer, handshake(), false, Probe.No],
    ['the other way round', ToClient, opening, false, Probe.No],
    ['the same, picked up in the middle', ToServer, handshake(), true, Probe.Yes],
    ['the same, the other way', ToClient, opening, true, Probe.Yes],
    ['another word', ToServer, octets('\x04\0\0\0bar\0'), false, Probe.No],
    ['another length', ToServer, octets('\x05'), false, Probe.No],
    ['no flag of handshake', ToServer, joined(FOO, framed(packet({ total: 0 }))), false, Probe.No],
    ['data', ToServer, joined(FOO, framed(packet({}, CONTENT))), false, Probe.No],
    ['text', ToServer, octets('GET / HTTP/1.1'), false, Probe.No],
  ])('%s', (_, direction, wire, midstream, want) => {
    expect(probeDirect(direction, wire, midstream)).toBe(want);
  });

  test('each prefix of an opening may become one', () => {
    for (let length = 0; length < opening.length - 16; length++) {
      const answer = probeDirect(ToServer, opening.subarray(0, length), false);
      expect(answer, `${length} octets`).toBe(Probe.More);
    }
  });
});

describe('lost octets', () => {
  const stream = joined(
    framed(packet({}, invite())),
    framed(data(0, '0123')),
    framed(data(4, '4567')),
    framed(data(8, '89')),
    framed(packet({ message: 9 }, invite({ call: 'next' }))),
  );
  const start = framed(packet({}, invite())).length;
  const one = framed(data(0, '0123')).length;

  function without(from: number, to: number, cut = 1000) {
    const parser = MSN_DIRECT.create(flowContext(betweenThem()));
    const ear = feed(parser, OPENING);
    for (let at = 0; at < from; at += cut) {
      parser.push(ToServer, stream.slice(at, Math.min(at + cut, from)), ear);
    }
    parser.gap(ToServer, to - from, ear);
    for (let at = to; at < stream.length; at += cut) {
      parser.push(ToServer, stream.slice(at, at + cut), ear);
    }
    parser.end(ToServer, ear);
    parser.end(ToClient, ear);
    return ear;
  }
  const kinds = (ear: Ear) => ear.heard.map((h) => h.kind ?? h.anomaly);

  test.each([1, 3, 70, 1000])('inside a part of a file: all others count (cut %i)', (cut) => {
    // The last two octets of the first part.
    const ear = without(start + one - 2, start + one, cut);
    expect(kinds(ear)).toEqual([
      'file.offer',
      'file.start',
      'p2p-hole',
      'file.complete',
      'file.offer',
    ]);
    expect(ear.heard.at(3)).toMatchObject({ reason: 'gap', file: { size: 6 } });
    expect(ear.heard.at(3)).not.toHaveProperty('file.sha256');
  });

  test.each([1, 3, 70, 1000])(
    'over the beginning of a packet: the next one is found (cut %i)',
    (cut) => {
      const ear = without(start + one + 10, start + 2 * one + 10, cut);
      expect(kinds(ear)).toEqual(['file.offer', 'file.start', 'file.offer', 'file.cancel']);
      const later = without(start + one - 4, start + one + 4, cut);
      expect(kinds(later)).toEqual([
        'file.offer',
        'file.start',
        'p2p-hole',
        'file.complete',
        'file.offer',
      ]);
    },
  );

  test('all units stand where they stand in the stream', () => {
    const ear = without(start + one + 10, start + 2 * one + 10);
    const opening = joined(FOO, handshake()).length;
    expect(ear.units.at(-1)).toMatchObject({
      start: opening + stream.length - framed(packet({}, invite({ call: 'next' }))).length,
      end: opening + stream.length,
    });
  });

  test('at every place and of every length: never a wrong event, never a throw', () => {
    for (let from = 0; from < stream.length; from += 37) {
      for (const length of [1, 5, 60, 500]) {
        const ear = without(from, Math.min(from + length, stream.length));
        for (const event of ear.events) {
          expect([undefined, 'plan.pdf']).toContain(event.file?.name);
          if (event.kind === 'file.complete' && event.file?.sha256 !== undefined) {
            expect(event.file.sha256).toBe(sha256(octets(CONTENT)));
          }
        }
      }
    }
  });

  test('picked up in the middle', () => {
    const context = flowContext({ ...betweenThem(), midstream: true });
    const turns = [client(octets('rest of a packet'), stream)];
    expect(kinds(feed(MSN_DIRECT.create(context), turns))).toEqual([
      'file.offer',
      'file.start',
      'file.complete',
      'file.offer',
    ]);
  });
});

describe('a connection that is given up', () => {
  test('a length beyond any packet: what is unfinished is cancelled', () => {
    const ear = new Ear();
    const parser = MSN_DIRECT.create(flowContext(betweenThem()));
    feed(parser, [...OPENING, ...OFFERED, ann(data(0, '0123'))], undefined, ear);
    expect(parser.push(ToServer, octets('\x01\0\x01\0'), ear)).toBe(Status.Lost);
    expect(ear.heard.slice(-2)).toEqual(
      odd(
        'direct-packet-too-long',
        said('file.cancel', fromAnn, { file: { ...PLAN, size: 4 }, reason: 'incomplete' }),
      ),
    );
  });

  test('no packet is found again', () => {
    const ear = new Ear();
    const parser = MSN_DIRECT.create(flowContext(betweenThem()));
    feed(parser, OPENING, undefined, ear);
    parser.gap(ToServer, 5, ear);
    let status: Status = Status.More;
    for (let i = 0; i < 100 && status === Status.More; i++) {
      status = parser.push(ToServer, new Uint8Array(10_000).fill(0xff), ear);
      expect(parser.held()).toBeLessThan(64_000);
    }
    expect(status).toBe(Status.Lost);
  });

  test('both ends: what is unfinished is cancelled', () => {
    const ear = new Ear();
    const parser = MSN_DIRECT.create(flowContext(betweenThem()));
    feed(parser, [...OPENING, ...OFFERED, ann(data(0, '0123'))], undefined, ear);
    parser.end(ToServer, ear);
    parser.end(ToClient, ear);
    expect(ear.heard.at(-1)).toMatchObject({ kind: 'file.cancel', reason: 'incomplete' });
  });
});

test('an offer is declined in the other’s name, byte for byte', () => {
  const offer = (e: { kind: string }) => e.kind === 'file.offer';
  const found = replaced(MSN_DIRECT, [...OPENING, ...OFFERED], offer, 'no', betweenThem());
  const text = octets(
    [
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
      'SessionID: 180646677\r\n\r\n\0',
    ].join('\r\n'),
  );
  const total = invite().length;
  const low = (n: number) => String.fromCharCode(n & 255, (n >> 8) & 255, 0, 0);
  expect(found).toHaveLength(1);
  expect(found[0]?.unit).toMatchObject({ form: -1, head: 4 });
  expect(found[0]?.replacement?.forward).toEqual(octets(''));
  const back = found[0]?.replacement?.back ?? octets('');
  const id = back.slice(8, 12);
  const next = id.slice();
  next[0] = (next[0] ?? 0) + 1;
  expect(back.subarray(0, 4 + 48)).toEqual(
    joined(
      octets('\x30\0\0\0\0\0\0\0'),
      id,
      octets(`${'\0'.repeat(8)}${low(total)}\0\0\0\0\0\0\0\0\x02\0\0\0`),
      octets(`\x01\x0a\0\0\x55\0\0\0${low(total)}\0\0\0\0`),
    ),
  );
  const rest = back.subarray(4 + 48);
  expect(rest.subarray(0, 8)).toEqual(octets(`${low(48 + text.length)}\0\0\0\0`));
  expect(rest.subarray(8, 12)).toEqual(next);
  expect(rest.subarray(12, 36)).toEqual(
    octets(`${'\0'.repeat(8)}${low(text.length)}\0\0\0\0${low(text.length)}\0\0\0\0`),
  );
  expect(rest.subarray(4 + 48)).toEqual(text);
  // Who offered reads it as Bob's own answer.
  const turns = [...OPENING, ...OFFERED, server(back)];
  expect(feed(MSN_DIRECT.create(flowContext(betweenThem())), turns).heard.at(-1)).toEqual(
    said('file.decline', fromBob, { file: PLAN, reason: '603 Decline' }),
  );
});

test('an offer of version 2 is declined in one packet, which is read as the answer', () => {
  const turns = [...OPENING, ann(packet2({}, invite()))];
  const [one] = replaced(
    MSN_DIRECT,
    turns,
    (e) => e.kind === 'file.offer',
    undefined,
    betweenThem(),
  );
  const back = one?.replacement?.back ?? octets('');
  expect(back.subarray(4, 6)).toEqual(octets('\x10\0'));
  // base 0x1000, and the octets of the packet after its header: acknowledged.
  const acknowledged = 0x1000 + 8 + invite().length;
  expect(back.subarray(12, 20)).toEqual(
    octets(`\x02\x04\0\0${String.fromCharCode(acknowledged >> 8, acknowledged & 255)}\0\0`),
  );
  const heard = feed(MSN_DIRECT.create(flowContext(betweenThem())), [...turns, server(back)]).heard;
  expect(heard.at(-1)).toEqual(
    said('file.decline', fromBob, { file: PLAN, reason: '603 Decline' }),
  );
});

test('what is not an invitation has no word of refusal', () => {
  const turns = [...OPENING, ...OFFERED, bob(packet({}, answer('200 OK'))), ann(data(0, CONTENT))];
  const found = replaced(MSN_DIRECT, turns, (e) => e.kind !== 'file.offer', 'no', betweenThem());
  expect(found.map(({ replacement }) => replacement)).toEqual([undefined, undefined, undefined]);
});

test('the hold begins at a packet that may be refused, not at further parts of a file', () => {
  const ear = new Ear();
  const parser = MSN_DIRECT.create(flowContext(betweenThem()));
  const before = joined(FOO, handshake(), framed(packet({}, invite()))).length;
  feed(parser, [...OPENING, ...OFFERED], undefined, ear);
  const first = framed(data(0, '0123'));
  parser.push(ToServer, first.slice(0, 55), ear);
  expect(parser.holdFrom(ToServer)).toBe(before);
  parser.push(ToServer, first.slice(55), ear);
  expect(parser.holdFrom(ToServer)).toBe(-1);
  parser.push(ToServer, framed(data(4, '4567')).slice(0, 55), ear);
  expect(parser.holdFrom(ToServer)).toBe(-1);
});

const packets = fc.record({
  session: fc.constantFrom(0, SESSION, 7),
  message: fc.constantFrom(1, 2, 3),
  offset: fc.oneof(fc.nat(3000), fc.maxSafeNat()),
  total: fc.oneof(fc.nat(3000), fc.maxSafeNat()),
  flags: fc.constantFrom(0, 2, 0x20, 0x30, 0x100),
});

test('anything at all: bounded, and the same however it is cut', () => {
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.constantFrom(invite(), invite().subarray(0, 500), invite().subarray(500), answer('200 OK')),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.boolean(), packets, bodies), { maxLength: 12 }),
      fc.array(fc.nat(2000), { maxLength: 6 }),
      (said, cuts) => {
        const turns = said.map(([up, header, body]) => (up ? ann : bob)(packet(header, body)));
        const heard = (at: readonly number[]) => {
          const parser = new DirectParser(flowContext(betweenThem()));
          const ear = feed(parser, [...OPENING, ...turns], (length) =>
            at.filter((n) => n < length),
          );
          expect(parser.held()).toBeLessThan(1_200_000);
          parser.end(ToServer, ear);
          parser.end(ToClient, ear);
          return ear.heard;
        };
        expect(heard(cuts)).toEqual(heard([]));
      },
    ),
    { numRuns: 150 },
  );
});

test('mutated octets of a whole session', () => {
  const whole = joined(
    FOO,
    handshake(),
    framed(packet({}, invite()), data(0, '0123'), data(4, '456789')),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }),
      (changes) => {
        const wire = whole.slice();
        for (const [at, octet] of changes) wire[at] = octet;
        const parser = new DirectParser(flowContext(betweenThem()));
        const ear = feed(parser, [client(wire)], () => [20, 500]);
        parser.end(ToServer, ear);
        parser.end(ToClient, ear);
        expect(parser.held()).toBeLessThan(200_000);
      },
    ),
    { numRuns: 150 },
  );
});
