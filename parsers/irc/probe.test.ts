import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Direction, Probe } from '../contract.ts';
import { octets } from './irc.fixture.ts';
import { PROBE_LIMIT, probeIrc } from './probe.ts';

const { ToServer, ToClient } = Direction;
const NAMES = ['No', 'More', 'Yes'];

/** The answer when all is there, and never another final answer on the way. */
function answer(direction: Direction, wire: string, midstream = false): string {
  const whole = octets(wire);
  for (let length = 0; length < whole.length; length++) {
    const early = probeIrc(direction, whole.subarray(0, length), midstream);
    if (early !== Probe.More) return NAMES[early] ?? '';
  }
  return NAMES[probeIrc(direction, whole, midstream)] ?? '';
}

describe('client octets that are IRC', () => {
  test.each([
    ['NICK and USER', 'NICK ann\r\nUSER ann 0 * :Ann\r\n'],
    ['USER with one parameter, then NICK, lone LF', 'USER foo\nNICK foo\n'],
    ['PASS and NICK', 'PASS oauth:abc\r\nNICK ann\r\n'],
    ['CAP LS', 'CAP LS 302\r\n'],
    ['CAP REQ, lower case', 'cap req :twitch.tv/tags\r\n'],
    ['behind a proxy', 'PROXY TCP4 192.0.2.1 192.0.2.2 1 6667\r\nCAP LS 302\r\n'],
    ['a web gateway', 'WEBIRC secret gate host 192.0.2.1\r\nNICK ann\r\n'],
    ['a message at once', 'PRIVMSG bob :\x01DCC SEND hello.txt 167772161 5555 12\x01\r\n'],
    ['many empty lines first', `${'\r\n\n'.repeat(1000)}NICK ann\r\n\nUSER a b c :d\r\n`],
    ['an empty line first', '\r\nNICK ann\r\nUSER a b c :d\r\n'],
    ['with a forged source', ':x NICK ann\r\n:x USER a b c :d\r\n'],
  ])('%s', (_name, wire) => expect(answer(ToServer, wire)).toBe('Yes'));
});

describe('server octets that are IRC', () => {
  test.each([
    ['welcome', ':irc.example 001 ann :Welcome\r\n'],
    ['tagged numeric', '@time=x :irc.example 433 * ann :in use\r\n'],
    ['notice on connecting', ':irc.example NOTICE * :*** Looking up\r\n'],
    ['notice without a source', 'NOTICE AUTH :*** Looking up\r\n'],
    ['capabilities', ':tmi.twitch.tv CAP * ACK :twitch.tv/tags\r\n'],
    ['turned away', 'ERROR :Closing Link: 10.0.0.1 (Throttled)\r\n'],
    ['STARTTLS granted', ':irc.example 670 * :STARTTLS successful\r\n'],
    ['after a PING', 'PING :cookie\r\n:irc.example 001 ann :Welcome\r\n'],
  ])('%s', (_name, wire) => expect(answer(ToClient, wire)).toBe('Yes'));
});

describe('picked up in the middle', () => {
  test.each([
    ['server, whole line', ToClient, ':bob!b@h PRIVMSG #x :hi\r\n', 'Yes'],
    [
      'server, torn line first',
      ToClient,
      'xt of a message\r\n:bob!b@h JOIN #x\r\n:s 353 ann = #x :bob\r\n',
      'Yes',
    ],
    ['client', ToServer, 'PRIVMSG #x :hi\r\n', 'Yes'],
    ['client that only polls', ToServer, 'ISON a b\nWHO #x\nISON a b\nWHO #x\n', 'Yes'],
    [
      'a server seen as client',
      ToServer,
      ':bob!b@h PRIVMSG #x :hi\r\n:bob!b@h PRIVMSG #x :a\r\n',
      'No',
    ],
    ['a client seen as server', ToClient, 'PRIVMSG #x :hi\r\nPRIVMSG #x :ho\r\n', 'No'],
    [
      'a log in an HTTP answer',
      ToClient,
      'x\r\n[12:00] :bob!b@h PRIVMSG #x :hi\r\nGET / HTTP/1.1\r\n',
      'No',
    ],
  ] as const)('%s', (_name, direction, wire, want) => {
    expect(answer(direction, wire, true)).toBe(want);
  });
});

describe('what is not IRC', () => {
  test.each([
    ['FTP client', ToServer, 'USER anonymous\r\nPASS me@\r\nSYST\r\n'],
    ['FTP server', ToClient, '220 ready\r\n'],
    ['POP3 client', ToServer, 'USER a\r\nPASS b\r\nLIST 1\r\nLIST 2\r\n'],
    ['POP3 capabilities', ToServer, 'CAPA\r\n'],
    ['POP3 server', ToClient, '+OK POP3\r\n'],
    ['NATS server', ToClient, 'INFO {"server_id":"x"}\r\n'],
    ['NATS client', ToServer, 'CONNECT {"verbose":false}\r\nPING\r\n'],
    ['NATS heartbeat', ToClient, 'PING\r\nPING\r\n'],
    ['Redis inline', ToServer, 'PING\r\n'],
    ['Redis', ToServer, '*1\r\n$4\r\nPING\r\n'],
    ['STOMP', ToServer, 'CONNECT\naccept-version:1.2\n\n\0'],
    ['SMTP client', ToServer, 'EHLO x\r\nSTARTTLS\r\n'],
    ['HTTP request', ToServer, 'GET /?q=PRIVMSG HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['HTTP proxy', ToServer, 'CONNECT irc.example:6667 HTTP/1.1\r\n'],
    ['HTTP answer', ToClient, 'HTTP/1.1 200 OK\r\n\r\n:bob!b@h PRIVMSG #x :hi\r\n'],
    ['MSNP', ToServer, 'VER 1 MSNP18 CVR0\r\n'],
    ['gnutella', ToServer, 'GNUTELLA CONNECT/0.6\r\n'],
    ['TLS', ToServer, '\x16\x03\x01\x02\x00'],
    ['SQL', ToServer, "Q\0\0\0\x20INSERT 'PRIVMSG #x :hi'\n"],
    ['a word too long', ToServer, 'A'.repeat(17)],
  ] as const)('%s', (_name, direction, wire) => {
    expect(answer(direction, wire)).toBe('No');
    expect(answer(direction, wire, true)).not.toBe('Yes');
  });
});

test('undecided ends at the limit', () => {
  const wire = octets(`USER a\r\n${'PING x\r\n'.repeat(600)}`);
  expect(probeIrc(ToServer, wire.subarray(0, PROBE_LIMIT - 1), false)).toBe(Probe.More);
  expect(probeIrc(ToServer, wire.subarray(0, PROBE_LIMIT), false)).toBe(Probe.No);
});

test('random octets are never IRC and throw nothing', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.constantFrom(ToServer, ToClient),
      fc.boolean(),
      (wire, direction, midstream) => {
        expect(probeIrc(direction, wire, midstream)).not.toBe(Probe.Yes);
      },
    ),
  );
});
