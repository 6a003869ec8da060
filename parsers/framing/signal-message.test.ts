/** Signal's messages: examples of ../shared/protocols/protobuf-im.md §4. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hex, joined } from '../../test/support/parser-harness.ts';
import { beginsSignalRequest, signalMessage } from './signal-message.ts';

const REQUEST = hex("08 01 12 1c 0a 03 'PUT' 12 0f '/api/v1/message' 1a 02 01 02 20 2a");
const RESPONSE = hex('08 02 1a 09 08 2a 10 c8 01 1a 02 4f 4b');

test('a request and a response', () => {
  expect(signalMessage(REQUEST)).toEqual({ kind: 'request', verb: 'PUT', path: '/api/v1/message' });
  expect(signalMessage(RESPONSE)).toEqual({ kind: 'response', status: 200 });
});

test.each([
  ['nothing', ''],
  ['a kind without its message', '08 01'],
  ['a response that is called a request', '08 01 1a 09 08 2a 10 c8 01 1a 02 4f 4b'],
  ['a request without a path', "08 01 12 05 0a 03 'PUT'"],
  ['a request cut short', "08 01 12 1c 0a 03 'PUT' 12 0f '/api'"],
  ['a group', '0b 0c'],
  ['a varint without end', 'ff ff ff ff ff ff ff ff ff ff ff'],
])('%s is none', (_, wire) => {
  expect(signalMessage(hex(wire))).toBeUndefined();
});

test('a request is told by its beginning', () => {
  const long = joined(
    hex("08 01 12 82 20 0a 04 'POST' 12 0f '/api/v1/message'"),
    new Uint8Array(9),
  );
  for (const wire of [REQUEST, long]) {
    expect(beginsSignalRequest(wire)).toBe(true);
    expect(beginsSignalRequest(wire.subarray(0, 11))).toBe(false);
  }
  for (const other of [
    RESPONSE,
    hex("08 01 12 1c 0a 03 'FOO' 12 0f '/api'"),
    hex("08 01 12 1c 0a 03 'PUT' 12 0f 'api/'"),
    hex('08 01 12 ff ff ff ff ff ff'),
    hex('08 01 12 1c 0a ff'),
  ]) {
    expect(beginsSignalRequest(other)).toBe(false);
  }
});

test('random and mutated octets throw nothing', () => {
  const mutated = fc.tuple(fc.nat(60), fc.nat(255)).map(([at, octet]) => {
    const wire = REQUEST.slice();
    wire[at % wire.length] = octet;
    return wire;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), mutated), (octets) => {
      signalMessage(octets);
      beginsSignalRequest(octets);
    }),
    { numRuns: 2000 },
  );
});
