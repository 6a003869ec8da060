import { expect, test, vi } from 'vitest';
import { canRedraw, ProgressBar, progressLine } from './progress-bar.ts';

const STATE = { read: 25e6, total: 100e6, name: 'day.pcap', packets: 12_345, events: 6 };

test('share, size, counts and name', () => {
  expect(progressLine(STATE)).toBe(
    ' 25 % ██████░░░░░░░░░░░░░░░░░░ 25.0 MB of 100 MB, 12\u00a0345 packets, 6 events  day.pcap',
  );
});

test('no share of what has no known size', () => {
  expect(progressLine({ ...STATE, total: undefined })).toBe(
    '25.0 MB read, 12\u00a0345 packets, 6 events  day.pcap',
  );
});

test('a file that grows stays at the full bar', () => {
  expect(progressLine({ ...STATE, read: 200e6 })).toMatch(/^100 % █{24} /);
});

test('draws on one line, harmless, and takes itself away', () => {
  vi.useFakeTimers();
  try {
    const written: string[] = [];
    const state = { ...STATE, name: 'a\u001b[2J.pcap' };
    const bar = new ProgressBar(
      (text) => written.push(text),
      () => state,
      () => 200,
    );
    expect(written).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(written[0]?.startsWith('\r\u001b[K 25 % ')).toBe(true);
    expect(written[0]?.endsWith('  a␛[2J.pcap')).toBe(true);
    bar.stop();
    expect(written[1]).toBe('\r\u001b[K');
    vi.advanceTimersByTime(1000);
    expect(written).toHaveLength(2);
  } finally {
    vi.useRealTimers();
  }
});

test.each([0, undefined])('a terminal that says %s columns', (columns) => {
  vi.useFakeTimers();
  try {
    const written: string[] = [];
    const bar = new ProgressBar(
      (text) => written.push(text),
      () => STATE,
      () => columns,
    );
    vi.advanceTimersByTime(100);
    expect(written[0]).toContain(' 25 % ');
    expect(written[0]?.length).toBeLessThanOrEqual(80 + 4);
    bar.stop();
  } finally {
    vi.useRealTimers();
  }
});

test('only where a line can be drawn again', () => {
  expect(canRedraw(true, { TERM: 'xterm' })).toBe(true);
  expect(canRedraw(true, {})).toBe(true);
  expect(canRedraw(true, { TERM: 'dumb' })).toBe(false);
  expect(canRedraw(false, { TERM: 'xterm' })).toBe(false);
});
