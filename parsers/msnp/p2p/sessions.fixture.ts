/** Test support: sessions from their invitation to their end, and what must be heard of them. */
import { octets, type Row, sha256 } from '../../../test/support/parser-harness.ts';
import {
  ann,
  answer,
  BOB,
  betweenThem,
  bob,
  byAnn,
  bye,
  fileContext,
  fromAnn,
  fromBob,
  invite,
  OBJECT_GUID,
  OPENING,
  objectContext,
  odd,
  PLAN,
  packet,
  packet2,
  SESSION,
  said,
  slp,
  TOKEN,
  WEBCAM_REQUEST,
  WEBCAM_SHARE,
} from './peer.fixture.ts';

const CONTENT = '0123456789';
const sha = (text: string) => sha256(octets(text));
const OFFER = said('file.offer', fromAnn, { file: PLAN });
const ACCEPT = said('file.accept', fromBob, { file: PLAN });
const START = said('file.start', fromAnn, { file: PLAN });
const COMPLETE = said('file.complete', fromAnn, { file: { ...PLAN, sha256: sha(CONTENT) } });
const data = (offset: number, text: string, more = {}) =>
  packet({ session: SESSION, message: 0xa02, offset, total: 10, flags: 0x1000030, ...more }, text);

const LATER = invite({ call: 'b' });

function row(name: string, turns: Row['turns'], ...want: Row['want']): Row {
  return { name, turns: [...OPENING, ...turns], want, context: betweenThem() };
}

