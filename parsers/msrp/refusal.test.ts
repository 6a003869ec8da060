/** What goes to either side when a text or a file is refused: octet for octet, and in tshark's eyes. */
import { describe, expect, test } from 'vitest';
import type { ImEvent } from '../../src/event/event.ts';
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
import { MSRP } from './definition.ts';
import { ANN_PATH, announced, BOB_PATH, type Chunk, other, send } from './msrp.fixture.ts';

const latin = (wire: Uint8Array | undefined) =>
  wire === undefined ? undefined : String.fromCharCode(...wire);
const isBad = ({ text, kind }: ImEvent) => text?.includes('bad') === true || kind === 'file.start';

function replacementOf(turns: readonly Turn[], file = false, notice?: string) {
  const context = announced(file ? {} : undefined);
  const found = replaced(MSRP, turns, isBad, notice, { ...context }).map(
    ({ replacement }) => replacement,
  );
  const last = found.at(-1);
  return { forward: latin(last?.forward), back: latin(last?.back) };
}

const back = (id: string, status: string, to = ANN_PATH, from = BOB_PATH) =>
  `MSRP ${id} ${status}\r\nTo-Path: ${to}\r\nFrom-Path: ${from}\r\n-------${id}$\r\n`;

describe('in the place of a refused chunk', () => {
  test('a text: nothing goes on, 403 to who sent it, either way', () => {
    expect(replacementOf([client(send('a001', 'bad'))])).toEqual({
      forward: '',
      back: back('a001', '403 Forbidden'),
    });
    expect(replacementOf([server(send('b001', 'bad'))])).toEqual({
      forward: '',
      back: back('b001', '403 Forbidden', BOB_PATH, ANN_PATH),
    });
  });

  test('a file: 413, either way', () => {
    const chunk: Chunk = { type: 'a/b', flag: '+', total: 10 };
    expect(replacementOf([client(send('a001', '01', chunk))], true)).toEqual({
      forward: '',
      back: back('a001', '413 Stop'),
    });
    expect(replacementOf([server(send('b001', '01', chunk))], true)).toEqual({
      forward: '',
      back: back('b001', '413 Stop', BOB_PATH, ANN_PATH),
    });
  });

  test('no answer where none was asked for', () => {
    const quiet = { headers: { 'Failure-Report': 'no' } };
    expect(replacementOf([client(send('a001', 'bad', quiet))])).toEqual({ forward: '', back: '' });
  });

  test('hop by hop: the first URI of either path', () => {
    const relayed = send('a001', 'bad')
      .replace(BOB_PATH, `msrps://relay.example:9000/r1;tcp ${BOB_PATH}`)
      .replace(`From-Path: ${ANN_PATH}`, `From-Path: msrps://other.example/r2;tcp ${ANN_PATH}`);
    expect(replacementOf([client(relayed)]).back).toBe(
      back(
        'a001',
        '403 Forbidden',
        'msrps://other.example/r2;tcp',
        'msrps://relay.example:9000/r1;tcp',
      ),
    );
  });

  test('chunks went on before: the message is given up to who waits for the rest', () => {
    const turns = [
      client(send('a001', 'so ', { flag: '+', total: 6 }), send('a002', 'bad', { from: 3 })),
    ];
    const { forward, back: answered } = replacementOf(turns);
    expect(forward?.replace(/\b[0-9a-f]{12}\b/g, 'ID')).toBe(
      `MSRP ID SEND\r\nTo-Path: ${BOB_PATH}\r\nFrom-Path: ${ANN_PATH}\r\nMessage-ID: m1\r\nFailure-Report: no\r\n-------ID#\r\n`,
    );
    expect(answered).toBe(back('a002', '403 Forbidden'));
    const kept = feed(MSRP.create(flowContext({ ...announced() })), [
      client(
        send('a001', 'so ', { flag: '+', total: 6 }),
        octets(forward ?? ''),
        send('a003', 'fine', { messageId: 'm2' }),
      ),
    ]);
    expect(kept.heard.map(({ text }) => text)).toEqual(['fine']);
  });

  test('the notice is a SEND that asks for no answer', () => {
    const { back: said } = replacementOf(
      [client(send('a001', 'bad'))],
      false,
      'Not here \u2013 sorry.',
    );
    const told = said
      ?.slice(back('a001', '403 Forbidden').length)
      .replace(/\b[0-9a-f]{12}\b/g, 'ID');
    expect(told).toBe(
      `MSRP ID SEND\r\nTo-Path: ${ANN_PATH}\r\nFrom-Path: ${BOB_PATH}\r\nMessage-ID: ID\r\nByte-Range: 1-19/19\r\n` +
        'Failure-Report: no\r\nContent-Type: text/plain;charset=utf-8\r\n\r\nNot here \xe2\x80\x93 sorry.\r\n-------ID$\r\n',
    );
  });
});

