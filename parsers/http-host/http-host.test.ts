import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  client,
  describeRows,
  Ear,
  feed,
  flowContext,
  hex,
  octets,
  type Row,
  server,
} from '../../test/support/parser-harness.ts';
import { Direction, Probe, Status } from '../contract.ts';
import { HTTP_HOST } from './definition.ts';
import { HttpHostParser } from './parser.ts';
import { PROBE_LIMIT, probeHttp } from './probe.ts';

const facts = (hosts: readonly string[], more: object = {}) => ({
  identify: {
    evidence: 'host',
    hosts,
    protocolVersion: '1.1',
    reason: 'HTTP is not read',
    ...more,
  },
});
const unit = (start: number, end: number) => ({
  unit: { direction: 0, start, end, textStart: -1, textEnd: -1, head: 0, form: -1 },
});
const TELEGRAM_BODY = "0000000000000000 0102030405060708 14000000 f18e7ebe '0123456789abcdef'";
const SECOND = 'POST http://b.example:8080/p HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc';
const FIRST = 'GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n';

const ROWS: readonly Row[] = [
  {
    name: 'a request in origin form',
    turns: [client('GET /x HTTP/1.1\r\nUser-Agent: y\r\nHOST: Im.Example.:80\r\n\r\n')],
    want: [facts(['im.example'])],
  },
  {
    name: 'nothing more than the first request is read',
    turns: [
      client(
        'GET /x HTTP/1.1\r\nHost: im.example\r\n\r\nGET /x HTTP/1.1\r\nHost: other.example\r\n\r\n',
      ),
    ],
    want: [facts(['im.example'])],
  },
  {
    name: 'HTTP/1.0 without a name, and a Host that is an address: names looked up and ranges are asked',
    turns: [client('GET / HTTP/1.0\nHost: 192.0.2.1\n\n')],
    want: [facts([], { protocolVersion: '1.0' })],
  },
  {
    name: "to a proxy, each request may go elsewhere; a proxy's address says nothing",
    turns: [
      client(FIRST),
      server('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
      client(SECOND),
      client('GET http://192.0.2.1/p HTTP/1.1\r\n\r\n'),
    ],
    want: [
      facts(['a.example'], unit(0, FIRST.length)),
      facts(['b.example'], unit(FIRST.length, FIRST.length + SECOND.length)),
    ],
  },
  {
    name: 'a target and a Host field that differ: the target goes before, both are said',
    turns: [client('GET http://cover.example/ HTTP/1.1\r\nHost: im.example\r\n\r\n')],
    want: [facts(['cover.example', 'im.example'], unit(0, 56)), { anomaly: 'http-host-mismatch' }],
  },
  {
    name: 'Host fields that differ',
    turns: [client('GET / HTTP/1.1\r\nHost: cover.example\r\nHost: im.example\r\n\r\n')],
    want: [facts(['cover.example', 'im.example']), { anomaly: 'http-host-mismatch' }],
  },
  {
    name: 'a tunnel behind a request to a proxy',
    turns: [client(`${FIRST}CONNECT im.example:443 HTTP/1.1\r\n\r\n`)],
    want: [facts(['a.example'], unit(0, FIRST.length)), { anomaly: 'http-late-connect' }],
  },
  {
    name: "WeChat's short link",
    turns: [
      client('POST /mmtls/00a1B2c3 HTTP/1.1\r\nHost: 192.0.2.1\r\nContent-Length: 9\r\n\r\n'),
    ],
    want: [facts([], { signatures: ['wechat-mmtls-http'] })],
  },
  {
    name: 'a path that only begins like it',
    turns: [client('POST /mmtls/00a1B2c3d HTTP/1.1\r\nHost: a.example\r\n\r\n')],
    want: [facts(['a.example'])],
  },
  {
    name: "Telegram's first message over HTTP",
    turns: [
      client(
        'POST /api HTTP/1.1\r\nHost: 192.0.2.1:80\r\nContent-Length: 40\r\n\r\n',
        hex(TELEGRAM_BODY),
      ),
    ],
    want: [facts([], { signatures: ['telegram-http'] })],
  },
  {
    name: "an API that is not Telegram's",
    turns: [
      client(
        'POST /api HTTP/1.1\r\nHost: api.example\r\nContent-Length: 40\r\n\r\n',
        '{"a":"bcdefghijklmnopqrstuvwxyz0123456"}',
      ),
    ],
    want: [facts(['api.example'])],
  },
  {
    name: 'no head at all',
    turns: [client('GET / HTTP/1.1 and so on\r\n\r\n')],
    want: [],
  },
];

describe('HTTP hosts', () => describeRows(HTTP_HOST, ROWS));

test('the probe wants the first request line, and nothing else', () => {
  const line = 'GET /path?q=1 HTTP/1.1\r\n';
  for (let n = 0; n < line.indexOf('1.1'); n++) {
    expect(probeHttp(0, octets(line.slice(0, n)), false), line.slice(0, n)).toBe(Probe.More);
  }
  expect(probeHttp(0, octets(line), false)).toBe(Probe.Yes);
  expect(probeHttp(0, octets(line), true)).toBe(Probe.Yes);
});

test.each([
  ['CONNECT a:1 HTTP/1.1\r\n', 0],
  ['OPTIONS sip:a SIP/2.0\r\n', 0],
  ['GET key\r\n', 0],
  ['GET /a\r\n', 0],
  ['GET /a FTP/1.0', 0],
  ['GETX / HTTP/1.1', 0],
  ['get / HTTP/1.1', 0],
  ['PRI * HTTP/2.0', 0],
  ['USER a', 0],
  ['220 ready', 1],
  [`GET /${'a'.repeat(PROBE_LIMIT)}`, 0],
] as const)('%.20s is not it', (wire, direction) => {
  expect(probeHttp(direction, octets(wire), false)).toBe(Probe.No);
});

test('an answer that is seen first says nothing', () => {
  expect(probeHttp(1, octets('HTTP/1.1 200 OK\r\n'), false)).toBe(Probe.More);
  expect(probeHttp(1, octets('HTTP/1.1 200 OK\r\n'), true)).toBe(Probe.No);
});

test('nothing is held back: half a head is nothing that a server could answer', () => {
  const parser = new HttpHostParser();
  parser.push(Direction.ToServer, octets('GET / HTTP/1.1\r\nHost: a.exa'), new Ear());
  expect(parser.holdFrom()).toBe(-1);
});

test('a head without an end is given up, by name', () => {
  const parser = new HttpHostParser();
  const ear = new Ear();
  let status: Status = Status.More;
  parser.push(Direction.ToServer, octets('GET / HTTP/1.1\r\n'), ear);
  for (let n = 0; n < 40 && status === Status.More; n++) {
    status = parser.push(Direction.ToServer, octets(`X: ${'a'.repeat(1000)}\r\n`), ear);
    expect(parser.held()).toBeLessThan(40_000);
  }
  expect(status).toBe(Status.Done);
  expect(ear.heard).toEqual([{ anomaly: 'http-head-too-long' }]);
});

test('octets that were lost in a head end the reading', () => {
  const parser = new HttpHostParser();
  const ear = new Ear();
  parser.push(Direction.ToServer, octets('GET / HTTP/1.1\r\nHo'), ear);
  expect(parser.gap(Direction.ToServer, 10, ear)).toBe(Status.Done);
});

test('any octets throw nothing and are held in bounds', () => {
  const start = fc.constantFrom(
    FIRST,
    'POST /api HTTP/1.1\r\nContent-Length: 30\r\n\r\n\0\0\0',
    'POST http://x/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n',
    'GET http://\xff@[::1]:80/ HTTP/1.1\r\nHost: :\r\n\r\n',
  );
  const wire = fc.oneof(fc.uint8Array({ maxLength: 300 }), start.map(octets));
  const turns = fc.array(fc.record({ direction: fc.constantFrom<Direction>(0, 1), wire }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(turns, (said) => {
      const parser = HTTP_HOST.create(flowContext());
      feed(parser, said);
      expect(parser.held()).toBeLessThan(40_000);
    }),
  );
});
