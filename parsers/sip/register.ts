/**
 * Signing in (RFC 3261 §10): the registrar's answer is the event.
 *   200, bindings left     session.login; again for the same address: state `refreshed`
 *   200, none left         session.logout
 *   401, 407               a challenge; to a request with credentials, unless stale: session.failed
 *   other refusals         session.failed, reason `403 Wrong password`
 */
import { kept, type SipFlow } from './sip-flow.ts';
import type { SipMessage } from './sip-message.ts';
import { statusText } from './status-text.ts';

/** Refusals after which the client goes on by itself: 423 Interval Too Brief, 494 (RFC 3329). */
const GOES_ON: ReadonlySet<number> = new Set([423, 494]);

export function onRegister(flow: SipFlow): void {
  const { message } = flow;
  const { address } = message.to;
  const contact = message.all('contact').join(',');
  const credentials =
    message.header('authorization') ?? message.header('proxy-authorization') ?? '';
  const user = /\busername\s*=\s*"([^"]{1,200})"/i.exec(credentials)?.[1];
  flow.transactions.set(flow.transactionKey, {
    kind: 'register',
    address,
    user: user === undefined || isSame(user, address) ? undefined : kept(user),
    credentials: /\b(?:response|gssapi-data)\s*=\s*"[^"]/i.test(credentials),
    removes: removesAll(contact, message.header('expires')),
    asks: contact === '',
  });
}

export function onRegisterAnswer(flow: SipFlow): void {
  const { message } = flow;
  if (message.status < 200) return;
  const key = flow.transactionKey;
  const asked = flow.transactions.get(key);
  if (asked?.kind !== 'register') {
    if (asked === undefined) unasked(flow);
    return;
  }
  flow.transactions.delete(key);
  const { address, user } = asked;
  if (message.status < 300) {
    if (asked.asks || address === undefined) return;
    if (asked.removes) signedOut(flow, address, user);
    else signedIn(flow, address, user);
    return;
  }
  const isChallenge = message.status === 401 || message.status === 407;
  if (message.status < 400 || GOES_ON.has(message.status)) return;
  if (isChallenge && (!asked.credentials || isStale(message))) return;
  const event = flow.newEvent('session.failed');
  event.account = address;
  event.from = undefined;
  event.to = undefined;
  event.route = 'service';
  event.name = user;
  event.reason = statusText(message);
  flow.say(event);
}

/** The request was not seen: bindings that last show that there is a session. */
function unasked(flow: SipFlow): void {
  const { message } = flow;
  const { address } = message.to;
  // An answer that comes again says nothing new.
  if (message.status >= 300 || address === undefined || flow.registered.has(address)) return;
  const contact = message.all('contact').join(',');
  if (/;\s*expires\s*=\s*"?0*[1-9]/i.test(contact)) signedIn(flow, address, undefined);
}

function signedIn(flow: SipFlow, address: string, user: string | undefined): void {
  const event = flow.newEvent('session.login');
  event.account = address;
  event.from = undefined;
  event.to = undefined;
  event.route = 'service';
  event.name = user;
  if (flow.registered.has(address)) event.state = 'refreshed';
  else flow.registered.set(kept(address), true);
  flow.say(event);
}

function signedOut(flow: SipFlow, address: string, user: string | undefined): void {
  const event = flow.newEvent('session.logout');
  event.account = address;
  event.from = undefined;
  event.to = undefined;
  event.route = 'service';
  event.name = user;
  flow.registered.delete(address);
  flow.say(event);
}

/** `Contact: *`, or every binding with `expires=0`, or without one and `Expires: 0` (§10.2.2). */
function removesAll(contact: string, header: string | undefined): boolean {
  const given = [...contact.matchAll(/;\s*expires\s*=\s*"?(\d{1,10})/gi)].map(([, n]) => Number(n));
  if (given.length > 0) return given.every((seconds) => seconds === 0);
  return header !== undefined && /^0+$/.test(header);
}

function isStale(message: SipMessage): boolean {
  const challenge =
    message.header('www-authenticate') ?? message.header('proxy-authenticate') ?? '';
  return /\bstale\s*=\s*"?true/i.test(challenge);
}

function isSame(user: string, address: string | undefined): boolean {
  const name = user.toLowerCase().replace(/^sips?:/, '');
  return address === name || address?.split('@')[0] === name;
}
