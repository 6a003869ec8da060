/** The two parsers together, by the memory that their family shares: offer, content, end. */
import { expect, test } from 'vitest';
import {
  client,
  Ear,
  feed,
  flowContext,
  octets,
  server,
  sha256,
} from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { SIP } from '../sip/definition.ts';
import { answer, BOB, request } from '../sip/sip.fixture.ts';
import { MSRP } from './definition.ts';
import { ANN_PATH, BOB_PATH, send } from './msrp.fixture.ts';

const SDP = { 'Content-Type': 'application/sdp' };
const FILE =
  'a=file-selector:name:"plan.pdf" type:application/pdf size:10\r\na=file-transfer-id:ft1\r\n';
const described = (path: string, more = '') =>
  `v=0\r\nc=IN IP4 10.0.0.1\r\nm=message 2855 TCP/MSRP *\r\na=path:${path}\r\n${more}`;

function call(more: string) {
  const memory = new Map<string, unknown>();
  const sip = SIP.create(flowContext({ memory }));
  const ear = new Ear(['protocol']);
  feed(
    sip,
    [
      client(request(`INVITE sip:${BOB}`, SDP, described(ANN_PATH, more))),
      server(answer('200 OK', 'INVITE', SDP, described(BOB_PATH))),
    ],
    undefined,
    ear,
  );
  const msrp = MSRP.create(flowContext({ memory }));
  const bye = () =>
    feed(
      sip,
      [client(request(`BYE sip:${BOB}`, { To: `<sip:${BOB}>;tag=b`, CSeq: '2 BYE' }))],
      undefined,
      ear,
    );
  return { ear, msrp, bye };
}

const kinds = (ear: Ear) => ear.heard.map(({ kind, protocol }) => `${protocol} ${kind}`);

test('a file from its offer to its last octet; the end of the call is no event then', () => {
  const { ear, msrp, bye } = call(FILE);
  feed(msrp, [client(send('a001', '0123456789', { type: 'application/pdf' }))], undefined, ear);
  bye();
  msrp.end(Direction.ToServer, ear);
  expect(kinds(ear)).toEqual([
    'sip file.offer',
    'sip file.accept',
    'msrp file.start',
    'msrp file.complete',
  ]);
  expect(ear.heard.at(-1)).toMatchObject({
    origin: 'client',
    file: { name: 'plan.pdf', token: 'ft1', sha256: sha256(octets('0123456789')) },
  });
});

test('the call ends while octets are missing: given up, said once', () => {
  const { ear, msrp, bye } = call(FILE);
  feed(msrp, [client(send('a001', '0123', { type: 'a/b', flag: '+', total: 10 }))], undefined, ear);
  bye();
  msrp.end(Direction.ToServer, ear);
  expect(kinds(ear)).toEqual([
    'sip file.offer',
    'sip file.accept',
    'msrp file.start',
    'sip file.cancel',
  ]);
});

test('a chat: its parties come from the INVITE, whoever speaks', () => {
  const { ear, msrp } = call('');
  feed(msrp, [client(send('a001', 'hi')), server(send('b001', 'hello'))], undefined, ear);
  expect(ear.heard.map(({ from, to, origin, text }) => [from, to, origin, text])).toEqual([
    ['ann@e.example', ['bob@e.example'], 'client', 'hi'],
    ['bob@e.example', ['ann@e.example'], 'server', 'hello'],
  ]);
});

test('the other side connects: origin and account stay those of the SIP connection', () => {
  const { ear, msrp } = call('');
  feed(msrp, [server(send('a001', 'hi')), client(send('b001', 'hello'))], undefined, ear);
  expect(ear.heard.map(({ origin, account, text }) => [origin, account, text])).toEqual([
    ['client', 'ann@e.example', 'hi'],
    ['server', 'ann@e.example', 'hello'],
  ]);
});
