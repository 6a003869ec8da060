/** Test support: streams that tell of files, the HTTP connections that carry them, and what must be heard. */
import { deflate, gzip } from 'pako';
import {
  client,
  type Heard,
  octets,
  type Row,
  server,
  sha256,
} from '../../../test/support/parser-harness.ts';
import type { ExpectedConnection, FlowContext } from '../../contract.ts';
import { LOGIN, run, flowContext as streamContext } from '../xmpp.fixture.ts';

export const CONTENT = 'twelve bytes';
const HASH = sha256(octets(CONTENT));
const ANN = 'ann@example.org/desk';
const BASE = 'http://up.example.org:5280';
const PUT_PATH = '/put/1/%C3%BCber%20x.png';
const GET_PATH = '/get/1/%C3%BCber%20x.png';

/** Ann asks for a slot and is given one. */
export const slot = (put: string, get: string, size = CONTENT.length): string[] => [
  `C: <iq type='get' id='u' to='up.example.org'><request xmlns='urn:xmpp:http:upload:0' filename='über x.png' size='${size}' content-type='image/png'/></iq>`,
  `S: <iq type='result' id='u' from='up.example.org' to='${ANN}'><slot xmlns='urn:xmpp:http:upload:0'><put url='${put}'/><get url='${get}'/></slot></iq>`,
];
export const SLOT = slot(BASE + PUT_PATH, BASE + GET_PATH);
/** Bob sends Ann a link. */
export const link = (url: string, from = 'bob@example.net/home', type = 'chat') =>
  `S: <message type='${type}' from='${from}' to='${ANN}'><x xmlns='jabber:x:oob'><url>${url}</url></x></message>`;
export const LINK = link(`${BASE}/docs/a.txt?v=1`);

/** What streams of these turns have left behind, one context each. */
export function told(
  turns: readonly string[],
  changes: Partial<FlowContext> = {},
): { memory: Map<string, unknown>; expected: readonly ExpectedConnection[] } {
  const memory = new Map<string, unknown>();
  const { ear } = run([...LOGIN, ...turns], undefined, streamContext({ memory, ...changes }));
  return { memory, expected: ear.expected };
}

export const EXPECTED: ExpectedConnection = {
  protocol: 'http-upload',
  service: 'xmpp',
  address: '10.0.0.2',
  port: 5280,
  offer: {
    service: 'xmpp',
    account: 'ann@example.org',
    sender: 'ann@example.org',
    recipient: 'up.example.org',
    senderListens: false,
    room: undefined,
    name: 'über x.png',
    size: 12,
    offset: 0,
    mime: 'image/png',
    token: 'u',
    method: 'http-upload',
    origin: 'client',
  },
};

/** A connection after these turns of a stream; its memory is new for every run. */
export function following(turns: readonly string[], more: Partial<FlowContext> = {}) {
  const { memory } = told(turns);
  return {
    serverPort: 5280,
    expected: EXPECTED,
    ...more,
    get memory() {
      return structuredClone(memory);
    },
  };
}

export const put = (body: string, more = '', path = PUT_PATH) =>
  `PUT ${path} HTTP/1.1\r\nHost: up.example.org:5280\r\nAuthorization: Bearer s3cret\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;
export const get = (path = GET_PATH, more = '') =>
  `GET ${path} HTTP/1.1\r\nHost: up.example.org:5280\r\n${more}\r\n`;
export const answer = (status: number, body = '', more = '') =>
  `HTTP/1.1 ${status} Said so\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;
const GET = get('/docs/a.txt?v=1');
const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes);

const endpoint = '10.0.0.2:5280';
const ann = { account: 'ann@example.org', from: 'ann@example.org', fromResource: 'desk' };
const uploaded = {
  name: 'über x.png',
  size: 12,
  mime: 'image/png',
  method: 'http-upload',
  token: 'u',
  url: BASE + GET_PATH,
  endpoint,
};
const linked = { name: 'a.txt', method: 'oob', url: `${BASE}/docs/a.txt?v=1`, endpoint };
const brought = { origin: 'client', ...ann, to: ['up.example.org'], route: 'service' };
const fetched = {
  origin: 'server',
  account: 'ann@example.org',
  from: 'bob@example.net',
  fromResource: 'home',
  to: ['ann@example.org'],
  route: 'direct',
};
/** Ann looks at what she has uploaded. */
const seen = { ...brought, origin: 'server', to: ['ann@example.org'] };
const start = (who: Heard, file: object): Heard => ({ ...who, kind: 'file.start', file });
const complete = (who: Heard, file: object, more: object = {}): Heard => ({
  ...who,
  kind: 'file.complete',
  file: { ...file, size: 12, sha256: HASH },
  ...more,
});
const cancel = (who: Heard, file: object, size: number, reason: string): Heard => ({
  ...who,
  kind: 'file.cancel',
  reason,
  file: { ...file, size },
});
const carbon = { copy: 'carbon' };
const STRANGER: Heard = { handOver: '*', reason: 'HTTP' };
const UP = [start(brought, uploaded), complete(brought, uploaded)];
const DOWN = [start(fetched, linked), complete(fetched, linked)];

