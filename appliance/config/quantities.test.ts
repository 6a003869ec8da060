import { describe, expect, test } from 'vitest';
import { isLoopback, parseListen, parseMilliseconds } from './quantities.ts';

test.each([
  ['200ms', 200],
  ['1.5s', 1500],
  ['2 m', 120_000],
  ['1h', 3_600_000],
  ['200', undefined],
  ['ms', undefined],
  ['-1s', undefined],
  ['1d', undefined],
  ['constructor', undefined],
  ['1 constructor', undefined],
])('%s is %s milliseconds', (text, milliseconds) => {
  expect(parseMilliseconds(text)).toBe(milliseconds);
});

describe('where to listen', () => {
  test.each([
    ['127.0.0.1:9580', '127.0.0.1', 9580],
    ['[::1]:9580', '::1', 9580],
    ['localhost:80', 'localhost', 80],
    [9580, '127.0.0.1', 9580],
    ['9580', '127.0.0.1', 9580],
  ])('%s', (text, address, port) => expect(parseListen(text)).toEqual({ address, port }));

  test.each([
    '127.0.0.1',
    '1.2.3:80',
    '999.1.1.1:80',
    '[::zz]:80',
    '[1.2.3.4]:80',
    ':80',
    'a b:80',
    0,
    65_536,
    '',
    'http://x:80',
  ])('%s is nowhere', (text) => expect(parseListen(text)).toBeUndefined());

  test.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.127.0.1', false],
  ])('%s is of this host alone: %s', (address, own) => expect(isLoopback(address)).toBe(own));
});
