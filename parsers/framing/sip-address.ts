/**
 * Addresses of SIP, SIMPLE and CPIM: `"Display" <sip:user@host;parameters>;tag=x` (RFC 3261 §20.10,
 * RFC 3862 §3), as the identity that rules and lists know.
 *
 * Canonical: lower-case `user@host` without scheme, port, password and parameters, escapes undone, so
 * that `sip:%41nn@Harbor.example:5060;transport=tcp` and `im:ann@harbor.example` are one person; a
 * telephone number (`tel:`, RFC 3966) without its visual separators.
 */
import { boundedCopy } from '../../src/bytes/text.ts';
import { parametersOf } from './media-type.ts';

const ADDRESS_LIMIT = 512; // characters
const SCHEME = /^\s*(sips?|tel|im|pres|xmpp|mailto|urn):/i;

export interface NameAddress {
  readonly uri: string;
  /** Canonical; undefined where there is none. */
  readonly address: string | undefined;
  /** Display name. */
  readonly name: string | undefined;
  /** What follows the address: `tag`, `expires`, `isfocus`. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Values lately read: a dialog says its parties in every message, and takes them apart but once. Forgotten all
 * together when there are too many; at most KNOWN_VALUES × a kilobyte or so, whatever comes.
 */
const known = new Map<string, NameAddress>();
const KNOWN_VALUES = 256;
const LONGEST_KNOWN = 200; // characters

export function nameAddress(value: string): NameAddress {
  const before = known.get(value);
  if (before !== undefined) return before;
  const read = readNameAddress(value);
  if (value.length <= LONGEST_KNOWN) {
    if (known.size >= KNOWN_VALUES) known.clear();
    known.set(value, read);
  }
  return read;
}

function readNameAddress(value: string): NameAddress {
  let name: string | undefined;
  let rest = value;
  const quoted = /^\s*"((?:[^"\\]|\\.)*)"/.exec(value);
  if (quoted !== null) {
    name = quoted[1]?.replace(/\\(.)/g, '$1');
    rest = value.slice(quoted[0].length);
  }
  const open = rest.indexOf('<');
  const close = open === -1 ? -1 : rest.indexOf('>', open);
  if (open === -1) {
    // Without brackets the parameters are the header's, not the URI's (§20.10).
    const semicolon = rest.indexOf(';');
    const uri = (semicolon === -1 ? rest : rest.slice(0, semicolon)).trim();
    const parameters = parametersOf(rest, semicolon === -1 ? rest.length : semicolon);
    return { uri, address: canonicalAddress(uri), name: name || undefined, parameters };
  }
  name ??= rest.slice(0, open).trim();
  const uri = rest.slice(open + 1, close === -1 ? undefined : close).trim();
  const after = close === -1 ? '' : rest.slice(close + 1).trimStart();
  return {
    uri,
    address: canonicalAddress(uri),
    name: name === '' ? undefined : boundedCopy(name, ADDRESS_LIMIT),
    parameters: parametersOf(after, 0),
  };
}

/** The identity that a URI names, or undefined. */
export function canonicalAddress(uri: string): string | undefined {
  const scheme = SCHEME.exec(uri);
  let rest = scheme === null ? uri.trim() : uri.slice(scheme[0].length);
  const kind = scheme?.[1]?.toLowerCase();
  if (kind === 'tel') return bounded(rest.split(';')[0]?.replace(/[\s().-]/g, ''));
  if (kind === 'urn') return bounded(`urn:${rest.split(';')[0]}`);
  rest = rest.split('?')[0] ?? '';
  const at = rest.indexOf('@');
  const host = hostOf(at === -1 ? rest : rest.slice(at + 1));
  if (at === -1) return bounded(host);
  const user = unescaped((rest.slice(0, at).split(';')[0] ?? '').split(':')[0] ?? '').trim();
  return bounded(user === '' ? host : `${user}@${host}`);
}

/** Whether the address names nobody (RFC 3323 §4.1.1.3). */
export function isAnonymous(address: string | undefined): boolean {
  return address === undefined || /^(?:anonymous|unavailable|restricted)@|\.invalid$/.test(address);
}

function hostOf(written: string): string {
  const part = written.trim().split(/[;>\s]/)[0] ?? '';
  const port = part.startsWith('[') ? part.indexOf(']:') + 1 : part.indexOf(':');
  const host = port > 0 ? part.slice(0, port) : part;
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

function unescaped(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no UTF-8: as written
  }
}

function bounded(text: string | undefined): string | undefined {
  return text === undefined || text === ''
    ? undefined
    : boundedCopy(text.toLowerCase(), ADDRESS_LIMIT);
}
