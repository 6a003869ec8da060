import { expect, test } from 'vitest';
import { hostName, isHostName } from './host-name.ts';

const read = (text: string) => {
  const octets = Uint8Array.from(`<${text}>`, (c) => c.charCodeAt(0));
  const name = hostName(octets, 1, octets.length - 1);
  expect(isHostName(octets, 1, octets.length - 1)).toBe(name !== undefined);
  return name;
};

test.each([
  ['Chat.Example', 'chat.example'],
  ['a', 'a'],
  ['a.', 'a'],
  ['1.a', '1.a'],
  ['a.1b', 'a.1b'],
  [`${'x'.repeat(63)}.a`, `${'x'.repeat(63)}.a`],
])('%s', (written, name) => expect(read(written)).toBe(name));

test.each([
  '',
  '.',
  '..',
  'a..b',
  '.a',
  '1',
  '1.2.3.4',
  'a.1',
  'é',
  'a b',
  '*.a',
  `${'x'.repeat(64)}.a`,
])('none: %s', (written) => expect(read(written)).toBeUndefined());

test('a name does not change with the next one', () => {
  const first = read('first.example');
  read('second.example');
  expect(first).toBe('first.example');
});
