import { describe, expect, test } from 'vitest';
import { CHUNK, ChunkPool } from './chunk-pool.ts';
import { RecentOctets } from './recent-octets.ts';

/** Octets of which no two neighbours within a chunk are alike by chance. */
const stream = Uint8Array.from({ length: 6 * CHUNK }, (_, i) => (i * 31 + (i >> 8) * 7) & 0xff);

describe('the octets delivered last', () => {
  test.each([
    ['octet by octet', 1],
    ['in few', 63],
    ['in some, round the end of the chunk', 700],
    ['in segments of Ethernet', 1448],
    ['in a chunk each', CHUNK],
    ['in more than a chunk each', CHUNK + 300],
  ])('are remembered as they came %s, and no neighbour is touched', (_, size) => {
    const pool = new ChunkPool(64 * CHUNK);
    const recent = new RecentOctets(pool);
    const start = -3 * CHUNK; // sequence numbers pass zero
    const [before, chunk, after] = [recent.open(0), recent.open(start), recent.open(0)];
    recent.add(before, stream.subarray(0, CHUNK), 0);
    recent.add(after, stream.subarray(0, CHUNK), 0);
    for (let at = 0; at + size <= stream.length; at += size) {
      recent.add(chunk, stream.subarray(at, at + size), start + at);
      const next = at + size;
      const from = Math.max(0, next - CHUNK);
      expect(recent.agrees(chunk, start + next, stream, from, next, start + from)).toBe(true);
      const other = stream.slice(from, next);
      other[other.length >> 1] = (other[other.length >> 1] ?? 0) ^ 1;
      expect(recent.agrees(chunk, start + next, other, 0, other.length, start + from)).toBe(false);
      if (size === 1 && at > 2 * CHUNK) break;
    }
    for (const neighbour of [before, after]) {
      expect(recent.agrees(neighbour, CHUNK, stream, 0, CHUNK, 0)).toBe(true);
    }
  });
});
