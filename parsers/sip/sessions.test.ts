/** What an INVITE leaves for the parser of the MSRP connection. */
import { describe, expect, test } from 'vitest';
import {
  client,
  DROP,
  Ear,
  feed,
  flowContext,
  PASS,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { MsrpSide, msrpEndpoint, msrpKey } from '../framing/msrp-session.ts';
import { SIP } from './definition.ts';
import { ANN, answer, BOB, request } from './sip.fixture.ts';

const SDP = { 'Content-Type': 'application/sdp' };
const offer = (more = '') =>
  `v=0\r\nc=IN IP4 10.0.0.1\r\nm=message 2855 TCP/MSRP *\r\na=path:msrp://10.0.0.1:2855/s1;tcp\r\n${more}`;
const FILE =
  'a=file-selector:name:"f" size:10 hash:sha-1:87:AC:EC:17:CD:9D:CD:20:A7:16:CC:2C:F6:74:17:B7:1C:8A:70:16\r\na=file-transfer-id:t1\r\n';
const taken = (more = '', host = '10.0.0.2') =>
  `v=0\r\nc=IN IP4 10.0.0.9\r\nm=message 2856 TCP/MSRP *\r\na=path:msrp://${host}:2856/s2;tcp\r\n${more}`;

function after(...turns: readonly Turn[]) {
  const memory = new Map<string, unknown>();
  const ear = feed(SIP.create(flowContext({ memory })), turns, undefined, new Ear());
  const side = (uri: string) => memory.get(msrpKey(uri) ?? '');
  return {
    ear,
    own: side('msrp://10.0.0.1:2855/s1;tcp'),
    other: side('msrp://10.0.0.2:2856/s2;tcp'),
  };
}

const invite = (body: string) => client(request(`INVITE sip:${BOB}`, SDP, body));
const accept = (body: string) => server(answer('200 OK', 'INVITE', SDP, body));

test('a file: its sides by their path, and the connection to who listens', () => {
  const { ear, own, other } = after(invite(offer(FILE)), accept(taken()));
  if (!(own instanceof MsrpSide) || !(other instanceof MsrpSide)) throw new Error('not remembered');
  expect([own.isOfferer, other.isOfferer]).toEqual([true, false]);
  expect(own.session).toBe(other.session);
  expect(own.session).toMatchObject({
    account: ANN,
    offerer: ANN,
    answerer: BOB,
    offererIsOwn: true,
  });
  expect(own.session.file).toMatchObject({
    name: 'f',
    size: 10,
    token: 't1',
    sha1: '87acec17cd9dcd20a716cc2cf67417b71c8a7016',
    offererSends: true,
  });
  expect(ear.expected).toEqual([
    {
      protocol: 'msrp',
      service: 'sip',
      address: '10.0.0.2',
      port: 2856,
      shared: true,
      offer: expect.objectContaining({
        sender: ANN,
        recipient: BOB,
        name: 'f',
        size: 10,
        token: 't1',
        method: 'msrp',
        origin: 'client',
      }),
    },
  ]);
});

test('a refused file, or a refused acceptance of it: its session is stopped wherever it goes', () => {
  for (const refused of ['file.offer', 'file.accept']) {
    const memory = new Map<string, unknown>();
    const ear = new Ear();
    ear.judge = ({ kind }) => (kind === refused ? DROP : PASS);
    const turns = [invite(offer(FILE)), accept(taken())];
    feed(SIP.create(flowContext({ memory })), turns, undefined, ear);
    expect(ear.refused.map(({ protocol, token }) => [protocol, token])).toEqual([
      ['msrp', `msrp ${ANN} t1`],
    ]);
    const side = memory.get(msrpKey('msrp://10.0.0.2:2856/s2;tcp') ?? '');
    expect(side instanceof MsrpSide && side.session.refused).toBe(true);
  }
});

describe('who listens', () => {
  test.each([
    [
      'a name instead of a number: the address of the media',
      offer(),
      taken('', 'bob.example'),
      ['10.0.0.9 2856'],
    ],
    ['the answer is active', offer('a=setup:actpass\r\n'), taken('a=setup:active\r\n'), []],
    [
      'the offer is passive',
      offer('a=setup:passive\r\n'),
      taken('a=setup:active\r\n'),
      ['10.0.0.1 2855'],
    ],
    ['not wanted', offer(), taken().replace('2856 TCP', '0 TCP'), []],
    ['over TLS', offer(), taken().replace('TCP/MSRP', 'TCP/TLS/MSRP'), []],
  ])('%s', (_, offered, answered, want) => {
    const { ear } = after(invite(offered), accept(answered));
    expect(ear.expected.map(({ address, port }) => `${address} ${port}`)).toEqual(want);
  });
});

test.each([
  ['msrp://[2001:db8::1]:7000/x;tcp', 'msrp [2001:db8::1]:7000/x', '2001:db8::1', 7000],
  ['MSRPS://Ann@Host.example/Se5s', 'msrp host.example/Se5s', 'Host.example', 2855],
  ['sip:x', undefined, undefined, undefined],
])('the key and the endpoint of %s', (uri, key, host, port) => {
  expect(msrpKey(uri)).toBe(key);
  expect(msrpEndpoint(uri)?.host).toBe(host);
  expect(msrpEndpoint(uri)?.port).toBe(port);
});

test('the answer may come on another flow between the same hosts', () => {
  const memory = new Map<string, unknown>();
  const flow = (clientPort: number) => SIP.create(flowContext({ memory, clientPort }));
  feed(flow(40000), [invite(offer(FILE))]);
  const ear = feed(flow(40001), [accept(taken())]);
  expect(ear.heard).toMatchObject([{ kind: 'file.accept', origin: 'server', from: BOB }]);
});

test('many files in one INVITE: all are said, the first ones are remembered', () => {
  const many = Array.from(
    { length: 20 },
    (_, n) =>
      `m=message 2855 TCP/MSRP *\r\na=path:msrp://10.0.0.1:2855/x${n};tcp\r\na=file-selector:name:"f${n}"\r\na=file-transfer-id:t${n}\r\n`,
  ).join('');
  const { ear } = after(invite(`v=0\r\n${many}`), server(answer('603 Decline', 'INVITE')));
  const kinds = ear.heard.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'file.offer')).toHaveLength(20);
  expect(kinds.filter((kind) => kind === 'file.decline')).toHaveLength(8);
});
