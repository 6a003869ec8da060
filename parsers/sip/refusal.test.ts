/**
 * What goes to either side when a message, a file, a request for contact is refused: octet for octet, and
 * in the eyes of a second parser.
 */
import { describe, expect, test } from 'vitest';
import { ImEvent } from '../../src/event/event.ts';
import { needs } from '../../test/support/need.ts';
import {
  client,
  feed,
  flowContext,
  neutralised,
  octets,
  replaced,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { captureOf, tsharkFields } from '../../test/support/tshark-opinion.ts';
import { Direction, type ProtocolDefinition } from '../contract.ts';
import { SIP, SIP_UDP } from './definition.ts';
import {
  ANN,
  answer,
  BOB,
  incoming,
  message,
  register,
  registered,
  request,
} from './sip.fixture.ts';

const OFFER =
  'v=0\r\nm=message 2857 TCP/MSRP *\r\na=path:msrp://10.0.0.1:2857/f1;tcp\r\na=sendonly\r\n' +
  'a=file-selector:name:"plan.pdf" size:4096\r\na=file-transfer-id:ft1\r\n';
const SDP = { 'Content-Type': 'application/sdp' };
const offered = request(`INVITE sip:${BOB}`, { 'Call-ID': 'f1', ...SDP }, OFFER);
const offeredToAnn = request(
  'INVITE sip:ann@10.0.0.1',
  { From: `<sip:${BOB}>;tag=b`, To: `<sip:${ANN}>`, 'Call-ID': 'f2', ...SDP },
  OFFER,
);
const asked = request(`SUBSCRIBE sip:${BOB}`, { 'Call-ID': 's1', Event: 'presence' });
const askedOfAnn = request('SUBSCRIBE sip:ann@10.0.0.1', {
  Via: 'SIP/2.0/TCP p.example;branch=z9hG4bK2\r\nVia: SIP/2.0/TCP h.example;branch=z9hG4bK1',
  From: `<sip:${BOB}>;tag=b`,
  To: `<sip:${ANN}>`,
  'Call-ID': 's2',
  Event: 'presence',
});
const bad = message('text/plain', 'bad', { 'Call-ID': 'c7' });
const badToAnn = incoming('text/plain', 'bad', { 'Call-ID': 'c8' });
const refuse = ({ kind, text }: ImEvent) =>
  text === 'bad' || kind === 'file.offer' || kind === 'contact.request';

const latin = (wire: Uint8Array) => String.fromCharCode(...wire);
function replacementOf(definition: ProtocolDefinition, turn: Turn, notice?: string) {
  const [found] = replaced(definition, [turn], refuse, notice, {
    transport: definition.transport,
  });
  const { forward, back } = found?.replacement ?? {};
  return { forward: forward && latin(forward), back: back && latin(back) };
}

/** As a proxy would answer: the usual fields, and a tag. */
const refusal = (status: string, via: string, from: string, to: string, id: string, cseq: string) =>
  `SIP/2.0 ${status}\r\n${via}From: ${from}\r\nTo: ${to};tag=TAG\r\nCall-ID: ${id}\r\nCSeq: ${cseq}\r\nContent-Length: 0\r\n\r\n`;
const VIA = 'Via: SIP/2.0/TCP h.example;branch=z9hG4bK1\r\n';
const fromAnn = `<sip:${ANN}>;tag=a`;
const fromBob = `<sip:${BOB}>;tag=b`;
const withTag = (text: string | undefined) => text?.replace(/tag=[0-9a-f]{16}/, 'tag=TAG');

describe('in the place of a refused request: nothing goes on, and its sender is answered', () => {
  test.each([
    [
      'a message',
      client(bad),
      refusal('403 Forbidden', VIA, fromAnn, `<sip:${BOB}>`, 'c7', '1 MESSAGE'),
    ],
    [
      'a message from others',
      server(badToAnn),
      refusal('603 Decline', VIA, `"Bob" <sip:${BOB}>;tag=b`, `<sip:${ANN}>`, 'c8', '1 MESSAGE'),
    ],
    [
      'a file',
      client(offered),
      refusal('603 Decline', VIA, fromAnn, `<sip:${BOB}>`, 'f1', '1 INVITE'),
    ],
    [
      'a file from others',
      server(offeredToAnn),
      refusal('603 Decline', VIA, fromBob, `<sip:${ANN}>`, 'f2', '1 INVITE'),
    ],
    [
      'a request for contact',
      client(asked),
      refusal('403 Forbidden', VIA, fromAnn, `<sip:${BOB}>`, 's1', '1 SUBSCRIBE'),
    ],
    [
      'one from others, through two proxies',
      server(askedOfAnn),
      refusal(
        '403 Forbidden',
        `Via: SIP/2.0/TCP p.example;branch=z9hG4bK2\r\n${VIA}`,
        fromBob,
        `<sip:${ANN}>`,
        's2',
        '1 SUBSCRIBE',
      ),
    ],
  ])('%s', (_, turn, back) => {
    for (const definition of [SIP, SIP_UDP]) {
      const found = replacementOf(definition, turn);
      expect(found.forward).toBe('');
      expect(withTag(found.back)).toBe(back);
      // A retransmission gets the same answer.
      expect(replacementOf(definition, turn).back).toBe(found.back);
    }
  });

  test('the notice: a Warning; over TCP to the account also a MESSAGE', () => {
    const notice = 'No "x" \u2013 see\r\nthe rules';
    const udp = replacementOf(SIP_UDP, client(bad), notice).back ?? '';
    expect(udp).toContain('Warning: 399 sallyport "No \\"x\\" \xe2\x80\x93 see the rules"\r\n');
    expect(udp.endsWith('Content-Length: 0\r\n\r\n')).toBe(true);
    const tcp = replacementOf(SIP, client(bad), 'No.').back ?? '';
    const told = tcp.slice(tcp.indexOf('MESSAGE sip:')).replace(/[0-9a-f]{16}/g, 'ID');
    expect(told).toBe(
      `MESSAGE sip:${ANN} SIP/2.0\r\nVia: SIP/2.0/TCP sallyport.invalid;branch=z9hG4bKID\r\nMax-Forwards: 1\r\n` +
        `From: <sip:sallyport@sallyport.invalid>;tag=ID\r\nTo: <sip:${ANN}>\r\nCall-ID: ID@sallyport.invalid\r\n` +
        'CSeq: 1 MESSAGE\r\nContent-Type: text/plain;charset=utf-8\r\nContent-Length: 3\r\n\r\nNo.',
    );
    const said = feed(SIP.create(flowContext()), [server(tcp)]);
    expect(said.heard.at(-1)).toMatchObject({ kind: 'message', text: 'No.' });
    expect(replacementOf(SIP, server(badToAnn), 'No.').back).not.toContain('MESSAGE sip:');
  });

  test('header fields are not made of what is quoted from the wire', () => {
    const folded = bad.replace('Call-ID: c7', 'Call-ID: c7\r\n Evil: 1');
    expect(replacementOf(SIP, client(folded)).back).toContain('Call-ID: c7 Evil: 1\r\n');
  });
});

describe('in the place of an answer', () => {
  const one = (turns: readonly Turn[], kind: string) =>
    replaced(SIP, turns, (event) => event.kind === kind, undefined).at(-1)?.replacement;

  test('signing in: 403 goes on', () => {
    const found = one([client(register()), server(registered())], 'session.login');
    expect(latin(found?.forward ?? new Uint8Array())).toMatch(
      /^SIP\/2.0 403 Forbidden\r\nVia: .*To: <sip:ann@e.example>;tag=s\r\nCall-ID: r1\r\nCSeq: 1 REGISTER\r\n/s,
    );
    expect(found?.back).toHaveLength(0);
  });

  test('the end of a call, and an answer to an offer, have none', () => {
    const turns = [client(offered), server(answer('200 OK', 'INVITE', { 'Call-ID': 'f1' }))];
    expect(one(turns, 'file.accept')).toBeUndefined();
  });

  test('a notification is swallowed with 200', () => {
    const notify = request(
      'NOTIFY sip:ann@10.0.0.1',
      {
        From: fromBob,
        To: `<sip:${ANN}>;tag=a`,
        Event: 'presence',
        'Content-Type': 'application/pidf+xml',
      },
      '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:bob@e.example"><tuple id="t"><status><basic>open</basic></status></tuple></presence>',
    );
    const found = one([server(notify)], 'presence');
    expect(found?.forward).toHaveLength(0);
    expect(latin(found?.back ?? new Uint8Array())).toBe(
      `SIP/2.0 200 OK\r\n${VIA}From: ${fromBob}\r\nTo: <sip:${ANN}>;tag=a\r\nCall-ID: c1\r\nCSeq: 1 NOTIFY\r\nContent-Length: 0\r\n\r\n`,
    );
  });
});

const before = message('text/plain', 'before', { 'Call-ID': 'c1' });
const after = message('text/plain', 'after', { 'Call-ID': 'c9' });
const TURNS: readonly Turn[] = [
  client(before),
  client(bad),
  client(offered, asked),
  server(badToAnn, offeredToAnn),
  client(after),
  server(askedOfAnn),
  server(incoming('text/plain', 'back')),
];

test('neutral: CR LF pairs of the same length; a refused message leaves exactly the others', () => {
  const whole = feed(SIP.create(flowContext()), TURNS);
  const again = neutralised(SIP, TURNS, refuse);
  expect(again.map(({ wire }) => wire.length)).toEqual(TURNS.map(({ wire }) => wire.length));
  const left = whole.heard.filter((_, i) => !refuse(whole.events[i] ?? new ImEvent('message')));
  expect(feed(SIP.create(flowContext()), again).heard).toEqual(left);
  const [refused] = neutralised(SIP_UDP, [client(bad)], refuse, { context: { transport: 'udp' } });
  expect(latin(refused?.wire ?? new Uint8Array())).toMatch(/^\n?(?:\r\n)+$/);
  expect(refused?.wire).toHaveLength(bad.length);
});

const need = needs({ tools: ['tshark'] });
describe.skipIf(need.skip)(`tshark agrees${need.why}`, () => {
  const question = {
    filter: 'sip',
    fields: ['sip.Method', 'sip.Status-Line', 'sip.Call-ID'],
    preferences: ['tcp.desegment_tcp_streams:TRUE'],
  };
  const flat = (rows: string[][][]) =>
    rows.map((row) =>
      row
        .map((cell) => cell.join('+'))
        .join(' ')
        .trim(),
    );

  test('on the neutral stream: the messages that are left', async () => {
    const found = await tsharkFields(
      captureOf(neutralised(SIP, TURNS, refuse), { port: 5060 }),
      question,
    );
    // What is refused stands in segments of its own: tshark takes one that begins with CR LF as a keep-alive.
    const said = flat(found).filter((line) => line !== '');
    expect(said).toEqual(['MESSAGE  c1', 'MESSAGE  c9', 'MESSAGE  c2']);
  });

  test('on the answers in the place of refused requests, and on what follows', async () => {
    const turns = [bad, offered, asked].flatMap((wire) => {
      const back = replacementOf(SIP, client(wire), 'No.').back ?? '';
      return [client(wire), server(octets(back))];
    });
    const found = await tsharkFields(
      captureOf([...turns, client(after)], { port: 5060 }),
      question,
    );
    const said = flat(found);
    expect(said[0]).toContain('MESSAGE');
    expect(said.join('\n')).toContain('SIP/2.0 403 Forbidden');
    expect(said.join('\n')).toContain('SIP/2.0 603 Decline');
    expect(said.at(-1)).toBe('MESSAGE  c9');
    const datagrams = [client(bad), server(replacementOf(SIP_UDP, client(bad), 'No.').back ?? '')];
    const wire = { transport: 'udp', port: 5060 } as const;
    expect(flat(await tsharkFields(captureOf(datagrams, wire), question))).toEqual([
      'MESSAGE  c7',
      'SIP/2.0 403 Forbidden c7',
    ]);
  });
});

test('directions: the answer goes back to who asked', () => {
  const [found] = replaced(SIP, [server(badToAnn)], refuse, undefined);
  expect(found?.unit.direction).toBe(Direction.ToClient);
});
