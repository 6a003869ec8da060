/** SIP over UDP: a push is a datagram. */
import { describe, expect, test } from 'vitest';
import {
  client,
  DROP,
  describeRows,
  Ear,
  feed,
  flowContext,
  octets,
  PASS,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { SIP_UDP } from './definition.ts';
import {
  ANN,
  ANN_TO_BOB,
  answer,
  BOB,
  BOB_TO_ANN,
  incoming,
  message,
  register,
  registered,
} from './sip.fixture.ts';

const context = { transport: 'udp' } as const;
const said = { kind: 'message', ...ANN_TO_BOB, messageId: 'c1' };

describeRows(
  SIP_UDP,
  [
    {
      name: 'keep-alives and STUN say nothing, other things are named',
      context,
      turns: ['\r\n\r\n', '\0\0\0\0', 'hello', '     ', '\0\x01\0\0!\x12\xa4B', 'jaK'].map((wire) =>
        client(wire),
      ),
      want: [{ anomaly: 'sip-bad-start-line' }],
    },
    {
      name: 'the body ends with the datagram; what is behind it is named, what is missing, too',
      context,
      turns: [
        client(message('text/plain', 'all').replace('Content-Length: 3\r\n', '')),
        client(message('text/plain', 'part').replace('Length: 4', 'Length: 9')),
        client(message('text/plain', 'hi').replace('Length: 2', 'Length: 1')),
        client(message('text/plain', '').replace(/\r\n\r\n$/, '')),
      ],
      want: [
        { ...said, text: 'all' },
        { anomaly: 'sip-short-body' },
        { ...said, text: 'part', anomalies: ['sip-short-body'] },
        { anomaly: 'sip-octets-after-message' },
        { ...said, text: 'h', anomalies: ['sip-octets-after-message'] },
      ],
    },
    {
      name: 'what comes again octet for octet is said once, in either direction',
      context,
      turns: [
        client(message('text/plain', 'one')),
        client(message('text/plain', 'one')),
        server(answer('404 Not Found', 'MESSAGE')),
        server(answer('404 Not Found', 'MESSAGE')),
        server(incoming('text/plain', 'two')),
        client(message('text/plain', 'one!')),
        server(incoming('text/plain', 'two')),
      ],
      want: [
        { ...said, text: 'one' },
        {
          kind: 'message.receipt',
          ...BOB_TO_ANN,
          state: 'failed',
          reason: '404 Not Found',
          refersTo: 'c1',
        },
        { kind: 'message', ...BOB_TO_ANN, text: 'two', messageId: 'c2' },
        { ...said, text: 'one!' },
      ],
    },
  ],
  { datagrams: true },
);

test('between equal ports the side is told by the first request: own Via, or one of a proxy besides', () => {
  const equal = { ...context, clientPort: 5060, serverPort: 5060 };
  const forwarded = { Via: 'SIP/2.0/UDP p;branch=z9hG4bK2, SIP/2.0/UDP h;branch=z9hG4bK1' };
  const said = (turn: Turn, changes = {}) =>
    feed(SIP_UDP.create(flowContext({ ...equal, ...changes })), [turn]).heard.at(-1);
  expect(said(client(message('text/plain', 'x')))).toMatchObject({
    origin: 'client',
    account: ANN,
  });
  expect(said(server(message('text/plain', 'x')))).toMatchObject({
    origin: 'client',
    account: ANN,
  });
  const toAnn = incoming('text/plain', 'x', forwarded);
  expect(said(client(toAnn))).toMatchObject({ origin: 'server', account: ANN });
  expect(said(client(toAnn), { clientPort: 40000 })).toMatchObject({
    origin: 'client',
    account: BOB,
  });
});

test('an answer that comes again signs nobody in again', () => {
  const yes = registered('200 OK', { Contact: '<sip:ann@10.0.0.1>;expires=600' });
  const ear = feed(SIP_UDP.create(flowContext(context)), [
    client(register()),
    server(yes),
    server(yes),
  ]);
  expect(ear.heard).toHaveLength(1);
});

test('a message that was refused is judged again when it is sent again', () => {
  const parser = SIP_UDP.create(flowContext(context));
  const ear = new Ear();
  ear.judge = (event) => (event.text === 'bad' ? DROP : PASS);
  const turns: Turn[] = ['bad', 'good', 'bad', 'good', 'bad'].map((text) =>
    client(message('text/plain', text, { 'Call-ID': text })),
  );
  feed(parser, turns, undefined, ear);
  expect(ear.heard.map(({ text, copy }) => [text, copy])).toEqual([
    ['bad', undefined],
    ['good', undefined],
    ['bad', 'echo'],
    ['bad', 'echo'],
  ]);
});

test('a datagram is a unit; nothing is held back', () => {
  const parser = SIP_UDP.create(flowContext(context));
  const ear = new Ear();
  const first = octets(`\r\n${message('text/plain', 'one')}`);
  parser.push(0, octets('\r\n\r\n'), ear);
  parser.push(0, first, ear);
  const { start, end, textStart, textEnd } = ear.units[0] ?? {
    start: 0,
    end: 0,
    textStart: 0,
    textEnd: 0,
  };
  expect([start, end]).toEqual([4, 4 + first.length]);
  expect(new TextDecoder().decode(first.subarray(textStart - 4, textEnd - 4))).toBe('one');
  parser.push(0, octets('MESSAGE sip:bob@e.example SIP/2.0\r\nFrom: <sip:ann@e'), ear);
  expect(parser.holdFrom(0)).toBe(-1);
});

describe('tables do not grow with what is thrown at them', () => {
  test.each([
    [
      'messages',
      (n: number) => message('text/plain', `t${n}`, { 'Call-ID': `${'c'.repeat(400)}${n}` }),
    ],
    [
      'registrations',
      (n: number) => register({ To: `<sip:${'u'.repeat(300)}${n}@e>`, 'Call-ID': `r${n}` }),
    ],
    ['answers', (n: number) => answer('404 Not Found', 'MESSAGE', { 'Call-ID': `c${n}` })],
  ])('%s', (_, wire) => {
    const parser = SIP_UDP.create(flowContext(context));
    const ear = new Ear();
    for (let n = 0; n < 2000; n++) parser.push(n % 2 === 0 ? 0 : 1, octets(wire(n)), ear);
    expect(parser.held()).toBeLessThan(400_000);
  });
});
