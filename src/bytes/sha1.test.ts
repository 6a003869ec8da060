import { expect, test } from 'vitest';
import { sha1, sha1Hex } from './sha1.ts';

test('XEP-0065 and XEP-0260: what a bytestream names itself by', () => {
  expect(sha1Hex('s5b_77alice@example.org/abob@example.net/b')).toBe(
    'aa1af1a86a2afa2baedbdc468952bafc892baa88',
  );
  expect(sha1Hex('vj3hs98yromeo@montague.lit/orchardjuliet@capulet.lit/balcony')).toBe(
    '972b7bf47291ca609517f67f86b5081086052dad',
  );
});

test('FIPS 180-2, appendix A: the octets of abc', () => {
  const octets = sha1(Uint8Array.of(0x61, 0x62, 0x63));
  expect(Buffer.from(octets).toString('hex')).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
});
