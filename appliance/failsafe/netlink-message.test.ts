import { expect, test } from 'vitest';
import {
  attribute8,
  attribute16,
  attribute32,
  attributesIn,
  attributeText,
  linkRequest,
  Message,
  nested,
  numberIn,
  textIn,
} from './netlink-message.ts';

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');

test('a request as iproute2 sends it: ip link set dev (index 5) up', () => {
  const request = linkRequest({ message: Message.SetLink, index: 5, linkFlags: 1, linkMask: 1 });
  expect(hex(request)).toBe(
    '20000000' +
      '1300' +
      '0500' +
      '00000000' +
      '00000000' +
      '00000000' +
      '05000000' +
      '01000000' +
      '01000000',
  );
});

test('attributes are padded to four octets, and their length says how much is theirs', () => {
  expect(hex(attribute8(5, 1))).toBe('0500' + '0500' + '01' + '000000');
  expect(hex(attribute16(9, 0xfff8))).toBe('0600' + '0900' + 'f8ff' + '0000');
  expect(hex(nested(18, [attributeText(1, 'br')]))).toBe(
    '0c00' + '1280' + '0700' + '0100' + '627200' + '00',
  );
});

test('attributes are found again', () => {
  const octets = Buffer.concat([attributeText(3, 'eth1'), attribute32(4, 1500)]);
  const found = attributesIn(octets, 0, octets.length);
  expect(textIn(found.get(3))).toBe('eth1');
  expect(numberIn(found.get(4))).toBe(1500);
  expect(numberIn(found.get(10))).toBeUndefined();
});

test('what is cut, or makes no sense, ends the reading', () => {
  const octets = Buffer.concat([attribute32(4, 1500), attribute32(10, 7)]);
  for (let end = 0; end <= octets.length; end++) {
    const found = attributesIn(octets, 0, end);
    expect(found.size, `cut at ${end}`).toBe(end < 8 ? 0 : end < 16 ? 1 : 2);
  }
  const tooShort = Uint8Array.of(3, 0, 1, 0, 4, 0, 2, 0);
  expect(attributesIn(tooShort, 0, 8).size).toBe(0);
});
