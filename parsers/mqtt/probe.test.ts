import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, joined, octets } from '../../test/support/parser-harness.ts';
import { Direction, Probe } from '../contract.ts';
import { connack, connect, id, packet, text } from './mqtt.fixture.ts';
import { PROBE_LIMIT, probeMqtt } from './probe.ts';

const { ToServer, ToClient } = Direction;
const NAMES = ['No', 'More', 'Yes'];

/** The answer when all is there, and never another final answer on the way. */
function answer(direction: Direction, whole: Uint8Array, midstream = false): string {
  for (let length = 0; length < whole.length; length++) {
    const early = probeMqtt(direction, whole.subarray(0, length), midstream);
    if (early !== Probe.More) return NAMES[early] ?? '';
  }
  return NAMES[probeMqtt(direction, whole, midstream)] ?? '';
}

const publish = packet(0x30, text('topic'), 'hi');

describe('what is MQTT', () => {
  test.each([
    ['CONNECT 3.1', ToServer, connect(3), false],
    ['CONNECT 3.1.1', ToServer, connect(4), false],
    ['CONNECT 5.0', ToServer, connect(5), false],
    ['CONNACK and a message', ToClient, joined(connack(), publish), false],
    ['SUBSCRIBE in the middle', ToServer, packet(0x82, id(1), text('a/b'), 1), true],
    ['UNSUBSCRIBE of 5.0 in the middle', ToServer, packet(0xa2, id(1), 0, text('a/b')), true],
    ['two messages in the middle', ToClient, joined(publish, publish), true],
    ['a message and its answers', ToServer, joined(publish, packet(0x40, id(9))), true],
    ['answers alone', ToServer, joined(...[1, 2, 3, 4].map((n) => packet(0x40, id(n)))), true],
  ])('%s', (_name, direction, wire, midstream) => {
    expect(answer(direction, wire, midstream)).toBe('Yes');
  });
});

describe('what is not, or not yet', () => {
  test.each([
    ['CONNECT from a server', ToClient, connect(), 'No'],
    [
      'CONNECT with another name',
      ToServer,
      packet(0x10, text('MQTS'), 4, 2, id(60), text('')),
      'No',
    ],
    ['LDAP bind', ToServer, hex('30 0c 02 01 01 60 07 02 01 03 04 00 80 00'), 'No'],
    ['LDAP bind of Windows', ToServer, hex('30 84 00 00 00 10 02 01 01 60 84 00 00 00 07'), 'No'],
    ['LDAP search result', ToClient, hex('30 82 01 05 02 01 02 64 82 00 fe 04'), 'No'],
    ['FTP', ToClient, octets('220 ready\r\n'), 'No'],
    ['SMTP', ToClient, octets('250-mail\r\n'), 'No'],
    ['digits', ToServer, octets('0123456789'), 'No'],
    ['HTTP', ToServer, octets('GET / HTTP/1.1\r\n'), 'No'],
    ['TLS', ToServer, hex('16 03 01 02 00 01 00'), 'No'],
    ['pings alone', ToServer, hex('c0 00 c0 00 c0 00 c0 00 c0 00'), 'More'],
    ['one message', ToServer, publish, 'More'],
  ])('%s', (_name, direction, wire, want) => {
    const given = answer(direction, wire, true);
    expect(given).toBe(want);
    expect(answer(direction, wire, false)).toBe('No');
  });
});

test('a session that is accepted over and over is none', () => {
  const accepted = packet(0x20, 0, 0);
  const wire = joined(accepted, accepted, accepted, accepted);
  expect(answer(ToClient, wire, false)).toBe('No');
  expect(answer(ToClient, joined(hex('f0 05 18 03 15 00 00'), accepted, publish), false)).toBe(
    'Yes',
  );
});

test('undecided ends at the limit', () => {
  const pings = octets('\xd0\0'.repeat(PROBE_LIMIT / 2));
  expect(probeMqtt(ToClient, pings.subarray(0, PROBE_LIMIT - 2), true)).toBe(Probe.More);
  expect(probeMqtt(ToClient, pings, true)).toBe(Probe.No);
});

test('random octets are not MQTT and throw nothing', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.constantFrom(ToServer, ToClient),
      fc.boolean(),
      (wire, direction, midstream) => {
        expect(probeMqtt(direction, wire, midstream)).not.toBe(Probe.Yes);
      },
    ),
  );
});
