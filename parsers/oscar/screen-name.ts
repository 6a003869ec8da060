/**
 * Screen names of AIM and numbers of ICQ: `Screen Name` and `screenname` are one account, which the
 * events name `screenname`. On the wire: u8 length · octets.
 */
import { utf8OrWindows1252 } from '../../src/bytes/text.ts';

/** Octets of a name on the wire: its length is one octet. AOL's own limit is 97 (e-mail as name). */
export const SCREEN_NAME_LIMIT = 255;

/** The canonical name that stands at buffer[start, end), or undefined where nothing is left of it. */
export function screenName(buffer: Uint8Array, start: number, end: number): string | undefined {
  return canonicalName(utf8OrWindows1252(buffer, start, end));
}

export function canonicalName(shown: string): string | undefined {
  const name = shown.replace(/[ \0]/g, '').toLowerCase();
  return name === '' ? undefined : name;
}

/** An account of ICQ: all digits (a UIN). */
export function isUin(name: string): boolean {
  return /^\d+$/.test(name);
}

/** Whose network an account is of. */
export function serviceOf(account: string | undefined): 'icq' | 'aim' | undefined {
  if (account === undefined) return undefined;
  return isUin(account) ? 'icq' : 'aim';
}
