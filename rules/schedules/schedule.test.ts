import { describe, expect, test } from 'vitest';
import type { Schedule } from '../policy/policy.ts';
import { isTimeZone, isWithin } from './schedule.ts';

const place = { file: '', line: 1, column: 1 };
const WEEK = [1, 2, 3, 4, 5];
const at = (iso: string) => Date.parse(iso) * 1000;

function schedule(
  timezone: string,
  from: number,
  until: number,
  more: Partial<Schedule> = {},
): Schedule {
  return {
    name: 's',
    place,
    timezone,
    days: WEEK,
    from: from * 60,
    until: until * 60,
    except: [],
    ...more,
  };
}

const office = schedule('Europe/Paris', 8, 18.5);
const night = schedule('Europe/Paris', 22, 6);

describe('office hours in Paris', () => {
  test.each([
    ['2026-01-07T07:00:00Z', true], // winter: UTC+1
    ['2026-01-07T06:59:59.999Z', false],
    ['2026-01-07T17:29:59Z', true],
    ['2026-01-07T17:30:00Z', false],
    ['2026-07-08T06:00:00Z', true], // summer: UTC+2
    ['2026-07-08T05:59:59Z', false],
    ['2026-07-08T16:30:00Z', false],
    ['2026-01-10T12:00:00Z', false], // Saturday
    ['2026-03-27T07:00:00Z', true], // Friday before the change of 29 March
    ['2026-03-30T06:00:00Z', true], // Monday after it
    ['2026-10-23T06:00:00Z', true], // Friday before the change of 25 October
    ['2026-10-26T06:30:00Z', false], // Monday after it
    ['1969-12-31T12:00:00Z', true], // before 1970
  ])('%s', (time, inside) => expect(isWithin(office, at(time))).toBe(inside));
});

describe('nights in Paris, over midnight', () => {
  test.each([
    ['2026-01-07T21:00:00Z', true], // Wednesday 22:00
    ['2026-01-08T04:59:00Z', true],
    ['2026-01-08T05:00:00Z', false],
    ['2026-01-10T00:00:00Z', true], // Saturday 01:00 belongs to Friday
    ['2026-01-10T23:00:00Z', false], // Sunday 00:00 belongs to Saturday
    ['2026-01-11T21:30:00Z', false], // Sunday evening
    ['2026-01-12T01:00:00Z', false], // Monday 02:00 belongs to Sunday
  ])('%s', (time, inside) => expect(isWithin(night, at(time))).toBe(inside));
});

describe('the clock changes within a schedule', () => {
  const small = schedule('Europe/Paris', 1.5, 3.5, { days: [0] });
  test.each([
    ['2026-03-29T00:30:00Z', true], // 01:30 CET
    ['2026-03-29T00:59:59Z', true], // 01:59 CET
    ['2026-03-29T01:00:00Z', true], // 03:00 CEST: 02:00 did not happen
    ['2026-03-29T01:30:00Z', false], // 03:30 CEST
    ['2026-10-25T00:30:00Z', true], // 02:30 CEST
    ['2026-10-25T01:30:00Z', true], // 02:30 CET, again
    ['2026-10-25T02:30:00Z', false],
  ])('%s', (time, inside) => expect(isWithin(small, at(time))).toBe(inside));
});

test('zones with odd offsets', () => {
  expect(isWithin(schedule('Asia/Kathmandu', 9, 10), at('2026-01-07T03:15:00Z'))).toBe(true);
  expect(isWithin(schedule('Asia/Kathmandu', 9, 10), at('2026-01-07T03:14:59Z'))).toBe(false);
  expect(isWithin(schedule('Australia/Lord_Howe', 9, 10), at('2026-01-06T22:00:00Z'))).toBe(true);
});

test('days on which it does not begin', () => {
  const closed = { ...office, except: ['2026-12-25'] };
  expect(isWithin(closed, at('2026-12-25T12:00:00Z'))).toBe(false);
  expect(isWithin(closed, at('2026-12-24T12:00:00Z'))).toBe(true);
  const dark = { ...night, except: ['2026-12-24'] };
  expect(isWithin(dark, at('2026-12-25T01:00:00Z'))).toBe(false); // began on the 24th
});

test('a whole day, and nonsense times', () => {
  expect(isWithin(schedule('UTC', 0, 24), at('2026-01-07T23:59:59Z'))).toBe(true);
  for (const time of [Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
    expect(isWithin(office, time)).toBe(false);
  }
});

test('time zones are known by name', () => {
  expect(isTimeZone('Europe/Paris')).toBe(true);
  expect(isTimeZone('Europe/Pariss')).toBe(false);
});

test('every quarter hour of a year of two zones agrees with the platform', () => {
  const always = { days: [0, 1, 2, 3, 4, 5, 6] };
  for (const zone of ['Europe/Paris', 'America/St_Johns']) {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hour: '2-digit',
      hourCycle: 'h23',
    });
    const morning = schedule(zone, 6, 12, always);
    for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += 3_600_000 * 5 + 900_000) {
      const hour = Number(format.format(ms));
      expect(isWithin(morning, ms * 1000)).toBe(hour >= 6 && hour < 12);
    }
  }
});
