/**
 * The argument of a DCC request, read from the right, because names may hold spaces:
 *
 *   SEND|SSEND|TSEND|XMIT name address port [size [token]]     port 0: passive, token needed
 *   CHAT|SCHAT chat address port [token]
 *   RESUME|ACCEPT name port position [token]
 *   REJECT SEND|GET|CHAT [name]
 *
 * Names come bare, quoted, or (old clients) unquoted with spaces. Addresses are the decimal number
 * of an IPv4 address, dotted IPv4 or IPv6. Sources: irssi, hexchat and bitlbee behaviour; mIRC help.
 */
import { isAddress, readAddress, readPort, readSize } from './dcc-fields.ts';

export const DccVerb = { Send: 0, Chat: 1, Resume: 2, Accept: 3, Reject: 4 } as const;
export type DccVerb = (typeof DccVerb)[keyof typeof DccVerb];

export interface DccRequest {
  readonly verb: DccVerb;
  /** The type word in capitals: SEND, SSEND, CHAT … ; of a REJECT, what is rejected. */
  readonly type: string;
  readonly name: string | undefined;
  /** Numeric text, IPv6 without brackets; undefined where it is no address. */
  readonly address: string | undefined;
  /** 1 to 65535, 0 for passive; undefined where it is neither. */
  readonly port: number | undefined;
  readonly size: number | undefined;
  /** A size was given that is none. */
  readonly badSize: boolean;
  /** Resume position, octets. */
  readonly position: number | undefined;
  readonly token: string | undefined;
  /** The data connection is TLS. */
  readonly secure: boolean;
}

const VERBS: Readonly<Record<string, DccVerb>> = {
  SEND: DccVerb.Send,
  SSEND: DccVerb.Send,
  TSEND: DccVerb.Send,
  STSEND: DccVerb.Send,
  XMIT: DccVerb.Send,
  CHAT: DccVerb.Chat,
  SCHAT: DccVerb.Chat,
  FSERVE: DccVerb.Chat,
  RESUME: DccVerb.Resume,
  ACCEPT: DccVerb.Accept,
  REJECT: DccVerb.Reject,
};

/** `request` starts with the word DCC. Undefined where the fields of its type are missing. */
export function readDcc(request: string): DccRequest | undefined {
  const found = /^DCC[ \t]+([A-Za-z]+)(?:[ \t]+(.*))?$/is.exec(request.trimEnd());
  const type = (found?.[1] ?? '').toUpperCase();
  const verb = VERBS[type];
  if (verb === undefined) return undefined;
  const { name, words } = splitName(found?.[2] ?? '');
  switch (verb) {
    case DccVerb.Send:
    case DccVerb.Chat:
      return connection(verb, type, name, words);
    case DccVerb.Resume:
    case DccVerb.Accept:
      return position(verb, type, name, words);
    case DccVerb.Reject:
      return rejection(found?.[2] ?? '');
  }
}

interface Split {
  /** Undefined where the name is not quoted: it is then the first of `words`. */
  readonly name: string | undefined;
  readonly words: readonly string[];
}

function splitName(argument: string): Split {
  const last = argument.lastIndexOf('"');
  if (argument.startsWith('"') && last > 0) {
    return { name: argument.slice(1, last), words: wordsOf(argument.slice(last + 1)) };
  }
  return { name: undefined, words: wordsOf(argument) };
}

function wordsOf(text: string): string[] {
  return text.split(/[ \t]+/).filter((word) => word !== '');
}

function connection(
  verb: DccVerb,
  type: string,
  name: string | undefined,
  words: readonly string[],
): DccRequest | undefined {
  const fields = connectionFields(verb, name === undefined ? 1 : 0, words);
  if (fields === 0) return undefined;
  const [address = '', port = '', third, fourth] = words.slice(words.length - fields);
  const chat = verb === DccVerb.Chat;
  return {
    verb,
    type,
    name: name ?? words.slice(0, words.length - fields).join(' '),
    address: readAddress(address),
    port: readPort(port),
    size: chat || third === undefined ? undefined : readSize(third),
    badSize: !chat && third !== undefined && readSize(third) === undefined,
    position: undefined,
    token: chat ? third : fourth,
    secure: type.startsWith('SS') || type === 'SCHAT' || type === 'STSEND',
  };
}

/**
 * How many words from the right are address, port, size and token. Names and sizes are numbers
 * too, so the likeliest reading wins: a passive offer; else the most fields whose first is surely
 * an address, with a port; else, with any of that missing, still an offer some client might take.
 * 0 where none fits.
 */
function connectionFields(verb: DccVerb, name: number, words: readonly string[]): number {
  const from = (back: number) => words[words.length - back] ?? '';
  const fits = (fields: number) => words.length >= fields + name && numbers(words, fields - 1);
  const hasPort = (fields: number) => readPort(from(fields - 1)) !== undefined;
  const most = verb === DccVerb.Chat ? 3 : 4;
  if (fits(most) && isAddress(from(most)) && from(most - 1) === '0') return most;
  const readings = [
    (fields: number) => isLikelyAddress(from(fields)) && hasPort(fields),
    (fields: number) => fields < most && isLikelyAddress(from(fields)),
    (fields: number) => fields < most && isAddress(from(fields)) && hasPort(fields),
    (fields: number) => fields === most - 1,
  ];
  for (const reading of readings) {
    for (let fields = most; fields >= 2; fields--) {
      if (fits(fields) && reading(fields)) return fields;
    }
  }
  return 0;
}

/** Whether the last `count` words are numbers. */
function numbers(words: readonly string[], count: number): boolean {
  for (let i = words.length - count; i < words.length; i++) {
    if (!/^-?\d+$/.test(words[i] ?? '')) return false;
  }
  return true;
}

/** No address below 1.0.0.0 is ever announced, so a smaller number is a port or a size. */
function isLikelyAddress(word: string): boolean {
  return isAddress(word) && (/[.:]/.test(word) || word.length >= 8);
}

function position(
  verb: DccVerb,
  type: string,
  name: string | undefined,
  words: readonly string[],
): DccRequest | undefined {
  const least = name === undefined ? 1 : 0;
  // Passive: port 0, position, token.
  const passive =
    words.length >= 3 + least && words[words.length - 3] === '0' && numbers(words, 3) ? 3 : 2;
  if (words.length < passive + least || !numbers(words, passive)) return undefined;
  const [port = '', at = '', token] = words.slice(words.length - passive);
  return {
    verb,
    type,
    name: name ?? words.slice(0, words.length - passive).join(' '),
    address: undefined,
    port: readPort(port),
    size: undefined,
    badSize: false,
    position: readSize(at),
    token,
    secure: false,
  };
}

function rejection(argument: string): DccRequest {
  const [what = '', ...rest] = wordsOf(argument);
  const name = rest.join(' ').replace(/^"(.*)"$/s, '$1');
  return {
    verb: DccVerb.Reject,
    type: what.toUpperCase(),
    name: name === '' ? undefined : name,
    address: undefined,
    port: undefined,
    size: undefined,
    badSize: false,
    position: undefined,
    token: undefined,
    secure: false,
  };
}
