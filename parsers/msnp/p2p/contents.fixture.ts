/** Test support: octets of files that come in every odd way, and what must be heard of them. */
import { octets, type Row, sha256 } from '../../../test/support/parser-harness.ts';
import {
  ann,
  betweenThem,
  bob,
  FILE_GUID,
  fileContext,
  fromAnn,
  fromBob,
  type Header1,
  invite,
  OPENING,
  odd,
  PLAN,
  packet,
  packet2,
  SESSION,
  said,
  TOKEN,
  WEBCAM_SHARE,
} from './peer.fixture.ts';

const CONTENT = '0123456789';
const OFFER = said('file.offer', fromAnn, { file: PLAN });
const START = said('file.start', fromAnn, { file: PLAN });
const COMPLETE = said('file.complete', fromAnn, {
  file: { ...PLAN, sha256: sha256(octets(CONTENT)) },
});
const REWRITTEN = {
  ...said('app.unknown', fromAnn, { reason: 'MSNSLP text rewritten' }),
  anomalies: ['p2p-overlap'],
};
const LATER = invite({ call: 'b' });
const EVIL = invite({ context: fileContext('evil.exe', 10) });
const text = (wire: Uint8Array) => String.fromCharCode(...wire);
const part = (offset: number, text: string, more: Header1 = {}) =>
  packet({ session: SESSION, message: 0xa02, offset, total: 10, flags: 0x30, ...more }, text);

function row(name: string, packets: readonly Uint8Array[], ...want: Row['want']): Row {
  const turns = [...OPENING, ann(packet({}, invite()), ...packets)];
  return { name, turns, want: [OFFER, ...want], context: betweenThem() };
}

export const CONTENTS: readonly Row[] = [
  row('parts in order', [part(0, '0123'), part(4, '456789')], START, COMPLETE),
  row(
    'parts out of order are put in order',
    [part(0, '0'), part(5, '56789'), part(3, '34'), part(1, '12')],
    START,
    { anomaly: 'p2p-out-of-order' },
    { anomaly: 'p2p-out-of-order' },
    COMPLETE,
  ),
  row(
    'of octets that come twice the first copy counts',
    [part(0, '01234'), part(3, 'xx56'), part(0, '01234'), part(7, '789')],
    START,
    { anomaly: 'p2p-overlap' },
    { anomaly: 'p2p-overlap' },
    COMPLETE,
  ),
  row(
    'the same among parts that wait',
    [part(0, '0'), part(4, '456'), part(3, '345'), part(1, '12'), part(7, '789')],
    START,
    { anomaly: 'p2p-out-of-order' },
    { anomaly: 'p2p-out-of-order' },
    COMPLETE,
  ),
  row(
    'octets beyond the total are left out',
    [part(0, '0123456789xyz')],
    START,
    {
      anomaly: 'p2p-beyond-total',
    },
    { ...COMPLETE, anomalies: ['p2p-beyond-total'] },
  ),
  row(
    'a part beyond the total, at 2^53 and more',
    [part(11, 'x'), part(2 ** 53 - 1, 'x'), part(0, CONTENT)],
    START,
    { anomaly: 'p2p-beyond-total' },
    { anomaly: 'p2p-beyond-total' },
    COMPLETE,
  ),
  row(
    'another size than was offered',
    [part(0, '01234', { total: 5 })],
    ...odd('p2p-size-mismatch', START),
    said('file.complete', fromAnn, {
      file: { ...PLAN, size: 5, sha256: sha256(octets('01234')) },
      anomalies: ['p2p-size-mismatch'],
    }),
  ),
  row(
    'a total that changes: the first counts',
    [part(0, '01234'), part(5, '56789', { total: 2000 })],
    START,
    ...odd('p2p-bad-total', COMPLETE),
  ),
  row('a total beyond 2^53 is no file', [part(0, '0', { total: 2n ** 63n })], {
    anomaly: 'p2p-bad-total',
  }),
  row(
    'a second message of the session is a file, too',
    [part(0, CONTENT), part(0, CONTENT, { message: 9 }), part(0, CONTENT)],
    START,
    COMPLETE,
    START,
    COMPLETE,
  ),
  row(
    'flags that say nothing, or acknowledgement',
    [part(0, '0123', { flags: 0 }), part(4, '456789', { flags: 2 })],
    START,
    ...odd('p2p-data-in-control', COMPLETE),
  ),
  row(
    'a length field that is another',
    [part(0, CONTENT, { length: 3 })],
    ...odd('p2p-length-mismatch', START),
    { ...COMPLETE, anomalies: ['p2p-length-mismatch'] },
  ),
  row('not to its end', [part(0, '0123')], START),
  {
    name: 'nobody offered it: a file, an object, a package of version 2, something else',
    turns: [
      ...OPENING,
      bob(packet({ session: 5, message: 1, flags: 0x30 }, CONTENT)),
      bob(packet({ session: 6, message: 1, flags: 0x20 }, CONTENT)),
      bob(packet2({ session: 7, pack: 1, combined: 7 }, CONTENT)),
      bob(packet({ session: 8, message: 1, total: 1000 }, CONTENT)),
      bob(packet({ session: 8, message: 2, total: 1000 }, CONTENT)),
      bob(packet({ session: 10, message: 1 }, '\0\0\0\0')),
      bob(packet2({ session: 9, pack: 2, combined: 6 }, CONTENT)),
    ],
    context: betweenThem(),
    want: [
      ...[{ token: '5' }, { token: '6', purpose: 'picture' }, { token: '7' }].flatMap((file) => {
        const known = { method: 'p2p', size: 10, ...file };
        return [
          said('file.start', fromBob, { file: known }),
          said('file.complete', fromBob, { file: { ...known, sha256: sha256(octets(CONTENT)) } }),
        ];
      }),
      said('app.unknown', fromBob, { reason: 'P2P data without an invitation' }),
      // The first part of it was not seen.
      said('file.start', fromBob, { file: { method: 'p2p', token: '9' } }),
      { anomaly: 'p2p-out-of-order' },
    ],
  },
];

