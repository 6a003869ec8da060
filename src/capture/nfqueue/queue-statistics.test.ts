import { expect, test } from 'vitest';
import { injectedMark } from './queue-marks.ts';
import { configMessage } from './queue-socket.ts';
import { parseStatistics, queueStatistics } from './queue-statistics.ts';

test('columns of the kernel', () => {
  const text = [
    '    0  15763     0 2 65531     0     0        0  1',
    '    4 4294950912   17 2 65531    21   345 12345678  1',
    '',
  ].join('\n');
  expect(parseStatistics(text, 4)).toEqual({
    waiting: 17,
    droppedFull: 21,
    droppedUnread: 345,
    lastId: 12_345_678,
  });
  expect(parseStatistics(text, 0)?.waiting).toBe(0);
});

test.each(['', '\n', '4', '4 1 2', 'x y z', '44 1 2 3 4 5 6 7 1'])('nothing in %j', (text) => {
  expect(parseStatistics(text, 4)).toBeUndefined();
});

test('a queue that nobody reads has none', () => {
  expect(queueStatistics(64_999)).toBeUndefined();
});

test.each([
  [0x10000000, 0x20000000],
  [0x80000000, 1],
  [1, 2],
  [0x5a11, 2],
  [0x7fffffff, 0x80000000],
])('packets of our own carry another bit than %i', (mark, expected) => {
  expect(injectedMark(mark)).toBe(expected);
  expect(injectedMark(mark) & mark).toBe(0);
});

test('a queue is bound, and told how to copy, in one message', () => {
  const options = { queue: 0x1234, maxLength: 4096, failOpen: true, receiveOctets: 1 };
  const { buffer, length } = configMessage(options);
  expect(Buffer.from(buffer.subarray(0, length)).toString('hex')).toBe(
    ['40000000', '0203', '0500', '01000000', '00000000', '00', '00', '1234'].join('') +
      ['0800', '0100', '01', '00', '0000'].join('') + // NFQA_CFG_CMD: bind
      ['0900', '0200', '0000fffb', '02', '000000'].join('') + // NFQA_CFG_PARAMS: copy the packet
      ['0800', '0300', '00001000'].join('') + // NFQA_CFG_QUEUE_MAXLEN
      ['0800', '0400', '00000005'].join('') + // NFQA_CFG_MASK
      ['0800', '0500', '00000005'].join(''), // NFQA_CFG_FLAGS: fail open, superframes
  );
  const closed = configMessage({ ...options, failOpen: false });
  expect(closed.buffer[closed.length - 1]).toBe(4);
});
