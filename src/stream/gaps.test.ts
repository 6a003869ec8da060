/** Holes: when they are given up, how large they are, and why. */
import { describe, expect, test } from 'vitest';
import type { Limits } from '../limits.ts';
import { Conversation } from './conversation.fixture.ts';

const END = ['> ended capture-end', '< ended capture-end', 'closed capture-end'];

describe('loss', () => {
  test('acknowledged holes are given up after 256 more packets', () => {
    const c = new Conversation().handshake();
    c.client({ seq: 4, ack: 1, data: 'def' }).server({ seq: 1, ack: 7 });
    for (let i = 0; i < 255; i++) c.client({ seq: 7 + i, ack: 1, data: '.' });
    expect(c.scribe.take()).toEqual([]);
    c.client({ seq: 262, ack: 1, data: '.' });
    expect(c.scribe.take()).toEqual(['> gap 3 loss', `> def${'.'.repeat(256)}`]);
  });

  test('acknowledged holes are given up after two seconds', () => {
    const c = new Conversation().handshake();
    c.client({ seq: 4, ack: 1, data: 'def' }).server({ seq: 1, ack: 7 });
    c.client({ seq: 7, ack: 1, data: 'g', after: 1.1 });
    expect(c.scribe.take()).toEqual([]);
    c.client({ seq: 8, ack: 1, data: 'h', after: 1 });
    expect(c.scribe.take()).toEqual(['> gap 3 loss', '> defgh']);
  });

  test('an acknowledgement recorded before its octets costs nothing', () => {
    const c = new Conversation().handshake();
    c.client({ seq: 4, ack: 1, data: 'def' }).server({ seq: 1, ack: 7 });
    c.client({ seq: 1, ack: 1, data: 'abc' });
    expect(c.scribe.take()).toEqual(['> abc', '> def']);
  });

  test('a hole that is not acknowledged waits for the retransmission', () => {
    const c = new Conversation().handshake();
    for (let i = 0; i < 100; i++) {
      c.client({ seq: 4 + i, ack: 1, data: 'x' }).server({ seq: 1, ack: 1 });
    }
    expect(c.scribe.take()).toEqual([]);
    c.client({ seq: 1, ack: 1, data: 'abc' });
    expect(c.scribe.take()).toEqual(['> abc', `> ${'x'.repeat(100)}`]);
  });

  test('… but not for ever, when nothing more is seen of the receiver', () => {
    const c = new Conversation().handshake().server({ seq: 1, ack: 1 });
    for (let i = 0; i < 32; i++) c.client({ seq: 4 + i, ack: 1, data: 'x' });
    c.client({ seq: 36, ack: 1, data: 'y', after: 59 });
    expect(c.scribe.take()).toEqual([]);
    c.client({ seq: 37, ack: 1, data: 'z', after: 2 });
    expect(c.scribe.take()).toEqual(['> gap 3 loss', `> ${'x'.repeat(32)}yz`]);
  });

  test('one-sided: given up after 32 segments', () => {
    const c = new Conversation().client({ flags: 'S', seq: 0 });
    for (let i = 0; i < 32; i++) c.client({ seq: 4 + i, ack: 1, data: 'x' });
    expect(c.scribe.take()).toEqual(['opened']);
    c.client({ seq: 36, ack: 1, data: 'y' });
    expect(c.scribe.take()).toEqual(['> gap 3 loss', `> ${'x'.repeat(32)}y`]);
  });

  test('one-sided: given up after two seconds', () => {
    const c = new Conversation().client({ flags: 'S', seq: 0 });
    c.client({ seq: 4, ack: 1, data: 'x' }).client({ seq: 5, ack: 1, data: 'y', after: 2.1 });
    expect(c.scribe.take()).toEqual(['opened', '> gap 3 loss', '> xy']);
  });

  test('every hole is reported at the end', () => {
    const c = new Conversation().handshake();
    c.client({ seq: 3, data: 'c' }).client({ seq: 7, data: 'g' }).finish();
    expect(c.scribe.take()).toEqual(['> gap 2 loss', '> c', '> gap 3 loss', '> g', ...END]);
  });

  test('lost before a FIN: given up once the FIN is acknowledged', () => {
    const c = new Conversation().handshake().client({ flags: 'F', seq: 4, ack: 1 });
    c.server({ seq: 1, ack: 5 }).server({ seq: 1, ack: 5, after: 2.1 });
    expect(c.scribe.take()).toEqual(['> gap 3 loss', '> ended fin']);
  });

  test('lost before a FIN, at the end', () => {
    const c = new Conversation().handshake().client({ flags: 'F', seq: 4, ack: 1 }).finish();
    expect(c.scribe.take()).toEqual([
      '> gap 3 loss',
      '> ended fin',
      '< ended capture-end',
      'closed capture-end',
    ]);
  });

  test('lost behind the last octet seen: the acknowledgement tells', () => {
    const c = new Conversation().handshake().client({ seq: 1, ack: 1, data: 'a' });
    c.server({ seq: 1, ack: 12 }).finish();
    expect(c.scribe.take()).toEqual(['> a', '> gap 10 loss', ...END]);
  });

  test('one octet more than seen may be a FIN that was not captured', () => {
    const c = new Conversation().handshake().client({ seq: 1, ack: 1, data: 'a' });
    c.server({ seq: 1, ack: 3 }).finish();
    expect(c.scribe.take()).toEqual(['> a', ...END]);
  });

  test('more loss than any window: believed after 32 segments', () => {
    const c = new Conversation().client({ flags: 'S', seq: 0 });
    c.scribe.take();
    c.client({ seq: 1, data: 'a' });
    const far = 50_000_000;
    for (let i = 0; i < 31; i++) c.client({ seq: far + i, data: 'x' });
    expect(new Set(c.scribe.take())).toEqual(new Set(['> a', '> ! out-of-window']));
    c.client({ seq: far + 31, data: 'y' }).client({ seq: far + 32, data: 'z' });
    expect(c.scribe.take()).toEqual([
      '> ! out-of-window',
      `> gap ${far + 31 - 2} loss`,
      '> y',
      '> z',
    ]);
  });
});

