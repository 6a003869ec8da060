import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { octets } from '../../test/support/parser-harness.ts';
import { Direction, Probe } from '../contract.ts';
import { PROBE_LIMIT, probeSip, probeSipDatagram } from './probe.ts';
import { answer, message, register, registered } from './sip.fixture.ts';

const { ToServer, ToClient } = Direction;
const NAMES = ['No', 'More', 'Yes'];

/** The answer when all is there, and never another final answer on the way. */
function overTcp(wire: string, midstream = false): string {
  const whole = octets(wire);
  for (let length = 0; length < whole.length; length++) {
    const early = probeSip(ToServer, whole.subarray(0, length), midstream);
    if (early !== Probe.More) return NAMES[early] ?? '';
  }
  return NAMES[probeSip(ToServer, whole, midstream)] ?? '';
}

describe('over TCP', () => {
  test.each([
    ['a request', message('text/plain', 'x')],
    ['an answer', answer('200 OK', 'MESSAGE')],
    ['after keep-alives', `\r\n\r\n\r\n${register()}`],
    ['of a method that is not known', 'SERVICE sip:a@b SIP/2.0\r\n'],
    ['to a telephone number, LF alone', 'INVITE tel:+1 SIP/2.0\n'],
    ['of a later version', 'INVITE sip:a@b SIP/3.0\r\n'],
  ])('%s is', (_, wire) => expect(overTcp(wire)).toBe('Yes'));

  test.each([
    ['HTTP', 'GET http://x/ HTTP/1.1\r\n'],
    ['RTSP', 'DESCRIBE rtsp://x/ RTSP/1.0\r\n'],
    ['MSRP', 'MSRP a786hjs2 SEND\r\n'],
    ['MGCP', 'RSIP 1 *@x MGCP 1.0\r\n'],
    ['SMTP', 'EHLO x\r\n'],
    ['an IRC line that quotes it', 'PRIVMSG bob :INVITE sip:a@b SIP/2.0\r\n'],
    ['a request in lower case', 'invite sip:a@b SIP/2.0\r\n'],
    ['a scheme that is none', 'INVITE averylongscheme:x SIP/2.0\r\n'],
    ['NUL in it', 'INVITE sip:a\0b SIP/2.0\r\n'],
    ['a status that is none', 'SIP/2.0 2000 OK\r\n'],
    ['TLS', '\x16\x03\x01\x02\x00'],
    ['text', 'hello'],
  ])('%s is not', (_, wire) => expect(overTcp(wire)).toBe('No'));

  test('picked up inside a body, by the message that follows', () => {
    expect(overTcp(`dy of a message\r\n${answer('200 OK', 'MESSAGE')}`, true)).toBe('Yes');
    expect(overTcp('some text\r\nand more\r\n'.repeat(400), true)).toBe('No');
    expect(overTcp('bi\x01nary\r\nSIP/2.0 200 OK\r\n', true)).toBe('No');
  });

  test('undecided ends at the limit', () => {
    const wire = octets(`INVITE sip:${'a'.repeat(PROBE_LIMIT)}`);
    expect(probeSip(ToServer, wire.subarray(0, PROBE_LIMIT - 1), false)).toBe(Probe.More);
    expect(probeSip(ToServer, wire.subarray(0, PROBE_LIMIT), false)).toBe(Probe.No);
    expect(probeSip(ToServer, octets('\r\n'.repeat(PROBE_LIMIT)), false)).toBe(Probe.No);
  });
});

describe('over UDP', () => {
  test.each([
    ['a message goes either way', message('text/plain', 'x'), 'Yes', 'Yes'],
    ['a REGISTER goes to the server', register(), 'Yes', 'No'],
    ['and its answer comes from there', registered(), 'No', 'Yes'],
    ['another answer goes either way', answer('200 OK', 'MESSAGE'), 'Yes', 'Yes'],
    ['a keep-alive says nothing', '\r\n\r\n', 'More', 'More'],
    ['nor does `hello`', 'hellohello', 'More', 'More'],
    ['a long one is none', '\0'.repeat(200), 'No', 'No'],
    ['half a start line is no datagram', 'INVITE sip:a@', 'No', 'No'],
    ['DNS', '\0\x01\x01\0\0\x01\0\0\0\0\0\0\x03www\0', 'No', 'No'],
    ['RTP', '\x80\0\0\x01', 'No', 'No'],
  ])('%s', (_, wire, toServer, toClient) => {
    expect(NAMES[probeSipDatagram(ToServer, octets(wire))]).toBe(toServer);
    expect(NAMES[probeSipDatagram(ToClient, octets(wire))]).toBe(toClient);
  });
});

test('random octets are never SIP and throw nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (wire, midstream) => {
      expect(probeSip(ToServer, wire, midstream)).not.toBe(Probe.Yes);
      expect(probeSipDatagram(ToServer, wire)).not.toBe(Probe.Yes);
    }),
  );
});
