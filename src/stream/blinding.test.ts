/** Segments that are sent so that the reader loses the stream: what its receiver takes is read. */
import { describe, expect, test } from 'vitest';
import { Conversation } from './conversation.fixture.ts';

const MIB = 1 << 20;
const END = ['> ended capture-end', '< ended capture-end', 'closed capture-end'];

describe('segments ahead that the receiver never takes', () => {
  test('one, and a minute: the stream is read on, without a gap', () => {
    const c = new Conversation().handshake().client({ seq: 3 * MIB, ack: 1, data: 'garbage' });
    c.server({ seq: 1, ack: 1 }).client({ seq: 1, ack: 1, data: 'a', after: 61 });
    c.server({ seq: 1, ack: 2 }).client({ seq: 2, ack: 1, data: 'b', after: 61 });
    c.server({ seq: 1, ack: 3 }).client({ seq: 3, ack: 1, data: 'c' });
    expect(c.scribe.take()).toEqual(['> a', '> b', '> c']);
    expect([c.streams.heldOctets, c.streams.counters.dropped]).toEqual([2048, 1]); // remembered
    expect(c.finish().scribe.take()).toEqual(END);
  });

  test('that never reach the receiver: what is said in front of them begins the wait anew', () => {
    const c = new Conversation().handshake();
    for (let i = 0; i < 40; i++) c.client({ seq: 3 * MIB + i, ack: 1, data: 'x' });
    c.client({ seq: 1, ack: 1, data: 'a', after: 61 }).server({ seq: 1, ack: 2 });
    c.client({ seq: 2, ack: 1, data: 'b', after: 30 });
    expect(c.scribe.take()).toEqual(['> a', '> b']);
  });

  test('a FIN: the stream does not end there', () => {
    const c = new Conversation().handshake().client({ flags: 'F', seq: MIB, ack: 1 });
    c.server({ seq: 1, ack: 1 }).server({ seq: 1, ack: 1, after: 61 });
    c.client({ seq: 1, ack: 1, data: 'a' }).server({ seq: 1, ack: 2 });
    c.client({ flags: 'F', seq: 2, ack: 1, data: 'b' });
    expect(c.scribe.take()).toEqual(['> a', '> b', '> ended fin']);
  });

  test('as many as memory holds: they go, not what precedes them', () => {
    const c = new Conversation({ limits: { reassemblyPerDirection: 4 * 2048 } }).handshake();
    for (let i = 0; i < 9; i++) c.client({ seq: MIB + 2 * i, ack: 1, data: 'x' });
    c.server({ seq: 1, ack: 1 }).client({ seq: 1, ack: 1, data: 'abc' });
    expect(c.scribe.take()).toEqual(['> abc']);
    expect(c.streams.counters.dropped).toBe(5);
  });

  test('memory used up by others: one segment does not skip the stream', () => {
    const c = new Conversation({ limits: { reassemblyTotal: 0 } }).handshake();
    c.client({ seq: MIB, ack: 1, data: 'x' }).client({ seq: 1, ack: 1, data: 'abc' });
    c.client({ seq: 6, ack: 1, data: 'f' }).server({ seq: 1, ack: 7 });
    c.client({ seq: 7, ack: 1, data: 'g' });
    expect(c.scribe.take()).toEqual(['> abc', '> gap 3 memory', '> g']);
  });
});

test('one-sided: a segment ahead waits as long as the sender speaks in front of it', () => {
  const c = new Conversation().client({ flags: 'S', seq: 0 });
  c.client({ seq: 3 * MIB, ack: 1, data: 'garbage' });
  for (let i = 0; i < 40; i++) c.client({ seq: 1 + i, ack: 1, data: 'a', after: 3 });
  expect(c.scribe.take()).toEqual(['opened', ...Array.from({ length: 40 }, () => '> a')]);
});

