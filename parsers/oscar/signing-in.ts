/**
 * Signing in and out: sign-on and sign-off frames, and BUCP (family 0017).
 *
 *   sign-on, both sides   u32 1 · TLVs 01 screen name, 02 roasted password, 06 cookie
 *   17/06 17/02           01 screen name, 25 MD5 of the password
 *   17/03, sign-off       01 screen name, 05 host, 06 cookie; or 08 error
 *   sign-off of a pager   09 reason
 *
 * The account is said once, where the server grants it: on the connection that signs in, or, when that
 * was not seen (Kerberos, TLS), on the pager's by its self info.
 */
import { ownCopy } from '../../src/bytes/text.ts';
import { introduce, introducedBy } from './account-memory.ts';
import { Anomaly } from './anomalies.ts';
import type { OscarFlow } from './oscar-flow.ts';
import { SCREEN_NAME_LIMIT, screenName } from './screen-name.ts';
import { four } from './snac.ts';

const FLAP_VERSION = 1;
const Tlv = {
  Name: 0x01,
  Password: 0x02,
  Cookie: 0x06,
  Error: 0x08,
  Disconnect: 0x09,
} as const;

/** Codes of TLV 08 (libpurple family_auth.c, Open OSCAR wire/snacs.go). */
const ERRORS: Readonly<Record<number, string>> = {
  1: 'unknown screen name',
  2: 'service unavailable',
  4: 'incorrect screen name or password',
  5: 'incorrect password',
  6: 'internal client error',
  7: 'invalid account',
  8: 'deleted account',
  9: 'expired account',
  17: 'suspended account',
  20: 'service temporarily unavailable',
  24: 'connecting too often',
  28: 'client too old',
  29: 'connecting too often',
  32: 'invalid SecurID',
  34: 'suspended account',
};
const DISCONNECTS: Readonly<Record<number, string>> = { 1: 'signed in elsewhere' };

/** u32 version · TLVs. */
export function onSignOn(flow: OscarFlow, buffer: Uint8Array, start: number, end: number): void {
  const { body } = flow.snac;
  body.over(buffer, start, end);
  const version = body.u32();
  if (body.failed) return;
  if (version !== FLAP_VERSION) {
    const event = flow.newEvent('app.unknown');
    event.reason = `FLAP version ${version}`;
    flow.say(event);
  }
  if (!flow.toServer) return;
  const name = nameIn(flow, buffer, body.at, end);
  if (flow.greeted) {
    if (name !== flow.account) flow.anomaly(Anomaly.OtherAccount);
    return;
  }
  flow.greeted = true;
  if (name !== undefined) {
    flow.account = name;
    flow.purpose = 'signing-in';
  }
  if (!flow.tlvs.find(Tlv.Cookie)) return;
  const cookie = buffer.subarray(flow.tlvs.start, flow.tlvs.end);
  const known = introducedBy(flow.context.memory, cookie);
  flow.purpose = undefined;
  if (known === undefined) return;
  if (name !== undefined && name !== known.account) flow.anomaly(Anomaly.OtherAccount);
  flow.account = known.account;
  flow.room = known.room;
  flow.introduced = true;
}

/** 17/06 and 17/02: who wants to sign in. */
export function onAuthRequest(flow: OscarFlow): void {
  const { body } = flow.snac;
  const name = nameIn(flow, body.buffer, body.at, body.end);
  // Who is there already stays who it is, whatever else the client says.
  if (flow.introduced || (flow.purpose ?? 'signing-in') !== 'signing-in') {
    if (name !== flow.account) flow.anomaly(Anomaly.OtherAccount);
    return;
  }
  flow.purpose = 'signing-in';
  flow.account = name ?? flow.account;
}

export function onAuthReply(flow: OscarFlow): void {
  const { body } = flow.snac;
  flow.purpose = 'signing-in';
  signedIn(flow, body.buffer, body.at, body.end);
}

/** The end of a session, or the answer to a roasted password. */
export function onSignOff(flow: OscarFlow, buffer: Uint8Array, start: number, end: number): void {
  flow.snac.body.over(buffer, start, end);
  if (!flow.toServer && signedIn(flow, buffer, start, end)) return;
  flow.tlvs.over(buffer, start, end);
  const found = !flow.toServer && flow.tlvs.find(Tlv.Disconnect);
  signOut(flow, found ? codeIn(flow, buffer, DISCONNECTS) : undefined);
}

/** The session is over, if there was one and its end was not said yet. */
export function signOut(flow: OscarFlow, reason: string | undefined): void {
  if (flow.purpose !== 'pager' || !flow.signedIn || flow.signedOut) return;
  flow.signedOut = true;
  if (flow.account === undefined) return;
  const event = flow.newEvent('session.logout');
  event.from = flow.account;
  event.reason = reason;
  flow.say(event);
}

/** False where it is no answer to a sign-in. */
function signedIn(flow: OscarFlow, buffer: Uint8Array, start: number, end: number): boolean {
  const name = nameIn(flow, buffer, start, end) ?? flow.account;
  const { tlvs } = flow;
  if (tlvs.find(Tlv.Cookie)) {
    flow.account = name;
    const cookie = buffer.subarray(tlvs.start, tlvs.end);
    if (name !== undefined) {
      introduce(flow.context.memory, cookie, { account: ownCopy(name), room: undefined });
    }
    sayLogin(flow);
    return true;
  }
  if (!tlvs.find(Tlv.Error)) return false;
  flow.account = name;
  const event = flow.newEvent('session.failed');
  event.from = name;
  event.reason = codeIn(flow, buffer, ERRORS);
  flow.say(event);
  return true;
}

export function sayLogin(flow: OscarFlow): void {
  const event = flow.newEvent('session.login');
  event.from = flow.account;
  flow.cannotVanish();
  flow.say(event);
}

function nameIn(flow: OscarFlow, buffer: Uint8Array, start: number, end: number) {
  const { tlvs } = flow;
  tlvs.over(buffer, start, end);
  const found = tlvs.find(Tlv.Name);
  if (tlvs.broken) flow.anomaly(Anomaly.BadTlv);
  if (!found) return undefined;
  // The name is kept, here and in the memory of all connections.
  return screenName(buffer, tlvs.start, Math.min(tlvs.end, tlvs.start + SCREEN_NAME_LIMIT));
}

function codeIn(flow: OscarFlow, buffer: Uint8Array, words: Readonly<Record<number, string>>) {
  const { start, length } = flow.tlvs;
  let code = 0;
  for (let i = 0; i < Math.min(length, 2); i++) code = (code << 8) | (buffer[start + i] ?? 0);
  return words[code] ?? `code ${four(code)}`;
}
