import { expect, test } from 'vitest';
import { textEnd } from './json-extent.ts';
import { viewOf } from './known-octets.ts';

test('a text ends at its closing mark, whatever octet stands where in it', () => {
  for (let octet = 0; octet < 256; octet++) {
    for (let place = 0; place < 9; place++) {
      // 0x80, 0x21 and 0x23 are next to what ends it.
      const line = Buffer.from([0x80, 0x23, 0x21, 0xff, 0x5b, 0x5d, 0xa2, 0x20, 0x7f, 0x22, 0x0a]);
      line[place] = octet;
      const end = octet === 0x22 ? place : octet === 0x5c || octet < 0x20 ? 0 : 9;
      expect(textEnd(viewOf(line), line, 0, line.length)).toBe(end);
      expect(textEnd(viewOf(line), line, 0, 9)).toBe(end === 9 ? 0 : end);
    }
  }
});
