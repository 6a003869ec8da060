/**
 * Where a URL is fetched from or brought to: whose connection, and what its request line says.
 *
 * Targets are compared in one form, since clients write the escapes of a URL anew: dots removed, what is
 * no ASCII escaped, printable characters that mean nothing in a URL not (RFC 3986 §6.2.2).
 */
import { ownCopy } from '../../../src/bytes/text.ts';
import { URL_LIMIT } from './http-upload-limits.ts';

export interface HttpPlace {
  /** Numeric address, as the announcement has it: IPv6 without brackets. */
  readonly address: string;
  readonly port: number;
  /** Path and query in their one form. */
  readonly target: string;
}

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/**
 * Undefined for another scheme than http, and for what is no URL. `named`: the address that is taken for
 * any host that is told by its name; `base`: what the URL is relative to.
 */
export function placeOf(url: string, named: string, base?: string): HttpPlace | undefined {
  const parts = url.length > URL_LIMIT ? undefined : parsed(url, base);
  if (parts?.protocol !== 'http:') return undefined;
  const { hostname, port, pathname, search } = parts;
  const numeric = hostname.startsWith('[') || IPV4.test(hostname);
  return {
    address: numeric ? hostname.replace(/^\[|\]$/g, '') : oneAddress(named),
    port: port === '' ? 80 : Number(port),
    target: ownCopy(oneForm(pathname + search)),
  };
}

/** What a request line asks for, in the form of HttpPlace; undefined where it is no path. */
export function targetOf(written: string): string | undefined {
  const absolute = written.startsWith('/') ? `http://h${written}` : written;
  const parts = absolute.length > 2 * URL_LIMIT ? undefined : parsed(absolute);
  if (parts?.protocol !== 'http:') return undefined;
  return oneForm(parts.pathname + parts.search);
}

/** An IPv6 address as URLs write it; others as they are. */
export function oneAddress(address: string): string {
  if (!address.includes(':')) return address;
  return parsed(`http://[${address}]/`)?.hostname.replace(/^\[|\]$/g, '') ?? address;
}

function parsed(url: string, base?: string): URL | undefined {
  return URL.canParse(url, base) ? new URL(url, base) : undefined;
}

/** The URL of a place, which others are relative to. */
export function urlOf({ address, port, target }: HttpPlace): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}${target}`;
}

/** What is no ASCII was escaped when it was parsed. */
function oneForm(target: string): string {
  return target.replace(/%[0-9a-f]{2}/gi, (written) => {
    const character = String.fromCharCode(Number.parseInt(written.slice(1), 16));
    // Those that part a path or a query mean something else when they are escaped.
    const isPlain = /[!-~]/.test(character) && !/[%/\\?#&=+;]/.test(character);
    return isPlain ? character : written.toUpperCase();
  });
}
