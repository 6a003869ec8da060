import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { octets } from '../../test/support/parser-harness.ts';
import { Direction, Probe } from '../contract.ts';
import { PROBE_LIMIT, probeMsnp } from './probe.ts';

const { ToServer, ToClient } = Direction;
const NAMES = ['No', 'More', 'Yes'];

/** The answer when all is there, and never another final answer on the way. */
function answer(direction: Direction, wire: string, midstream = false): string {
  const whole = octets(wire);
  for (let length = 0; length < whole.length; length++) {
    const early = probeMsnp(direction, whole.subarray(0, length), midstream);
    if (early !== Probe.More) return NAMES[early] ?? '';
  }
  return NAMES[probeMsnp(direction, whole, midstream)] ?? '';
}

const MESSAGE = 'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nhi';

describe('octets of MSNP from the beginning', () => {
  test.each([
    ['versions', ToServer, 'VER 1 MSNP15 MSNP14 CVR0\r\n'],
    ['the oldest', ToServer, 'VER 0 MSNP2 CVR0\r\n'],
    ['the called side', ToServer, 'ANS 1 bob@retro.test;{G} 1.2.3 4711\r\n'],
    ['the caller, with its call', ToServer, 'USR 1 a@b.c 1.2.3\r\nCAL 2 d@e.f\r\n'],
    ['in lower case', ToServer, 'ver 1 MSNP15 CVR0\r\n'],
    ['an address in escapes', ToServer, 'ANS 1 bob%40retro.test 1.2.3 4711\r\n'],
    ['a version', ToClient, 'VER 1 MSNP15\r\n'],
    ['the caller is let in', ToClient, 'USR 178 OK a@b.c Ann\r\n'],
    ['who is there', ToClient, 'IRO 89 1 1 a@b.c Ann\r\n'],
  ])('%s', (_, direction, wire) => expect(answer(direction, wire)).toBe('Yes'));
});

describe('octets of MSNP from the middle', () => {
  test.each([
    ['a message to the server', ToServer, `MSG 88 N 61\r\n${MESSAGE}`],
    [
      'the rest of a payload before it',
      ToServer,
      `n\r\nb: c\r\n\r\ntext\nMSG 88 N 61\r\n${MESSAGE}`,
    ],
    ['a conversation is asked for', ToServer, 'PNG\r\nXFR 19 SB\r\n'],
    ['a message to the client', ToClient, `MSG a@b.c Ann 61\r\n${MESSAGE}`],
    ['presence', ToClient, 'NLN NLN a@b.c Joe%20R. 805306404 0\r\n'],
    ['a ping is answered', ToClient, 'QNG 45\r\n'],
    ['an invitation', ToClient, 'RNG 17069658 207.46.108.83:1863 CKI 1.2 a@b.c Ann\r\n'],
    ['somebody leaves', ToClient, 'BYE a@b.c\r\n'],
  ])('%s', (_, direction, wire) => {
    expect(answer(direction, wire, true)).toBe('Yes');
    // Seen from the wrong side it is never MSNP.
    expect(answer(direction === ToServer ? ToClient : ToServer, wire, true)).not.toBe('Yes');
  });
});

describe('not enough yet', () => {
  test.each([
    ['nothing', ToServer, '', false],
    ['half a word', ToServer, 'VE', false],
    ['a caller alone', ToServer, 'USR 1 a@b.c 1.2.3\r\n', false],
    ['a ping alone', ToServer, 'PNG\r\n', true],
    ['a state, which both sides say', ToServer, 'CHG 5 NLN 0\r\n', true],
  ])('%s', (_, direction, wire, midstream) => {
    expect(answer(direction as Direction, wire as string, midstream as boolean)).toBe('More');
  });
});

describe('not MSNP', () => {
  test.each([
    ['MSNFTP', ToServer, 'VER MSNFTP\r\n'],
    ['MSNFTP, answered', ToClient, 'VER MSNFTP\r\n'],
    ['MSNFTP, the receiver', ToServer, 'USR bob@retro.test 40991\r\n'],
    ['FTP', ToServer, 'USER anonymous\r\nPASS x\r\n'],
    ['FTP, from the server', ToClient, '220 ready\r\n331 password please\r\n'],
    ['SMTP', ToClient, '250 OK id=1\r\n'],
    ['IRC', ToServer, 'NICK a\r\nUSER a 0 * :A\r\n'],
    ['HTTP', ToServer, 'GET / HTTP/1.1\r\n'],
    ['HTTP about MSNP', ToServer, 'POST /x HTTP/1.1\r\n\r\nVER 1 MSNP15 CVR0\r\n'],
    ['a log with MSNP in it', ToServer, 'VERSION 1 MSNP15\r\n'],
    ['POP3', ToServer, 'USER a@b.c\r\n'],
    ['direct connection of P2P', ToServer, '\x04\x00\x00\x00foo\x00'],
    ['TLS', ToServer, '\x16\x03\x01\x02\x00\x01'],
    ['words', ToServer, 'ANS and more\r\n'],
    ['a stranger’s USR', ToServer, 'USR 1 notanaddress x\r\nFOO 2 a\r\n'],
  ])('%s', (_, direction, wire) => {
    expect(answer(direction, wire)).toBe('No');
    if (wire.length > 12) expect(answer(direction, wire, true)).not.toBe('Yes');
  });

  test('binary in the middle is given up at once', () => {
    expect(probeMsnp(ToServer, octets('\x00\x01'), true)).toBe(Probe.No);
    expect(probeMsnp(ToClient, octets('abc\x00def\r\n'), true)).toBe(Probe.No);
  });

  test('text without a command is given up within the limit', () => {
    const text = octets('some words of a text protocol\r\n'.repeat(100));
    expect(probeMsnp(ToServer, text.subarray(0, PROBE_LIMIT), true)).toBe(Probe.No);
  });
});

test('any octets have an answer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (wire, midstream) => {
      for (const direction of [ToServer, ToClient]) {
        expect([0, 1, 2]).toContain(probeMsnp(direction, wire, midstream));
      }
    }),
  );
});
