/** Times as people write them on a command line; without a zone they are UTC, as all times shown are. */

import { parseDuration } from '../../../rules/source/quantity.ts';
import { parseRfc3339 } from '../../../src/event/time.ts';

const DAY = 86_400e6; // µs
const LATEST = 253_402_300_800e6; // µs, the year 10000

/**
 * `2026-11-25`, `2026-11-25T10:00`, RFC 3339, or how long ago: `7d`, `36h`. Microseconds since 1970; of a day its
 * beginning, or (`end`) the beginning of the next. undefined: it is no time.
 */
export function readTime(
  text: string,
  { end = false, now = Date.now() * 1000 } = {},
): number | undefined {
  const written = text.trim();
  if (/^\d{4}-\d\d-\d\d$/.test(written)) {
    const start = parsed(`${written}T00:00:00Z`);
    return start === undefined || !end ? start : start + DAY;
  }
  const local = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,6})?)?$/.exec(written);
  if (local !== null) return parsed(`${local[1]}T${local[2]}${local[3] ?? ':00'}Z`);
  const ago = parseDuration(written);
  if (ago !== undefined) return Math.max(0, Math.round(now - ago * 1e6));
  return parsed(written);
}

/** Refuses the 31st of February, which Date takes for another day. */
function parsed(text: string): number | undefined {
  const time = parseRfc3339(text);
  if (time === undefined || time < 0 || time >= LATEST) return undefined;
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  const last = new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate();
  return (day ?? 0) >= 1 && (day ?? 0) <= last ? time : undefined;
}
