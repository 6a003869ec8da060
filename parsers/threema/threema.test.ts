/** Threema by the sizes of its handshake. */
import { describe, expect, test } from 'vitest';
import {
  client,
  describeRows,
  Ear,
  feed,
  flowContext,
  joined,
  octets,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { describeProbe, hostile } from '../../test/support/probe-harness.ts';
import { Direction, Probe, Status } from '../contract.ts';
import { THREEMA } from './definition.ts';

/** As a cipher makes them: no text, no zeros. */
const sealed = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, i) => ((seed + i * 97 + (i >> 3)) & 255) | 0x80);
const message = (length: number, seed: number) =>
  joined(Uint8Array.of(length & 255, length >> 8), sealed(length, seed));

const HELLO = sealed(48, 1);
const ANSWER = sealed(80, 2);
const LOGIN = sealed(191, 3);
const ACK = sealed(32, 4);
const handshake: readonly Turn[] = [client(HELLO), server(ANSWER), client(LOGIN)];

describeProbe(THREEMA, [
  { name: 'a hello', wire: HELLO, at: 48 },
  { name: 'text', wire: octets('a line that has exactly as many octets as 48 are') },
  { name: 'small numbers', wire: joined(Uint8Array.of(1, 0, 0, 5), sealed(44, 1)) },
  { name: 'in the middle', midstream: true, wire: HELLO },
  {
    name: 'a greeting of a server',
    direction: Direction.ToClient,
    wire: octets('220 mail.example ESMTP'),
  },
]);

test('its answer stands when the login has come too, and is open while the server answers', () => {
  const probe = THREEMA.probe;
  expect(probe?.(Direction.ToServer, joined(HELLO, LOGIN), false)).toBe(Probe.Yes);
  expect(probe?.(Direction.ToServer, joined(HELLO, LOGIN.subarray(1)), false)).toBe(Probe.No);
  expect(probe?.(Direction.ToClient, ANSWER, false)).toBe(Probe.More);
  expect(probe?.(Direction.ToClient, joined(ANSWER, ACK.subarray(1)), false)).toBe(Probe.No);
});

const threema = {
  identify: { evidence: 'signature', signatures: ['threema'], reason: 'encrypted' },
};
const chat = { context: { serverPort: 5222 } };
const elsewhere = { context: { serverPort: 443 } };
describeRows(THREEMA, [
  { name: 'on the chat port, at the login', turns: handshake, want: [threema], ...chat },
  { name: 'elsewhere the login does not do', turns: handshake, want: [], ...elsewhere },
  {
    name: 'elsewhere, a message of the server',
    turns: [...handshake, server(ACK, message(20, 5))],
    want: [threema],
    ...elsewhere,
  },
  {
    name: 'elsewhere, a message of the client',
    turns: [...handshake, client(message(300, 5))],
    want: [threema],
    ...elsewhere,
  },
  {
    name: 'elsewhere, three messages at once',
    turns: [...handshake, server(ACK, message(20, 5), message(700, 6), message(44, 7))],
    want: [threema],
    ...elsewhere,
  },
]);

describe('what is not Threema', () => {
  const status = (turns: readonly Turn[], context = {}) => {
    const parser = THREEMA.create(flowContext(context));
    const ear = new Ear();
    let last: Status = Status.More;
    for (const { direction, wire } of turns) {
      if (last === Status.More) last = parser.push(direction, wire.slice(), ear);
    }
    expect(ear.heard).toEqual([]);
    return last;
  };

  test.each<[string, readonly Turn[]]>([
    ['the server speaks first', [server(ANSWER)]],
    ['the client does not wait', [client(HELLO), client(LOGIN)]],
    ['the server’s hello has another size', [client(HELLO), server(sealed(81, 2))]],
    ['the server does not wait', [client(HELLO), server(ANSWER), server(ACK)]],
    ['a message that is too short', [...handshake, server(ACK, message(19, 5))]],
    [
      'messages without end',
      [
        ...handshake,
        server(ACK, ...Array.from({ length: 17 }, () => message(20, 5)), sealed(1, 1)),
      ],
    ],
  ])('%s', (_, turns) => {
    expect(status(turns, { serverPort: 443 })).toBe(Status.Lost);
  });

  test('a gap', () => {
    const parser = THREEMA.create(flowContext());
    feed(parser, [client(HELLO)]);
    expect(parser.gap(Direction.ToServer, 1, new Ear())).toBe(Status.Lost);
  });
});

hostile(THREEMA, [HELLO, ANSWER, LOGIN, joined(ACK, message(20, 5))], 0);
