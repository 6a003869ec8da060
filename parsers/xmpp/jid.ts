/**
 * JIDs, RFC 7622: [ localpart '@' ] domainpart [ '/' resourcepart ]. Local and domain part compare
 * in lower case (PRECIS does more; that is good enough to tell people apart), the resource as it is.
 */
const MAX_LENGTH = 3071; // RFC 7622 §3.1: three parts of 1023 octets and two separators

export interface Jid {
  /** `local@domain` or `domain`, lower-cased. */
  readonly bare: string;
  readonly domain: string;
  readonly hasLocal: boolean;
  readonly resource: string | undefined;
  /** bare and resource: the key of one connection. */
  readonly full: string;
  /** As it stood on the wire: what XEP-0065 §5.3.2 hashes. */
  readonly raw: string;
}

const REMEMBERED = 1024; // JIDs parsed lately; the same few speak again and again
const MAX_REMEMBERED = 256; // characters of one
const memory = new Map<string, Jid>();

/** Undefined for an empty or overlong JID. */
export function parseJid(text: string | undefined): Jid | undefined {
  if (text === undefined) return undefined;
  const known = memory.get(text);
  if (known !== undefined) return known;
  const jid = parse(text);
  if (jid !== undefined && text.length <= MAX_REMEMBERED) {
    if (memory.size >= REMEMBERED) memory.clear();
    memory.set(text, jid);
  }
  return jid;
}

function parse(text: string): Jid | undefined {
  const raw = text.trim();
  if (raw === '' || raw.length > MAX_LENGTH) return undefined;
  const slash = raw.indexOf('/');
  const bare = (slash < 0 ? raw : raw.slice(0, slash)).toLowerCase().normalize('NFC');
  if (bare === '') return undefined;
  const resource = slash < 0 ? undefined : raw.slice(slash + 1) || undefined;
  const at = bare.indexOf('@');
  return {
    bare,
    domain: bare.slice(at + 1),
    hasLocal: at > 0,
    resource,
    full: resource === undefined ? bare : `${bare}/${resource}`,
    raw,
  };
}

export function bareJid(text: string | undefined): string | undefined {
  return parseJid(text)?.bare;
}
