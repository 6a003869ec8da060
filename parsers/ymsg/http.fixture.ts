/** Test support: files over HTTP, and the pager inside it. */
import { client, octets, type Row, server, sha256 } from '../../test/support/parser-harness.ts';
import type { FlowContext } from '../contract.ts';
import { KnownTransfers } from './known-transfers.ts';
import { direct, mine, packet, served, utf8 } from './ymsg.fixture.ts';

const CONTENT = 'twelve bytes';
const FIELDS = (more = '') => `28=12|27=${utf8('über.txt')}|14=look|5=Bob|0=Ann${more}`;
/** Clients count four octets more than there are. */
const before = (service: number, fields: string) => {
  const body = packet(service, `${fields}|29=`, { version: 0x0c });
  const out = body.slice(0, body.length - 2);
  out[9] = out.length - 20 + 4;
  return String.fromCharCode(...out);
};
const post = (target: string, body: string, more = '') =>
  `POST ${target} HTTP/1.0\r\nContent-length: ${body.length}\r\nCookie: Y=c00kie; T=c00kie\r\n${more}\r\n${body}`;
const UPLOAD = 'http://filetransfer.msg.yahoo.com:80/notifyft';
const relay = (method: string, sender: string, recver: string, more = '') =>
  `${method} /relay?token=re%2Blay&sender=${sender}&recver=${recver} HTTP/1.1\r\nHost: 10.9.8.7\r\n${more}\r\n`;
const ok = (body: string) => `HTTP/1.0 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** In two chunks. */
const chunked = (wire: Uint8Array, at: number) => {
  const chunk = (part: Uint8Array) =>
    `${part.length.toString(16)}\r\n${String.fromCharCode(...part)}\r\n`;
  const body = chunk(wire.subarray(0, at)) + chunk(wire.subarray(at));
  return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body}0\r\n\r\n`;
};

const endpoint = '10.0.0.2:5000';
const leg = { ...direct, from: 'ann', to: ['bob'] };
const up = { ...leg, origin: 'client', account: 'ann' };
const down = { ...leg, origin: 'server', account: 'bob' };
const uploaded = { name: 'über.txt', size: 12, method: 'ymsg-http', endpoint };
const hash = sha256(octets(CONTENT));
const relayed = { method: 'ymsg-http', token: 're+lay', endpoint };
const told = { name: 'a.txt', size: 12, method: 'ymsg-http', token: 'tok$$', endpoint };

/** Of a pager flow that was seen before; new for every run. */
function remembering(tell: (known: KnownTransfers) => void): Partial<FlowContext> {
  return {
    get memory() {
      const memory = new Map<string, unknown>();
      tell(new KnownTransfers(memory));
      return memory;
    },
  };
}

export const offered = {
  sender: 'ann',
  recipient: 'bob',
  account: 'bob',
  origin: 'server' as const,
  name: 'a.txt',
  size: 12,
  token: 'tok$$',
  url: undefined,
  method: 'ymsg-http' as const,
};

