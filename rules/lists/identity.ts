/** IM identities as lists and rules write them: `service:account`, or the account alone. */

/** An identity, or an entry of a list, in the spelling in which they are compared. */
export function identityKey(entry: string): string {
  const lower = entry.trim().toLowerCase();
  const colon = lower.indexOf(':');
  const plain = colon === -1 ? undefined : SPELLINGS.get(lower.slice(0, colon));
  return plain === undefined ? lower : lower.slice(0, colon + 1) + plain(lower.slice(colon + 1));
}

/** The account of an event in comparable spelling, without its service. */
export function accountKey(service: string | undefined, account: string): string {
  const lower = account.toLowerCase();
  const plain = service === undefined ? undefined : SPELLINGS.get(service);
  return plain === undefined ? lower : plain(lower);
}

/** Services in which several spellings, in lower case, are one account. */
const SPELLINGS: ReadonlyMap<string, (account: string) => string> = new Map([
  ['irc', ircLower],
  ['aim', withoutSpaces],
  // A number is written with hyphens or spaces where people read it.
  ['icq', (account: string) => account.replace(/[\s-]/g, '')],
  ['gadu-gadu', withoutSpaces],
  ['yahoo', (account: string) => account.replace(/@yahoo\.com$/, '')],
]);

function withoutSpaces(account: string): string {
  return account.replace(/\s/g, '');
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
