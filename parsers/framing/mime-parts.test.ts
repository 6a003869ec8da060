import { describe, expect, test } from 'vitest';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import { charsetText, isUtf8Text } from './charset-text.ts';
import { mediaType } from './media-type.ts';
import { mimeParts } from './mime-parts.ts';
import { decodeQuotedPrintable } from './quoted-printable.ts';

const octets = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const latin = (bytes: Uint8Array) => String.fromCharCode(...bytes);

describe('parts between boundaries', () => {
  const parts = (text: string, boundary = 'b', limit = 9) => {
    const wire = octets(text);
    return mimeParts(wire, 0, wire.length, boundary, limit).map(([from, to]) =>
      latin(wire.subarray(from, to)),
    );
  };
  test.each([
    [
      'two, with a preamble and an epilogue',
      'pre\r\n--b\r\none\r\n--b\r\ntwo\r\n--b--\r\npost',
      ['one', 'two'],
    ],
    ['LF alone', '--b\none\n--b--', ['one']],
    ['without an end', '--b\r\none', ['one']],
    ['an empty part', '--b\r\n\r\n--b--', ['']],
    ['a boundary inside a line is none', '--b\r\nx --b\r\n--b--', ['x --b']],
    ['none', 'text', []],
  ])('%s', (_, text, want) => expect(parts(text)).toEqual(want));

  test('no more than asked for, no boundary that is none', () => {
    expect(parts('--b\r\n1\r\n--b\r\n2\r\n--b\r\n3\r\n--b--', 'b', 2)).toEqual(['1', '2']);
    expect(parts('--\r\nx\r\n--', '')).toEqual([]);
    expect(parts('x', 'b'.repeat(201))).toEqual([]);
  });
});

describe('media types', () => {
  test.each([
    ['Text/Plain; Charset="utf-8"', 'text/plain', 'charset', 'utf-8'],
    ['multipart/mixed;boundary="a;b\\"c" ; x=y', 'multipart/mixed', 'boundary', 'a;b"c'],
    ['text/plain', 'text/plain', 'charset', undefined],
    ['text/plain; charset=a; charset=b', 'text/plain', 'charset', 'a'],
    ['; charset=a', '', 'charset', 'a'],
  ])('%s', (written, type, name, value) => {
    const found = mediaType(written);
    expect([found.type, found.parameters.get(name)]).toEqual([type, value]);
  });

  test('no type, and a long one, soon', () => {
    expect(mediaType(undefined).type).toBe('');
    const before = cpuMilliseconds();
    mediaType(`a/b${'; x="'.repeat(50_000)}`);
    mediaType(`a/b;${' '.repeat(100_000)}`);
    expect(cpuMilliseconds() - before).toBeLessThan(2000);
  });
});

describe('charsets', () => {
  test.each([
    ['utf-8', 'caf\xc3\xa9', 'café', true],
    [undefined, 'caf\xe9', 'café', false],
    ['iso-8859-15', '\xa4', '€', false],
    ['utf-16le', 'h\0i\0', 'hi', false],
    ['ISO-8859-1', '\x93\xe9', '“é', false],
    ['koi8-r', '\xd0', 'п', false],
    ['no-such-charset', '\x93', '“', false],
  ])('%s', (charset, wire, text, stands) => {
    const bytes = octets(wire);
    expect(charsetText(bytes, 0, bytes.length, charset)).toBe(text);
    expect(isUtf8Text(bytes, 0, bytes.length, charset)).toBe(stands);
  });
});

test.each([
  ['a=3Db=\r\nc=\nd', 'a=bcd'],
  ['=C3=a9', '\xc3\xa9'],
  ['50=% =Z1 =', '50=% =Z1 ='],
])('quoted-printable %j', (written, plain) => {
  const wire = octets(written);
  expect(latin(decodeQuotedPrintable(wire, 0, wire.length))).toBe(plain);
});