export const CARRIED: readonly Row[] = [
  {
    name: 'brought to its slot',
    context: following(SLOT),
    turns: [client(put(CONTENT)), server(answer(201))],
    want: UP,
  },
  {
    name: 'in chunks, once the server has said that it may',
    context: following(SLOT),
    turns: [
      client(
        `PUT ${PUT_PATH} HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n`,
      ),
      server('HTTP/1.1 100 Continue\r\n\r\n'),
      client('5\r\ntwelv\r\n7;x=y\r\ne bytes\r\n0\r\nTrailer: t\r\n\r\n'),
      server(answer(201)),
    ],
    want: UP,
  },
  {
    name: 'a browser asks whether it may, brings it, and looks at it: a copy',
    context: following(SLOT),
    turns: [
      client(`OPTIONS ${PUT_PATH} HTTP/1.1\r\n\r\n`),
      server(answer(204)),
      client(put(CONTENT)),
      server(answer(201)),
      client(`HEAD ${GET_PATH} HTTP/1.1\r\n\r\n`),
      server('HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n'),
      client(get()),
      server(answer(200, CONTENT)),
    ],
    want: [
      ...UP,
      start({ ...seen, ...carbon }, uploaded),
      complete({ ...seen, ...carbon }, uploaded),
    ],
  },
  {
    name: 'fetched by whom the link was told; its type is what the server says',
    context: following([LINK]),
    turns: [client(GET), server(answer(200, CONTENT, 'Content-Type: Text/Plain; charset=x\r\n'))],
    want: [start(fetched, linked), complete(fetched, { ...linked, mime: 'text/plain' })],
  },
  {
    name: 'twice, the second time as a copy; other paths on the same connection are nobody’s',
    context: following([LINK]),
    turns: [
      client(GET, get('/other'), GET),
      server('HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n'),
      server(answer(200, CONTENT), answer(200, 'nothing'), answer(200, CONTENT)),
    ],
    want: [
      start(fetched, linked),
      start(fetched, linked),
      complete(fetched, linked),
      complete(fetched, linked),
    ],
  },
  {
    name: 'a link to a room: from a nick, to the room',
    context: following([
      "C: <presence to='hall@rooms.example/me'><x xmlns='http://jabber.org/protocol/muc'/></presence>",
      link(`${BASE}/docs/a.txt?v=1`, 'hall@rooms.example/carol', 'groupchat'),
    ]),
    turns: [client(GET), server(answer(200, CONTENT))],
    want: [start, complete].map((say) =>
      say(
        {
          origin: 'server',
          account: 'ann@example.org',
          from: 'carol',
          room: 'hall@rooms.example',
          route: 'room',
        },
        linked,
      ),
    ),
  },
  {
    name: 'fetched from another address than the one it was told at: whose, is not known',
    context: following([LINK], { clientAddress: '10.0.0.77' }),
    turns: [client(GET), server(answer(200, CONTENT))],
    want: [start, complete].map((say) => say({ ...fetched, account: undefined }, linked)),
  },
  {
    name: 'not there',
    context: following([LINK]),
    turns: [client(GET), server(answer(404, 'not found'))],
    want: [start(fetched, linked), cancel(fetched, linked, 0, 'status 404')],
  },
  {
    name: 'moved: it is the same file there',
    context: following([LINK]),
    turns: [
      client(GET),
      server(answer(302, '', 'Location: ../new/%61.txt\r\n')),
      client(get('/new/a.txt')),
      server(answer(200, CONTENT)),
    ],
    want: [start(fetched, linked), cancel(fetched, linked, 0, 'status 302'), ...DOWN],
  },
  {
    name: 'refused before it is whole: nothing of the rest is the file',
    context: following(SLOT),
    turns: [
      client(put(CONTENT).slice(0, -5)),
      server(answer(413)),
      client('bytes', put(CONTENT)),
      server(answer(201)),
    ],
    want: [start(brought, uploaded), cancel(brought, uploaded, 7, 'status 413'), ...UP],
  },
  {
    name: 'refused when it had passed whole: both are said',
    context: following(SLOT),
    turns: [client(put(CONTENT)), server(answer(403))],
    want: [...UP, cancel(brought, uploaded, 12, 'status 403')],
  },
  {
    name: 'longer than announced',
    context: following(slot(BASE + PUT_PATH, BASE + GET_PATH, 11)),
    turns: [client(put(CONTENT))],
    want: [
      start(brought, { ...uploaded, size: 11 }),
      { anomaly: 'size-mismatch' },
      complete(brought, uploaded, { anomalies: ['size-mismatch'] }),
    ],
  },
  {
    name: 'a file without octets',
    context: following(slot(BASE + PUT_PATH, BASE + GET_PATH, 0)),
    turns: [client(put(''))],
    want: [
      start(brought, { ...uploaded, size: 0 }),
      complete(brought, uploaded, {
        file: { ...uploaded, size: 0, sha256: sha256(octets('')) },
      }),
    ],
  },
  {
    name: 'in parts: each is counted from where it stands; a part that is all of it is the file',
    context: following([LINK]),
    turns: [
      client(GET),
      server(answer(206, 'twelve', 'Content-Range: bytes 0-5/12\r\n')),
      client(GET),
      server(answer(206, ' bytes', 'Content-Range: bytes 6-11/12\r\n')),
      client(GET),
      server(answer(206, CONTENT, 'Content-Range: bytes 0-11/12\r\n')),
    ],
    want: [
      start(fetched, linked),
      complete(fetched, linked, {
        reason: 'partial',
        file: { ...linked, size: 6, sha256: sha256(octets('twelve')) },
      }),
      start(fetched, linked),
      complete(fetched, linked, {
        reason: 'partial',
        file: { ...linked, size: 12, offset: 6, sha256: sha256(octets(' bytes')) },
      }),
      ...DOWN,
    ],
  },
];