const TURNS: readonly Turn[] = [
  client(
    send('a001', 'before'),
    send('a002', 'bad words'),
    send('a003', 'so ', { messageId: 'm3', flag: '+', total: 6 }),
  ),
  server(
    other('a001', '200 OK'),
    send('b001', '<i>bad</i>', { type: 'text/html' }),
    send('b002', 'fine', { messageId: 'm9' }),
  ),
  client(
    send('a004', 'bad', { messageId: 'm3', from: 3 }),
    send('a005', 'after', { messageId: 'm5' }),
  ),
];

test('neutral: the chunk is given up, its body blank; the others stay as they are', () => {
  const context = { ...announced() };
  const again = neutralised(MSRP, TURNS, isBad, { context });
  expect(again.map(({ wire }) => wire.length)).toEqual(TURNS.map(({ wire }) => wire.length));
  expect(latin(again[0]?.wire)).toContain(
    'Content-Type: text/plain\r\n\r\n         \r\n-------a002#\r\n',
  );
  const heard = feed(MSRP.create(flowContext(context)), again).heard.map(({ text }) => text);
  expect(heard).toEqual(['before', 'fine', 'after']);
});

test('neutral: a file of one chunk', () => {
  const context = { ...announced({}) };
  const turns = [
    client(
      send('a001', '0123456789', { type: 'a/b' }),
      send('a002', 'x', { type: 'a/b', messageId: 'm2', total: 9, flag: '+' }),
    ),
  ];
  const again = neutralised(
    MSRP,
    turns,
    ({ kind, file }) => kind === 'file.start' && file?.size === 10,
    { context },
  );
  expect(latin(again[0]?.wire)).toContain('\r\n          \r\n-------a001#\r\n');
});

const need = needs({ tools: ['tshark'] });
/** tshark reads one message a segment. */
const eachAlone = (turns: readonly Turn[]): Turn[] =>
  turns.flatMap(
    ({ direction, wire }) =>
      latin(wire)
        ?.split(/(?<=-------\w+[$+#]\r\n)/)
        .map((one) => ({ direction, wire: octets(one) })) ?? [],
  );

describe.skipIf(need.skip)(`tshark agrees${need.why}`, () => {
  const question = {
    filter: 'msrp',
    fields: [
      'msrp.transaction.id',
      'msrp.method',
      'msrp.status.code',
      'msrp.cnt.flg',
      'msrp.messageid',
      'msrp.data',
    ],
    decodeAs: ['tcp.port==2856,msrp'],
  };

  test('on the neutral stream', async () => {
    const again = neutralised(MSRP, TURNS, isBad, { context: { ...announced() } });
    // It finds the identifier in the start line and in the end-line.
    const rows = await tsharkFields(captureOf(eachAlone(again), { port: 2856 }), question);
    expect(rows.map(([ids]) => [...new Set(ids)].join())).toEqual([
      'a001',
      'a002',
      'a003',
      'a001',
      'b001',
      'b002',
      'a004',
      'a005',
    ]);
    expect(rows.flatMap(([, , , flag]) => flag).join('')).toBe('$#+$#$#$');
  });

  test('on the answer in the place of a refused chunk, and on what follows', async () => {
    const { back: answered = '' } = replacementOf([client(send('a001', 'bad'))], false, 'No.');
    const turns = [
      client(send('a001', 'bad')),
      server(answered),
      client(send('a002', 'after', { messageId: 'm2' })),
    ];
    const rows = await tsharkFields(captureOf(eachAlone(turns), { port: 2856 }), question);
    const all = rows.flatMap(([, method, status]) => [...(method ?? []), ...(status ?? [])]);
    expect(all).toEqual(['SEND', '403', 'SEND', 'SEND']);
  });
});
