/** Who an event is between: our own account, and the other party. */
import type { ImEvent } from '../../src/event/event.ts';
import { accountKey } from '../lists/identity.ts';

/** A field's values: none, one, or several. */
export type Values = string | readonly string[] | undefined;

/** Kinds of XMPP rooms that name people by address. */
const BY_ADDRESS = new Set<string>(['room.invite', 'room.decline', 'room.kick']);

/** Our own account in this event. */
export function accountOf({ account, origin, from, to }: ImEvent): string | undefined {
  if (account !== undefined) return account;
  return origin === 'client' ? from : origin === 'server' && to?.length === 1 ? to[0] : undefined;
}

/** The other party: recipients of what we send, sender of what we get, the contact spoken of. */
export function peersOf(event: ImEvent): Values {
  const { kind, contact, origin, account, service } = event;
  const from = senderOf(event);
  if (contact !== undefined && kind.startsWith('contact.')) return contact;
  // A copy of our own message comes from the server and is still ours.
  const own = account !== undefined && from !== undefined && same(service, from, account);
  if (own || origin === 'client') return recipients(event);
  if (from !== undefined) return from;
  return origin === undefined ? recipients(event) : contact;
}

/**
 * Guests of XMPP rooms choose their nicks (XEP-0045 §7.1), and nothing keeps them from choosing
 * somebody's address: a nick with an "@" names nobody.
 */
export function senderOf({ kind, origin, from, room, protocol }: ImEvent): string | undefined {
  if (room === undefined || protocol !== 'xmpp' || origin !== 'server') return from;
  return from?.includes('@') && !BY_ADDRESS.has(kind) ? undefined : from;
}

function recipients({ to, room }: ImEvent): Values {
  if (to === undefined || to.length === 0) return room;
  return to.length === 1 ? to[0] : to;
}

function same(service: string | undefined, a: string, b: string): boolean {
  return a === b || accountKey(service, a) === accountKey(service, b);
}
