/**
 * The TXT record by which somebody is present on the link (XEP-0174 §3.1): its name is
 * `ann@mill._presence._tcp.local`, its strings are `key=value` (RFC 6763 §6):
 *
 *   txtvers=1  1st=Ann  last=Lee  nick=annie  status=avail|away|dnd  msg=words  email jid phsh vc node ver …
 */
import { ascii, spells, utf8 } from '../../src/bytes/text.ts';
import type { DnsName } from '../framing/dns-message.ts';

const PRESENCE = [ascii('_PRESENCE'), ascii('_TCP'), ascii('LOCAL')];
const STRINGS = 64; // XEP-0174 names about twenty
const SHOWN: ReadonlySet<string> = new Set(['txtvers', '1st', 'last', 'nick', 'status', 'msg']);
const STATES: Readonly<Record<string, string>> = { avail: 'available', away: 'away', dnd: 'dnd' };

export interface Presence {
  readonly version: string | undefined;
  readonly name: string | undefined;
  readonly state: string;
  readonly status: string | undefined;
}

/** Whether the name is that of somebody's presence. */
export function isPresence(octets: Uint8Array, name: DnsName): boolean {
  if (name.count !== 1 + PRESENCE.length) return false;
  for (let i = 0; i < PRESENCE.length; i++) {
    const word = PRESENCE[i];
    if (word === undefined || !spells(octets, name.start(i + 1), name.end(i + 1), word))
      return false;
  }
  return true;
}

export function readPresence(octets: Uint8Array, start: number, end: number): Presence {
  const values = new Map<string, string>();
  let at = start;
  for (let n = 0; n < STRINGS && at < end; n++) {
    const last = Math.min(at + 1 + (octets[at] ?? 0), end);
    const text = utf8(octets, at + 1, last);
    at = last;
    const equals = text.indexOf('=');
    const key = text.slice(0, Math.max(0, equals)).toLowerCase();
    // Of a key that comes twice the first counts (RFC 6763 §6.4).
    if (SHOWN.has(key) && !values.has(key)) values.set(key, text.slice(equals + 1));
  }
  const given = (key: string) => values.get(key)?.trim() || undefined;
  const whole = [given('1st'), given('last')].filter((part) => part !== undefined).join(' ');
  const state = given('status')?.toLowerCase() ?? 'avail';
  return {
    version: given('txtvers')?.slice(0, 8),
    name: given('nick') ?? (whole || undefined),
    state: STATES[state] ?? state,
    status: given('msg'),
  };
}
