/** IM identities as lists and rules write them: `service:account`, or the account alone. */

/** An identity, or an entry of a list, in the spelling in which they are compared. */
export function identityKey(entry: string): string {
  const lower = entry.trim().toLowerCase();
  return lower.startsWith('irc:') ? ircLower(lower) : lower;
}

/** The account of an event in comparable spelling, without its service. */
export function accountKey(service: string | undefined, account: string): string {
  const lower = account.toLowerCase();
  return service === 'irc' ? ircLower(lower) : lower;
}

/**
 * Whether an account reads like an entry with a service before it: `irc:ben` as the name of an
 * XMPP room's guest is not Ben of IRC. Such a one is met only by its qualified spelling.
 */
export function looksQualified(account: string): boolean {
  return account.includes(':') && /^[a-z][a-z0-9-]*:/.test(account);
}

/** RFC 1459 §2.2: {}|^ are the lower case of []\~. */
function ircLower(text: string): string {
  if (!/[[\]\\~]/.test(text)) return text;
  return text.replace(/[[\]\\~]/g, (c) => IRC_LOWER[c] ?? c);
}

const IRC_LOWER: Readonly<Record<string, string>> = { '[': '{', ']': '}', '\\': '|', '~': '^' };

export function isGlob(entry: string): boolean {
  return entry.includes('*') || entry.includes('?');
}
