import { describe, expect, test } from 'vitest';
import { moveVirtioHeader, putTagBack, strippedTag } from './vlan-tag.ts';

const ADDRESSES = 'aaaaaaaaaaaabbbbbbbbbbbb';

describe('a tag that the kernel took out', () => {
  test('goes back in front of the type, and only the addresses move', () => {
    const buffer = Buffer.from(`ffffffffff${ADDRESSES}0800cafe`, 'hex');
    putTagBack(buffer, 5, 0x8100, 0xe007);
    expect(buffer.toString('hex')).toBe(`ff${ADDRESSES}8100e0070800cafe`);
  });

  test.each([
    ['no tag', 0x01, 0x8100, 0],
    ['a tag of a kernel that does not say which', 0x11, 0, 0x8100],
    ['a tag of another type', 0x51, 0x88a8, 0x88a8],
  ])('%s', (_, status, tpid, type) => {
    expect(strippedTag(status, tpid)).toBe(type);
  });
});

describe('the virtio header of a frame that gets its tag back', () => {
  // flags, gso_type, hdr_len, gso_size, csum_start, csum_offset
  test.each([
    ['nothing to do', '00000000000000000000', '00000000000000000000'],
    ['a checksum to finish', '01000000000022001000', '01000000000026001000'],
    ['a superframe', '01013600780522001000', '01013a00780526001000'],
    ['a length that carries over', '0001fe00000000000000', '00010201000000000000'],
  ])('%s', (_, before, after) => {
    const buffer = Buffer.from(`eeeeeeee${before}`, 'hex');
    moveVirtioHeader(buffer, 4);
    expect(buffer.toString('hex', 0, 10)).toBe(after);
  });
});
