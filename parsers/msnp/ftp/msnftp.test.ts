/** The data connection of MSNFTP: lines, blocks, and the offer it belongs to. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  client,
  describeRows,
  Ear,
  feed,
  flowContext,
  type Heard,
  joined,
  octets,
  type Row,
  server,
  sha256,
} from '../../../test/support/parser-harness.ts';
import { Direction, type ExpectedConnection, Probe, Status } from '../../contract.ts';
import { cookieKey } from './data-expected.ts';
import { MSNFTP } from './definition.ts';
import { MsnftpParser } from './parser.ts';
import { probeMsnftp } from './probe.ts';

const { ToServer, ToClient } = Direction;
const ANN = 'ann@example.com';
const BOB = 'bob@example.com';
const OFFER: ExpectedConnection['offer'] = {
  service: 'msn',
  account: ANN,
  sender: ANN,
  recipient: BOB,
  senderListens: true,
  room: undefined,
  name: 'plan.pdf',
  size: 10,
  offset: 0,
  mime: undefined,
  token: '51077',
  method: 'msnftp',
  origin: 'client',
};
const announced = { memory: new Map<string, unknown>([[cookieKey('40991'), OFFER]]) };
const VER = 'VER MSNFTP\r\n';
const USR = `USR ${BOB} 40991\r\n`;
const ENDPOINT = '10.0.0.2:5000';
const parties = { origin: 'client', account: ANN, from: ANN, to: [BOB], route: 'direct' };
const FILE = { method: 'msnftp', endpoint: ENDPOINT, name: 'plan.pdf', size: 10, token: '51077' };
const SHA = sha256(octets('0123456789'));
const said = (kind: string, file: Heard = {}, more: Heard = {}) => ({
  kind,
  ...parties,
  file: { ...FILE, ...file },
  ...more,
});
const block = (text: string) =>
  `\0${String.fromCharCode(text.length & 255, text.length >> 8)}${text}`;
const END = '\x01\0\0';
const BYE = 'BYE 16777989\r\n';

const ROWS: readonly Row[] = [
  {
    name: 'the receiver connects, gets the file and says so',
    turns: [
      client(VER),
      server(VER),
      client(USR),
      server('FIL 10\r\n'),
      client('TFR\r\n'),
      server(block('01234'), block('56789'), END),
      client(BYE),
    ],
    context: announced,
    want: [said('file.start'), said('file.complete', { sha256: SHA })],
  },
  {
    name: 'the sender connects',
    turns: [
      client(VER),
      server(VER, USR),
      client('FIL 10\r\n'),
      server('TFR\r\n'),
      client(block('0123456789'), END),
    ],
    context: announced,
    want: [said('file.start'), said('file.complete', { sha256: SHA })],
  },
  {
    name: 'the sender gives up: early end, or CCL between blocks',
    turns: [client(VER, USR), server(VER, 'FIL 10\r\n', block('01'), 'CCL\r\n')],
    context: announced,
    want: [said('file.start'), said('file.cancel', { size: 2 }, { reason: 'CCL' })],
  },
  {
    name: 'an early end',
    turns: [client(VER, USR), server(VER, 'FIL 10\r\n', block('01'), END)],
    context: announced,
    want: [said('file.start'), said('file.cancel', { size: 2 }, { reason: 'incomplete' })],
  },
  {
    name: 'the receiver gives up',
    turns: [
      client(VER, USR),
      server(VER, 'FIL 10\r\n'),
      client('TFR\r\n'),
      server(block('01')),
      client('CCL\r\n'),
      server(block('23')),
    ],
    context: announced,
    want: [
      said('file.start'),
      said('file.cancel', { size: 2 }, { reason: 'CCL' }),
      { anomaly: 'msnftp-beyond-size' },
    ],
  },
  {
    name: 'the receiver could not take it',
    turns: [client(VER, USR), server(VER, 'FIL 10\r\n'), client('TFR\r\n', 'BYE 2147942405\r\n')],
    context: announced,
    want: [said('file.cancel', { size: 0 }, { reason: 'BYE 2147942405' })],
  },
  {
    name: 'an empty file',
    turns: [
      client(VER, USR),
      server(VER, 'FIL 0\r\n'),
      client('TFR\r\n'),
      server(END),
      client(BYE),
    ],
    context: announced,
    want: [
      { anomaly: 'msnftp-size-mismatch' },
      said('file.start', { size: 0 }, { anomalies: ['msnftp-size-mismatch'] }),
      said('file.complete', { size: 0, sha256: sha256(octets('')) }),
    ],
  },
  {
    name: 'more than was announced is left out',
    turns: [client(VER, USR), server(VER, 'FIL 10\r\n', block('0123456789xyz'), block('more'))],
    context: announced,
    want: [
      said('file.start'),
      said('file.complete', { sha256: SHA }),
      { anomaly: 'msnftp-beyond-size' },
    ],
  },
  {
    name: 'the offer is found by the address where somebody waits; somebody else comes',
    turns: [
      client(VER, 'USR eve@example.com 1\r\n'),
      server(VER, 'FIL 10\r\n', block('0123456789')),
    ],
    context: { expected: { protocol: 'msnftp', service: 'msn', offer: OFFER } },
    want: [
      { anomaly: 'msnftp-other-receiver' },
      said('file.start', {}, { anomalies: ['msnftp-other-receiver'] }),
      said('file.complete', { sha256: SHA }),
    ],
  },
  {
    name: 'nobody announced it',
    turns: [client(VER, 'USR Bob@Example.com 1\r\n'), server(VER, 'FIL 2\r\n', block('hi'), END)],
    want: [
      {
        kind: 'file.start',
        origin: 'server',
        to: [BOB],
        route: 'direct',
        file: { method: 'msnftp', endpoint: ENDPOINT, size: 2 },
      },
      {
        kind: 'file.complete',
        origin: 'server',
        to: [BOB],
        route: 'direct',
        file: { method: 'msnftp', endpoint: ENDPOINT, size: 2, sha256: sha256(octets('hi')) },
      },
    ],
  },
  {
    name: 'lines that end in LF; commands nobody knows; lines that are none, or too long',
    turns: [
      client('VER MSNFTP\n', 'NEW things\n', '???\n', 'x'.repeat(2000), '\n'),
      server('VER MSNFTP\nFIL ten\r\n', END, 'FIL 1\r\n'),
      client(USR),
    ],
    want: [
      { kind: 'app.unknown', origin: 'server', route: 'direct', reason: 'NEW' },
      { anomaly: 'msnftp-bad-line' },
      { anomaly: 'msnftp-bad-line' },
      { anomaly: 'msnftp-bad-size' },
      {
        kind: 'file.start',
        origin: 'server',
        route: 'direct',
        file: { method: 'msnftp', endpoint: ENDPOINT },
        anomalies: ['msnftp-bad-line', 'msnftp-bad-size'],
      },
      {
        kind: 'file.complete',
        origin: 'server',
        route: 'direct',
        file: { method: 'msnftp', endpoint: ENDPOINT, size: 0, sha256: sha256(octets('')) },
      },
      { anomaly: 'msnftp-bad-line' },
    ],
  },
];

describeRows(MSNFTP, ROWS, { step: 3 });

test.each<[string, string, Probe]>([
  ['nothing yet', '', Probe.More],
  ['half of it', 'VER MSN', Probe.More],
  ['without its line end', 'VER MSNFTP', Probe.More],
  ['all of it', 'VER MSNFTP\r\n', Probe.Yes],
  ['a session of MSN', 'VER 1 MSNP15 CVR0\r\n', Probe.No],
  ['another word', 'VER MSNFTPX', Probe.No],
  ['the next command', 'USR ann@x 1\r\n', Probe.No],
])('the probe: %s', (_, wire, want) => {
  for (const direction of [ToServer, ToClient] as const) {
    expect(probeMsnftp(direction, octets(wire), false)).toBe(want);
  }
});

test('a connection that does not begin like one is not read', () => {
  const parser = new MsnftpParser(flowContext());
  expect(parser.push(ToServer, octets('GET / HTTP/1.1\r\n'), new Ear())).toBe(Status.Lost);
});

describe('lost octets', () => {
  const head = `${VER}FIL 10\r\n`;
  const stream = octets(`${head}${block('01234')}${block('56789')}${END}`);

  function without(from: number, to: number) {
    const parser = MSNFTP.create(flowContext(announced));
    const ear = new Ear();
    parser.push(ToClient, octets(VER + USR), ear);
    parser.push(ToServer, stream.slice(0, from), ear);
    parser.gap(ToServer, to - from, ear);
    parser.push(ToServer, stream.slice(to), ear);
    parser.end(ToServer, ear);
    parser.end(ToClient, ear);
    return ear;
  }
  const one = head.length + 3;

  test('within a block: counted, not hashed', () => {
    const ear = without(one + 1, one + 4);
    expect(ear.heard).toEqual([said('file.start'), said('file.complete', {}, { reason: 'gap' })]);
  });

  test('over the beginning of a block: where the next begins is not known', () => {
    const ear = without(one + 4, one + 7);
    expect(ear.heard).toEqual([
      said('file.start'),
      said('file.cancel', { size: 5 }, { reason: 'gap' }),
    ]);
  });

  test('at every place and of every length: never a wrong hash', () => {
    for (let from = 0; from < stream.length; from++) {
      for (let to = from + 1; to <= stream.length; to++) {
        for (const { file } of without(from, to).events) {
          expect([undefined, SHA]).toContain(file?.sha256);
        }
      }
    }
  });
});

test('the connection ends early', () => {
  const ear = new Ear();
  const parser = MSNFTP.create(flowContext(announced));
  feed(parser, [client(VER, USR), server(VER, 'FIL 10\r\n', block('01'))], undefined, ear);
  parser.end(ToServer, ear);
  expect(ear.heard).toEqual([said('file.start')]);
  parser.end(ToClient, ear);
  expect(ear.heard.at(-1)).toEqual(said('file.cancel', { size: 2 }, { reason: 'incomplete' }));
  // One of several tried: nothing was ever said on it.
  const idle = new Ear();
  const other = MSNFTP.create(flowContext(announced));
  feed(other, [client(VER), server(VER)], undefined, idle);
  other.end(ToServer, idle);
  other.end(ToClient, idle);
  expect(idle.heard).toEqual([]);
});

test('anything at all: bounded, and the same however it is cut', () => {
  const words = fc.constantFrom(
    VER,
    USR,
    'FIL 10\r\n',
    'TFR\r\n',
    BYE,
    'CCL\r\n',
    END,
    block('0123'),
    '\0',
    'x',
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.boolean(), fc.array(words, { maxLength: 6 })), { maxLength: 8 }),
      fc.array(fc.nat(80), { maxLength: 5 }),
      (said, cuts) => {
        const turns = said.map(([up, parts]) => (up ? client : server)(...parts));
        const heard = (at: readonly number[]) => {
          const parser = new MsnftpParser(flowContext(announced));
          const ear = feed(parser, turns, (length) => at.filter((n) => n < length));
          expect(parser.held()).toBeLessThan(8192);
          parser.end(ToServer, ear);
          parser.end(ToClient, ear);
          expect(ear.heard.filter((h) => h.kind === 'file.complete').length).toBeLessThan(2);
          return ear.heard;
        };
        expect(heard(cuts)).toEqual(heard([]));
      },
    ),
    { numRuns: 200 },
  );
});

test('octets are lent: what is written on follows the stream, not the buffer', () => {
  const parser = new MsnftpParser(flowContext(announced));
  const whole = joined(octets(`${VER}FIL 10\r\n`), octets(block('0123456789')));
  const ear = new Ear();
  for (const octet of whole) {
    const lent = Uint8Array.of(octet);
    parser.push(ToServer, lent, ear);
    lent.fill(0xee);
  }
  expect(ear.events.at(-1)?.file?.sha256).toBe(SHA);
});
