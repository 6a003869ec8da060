/** The examples of FoxIO's technical_details/JA4.md, and the project's own vector. */
import { describe, expect, test } from 'vitest';
import {
  alpn,
  extension,
  type HelloParts,
  hello,
  serverName,
  sized,
  supportedVersions,
  u16,
  VECTOR,
  VECTOR_JA3_TEXT,
  VECTOR_TLS,
} from './client-hello.fixture.ts';
import { type ClientHello, readClientHello } from './client-hello.ts';
import { ja3, ja3Text } from './ja3.ts';
import { ja4, ja4Raw } from './ja4.ts';

const numbers = (list: string) => list.split(',').map((value) => Number.parseInt(value, 16));
const CIPHERS = numbers(
  '1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035',
);
const EXTENSIONS = numbers(
  '001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015',
);
const ALGORITHMS = numbers('0403,0804,0401,0503,0805,0501,0806,0601');

function read(parts: HelloParts): ClientHello {
  const message = hello(parts);
  const found = readClientHello(message, 0, message.length);
  if (found === undefined) throw new Error('no ClientHello');
  return found;
}

function example(algorithms: readonly number[], grease: readonly number[] = []): HelloParts {
  const content = new Map([
    [0, serverName('a.example')],
    [16, alpn('h2', 'http/1.1')],
    [43, supportedVersions(...grease, 0x0304, 0x0303)],
    [13, extension(13, sized(2, u16(...grease, ...algorithms)))],
  ]);
  const all = [...grease, ...EXTENSIONS];
  return {
    ciphers: [...grease, ...CIPHERS],
    extensions: all.map((type) => content.get(type) ?? extension(type)),
  };
}

describe('the published example', () => {
  test('hashed and raw', () => {
    expect(ja4(read(example(ALGORITHMS)), 't')).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
    expect(ja4Raw(read(example(ALGORITHMS)), 't')).toBe(
      't13d1516h2_002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9_0005,000a,000b,000d,0012,' +
        '0015,0017,001b,0023,002b,002d,0033,4469,ff01_0403,0804,0401,0503,0805,0501,0806,0601',
    );
  });

  test('GREASE anywhere changes nothing', () => {
    expect(ja4(read(example(ALGORITHMS, [0x2a2a, 0xfafa])), 't')).toBe(
      't13d1516h2_8daaf6152771_e5627efa2ab1',
    );
  });

  test('without signature algorithms', () => {
    expect(ja4(read(example([])), 't')).toBe('t13d1516h2_8daaf6152771_6d807ffa2a79');
  });
});

test('nothing at all', () => {
  expect(ja4(read({ ciphers: [] }), 'q')).toBe('q12i000000_000000000000_000000000000');
});

describe('first and last character of the protocol', () => {
  test.each([
    ['h2', 'h2'],
    ['http/1.1', 'h1'],
    ['x', 'xx'],
    ['\xab', 'ab'],
    ['\x20', '20'],
    ['\xab\xcd', 'ad'],
    ['\x20\x61', '21'],
    ['\x30\xab', '3b'],
    ['\x61\x20', '60'],
    ['\x30\x31\xab\xcd', '3d'],
    ['\x30\xab\xcd\x31', '01'],
    ['', '00'],
  ])('%j: %s', (id, ends) => {
    expect(ja4(read({ extensions: [alpn(id)] }), 't').slice(8, 10)).toBe(ends);
  });
});

test.each([
  [0x0303, undefined, '12'],
  [0x0300, undefined, 's3'],
  [0x0002, undefined, 's2'],
  [0x0303, [0x0304], '13'],
  [0x0303, [0x7f1c], '00'],
  [0xfeff, undefined, 'd1'],
  [0xfefd, undefined, 'd2'],
  [0xfefd, [0xfefc], 'd3'],
])('version %d, offered %j: %s', (version, offered, digits) => {
  const extensions = offered === undefined ? [] : [supportedVersions(...offered)];
  expect(ja4(read({ version, extensions }), 't').slice(1, 3)).toBe(digits);
});

test('more than two digits of anything', () => {
  const ciphers = Array.from({ length: 120 }, (_, i) => i + 1);
  const extensions = ciphers.map((i) => extension(0x100 + i));
  expect(ja4(read({ ciphers, extensions }), 't').slice(0, 8)).toBe('t12i9999');
});

test('the vector', () => {
  const found = readClientHello(VECTOR, 5, VECTOR.length);
  if (found === undefined) throw new Error('no ClientHello');
  expect(ja3Text(found)).toBe(VECTOR_JA3_TEXT);
  expect([ja3(found), ja4(found, 't')]).toEqual([VECTOR_TLS.ja3, VECTOR_TLS.ja4]);
});