export const EVASIONS: readonly Row[] = [
  {
    name: 'another host is named, or none, and a proxy’s form of the target',
    context: following([LINK]),
    turns: [
      client('GET http://elsewhere.example/docs/a.txt?v=1 HTTP/1.0\r\n\r\n'),
      server(answer(200, CONTENT)),
    ],
    want: DOWN,
  },
  {
    name: 'escapes that are none, dots in the path',
    context: following([LINK]),
    turns: [client(get('/./x/../%64ocs/%61.txt?%76=1')), server(answer(200, CONTENT))],
    want: DOWN,
  },
  {
    name: 'escapes in small letters, and none where the URL has some',
    context: following(SLOT),
    turns: [client(put(CONTENT, '', '/put/1/%c3%bcber%20x%2Epng'))],
    want: UP,
  },
  ...['gzip', 'x-gzip', 'deflate'].map((coding) => ({
    name: `squeezed (${coding}): what the client will have`,
    context: following([LINK]),
    turns: [
      client(GET),
      server(
        answer(
          200,
          latin1(coding === 'deflate' ? deflate(octets(CONTENT)) : gzip(octets(CONTENT))),
          `Content-Encoding: ${coding}\r\n`,
        ),
      ),
    ],
    want: DOWN,
  })),
  {
    name: 'said to be squeezed, but it is not: no digest of nothing',
    context: following([LINK]),
    turns: [client(GET), server(answer(200, CONTENT, 'Content-Encoding: gzip\r\n'))],
    want: [
      start(fetched, linked),
      {
        ...fetched,
        kind: 'file.complete',
        reason: 'encoded',
        file: { ...linked, size: 0 },
      },
    ],
  },
  {
    name: 'a coding nobody undoes here: the digest of what passed, and a word about it',
    context: following([LINK]),
    turns: [client(GET), server(answer(200, CONTENT, 'Content-Encoding: br\r\n'))],
    want: [start(fetched, linked), complete(fetched, linked, { reason: 'encoded' })],
  },
  {
    name: 'what is brought is kept as it is, whatever coding is claimed',
    context: following(SLOT),
    turns: [client(put(CONTENT, 'Content-Encoding: gzip\r\n'))],
    want: UP,
  },
  {
    name: 'two lengths',
    context: following(SLOT),
    turns: [client(put(CONTENT, 'Content-Length: 3\r\n'))],
    want: [{ anomaly: 'http-ambiguous-length' }, ...UP],
  },
];

export const STRANGERS: readonly Row[] = [
  ...[
    ['another path', get('/docs/b.txt?v=1')],
    ['another query', get('/docs/a.txt?v=2')],
    ['a query of escaped marks', get('/docs/a.txt?v%3D1')],
    ['escaped slashes', get('/docs%2Fa.txt?v=1')],
    ['large letters', get('/docs/A.txt?v=1')],
    ['the authority as a path', get('//docs/a.txt?v=1')],
    ['another method', `POST /docs/a.txt?v=1 HTTP/1.1\r\nContent-Length: 0\r\n\r\n`],
    ['something to a proxy', 'CONNECT up.example.org:443 HTTP/1.1\r\n\r\n'],
    ['no HTTP', 'NICK ann\r\n'],
    ['TLS', '\x16\x03\x01\x00\x05hello'],
  ].map(([name = '', wire = '']) => ({
    name,
    context: following([LINK]),
    turns: [client(wire)],
    want: [STRANGER],
  })),
  {
    name: 'a server that speaks first',
    context: following([LINK]),
    turns: [server('220 mail.example ESMTP\r\n')],
    want: [STRANGER],
  },
  {
    name: 'a file that was told elsewhere',
    context: { ...following([LINK]), expected: { ...EXPECTED, port: 5281 }, serverPort: 5281 },
    turns: [client(GET)],
    want: [STRANGER],
  },
];
