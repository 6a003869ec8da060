/** Times of stored messages as RFC 3339, UTC, to the second. */
import { parseRfc3339, rfc3339 } from '../../src/event/time.ts';

/** Seconds since 1970. */
export function timeText(seconds: number): string {
  return rfc3339(seconds * 1e6).replace('.000000Z', 'Z');
}

/** Undefined where the calendar has no such minute. */
export function calendarText(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
): string | undefined {
  const date = `${four(year)}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:00Z`;
  const time = parseRfc3339(date);
  // The 31st of February would come back as a day of March.
  return time !== undefined && timeText(time / 1e6) === date ? date : undefined;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function four(number: number): string {
  return String(number).padStart(4, '0');
}