export const SESSIONS: readonly Row[] = [
  row(
    'a file: offered, taken, sent',
    [
      ann(packet({}, invite())),
      bob(packet({ flags: 2, total: 0 }), packet({}, answer('200 OK'))),
      ann(data(0, ''), data(0, '012345'), data(6, '6789')),
      ann(packet({ message: 0xa03 }, bye())),
    ],
    OFFER,
    ACCEPT,
    START,
    COMPLETE,
  ),
  row(
    'an offer in parts is an offer once its name is whole',
    [
      ann(packet({ total: invite().length }, invite().subarray(0, 600))),
      ann(packet({ total: invite().length, offset: 600 }, invite().subarray(600))),
      ann(packet({ total: invite().length, offset: 600 }, invite().subarray(600))),
    ],
    OFFER,
  ),
  row(
    'parts out of order',
    [
      ann(packet({ total: invite().length, offset: 600 }, invite().subarray(600))),
      ann(packet({ total: invite().length, offset: 200 }, invite().subarray(200, 600))),
      ann(packet({ total: invite().length }, invite().subarray(0, 200))),
    ],
    OFFER,
  ),
  row(
    'names of 260 characters, sizes of 2^53-1, no name, a preview',
    [
      ann(packet({}, invite({ context: fileContext('n'.repeat(260), 2 ** 53 - 1), call: 'a' }))),
      ann(packet({}, invite({ context: fileContext('', 0, 638), call: 'b' }))),
      ann(packet({}, invite({ context: fileContext('\u65e5\u672c.zip', 1, 3000, 0), call: 'c' }))),
    ],
    said('file.offer', fromAnn, { file: { ...TOKEN, name: 'n'.repeat(260), size: 2 ** 53 - 1 } }),
    said('file.offer', fromAnn, { file: { ...TOKEN, size: 0 } }),
    said('file.offer', fromAnn, { file: { ...TOKEN, name: '\u65e5\u672c.zip', size: 1 } }),
  ),
  row(
    'declined by who was asked',
    [ann(packet({}, invite())), bob(packet({}, answer('603 Decline')), packet({}, answer('603')))],
    OFFER,
    said('file.decline', fromBob, { file: PLAN, reason: '603 Decline' }),
  ),
  row(
    'an error of who was asked; an end without an answer',
    [
      ann(packet({}, invite({ call: 'a' })), packet({}, invite({ call: 'b' }))),
      bob(packet({}, answer('500 Internal Error', { call: 'a' }))),
      bob(packet({}, bye({ call: 'b', from: BOB }))),
    ],
    OFFER,
    OFFER,
    said('file.decline', fromBob, { file: PLAN, reason: '500 Internal Error' }),
    said('file.decline', fromBob, { file: PLAN }),
  ),
  row(
    'taken back by who offered: libpurple says 603 itself',
    [ann(packet({}, invite()), packet({}, answer('603 Decline', byAnn)))],
    OFFER,
    said('file.cancel', fromAnn, { file: PLAN, reason: '603 Decline' }),
  ),
  row(
    'broken off by who sends, and by who receives',
    [
      ann(packet({}, invite({ call: 'a' }))),
      bob(packet({}, answer('200 OK', { call: 'a' }))),
      ann(data(0, '0123'), packet({ message: 0xa03 }, bye({ call: 'a' }))),
      ann(data(4, '456789')),
      bob(packet({}, invite({ call: 'b', session: 77, from: BOB }))),
      ann(packet({ message: 0xa04 }, answer('200 OK', { ...byAnn, call: 'b', session: 77 }))),
      bob(packet({ session: 77, total: 10, flags: 0x30 }, '01')),
      ann(packet({ message: 0xa05 }, bye({ call: 'b' }))),
    ],
    OFFER,
    ACCEPT,
    START,
    said('file.cancel', fromAnn, { file: { ...PLAN, size: 4 } }),
    said('file.offer', fromBob, { file: { ...PLAN, token: '77' } }),
    said('file.accept', fromAnn, { file: { ...PLAN, token: '77' } }),
    said('file.start', fromBob, { file: { ...PLAN, token: '77' } }),
    said('file.cancel', fromAnn, { file: { ...PLAN, token: '77', size: 2 } }),
  ),
  row(
    'an empty file',
    [
      ann(packet({}, invite({ context: fileContext('none', 0) }))),
      ann(packet({ session: SESSION, message: 0xa02, flags: 0x30, total: 0 })),
    ],
    said('file.offer', fromAnn, { file: { ...TOKEN, name: 'none', size: 0 } }),
    said('file.start', fromAnn, { file: { ...TOKEN, name: 'none', size: 0 } }),
    said('file.complete', fromAnn, {
      file: { ...TOKEN, name: 'none', size: 0, sha256: sha('') },
    }),
  ),
  row(
    'a picture that is asked for: four zeros come before it',
    [
      ann(
        packet(
          {},
          invite({
            guid: OBJECT_GUID,
            application: 12,
            context: objectContext('Size="10" Type="3" Location="TFR2C.tmp" Friendly="AAA="'),
          }),
        ),
      ),
      bob(packet({}, answer('200 OK'))),
      bob(packet({ session: SESSION, message: 2 }, '\0\0\0\0')),
      bob(packet({ session: SESSION, message: 3, total: 10, flags: 0x20 }, CONTENT)),
    ],
    said('file.offer', fromAnn, {
      file: { ...TOKEN, name: 'TFR2C.tmp', size: 10, purpose: 'picture' },
      state: 'requested',
    }),
    said('file.accept', fromBob, {
      file: { ...TOKEN, name: 'TFR2C.tmp', size: 10, purpose: 'picture' },
    }),
    said('file.start', fromBob, {
      file: { ...TOKEN, name: 'TFR2C.tmp', size: 10, purpose: 'picture' },
    }),
    said('file.complete', fromBob, {
      file: {
        ...TOKEN,
        name: 'TFR2C.tmp',
        size: 10,
        purpose: 'picture',
        sha256: sha(CONTENT),
      },
    }),
  ),
  row(
    'emoticons, winks, voice clips, and objects that say nothing of themselves',
    [
      ['Size="9" Type="2" Location="0" Friendly="aABpAAAA"', 11],
      ['Size="9" Type="8" Location="w.mct"', 1],
      ['Size="9" Type="11" Location="v.wav"', 1],
      ['', 11],
    ].map(([fields, application], i) =>
      ann(
        packet(
          { message: i + 1 },
          invite({
            guid: OBJECT_GUID.toLowerCase(),
            call: `{${i}}`,
            application: Number(application),
            context: fields === '' ? '====' : objectContext(String(fields)),
          }),
        ),
      ),
    ),
    ...[
      { name: 'hi', size: 9, purpose: 'emoticon' },
      { name: 'w.mct', size: 9, purpose: 'emoticon' },
      { name: 'v.wav', size: 9 },
    ].map((file) =>
      said('file.offer', fromAnn, { file: { ...TOKEN, ...file }, state: 'requested' }),
    ),
    ...odd(
      'p2p-bad-context',
      said('file.offer', fromAnn, { file: { ...TOKEN, purpose: 'emoticon' }, state: 'requested' }),
    ),
  ),
  row(
    'webcams: shown, asked for, declined',
    [
      ann(packet({}, invite({ guid: WEBCAM_SHARE, context: 'ewBCAA==' }))),
      bob(packet({}, answer('200 OK'))),
      ann(packet({ session: SESSION, message: 2, total: 100 }, 'syn data')),
      bob(packet({}, bye({ from: BOB }))),
      bob(packet({ message: 9 }, invite({ guid: WEBCAM_REQUEST, call: 'b', from: BOB }))),
      ann(packet({ message: 9 }, answer('603 Decline', { ...byAnn, call: 'b' }))),
    ],
    said('call.offer', fromAnn, { call: { media: 'video', token: TOKEN.token } }),
    said('call.accept', fromBob, { call: { media: 'video', token: TOKEN.token } }),
    said('call.end', fromBob, { call: { media: 'video', token: TOKEN.token } }),
    said('call.offer', fromBob, {
      call: { media: 'video', token: TOKEN.token },
      state: 'requested',
    }),
    said('call.decline', fromAnn, {
      call: { media: 'video', token: TOKEN.token },
      reason: '603 Decline',
    }),
  ),
  row(
    'what is not known: an activity, a type of body, a method; once each',
    [
      ann(
        packet({}, invite({ guid: '{6A13AF9C-5308-4F35-923A-67E8DDA40C2F}', call: 'x' })),
        packet({}, invite({ guid: 'game', call: 'y' })),
        packet({}, slp(`INVITE MSNMSGR:${BOB} MSNSLP/1.0`, 'a: b\r\n\r\n', { type: 'x/new' })),
        packet({}, slp(`INVITE MSNMSGR:${BOB} MSNSLP/1.0`, 'a: b\r\n\r\n', { type: 'x/new' })),
        packet({}, slp(`OPTIONS MSNMSGR:${BOB} MSNSLP/1.1`, '')),
        packet({}, slp(`ACK MSNMSGR:${BOB} MSNSLP/1.0`, '')),
      ),
    ],
    said('app.unknown', fromAnn, {
      reason: 'EUF-GUID {6A13AF9C-5308-4F35-923A-67E8DDA40C2F}',
    }),
    said('app.unknown', fromAnn, { reason: 'EUF-GUID game' }),
    said('app.unknown', fromAnn, { reason: 'MSNSLP x/new' }),
    said('app.unknown', fromAnn, { reason: 'MSNSLP OPTIONS' }),
  ),
  row(
    'version 2: acknowledged, in parts, declined',
    [
      ann(packet2({ tlvs: [1, 12, 0, 2, 0, 0, 0, 14, 0, 0, 15, 1, 0, 0, 0, 0] }, invite())),
      bob(packet2({ tlvs: [2, 4, 0, 0, 0x10, 9, 0, 0] }, answer('200 OK'))),
      ann(
        packet2({ session: SESSION, pack: 3, combined: 7, remaining: 6 }, '0123'),
        packet2({ session: SESSION, pack: 3, combined: 6, remaining: 2 }, '4567'),
        packet2({ session: SESSION, pack: 3, combined: 6 }, '89'),
      ),
      bob(packet2({ tlvs: [2, 4, 0, 0, 0x10, 9, 0, 0] })),
      bob(packet2({ pack: 4, remaining: LATER.length - 300 }, LATER.subarray(0, 300))),
      bob(packet2({ pack: 4, combined: 0 }, LATER.subarray(300))),
      ann(packet2({}, answer('603 Decline', { ...byAnn, call: 'b' }))),
    ],
    OFFER,
    ACCEPT,
    START,
    COMPLETE,
    ...odd('slp-foreign-sender', said('file.offer', fromBob, { file: PLAN })),
    said('file.decline', fromAnn, { file: PLAN, reason: '603 Decline' }),
  ),
];