/** Ways to get an offer past a filter. */
const hidden = (name: string, texts: readonly Uint8Array[], ...want: Row['want']): Row => ({
  name,
  turns: [...OPENING, ...texts.map((text, i) => ann(packet({ message: 100 + i }, text)))],
  want,
  context: betweenThem(),
});
const plain = (text: Uint8Array) => Buffer.from(text).toString('latin1');
const changed = (from: string | RegExp, to: string) => octets(plain(invite()).replace(from, to));

export const EVASIONS: readonly Row[] = [
  hidden(
    'names of fields in another case, folded, with blanks',
    [
      octets(
        plain(invite())
          .replace('EUF-GUID: ', 'euf-guid : ')
          .replace('Content-Type: ', 'CONTENT-TYPE:\t')
          .replace('Context: ', 'Context:\r\n '),
      ),
    ],
    OFFER,
  ),
  hidden('lines that end in LF', [octets(plain(invite()).replaceAll('\r\n', '\n'))], OFFER),
  hidden('a GUID without braces', [changed(/\{5D3E02AB([^}]*)\}/, '5d3e02ab$1')], OFFER),
  hidden('parameters of the content type', [changed('reqbody', 'reqbody; charset=x')], OFFER),
  hidden(
    'a content length that is too short',
    [changed(/Content-Length: \d+/, 'Content-Length: 0')],
    OFFER,
  ),
  hidden('no NUL at the end', [invite().subarray(0, invite().length - 1)], OFFER),
  hidden('another version', [changed('MSNSLP/1.0\r\nTo', 'msnslp/2.9\r\nTo')], OFFER),
  hidden(
    'a second context: the first counts, and it is named',
    [changed('Context: ', `Context: ${fileContext('harmless.txt', 1)}\r\nContext: `)],
    ...odd(
      'slp-repeated-field',
      said('file.offer', fromAnn, { file: { ...TOKEN, name: 'harmless.txt', size: 1 } }),
    ),
  ),
  hidden(
    'the same dialog again with another file',
    [invite(), invite(), invite({ context: fileContext('b.exe', 10) })],
    OFFER,
    said('file.offer', fromAnn, { file: { ...PLAN, name: 'b.exe' } }),
  ),
  hidden(
    'a context that is too short, that is no base64, that is missing, a size beyond 2^53',
    [
      invite({ call: 'a', context: fileContext('plan.pdf', 10).slice(0, 56) }),
      invite({ call: 'b', context: '!' }),
      changed(/Context: [^\r]*\r\n/, ''),
      invite({ call: 'c', context: fileContext('plan.pdf', 2n ** 63n) }),
    ],
    ...odd('p2p-bad-context', OFFER),
    ...odd('p2p-bad-context', said('file.offer', fromAnn, { file: TOKEN })),
    ...odd('p2p-bad-context', said('file.offer', fromAnn, { file: TOKEN })),
    ...odd(
      'p2p-bad-context',
      said('file.offer', fromAnn, { file: { ...TOKEN, name: 'plan.pdf' } }),
    ),
  ),
  hidden('text that is none', [octets('GET / HTTP/1.1\r\n\r\n')], { anomaly: 'slp-malformed' }),
  {
    name: 'an offer in an acknowledgement; in a packet whose length field lies; an offer of 1 octet a part',
    turns: [
      ...OPENING,
      ann(packet({ flags: 2 }, invite())),
      ann(packet({ length: 1, message: 3 }, invite({ call: 'b' }))),
    ],
    context: betweenThem(),
    want: [...odd('p2p-data-in-control', OFFER), ...odd('p2p-length-mismatch', OFFER)],
  },
  {
    name: 'a text too long to keep is read as far as it is kept',
    turns: [
      ...OPENING,
      ann(packet({ total: 10_000_000 }, invite({ context: fileContext('plan.pdf', 10, 24_000) }))),
    ],
    context: betweenThem(),
    want: [...odd('slp-too-long', OFFER)],
  },
  {
    name: 'parts that disagree about what is offered: the first copy counts, and it is said',
    turns: [
      ...OPENING,
      ann(packet({ total: invite().length }, invite().subarray(0, 400))),
      ann(packet({ total: invite().length, offset: 300 }, new Uint8Array(100).fill(0x58))),
      ann(packet({ total: invite().length, offset: 400 }, invite().subarray(400))),
    ],
    context: betweenThem(),
    want: [{ anomaly: 'p2p-overlap' }, REWRITTEN, OFFER],
  },
  {
    name: 'an offer that is written anew after it was read',
    turns: [
      ...OPENING,
      ann(packet({ total: invite().length }, invite().subarray(0, 500))),
      ann(packet({ total: invite().length }, EVIL.subarray(0, 500))),
      ann(packet({ total: invite().length, offset: 500 }, EVIL.subarray(500))),
    ],
    context: betweenThem(),
    want: [OFFER, { anomaly: 'p2p-overlap' }, REWRITTEN],
  },
  {
    name: 'an offer in a session of data, whole and in parts, and under a first line that is none',
    turns: [
      ...OPENING,
      ann(packet({ session: 7 }, invite())),
      ann(packet({ session: 8, message: 0xb01, total: LATER.length }, LATER.subarray(0, 300))),
      ann(
        packet(
          { session: 8, message: 0xb01, total: LATER.length, offset: 300 },
          LATER.subarray(300),
        ),
      ),
      ann(
        packet({ message: 0xb02 }, octets(text(invite({ call: 'c' })).replace(/^.*/, 'INVITE!'))),
      ),
    ],
    context: betweenThem(),
    want: [OFFER, OFFER, ...odd('slp-repeated-field', OFFER)],
  },
  {
    name: 'fields that libpurple finds wherever their names stand: type, purpose, context',
    turns: [
      ...OPENING,
      ann(
        packet(
          {},
          octets(
            text(invite({ type: 'application/x-msnmsgr-transreqbody' })).replace(
              'Max-Forwards: 0',
              'X: Content-Type: application/x-msnmsgr-sessionreqbody',
            ),
          ),
        ),
      ),
      ann(
        packet(
          { message: 0xb01 },
          octets(
            text(invite({ call: 'b' })).replace(
              '\r\nContext',
              `\r\nX-Context: ${fileContext('evil.exe', 7)}\r\nContext`,
            ),
          ),
        ),
      ),
      ann(
        packet(
          { message: 0xb02 },
          octets(
            text(invite({ call: 'c', guid: WEBCAM_SHARE })).replace(
              'EUF-GUID',
              `X-EUF-GUID: ${FILE_GUID}\r\nEUF-GUID`,
            ),
          ),
        ),
      ),
    ],
    context: betweenThem(),
    want: [
      ...odd('slp-repeated-field', OFFER),
      ...odd('slp-repeated-field', OFFER),
      {
        ...OFFER,
        file: { ...PLAN, name: 'evil.exe', size: 7 },
        anomalies: ['slp-repeated-field'],
      },
      OFFER,
    ],
  },
  {
    name: 'packets that are none',
    turns: [...OPENING, ann(octets('short')), ann(new Uint8Array(47)), ann(new Uint8Array(48))],
    context: betweenThem(),
    want: [{ anomaly: 'p2p-malformed' }, { anomaly: 'p2p-malformed' }],
  },
];
