import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { client, octets, server, type Turn } from '../../test/support/parser-harness.ts';
import type { Direction } from '../contract.ts';
import { HEAD_LIMIT, HttpFlow, type HttpListener, QUEUE_LIMIT } from './http.ts';
import type { HttpHead } from './http-head.ts';

/** Writes down what it hears; the pieces of one body are put together. */
class Scribe implements HttpListener<string> {
  readonly log: string[] = [];
  #bodies = ['', ''];
  request(head: HttpHead): string {
    this.log.push(`> ${head.method} ${head.target} ${head.version} ${head.from}-${head.to}`);
    return head.target;
  }
  response(head: HttpHead, request: string | undefined): void {
    this.log.push(`< ${head.status} for ${request} ${head.fields.value('server') ?? ''}`.trim());
  }
  body(direction: Direction, octets: Uint8Array): void {
    this.#bodies[direction] += String.fromCharCode(...octets);
  }
  complete(direction: Direction, to: number, whole: boolean): void {
    const body = this.#bodies[direction];
    this.#bodies[direction] = '';
    this.log.push(`${direction === 0 ? '>' : '<'} “${body}” to ${to}${whole ? '' : ' torn'}`);
  }
  lost(_direction: Direction, octets: number): void {
    this.log.push(`lost ${octets}`);
  }
  anomaly(name: string): void {
    this.log.push(name);
  }
}

function run(turns: readonly Turn[], size = 1e9, end = true): string[] {
  const scribe = new Scribe();
  const flow = new HttpFlow(scribe);
  for (const { direction, wire } of turns) {
    for (let at = 0; at < wire.length; at += size) {
      const lent = wire.slice(at, at + size);
      flow.push(direction, lent);
      lent.fill(0xee);
    }
  }
  if (end) for (const direction of [0, 1] as const) flow.end(direction);
  return scribe.log;
}

const ROWS: readonly (readonly [string, readonly Turn[], readonly string[]])[] = [
  [
    'a request with a body and its answer until the end',
    [
      client('POST /a?b=c HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc'),
      server('HTTP/1.0 200 OK\r\nServer: s\r\n\r\nfirst', ' last'),
    ],
    ['> POST /a?b=c HTTP/1.1 0-52', '> “abc” to 55', '< 200 for /a?b=c s', '< “first last” to 40'],
  ],
  [
    'a pipeline with HEAD, 304 and 100-continue; lines in LF',
    [
      client('\r\nHEAD /1 HTTP/1.1\n\nGET /2 HTTP/1.1\n\n', 'GET /3 HTTP/1.1\r\n\r\n'),
      server('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nHTTP/1.1 304 x\r\n\r\n'),
      server('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'),
    ],
    [
      '> HEAD /1 HTTP/1.1 0-20',
      '> “” to 20',
      '> GET /2 HTTP/1.1 20-37',
      '> “” to 37',
      '> GET /3 HTTP/1.1 37-56',
      '> “” to 56',
      '< 200 for /1',
      '< “” to 39',
      '< 304 for /2',
      '< “” to 57',
      '< 100 for /3',
      '< “” to 82',
      '< 200 for /3',
      '< “hi” to 122',
    ],
  ],
  [
    'chunks with extensions and a trailer',
    [
      server('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n'),
      server('0a\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\nHTTP/1.1 204 No\r\n\r\n'),
    ],
    ['< 200 for undefined', '< “abc0123456789” to 92', '< 204 for undefined', '< “” to 111'],
  ],
  [
    'a body cut short is torn',
    [client('POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc')],
    ['> POST / HTTP/1.1 0-38', '> “abc” to 41 torn'],
  ],
  [
    'lengths that contradict each other, and chunks that are none',
    [
      client('POST /x HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc'),
      server('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc'),
    ],
    [
      'http-ambiguous-length',
      '> POST /x HTTP/1.1 0-58',
      '> “abc” to 61',
      '< 200 for /x',
      'http-bad-chunk',
      '< “” to 51 torn',
    ],
  ],
];

describe.each(ROWS)('%s', (_name, turns, want) => {
  test('whole', () => expect(run(turns)).toEqual(want));
  test.each([1, 2, 3, 7])('in pieces of %i', (size) => expect(run(turns, size)).toEqual(want));
});

test('octets lost inside a body make a hole, elsewhere the direction is given up', () => {
  const scribe = new Scribe();
  const flow = new HttpFlow(scribe);
  flow.push(0, octets('POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc'));
  flow.gap(0, 4);
  flow.push(0, octets('hiGET'));
  expect(flow.pending(0)).toBe(47);
  flow.gap(0, 4);
  expect(flow.readable(0)).toBe(false);
  expect(flow.readable(1)).toBe(true);
  expect(scribe.log).toEqual(['> POST / HTTP/1.1 0-38', 'lost 4', '> “abchi” to 47 torn']);
});

test('heads and queues are bounded', () => {
  const scribe = new Scribe();
  const flow = new HttpFlow(scribe);
  flow.push(1, octets(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(HEAD_LIMIT)}`));
  expect(flow.readable(1)).toBe(false);
  for (let i = 0; i <= QUEUE_LIMIT; i++) flow.push(0, octets('GET / HTTP/1.1\r\n\r\n'));
  expect(scribe.log.filter((line) => line.startsWith('http-'))).toEqual([
    'http-head-too-long',
    'http-queue-full',
  ]);
  expect(flow.held).toBeLessThan(QUEUE_LIMIT * 64 + 4 * HEAD_LIMIT);
});

test('any octets, cut anywhere, say the same and throw nothing', () => {
  const word = fc.constantFrom(
    'GET / HTTP/1.1\r\n',
    'HTTP/1.1 200 OK\r\n',
    'Content-Length: 4\r\n',
    'Transfer-Encoding: chunked\r\n',
    '\r\n',
    '2\r\n',
    'ab',
    '0\r\n',
  );
  const wire = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.array(word, { maxLength: 8 }).map((words) => octets(words.join(''))),
  );
  const turns = fc.array(fc.record({ direction: fc.constantFrom(0 as const, 1 as const), wire }));
  fc.assert(
    fc.property(turns, fc.integer({ min: 1, max: 9 }), (said, size) => {
      expect(run(said, size)).toEqual(run(said));
    }),
  );
});