describe('segments nowhere near', () => {
  test('any number, when the receiver does not acknowledge them', () => {
    const c = new Conversation().handshake();
    for (let i = 0; i < 100; i++) c.client({ seq: 50 * MIB + i, ack: 1, data: 'x' });
    c.server({ seq: 1, ack: 1 }).client({ seq: 1, ack: 1, data: 'abc' });
    expect(c.scribe.take().slice(100)).toEqual(['> abc']);
  });

  test('acknowledged: the stream after more loss than any window', () => {
    const c = new Conversation().handshake().server({ seq: 1, ack: 50 * MIB });
    for (let i = 0; i < 4; i++) c.client({ seq: 50 * MIB + i, ack: 1, data: String(i) });
    const heard = c.scribe.take();
    expect(heard.slice(4)).toEqual([`> gap ${50 * MIB + 3 - 1} loss`, '> 3']);
  });

  test('both streams lost: believed after 32 segments each', () => {
    const c = new Conversation().handshake();
    const far = 50 * MIB;
    for (let i = 0; i < 34; i++) {
      c.client({ seq: far + i, ack: far + i, data: 'x' });
      c.server({ seq: far + i, ack: far + i + 1, data: 'y' });
    }
    const heard = c.scribe.take().filter((line) => !line.endsWith('out-of-window'));
    expect(heard).toEqual([
      `< gap ${far + 31 - 1} loss`,
      '< y',
      '< y',
      `> gap ${far + 33 - 1} loss`,
      '> x',
      '< y',
    ]);
  });

  test.each([
    ['one-sided, believed: the stream is found again', 32, false],
    ['acknowledged by a forger: the stream is found again', 4, true],
  ])('%s', (_, segments, acknowledges) => {
    const c = new Conversation().client({ flags: 'S', seq: 0 });
    if (acknowledges) c.server({ flags: 'S', seq: 0, ack: 1 }).server({ seq: 1, ack: 50 * MIB });
    for (let i = 0; i < segments; i++) c.client({ seq: 50 * MIB + i, data: 'x' });
    expect(c.scribe.take().at(-1)).toBe('> x');
    for (let i = 0; i < segments; i++) {
      c.client({ seq: 1 + i, ack: 1, data: 'a' });
      if (acknowledges) c.server({ seq: 1, ack: 2 + i });
    }
    c.client({ seq: 1 + segments, ack: 1, data: 'b' });
    expect(c.scribe.take().slice(segments)).toEqual(['> gap 1 loss', '> a', '> b']);
  });
});

describe('forged acknowledgements', () => {
  test('from nowhere near the stream of their sender are not believed', () => {
    const c = new Conversation().handshake().client({ seq: 1, ack: 1, data: 'a' });
    c.server({ seq: 50 * MIB, ack: 2 * MIB }).finish();
    expect(c.scribe.take()).toEqual(['> a', ...END]);
  });

  test('are corrected by the next true one', () => {
    const c = new Conversation().handshake().client({ seq: 1, ack: 1, data: 'a' });
    c.server({ seq: 1, ack: 2 * MIB })
      .server({ seq: 1, ack: 2 })
      .finish();
    expect(c.scribe.take()).toEqual(['> a', ...END]);
  });

  test('are corrected by a side that only acknowledges', () => {
    const c = new Conversation({ serverInitial: -5000 }).client({ seq: 1, ack: 1, data: 'a' });
    c.server({ seq: 1, ack: 2 * MIB })
      .server({ seq: 1, ack: 2 })
      .finish();
    expect(c.scribe.take()).toEqual(['opened', '> a', ...END]);
  });

  test('before the stream is known do not stick', () => {
    const c = new Conversation({ serverPortHint: (port) => port === 5222 });
    c.server({ seq: 9, ack: 100 * MIB }).client({ flags: 'S', seq: 0 });
    c.server({ flags: 'S', seq: 0, ack: 1 }).client({ seq: 4, ack: 1, data: 'd' });
    c.server({ seq: 1, ack: 1 });
    for (let i = 0; i < 300; i++) c.client({ seq: 5 + i, ack: 1, data: 'e' });
    c.client({ seq: 1, ack: 1, data: 'abc' });
    expect(c.scribe.take()).toEqual(['opened', '> abc', `> d${'e'.repeat(300)}`]);
  });

  test('give up no hole that the receiver says it has', () => {
    const c = new Conversation().handshake().client({ seq: 4, ack: 1, data: 'd' });
    c.server({ seq: 1, ack: 5 }).server({ seq: 1, ack: 1 });
    c.server({ seq: 1, ack: 5, after: 3 }).server({ seq: 1, ack: 1 });
    c.client({ seq: 1, ack: 1, data: 'abc' });
    expect(c.scribe.take()).toEqual(['> abc', '> d']);
  });

  test('make no forged RST valid', () => {
    const c = new Conversation().handshake().server({ seq: 1, ack: 50 * MIB });
    c.client({ flags: 'R', seq: 50 * MIB }).client({ seq: 1, ack: 1, data: 'a' });
    expect(c.scribe.take()).toEqual(['> ! reset-out-of-window', '> a']);
  });
});

describe('a forged RST', () => {
  test('from the client, while only the server speaks: its acknowledgement opens the flow', () => {
    const c = new Conversation().handshake().client({ flags: 'R', seq: 1 });
    c.scribe.take();
    for (let i = 0; i < 3; i++) c.server({ seq: 1 + i, ack: 1, data: 'x', after: 1 });
    expect(c.scribe.take()).toEqual([]);
    c.client({ seq: 1, ack: 4 });
    expect(c.scribe.take()).toEqual(['closed reset', 'opened']);
    c.server({ seq: 4, ack: 1, data: 'y' });
    expect(c.scribe.take()).toEqual(['< y']);
  });

  test('an acknowledgement that was on its way is no sign of life', () => {
    const c = new Conversation().handshake().server({ seq: 1, ack: 1, data: 'x' });
    c.client({ flags: 'R', seq: 1 }).client({ seq: 1, ack: 2 });
    expect(c.scribe.take()).toEqual(['< x', '> ended reset', '< ended reset']);
  });
});
