/** The time of an event, as encodeEvent writes it: many events to the second. */
import { parseRfc3339 } from '../../../src/event/time.ts';

/** `2026-11-23T05:00:00.123456Z` */
const WRITTEN_LENGTH = 27;
const SECOND_LENGTH = 19;

let cachedSecond = '';
let cachedMicroseconds = 0;

/** Microseconds since 1970, or undefined when it is no RFC 3339 time. */
export function eventTime(text: string): number | undefined {
  if (text.length === WRITTEN_LENGTH && cachedSecond !== '' && text.startsWith(cachedSecond)) {
    const fraction = fractionOf(text);
    if (fraction !== undefined) return cachedMicroseconds + fraction;
  }
  const time = parseRfc3339(text);
  const fraction = text.length === WRITTEN_LENGTH ? fractionOf(text) : undefined;
  if (time !== undefined && fraction !== undefined) {
    cachedSecond = text.slice(0, SECOND_LENGTH);
    cachedMicroseconds = time - fraction;
  }
  return time;
}

/** Of `….123456Z`; undefined where it is written otherwise. */
function fractionOf(text: string): number | undefined {
  if (text.charCodeAt(SECOND_LENGTH) !== 0x2e || text.charCodeAt(WRITTEN_LENGTH - 1) !== 0x5a) {
    return undefined;
  }
  let value = 0;
  for (let i = SECOND_LENGTH + 1; i < WRITTEN_LENGTH - 1; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}
