/** SIP messages for tests: what a row does not say is filled in the same way everywhere. */
import { octets } from '../../test/support/parser-harness.ts';

export const ANN = 'ann@e.example';
export const BOB = 'bob@e.example';

/** Fields of what the account's side says to the other, and of what comes back. */
export const ANN_TO_BOB = {
  protocolVersion: '2.0',
  origin: 'client',
  account: ANN,
  from: ANN,
  to: [BOB],
  route: 'direct',
} as const;
export const BOB_TO_ANN = {
  protocolVersion: '2.0',
  origin: 'server',
  account: ANN,
  from: BOB,
  to: [ANN],
  route: 'direct',
} as const;

const NAMES = ['Via', 'From', 'To', 'Call-ID', 'CSeq'] as const;
type Headers = Readonly<Record<string, string>>;

/** `MESSAGE sip:bob@e.example`, header fields that differ from the usual ones, and the body. */
export function request(line: string, headers: Headers = {}, body = ''): string {
  const [method = ''] = line.split(' ');
  const usual: Headers = {
    Via: 'SIP/2.0/TCP h.example;branch=z9hG4bK1',
    From: `<sip:${ANN}>;tag=a`,
    To: `<sip:${BOB}>`,
    'Call-ID': 'c1',
    CSeq: `1 ${method}`,
  };
  return written(`${line} SIP/2.0`, usual, headers, body);
}

/** `200 OK`, to a request of that method. */
export function answer(status: string, method: string, headers: Headers = {}, body = ''): string {
  const usual: Headers = {
    Via: 'SIP/2.0/TCP h.example;branch=z9hG4bK1',
    From: `<sip:${ANN}>;tag=a`,
    To: `<sip:${BOB}>;tag=b`,
    'Call-ID': 'c1',
    CSeq: `1 ${method}`,
  };
  return written(`SIP/2.0 ${status}`, usual, headers, body);
}

function written(line: string, usual: Headers, headers: Headers, body: string): string {
  const first = NAMES.map((name) => `${name}: ${headers[name] ?? usual[name]}`);
  const others = Object.entries(headers)
    .filter(([name]) => !(NAMES as readonly string[]).includes(name))
    .map(([name, value]) => `${name}: ${value}`);
  const length = `Content-Length: ${octets(body).length}`;
  return `${[line, ...first, ...others, length].join('\r\n')}\r\n\r\n${body}`;
}

/** A MESSAGE from ann to bob. */
export function message(type: string, body: string, headers: Headers = {}): string {
  return request(`MESSAGE sip:${BOB}`, { 'Content-Type': type, ...headers }, body);
}

/** One from bob to ann. */
export function incoming(type: string, body: string, headers: Headers = {}): string {
  return request(
    'MESSAGE sip:ann@10.0.0.1:5060',
    {
      From: `"Bob" <sip:${BOB}>;tag=b`,
      To: `<sip:${ANN}>`,
      'Call-ID': 'c2',
      'Content-Type': type,
      ...headers,
    },
    body,
  );
}

export function register(headers: Headers = {}): string {
  return request('REGISTER sip:e.example', {
    To: `<sip:${ANN}>`,
    'Call-ID': 'r1',
    Contact: '<sip:ann@10.0.0.1>',
    Expires: '600',
    ...headers,
  });
}

export function registered(status = '200 OK', headers: Headers = {}): string {
  return answer(status, 'REGISTER', { To: `<sip:${ANN}>;tag=s`, 'Call-ID': 'r1', ...headers });
}
