/** Vectors made with Python's hashlib from the description in contract.ts, not with this code. */
import { describe, expect, it } from 'vitest';
import { Chain, contentDigest, leafOf, NO_HASH, nextHash } from './chain.ts';

const ENVELOPES = [
  '{"record":1}',
  '{"record":1,"kind":"event","at":"2026-11-26T08:00:00.000000Z","event":{"text":"grüße 😀"}}',
];
const LEAVES = [
  'a1b9b6c0fc375594b2260833db9719cbcc5ccd601b79594361166ed32ead57a8',
  '28d754bf05e8d1f21232a5e9d239fc9723934da911101ebe441f2aa15e4abc87',
];
const HASHES = [
  '55c1bda4108cc08d8be93f27e8e7594dc5efbd58fdd6c8aea813f7ef63d6e33e',
  '94f504c738247298e834075cbb23de4896deae64d64e409b1b121c2d69b58791',
];

describe('the chain', () => {
  it('is what anybody with SHA-256 computes', () => {
    let hash: Uint8Array = NO_HASH;
    const chain = new Chain(NO_HASH);
    ENVELOPES.forEach((envelope, n) => {
      const leaf = leafOf(n + 1, Buffer.from(envelope));
      hash = nextHash(hash, leaf);
      expect(chain.add(leaf.toString('latin1'))).toEqual(hash);
      expect(leaf.toString('hex')).toBe(LEAVES[n]);
      expect(Buffer.from(hash).toString('hex')).toBe(HASHES[n]);
    });
  });

  it('takes sequences beyond 32 bits', () => {
    expect(leafOf(2 ** 32 + 5, Buffer.from('{}')).toString('hex')).toBe(
      'fbc20455326c397332c2b62cb2ff3fcbeef40ab144d985f88ee1cb80580110de',
    );
  });

  it('takes envelopes larger than what it keeps room for', () => {
    expect(leafOf(3, Buffer.alloc(70_000, 'x')).toString('hex')).toBe(
      'ff80a126f6ffdd8538b430db8de8b1632e251cd82577e55c9918222dc2219c17',
    );
  });

  it('names content by its SHA-256', () => {
    expect(contentDigest(Buffer.from('{"text":"hello"}'))).toBe(
      'cbbbdcd27692344de5dbab3abcaba413fb0f45307267de7081401576df1cb176',
    );
  });

  it('gives octets of their own: the next leaf does not change the last', () => {
    const first = leafOf(1, Buffer.from('{}'));
    const before = first.toString('hex');
    leafOf(2, Buffer.from('{"a":1}'));
    expect(first.toString('hex')).toBe(before);
  });
});
