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

/** RFC 1459 §2.2: {}|^ are the lower case of []\~. */
function ircLower(text: string): string {
  if (!/[[\]\\~]/.test(text)) return text;
  return text.replace(/[[\]\\~]/g, (c) => IRC_LOWER[c] ?? c);
}

const IRC_LOWER: Readonly<Record<string, string>> = { '[': '{', ']': '}', '\\': '|', '~': '^' };

export function isGlob(entry: string): boolean {
  return entry.includes('*') || entry.includes('?');
}
