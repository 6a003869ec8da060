/**
 * Who may ask what. Health is for everybody; /metrics as configured; all else needs the token.
 *
 * A page in an administrator's browser could reach 127.0.0.1 by a name of its own (DNS rebinding). Such
 * a request carries that name in Host, and no token: names other than localhost need the token.
 */
import { isIP } from 'node:net';
import type { AdminSettings } from '../config/settings.ts';
import type { AdminToken } from './token.ts';

export interface Asked {
  readonly path: string;
  readonly host: string | undefined;
  readonly authorization: string | undefined;
  /** Address of the other end of the connection. */
  readonly from: string | undefined;
}

export type Refusal = { readonly status: 401 | 421; readonly error: string };

const HEALTH: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

export class Access {
  readonly #metrics: AdminSettings['metrics'];
  readonly #token: AdminToken;

  constructor(metrics: AdminSettings['metrics'], token: AdminToken) {
    this.#metrics = metrics;
    this.#token = token;
  }

  /** Undefined where it may be answered. */
  refuses({ path, host, authorization, from }: Asked): Refusal | undefined {
    if (this.#token.admits(authorization)) return undefined;
    if (path === '/metrics' && this.#metrics === 'open') return undefined;
    // HTTP/1.0 without a name: no browser asks so.
    if (host !== undefined && !isOwnName(host)) {
      return { status: 421, error: 'this name is not served: ask by address, or with the token' };
    }
    if (HEALTH.has(path)) return undefined;
    if (path === '/metrics' && this.#metrics === 'loopback' && isLoopback(from)) return undefined;
    return { status: 401, error: 'needs the token: Authorization: Bearer …' };
  }
}

/** An address, or localhost: what no foreign name resolves to under its own name. */
export function isOwnName(host: string): boolean {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::\d{1,5})?$/.exec(host) ?? [];
  if (bracketed !== undefined) return isIP(bracketed) === 6;
  return plain !== undefined && (plain.toLowerCase() === 'localhost' || isIP(plain) === 4);
}

export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.replace(/^::ffff:/i, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}
