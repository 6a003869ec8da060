/**
 * A mail address that stands for an account of a messenger, and can never be written to: the account, with what
 * an address may not have as =HH (hex of UTF-8), at `<service>.invalid` (RFC 2606 §2).
 */
import { createHash } from 'node:crypto';
import { harmless } from '../../../src/event/harmless.ts';

/** RFC 5321 §4.5.3.1.1: octets of a local part. */
const LONGEST_LOCAL = 64;
const DIGEST = 16;
/** Characters of a name beside an address. */
const LONGEST_NAME = 200;

export function harmlessAddress(service: string, account: string): string {
  let local = '';
  for (const octet of Buffer.from(account.toWellFormed(), 'utf8')) {
    const character = String.fromCharCode(octet);
    local += /[A-Za-z0-9_-]/.test(character)
      ? character
      : `=${octet.toString(16).toUpperCase().padStart(2, '0')}`;
    if (local.length > LONGEST_LOCAL) break;
  }
  if (local.length > LONGEST_LOCAL) {
    const digest = createHash('sha256').update(account).digest('hex').slice(0, DIGEST);
    local = `${local.slice(0, LONGEST_LOCAL - DIGEST - 1)}.${digest}`;
  }
  const host = service
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `${local === '' ? '=' : local}@${host.slice(0, 63) || 'unknown'}.invalid`;
}

/** What stands before the address: the person, where the directory knows one, and the account as it is. */
export function shownName(account: string, person?: string): string {
  const name = person === undefined || person === account ? account : `${person} (${account})`;
  return harmless(name).slice(0, LONGEST_NAME).toWellFormed();
}
