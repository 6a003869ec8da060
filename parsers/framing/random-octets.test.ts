import { expect, test } from 'vitest';
import { hex, octets } from '../../test/support/parser-harness.ts';
import { mayBeRandom } from './random-octets.ts';

const whole = (wire: Uint8Array) => mayBeRandom(wire, 0, wire.length);

test.each([
  ['nothing', hex(''), true],
  ['eleven letters', octets('hello there'), true],
  ['twelve letters', octets('hello, there'), false],
  ['a line', octets('NICK a\r\nUSER b'), false],
  ['one octet that is no text', octets('hello, \xe9there'), true],
  ['text behind twelve others', octets('\x80ello, there, all of you'), true],
  ['a zero', hex('9a 00 9b 00 9c'), true],
  ['two zeros', hex('9a 9b 00 00 9c'), false],
  ['TLS', hex('16 03 01'), false],
  ['TLS data', hex('17 03 03 a0'), false],
  ['what may become TLS', hex('16'), true],
  ['22 and another', hex('16 f1 04'), true],
])('%s', (_, wire, want) => {
  expect(whole(wire)).toBe(want);
});

test('what is false stays false with more octets, and a range is looked at alone', () => {
  const wire = hex("41 9a 00 00 9c 'text text text' 16 03");
  let was = true;
  for (let end = 0; end <= wire.length; end++) {
    const is = mayBeRandom(wire, 0, end);
    if (!was) expect(is).toBe(false);
    was = is;
  }
  expect(mayBeRandom(wire, 1, 3)).toBe(true);
});
