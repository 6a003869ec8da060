/** Times on the command line of an archive's commands, as microseconds since 1970. */
import { InvalidArgumentError } from 'commander';
import { readTime } from '../../archive/search/read-time.ts';

export function fromTime(text: string): number {
  return time(text, false);
}

/** Of a day, its end. */
export function toTime(text: string): number {
  return time(text, true);
}

function time(text: string, end: boolean): number {
  const read = readTime(text, { end });
  if (read !== undefined) return read;
  throw new InvalidArgumentError(
    'Expected 2026-11-25, 2026-11-25T10:00 (UTC), 2026-11-25T10:00:00+01:00, or how long ago: 7d, 36h.',
  );
}
