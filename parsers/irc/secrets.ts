/**
 * Passwords sent to network services as messages: never shown, logged or archived.
 *
 * To a service that knows accounts, everything after the first word is a secret unless the word is
 * known to carry none: a new command shows too little rather than a password.
 */
const MASK = '********';

/** Services that know passwords, their names folded; `Q` of QuakeNet, `X` of Undernet. */
const ACCOUNT_SERVICES = new Set(['nickserv', 'authserv', 'userserv', 'saslserv', 'q', 'x', 'k9']);
const OTHER_SERVICES = new Set([
  ...['chanserv', 'memoserv', 'operserv', 'hostserv', 'botserv', 'helpserv', 'infoserv'],
  ...['statserv', 'spamserv', 'alis', 'global', 'groupserv', 'rpgserv', 'gameserv', 'limitserv'],
]);
/** Words that no password follows. */
const HARMLESS = new Set(
  'HELP INFO STATUS ACC LIST LISTCHANS LISTOWNCHANS LOGOUT UPDATE ALIST GLIST WHOIS VERSION'.split(
    ' ',
  ),
);
/** Words that a password follows to services of the second set. */
const SECRET = new Set(
  'IDENTIFY ID REGISTER RECOVER RELEASE SET DROP SENDPASS LOGIN AUTH OPER PASS PASSWORD'.split(' '),
);
/** Words whose first of two arguments is an account or a nick. */
const ACCOUNT_FIRST = new Set(
  'IDENTIFY ID SIDENTIFY LOGIN AUTH GHOST RECOVER RELEASE REGAIN GROUP'.split(' '),
);

/** `nick@server` is a service asked by its full name (RFC 2812 §3.3.2). */
export function isService(foldedTarget: string): boolean {
  const name = nameOf(foldedTarget);
  if (foldedTarget.includes('@')) return true;
  return name.length > 1 && (ACCOUNT_SERVICES.has(name) || OTHER_SERVICES.has(name));
}

/** The text with its secret masked; the same text where it has none. */
export function maskSecret(foldedTarget: string, text: string): string {
  const name = nameOf(foldedTarget);
  const account = ACCOUNT_SERVICES.has(name);
  if (!account && !OTHER_SERVICES.has(name)) return text;
  const [, word = '', rest = ''] = /^\s*(\S+)\s*(.*)$/s.exec(text) ?? [];
  const verb = word.toUpperCase();
  if (rest === '' || (account ? HARMLESS.has(verb) : !SECRET.has(verb))) return text;
  const first = /^(\S+)\s+\S/.exec(rest)?.[1];
  const kept = first !== undefined && ACCOUNT_FIRST.has(verb) ? ` ${first}` : '';
  return `${word}${kept} ${MASK}`;
}

/** The service behind a short cut command (`NS`, `NICKSERV` …). */
export function aliasedService(command: string): string {
  return SHORT[command.toUpperCase()] ?? command;
}
const SHORT: Readonly<Record<string, string>> = {
  NS: 'NickServ',
  NICKSERV: 'NickServ',
  CS: 'ChanServ',
  CHANSERV: 'ChanServ',
  MS: 'MemoServ',
  MEMOSERV: 'MemoServ',
  OS: 'OperServ',
  OPERSERV: 'OperServ',
  HS: 'HostServ',
  HOSTSERV: 'HostServ',
  BS: 'BotServ',
  BOTSERV: 'BotServ',
};

function nameOf(foldedTarget: string): string {
  const at = foldedTarget.indexOf('@');
  return at === -1 ? foldedTarget : foldedTarget.slice(0, at);
}