describe('snap length', () => {
  test('what was not captured is a gap of its size', () => {
    const c = new Conversation().handshake();
    c.client({ seq: 1, data: 'abc', missing: 7 }).client({ seq: 11, data: 'k' });
    expect(c.scribe.take()).toEqual(['> abc', '> gap 7 snap', '> k']);
  });

  test('nothing captured but the header', () => {
    const c = new Conversation().handshake();
    c.client({ seq: 1, missing: 10 }).client({ flags: 'F', seq: 11, missing: 5 });
    expect(c.scribe.take()).toEqual(['> gap 10 snap', '> gap 5 snap', '> ended fin']);
  });

  test('out of order', () => {
    const c = new Conversation().handshake();
    c.client({ seq: 6, data: 'fg', missing: 3 }).client({ seq: 1, data: 'ab', missing: 3 });
    expect(c.scribe.take()).toEqual(['> ab', '> gap 3 snap', '> fg', '> gap 3 snap']);
  });

  test('a retransmission brings what was cut, as long as it waits', () => {
    const c = new Conversation().handshake();
    c.client({ seq: 4, data: 'd', missing: 4 }).client({ seq: 1, data: 'abcdefg' });
    expect(c.scribe.take()).toEqual(['> abc', '> d', '> efg', '> gap 1 snap']);
  });

  test('octets behind what is cut, while both wait', () => {
    const c = new Conversation().handshake();
    c.client({ seq: 6, data: 'fg', missing: 3 }).client({ seq: 11, data: 'k' });
    c.client({ seq: 1, data: 'abcde' });
    expect(c.scribe.take()).toEqual(['> abcde', '> fg', '> gap 3 snap', '> k']);
  });

  test('a copy of what was cut is no conflict', () => {
    const c = new Conversation().handshake();
    c.client({ seq: 4, data: 'd', missing: 4 }).client({ seq: 5, data: 'efgh' });
    c.client({ seq: 1, data: 'abc' });
    expect(c.scribe.take()).toEqual(['> abc', '> d', '> gap 4 snap']);
  });

  test('octets that wait fill what is cut', () => {
    const c = new Conversation().handshake();
    c.client({ seq: 4, data: 'de' }).client({ seq: 1, data: 'a', missing: 9 });
    expect(c.scribe.take()).toEqual(['> a', '> gap 2 snap', '> de', '> gap 5 snap']);
  });
});

describe('memory', () => {
  function oneSided(limits: Partial<Limits>): Conversation {
    const c = new Conversation({ limits }).client({ flags: 'S', seq: 0 });
    c.scribe.take();
    return c;
  }

  test('a direction at its limit gives up its first hole', () => {
    const c = oneSided({ reassemblyPerDirection: 3 * 2048 });
    for (const seq of [3, 6, 9, 12]) c.client({ seq, data: 'x' });
    expect(c.scribe.take()).toEqual(['> gap 2 memory', '> x']);
    expect(c.streams.heldOctets).toBeLessThanOrEqual(4 * 2048);
    expect(c.streams.counters.memoryGaps).toBe(1);
  });

  test('no memory at all: the stream goes on with a gap', () => {
    const c = oneSided({ reassemblyTotal: 0 });
    c.client({ seq: 4, data: 'def', missing: 2 }).client({ seq: 9, data: 'i' });
    expect(c.scribe.take()).toEqual(['> gap 3 memory', '> def', '> gap 2 snap', '> i']);
    expect(c.streams.heldOctets).toBe(0);
  });

  test('a large segment that does not fit is cut nowhere', () => {
    const c = oneSided({ reassemblyPerDirection: 2 * 2048 });
    const data = 'x'.repeat(6000);
    c.client({ seq: 4, data }).client({ seq: 6004, data: 'y' });
    const heard = c.scribe.take();
    expect(heard[0]).toBe('> gap 3 memory');
    expect(
      heard
        .slice(1)
        .map((line) => line.slice(2))
        .join(''),
    ).toBe(`${data}y`);
  });
});
