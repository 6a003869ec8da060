/**
 * Rooms go by a cookie, `4-0-Room` or `!aol://2719:10-4-Room%20name`: exchange, instance, name. Events
 * name them by the name in it.
 */
import { utf8OrWindows1252 } from '../../src/bytes/text.ts';
import type { Cursor } from './cursor.ts';

/** u8 length · cookie, and passes over it. Undefined where there is none. */
export function roomOf(cursor: Cursor): string | undefined {
  const length = cursor.u8();
  const start = cursor.skip(length);
  if (cursor.failed || length === 0) return undefined;
  return roomOfCookie(utf8OrWindows1252(cursor.buffer, start, start + length));
}

export function roomOfCookie(cookie: string): string {
  const name = /^(?:!aol:\/\/\d{1,8}:)?\d{1,8}-\d{1,8}-(.+)$/s.exec(cookie)?.[1];
  if (name === undefined) return cookie;
  if (!cookie.startsWith('!aol:')) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // a percent sign of its own
  }
}
