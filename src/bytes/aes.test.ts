import { expect, test } from 'vitest';
import { aesEncryptBlock } from './aes-block.ts';
import { aesGcmOpen } from './aes-gcm.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (octets: Uint8Array | undefined) => octets && Buffer.from(octets).toString('hex');

test('FIPS 197, appendix B: a block', () => {
  const key = bytes('2b7e151628aed2a6abf7158809cf4f3c');
  expect(hex(aesEncryptBlock(key, bytes('3243f6a8885a308d313198a2e0370734')))).toBe(
    '3925841d02dc09fbdc118597196a0b32',
  );
  expect(aesEncryptBlock(key, new Uint8Array(15))).toBeUndefined();
  expect(aesEncryptBlock(key.subarray(1), new Uint8Array(16))).toBeUndefined();
});

// McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B, test case 4.
const KEY = bytes('feffe9928665731c6d6a8f9467308308');
const NONCE = bytes('cafebabefacedbaddecaf888');
const ASSOCIATED = bytes('feedfacedeadbeeffeedfacedeadbeefabaddad2');
const PLAIN =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39';
const SEALED = bytes(
  '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47',
);

test('GCM, test case 4', () => {
  expect(hex(aesGcmOpen(KEY, NONCE, ASSOCIATED, SEALED))).toBe(PLAIN);
});

test('one wrong bit anywhere, or a wrong length, opens nothing', () => {
  for (const [i, octet] of SEALED.entries()) {
    const wrong = SEALED.slice();
    wrong[i] = octet ^ 1;
    expect(aesGcmOpen(KEY, NONCE, ASSOCIATED, wrong)).toBeUndefined();
  }
  expect(aesGcmOpen(KEY, NONCE, ASSOCIATED.subarray(1), SEALED)).toBeUndefined();
  expect(aesGcmOpen(KEY, NONCE, ASSOCIATED, SEALED.subarray(0, 15))).toBeUndefined();
  expect(aesGcmOpen(KEY, NONCE, ASSOCIATED, new Uint8Array(0))).toBeUndefined();
  expect(aesGcmOpen(KEY.subarray(1), NONCE, ASSOCIATED, SEALED)).toBeUndefined();
  expect(aesGcmOpen(KEY, NONCE.subarray(1), ASSOCIATED, SEALED)).toBeUndefined();
});
