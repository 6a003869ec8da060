import { describe, expect, it } from 'vitest';
import { parseRfc3339 } from '../../../src/event/time.ts';
import { eventTime } from './event-time.ts';

// In this order: each may meet the second that the one before it left behind.
const TIMES = [
  '2026-11-23T05:00:00.123456Z',
  '2026-11-23T05:00:00.000001Z',
  '2026-11-23T05:00:01.999999Z',
  '2026-11-23T05:00:01.99999xZ',
  '2026-11-23T05:00:01.9+01:00',
  '2026-11-23T05:00:01.123+01:00',
  '2026-11-23T05:00:01+01:00',
  '2026-11-23T05:00:01 123456Z',
  '1969-12-31T23:59:59.500000Z',
  '1969-12-31T23:59:59.250000Z',
  '',
  'yesterday',
];

describe('eventTime', () => {
  it('reads what parseRfc3339 reads, whatever came before', () => {
    for (const text of [...TIMES, ...TIMES.toReversed()]) {
      expect([text, eventTime(text)]).toEqual([text, parseRfc3339(text)]);
    }
  });
});