export const HTTP: readonly Row[] = [
  {
    name: 'an upload of YMSG 14 and older: offer, start and content in one request',
    turns: [client(post(UPLOAD, before(0x46, FIELDS()) + CONTENT)), server(ok(''))],
    want: [
      { ...up, kind: 'file.offer', protocolVersion: '12', file: uploaded, text: 'look' },
      { ...up, kind: 'file.start', protocolVersion: '12', file: uploaded },
      { ...up, kind: 'file.complete', protocolVersion: '12', file: { ...uploaded, sha256: hash } },
    ],
  },
  {
    name: 'a picture of oneself goes the same way',
    turns: [
      client(
        post('/notifyft', before(0xc2, '1=ann|38=604800|0=ann|28=12|27=me.png|14=') + CONTENT),
      ),
    ],
    want: ['file.offer', 'file.start', 'file.complete'].map((kind) => ({
      ...direct,
      kind,
      from: 'ann',
      origin: 'client',
      account: 'ann',
      protocolVersion: '12',
      file: {
        name: 'me.png',
        size: 12,
        method: 'ymsg-http',
        endpoint,
        purpose: 'picture',
        ...(kind === 'file.complete' ? { sha256: hash } : {}),
      },
    })),
  },
  {
    name: 'an upload of another size than its packet says',
    turns: [client(post(UPLOAD, `${before(0x46, FIELDS())}${CONTENT} and more`))],
    want: [
      { ...up, kind: 'file.offer', protocolVersion: '12', file: uploaded, text: 'look' },
      { ...up, kind: 'file.start', protocolVersion: '12', file: uploaded },
      { anomaly: 'ymsg-size-mismatch' },
      {
        ...up,
        kind: 'file.complete',
        protocolVersion: '12',
        anomalies: ['ymsg-size-mismatch'],
        file: { ...uploaded, size: 21, sha256: sha256(octets(`${CONTENT} and more`)) },
      },
    ],
  },
  {
    name: 'an upload whose packet does not end is named',
    turns: [client(post(UPLOAD, 'YMSG\0\x0c'))],
    want: [{ anomaly: 'ymsg-bad-upload' }],
  },
  {
    name: 'an upload without its packet is named',
    turns: [client(post(UPLOAD, CONTENT))],
    want: [{ anomaly: 'ymsg-bad-upload' }],
  },
  {
    name: 'a relay whose offer was not seen: the request says who',
    turns: [
      client(relay('POST', 'Ann', 'Bob', 'Content-Length: 12\r\n') + CONTENT),
      server(ok('')),
    ],
    want: [
      { ...up, kind: 'file.start', file: { ...relayed, size: 12 } },
      { ...up, kind: 'file.complete', file: { ...relayed, size: 12, sha256: hash } },
    ],
  },
  {
    name: 'a relay, asked for the size first, then for the file, tied to its offer',
    context: remembering((known) => known.setRelayed('re+lay', { ...offered, passed: false })),
    turns: [
      client(relay('HEAD', 'bob', 'ann', 'Content-Length: 0\r\n')),
      server('HTTP/1.0 200 OK\r\nContent-Length: 12\r\n\r\n'),
      client(relay('GET', 'bob', 'ann')),
      server(ok(CONTENT)),
    ],
    want: [
      { ...down, kind: 'file.start', file: told },
      { ...down, kind: 'file.complete', file: { ...told, sha256: hash } },
    ],
  },
  {
    name: 'the second leg of what has passed whole is a copy',
    context: remembering((known) => known.setRelayed('re+lay', { ...offered, passed: true })),
    turns: [client(relay('GET', 'bob', 'ann')), server(ok(CONTENT))],
    want: [
      { ...down, kind: 'file.start', file: told, copy: 'carbon' },
      { ...down, kind: 'file.complete', file: { ...told, sha256: hash }, copy: 'carbon' },
    ],
  },
  {
    name: 'in chunks, and until the connection ends elsewhere',
    context: remembering((known) => known.setRelayed('re+lay', { ...offered, passed: false })),
    turns: [
      client(relay('GET', 'bob', 'ann')),
      server(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\ntwelve \r\n5\r\nbytes\r\n0\r\n\r\n',
      ),
    ],
    want: [
      { ...down, kind: 'file.start', file: told },
      { ...down, kind: 'file.complete', file: { ...told, sha256: hash } },
    ],
  },
  {
    name: 'a relay that has it no more',
    turns: [
      client(relay('GET', 'bob', 'ann')),
      server('HTTP/1.0 404 Not Found\r\nContent-Length: 4\r\n\r\ngone'),
    ],
    want: [
      { ...down, kind: 'file.start', file: relayed },
      { ...down, kind: 'file.cancel', file: { ...relayed, size: 0 }, reason: 'status 404' },
    ],
  },
  {
    name: 'the pager inside HTTP, both ways, several packets in a body',
    turns: [
      client(
        post(
          'http://shttp.msg.yahoo.com/notify/',
          String.fromCharCode(
            ...packet(6, '1=ann|5=bob|14=one'),
            ...packet(6, '1=ann|5=bob|14=two'),
          ),
        ),
      ),
      server(ok(String.fromCharCode(...served(6, '4=bob|5=ann|14=three|97=1')))),
      client(post('http://shttp.msg.yahoo.com/notify/', '')),
      server(chunked(served(6, '4=bob|5=ann|14=four|97=1'), 9)),
    ],
    want: [
      { ...mine, ...direct, kind: 'message', to: ['bob'], text: 'one' },
      { ...mine, ...direct, kind: 'message', to: ['bob'], text: 'two' },
      {
        ...direct,
        protocolVersion: '16',
        origin: 'server',
        account: 'ann',
        kind: 'message',
        from: 'bob',
        to: ['ann'],
        text: 'three',
      },
      {
        ...direct,
        protocolVersion: '16',
        origin: 'server',
        account: 'ann',
        kind: 'message',
        from: 'bob',
        to: ['ann'],
        text: 'four',
      },
    ],
  },
];

const announced = {
  protocol: 'ymsg-fetch',
  service: 'yahoo',
  address: '10.9.8.7',
  port: 4444,
  offer: {
    service: 'yahoo',
    account: 'bob',
    sender: 'ann',
    recipient: 'bob',
    senderListens: true,
    room: undefined,
    name: 'a.txt',
    size: 12,
    offset: 0,
    mime: undefined,
    token: undefined,
    method: 'p2p' as const,
    origin: 'server' as const,
  },
};
const peer = {
  ...offered,
  token: undefined,
  method: 'p2p' as const,
  url: 'http://10.9.8.7:4444/m/a.txt?k',
  passed: false,
};
const waiting = remembering((known) => {
  known.setAt('/m/a.txt?k', { ...peer });
  known.wait('10.9.8.7 4444', '/m/a.txt?k');
});
const expecting: Partial<FlowContext> = {
  get memory() {
    return { ...waiting }.memory ?? new Map<string, unknown>();
  },
  expected: announced,
};
const fetched = { name: 'a.txt', size: 12, method: 'p2p', url: peer.url, endpoint };

export const FETCHES: readonly Row[] = [
  {
    name: 'fetched from the sender',
    context: expecting,
    turns: [client('GET /m/a.txt?k HTTP/1.0\r\n\r\n'), server(ok(CONTENT))],
    want: [
      { ...down, kind: 'file.start', file: fetched },
      { ...down, kind: 'file.complete', file: { ...fetched, sha256: hash } },
    ],
  },
  {
    name: 'brought to the recipient',
    context: expecting,
    turns: [client(post('/m/a.txt?k', CONTENT)), server(ok(''))],
    want: [
      { ...down, kind: 'file.start', file: fetched },
      { ...down, kind: 'file.complete', file: { ...fetched, sha256: hash } },
    ],
  },
  {
    name: 'somebody else came, in HTTP: all of it is handed on',
    context: expecting,
    turns: [client('GET /index.html HTTP/1.1\r\nHost: a\r\n\r\n')],
    want: [{ handOver: '*', reason: 'HTTP' }],
  },
  {
    name: 'a server that speaks first is another',
    context: expecting,
    turns: [server('220 mail.example ESMTP\r\n')],
    want: [{ handOver: '*', reason: 'HTTP' }],
  },
];
