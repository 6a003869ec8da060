/**
 * Who an event is between, in the spelling of the table `party`. The same few pairs talk again and again: what
 * was worked out for them is remembered.
 */
import { accountKey } from '../../../rules/lists/identity.ts';
import { Recent } from '../vault/recent.ts';
import { columnText } from './column-text.ts';
import type { Json } from './split-content.ts';
import type { ThreadParties } from './thread-key.ts';
import type { Participants, ThreadHold } from './threads.ts';

/** One object for the same parties, as long as they are remembered. */
export interface EventParties {
  /** The service, or else the protocol; empty where neither is known. */
  readonly service: string;
  readonly account: string | undefined;
  readonly sender: string | undefined;
  readonly recipients: readonly string[];
  readonly room: string | undefined;
  readonly person: string | undefined;
  /** Of the other party, where there is one and the directory knows it. */
  readonly peer: string | undefined;
  /** Said by our own account. */
  readonly isOwn: boolean;
  /** Held beside them by who writes to an archive (event-places.ts). */
  readonly numbers: { held: NumberedParties | undefined };
}

/** The parties of events, with their numbers. */
export interface NumberedParties {
  /** Whose numbers these are, and since when: after `forget` they are others. */
  readonly by: object;
  readonly account: number | undefined;
  readonly sender: number | undefined;
  /** Of conversations, where these parties can have one. */
  readonly thread: HeldThread | undefined;
  readonly participants: readonly number[];
}

export interface HeldThread extends ThreadParties, ThreadHold {
  /** All of the parties are among these. */
  within: Participants | undefined;
  /** Place of the sender among them; -1: there is none. */
  speaker: number;
}

const REMEMBERED = 16_384;
/** Recipients of one event that become parties: rooms have members, and messages seldom have more. */
const MOST_RECIPIENTS = 64;
/** What is longer is worked out each time: it would only fill the memory. */
const SIGNATURE_CODE_UNITS = 512;

/** Of rooms of XMPP, these name people by address; others by the nick that a guest chose (XEP-0045 §7.1). */
const BY_ADDRESS = new Set<unknown>(['room.invite', 'room.decline', 'room.kick']);
const NOBODY: readonly string[] = [];

const remembered = new Recent<string, EventParties>(REMEMBERED);

/** An account as the table `party` spells it: case, and what a service makes nothing of, do not matter. */
export function partyAddress(service: string, account: string): string {
  return columnText(accountKey(service, account));
}

export function eventParties(event: Json): EventParties {
  const signature = signatureOf(event);
  if (signature === undefined) return workOut(event);
  const known = remembered.get(signature);
  if (known !== undefined) return known;
  const made = workOut(event);
  remembered.set(signature, made);
  return made;
}

/** The same for events with the same parties; lengths stand before the names, which may be anything. */
function signatureOf(event: Json): string | undefined {
  const to = one(event.to);
  const peer = one(event.peers);
  if (to === undefined || peer === undefined) return undefined;
  const service = said(event.service) || said(event.protocol);
  const account = said(event.account);
  const from = said(event.from);
  const room = said(event.room);
  const person = said(event.person);
  const form = (event.origin === 'client' ? 1 : 0) + (room !== '' && namesByNick(event) ? 2 : 0);
  const names = `${service}${account}${from}${to}${room}${person}${peer}`;
  if (names.length > SIGNATURE_CODE_UNITS) return undefined;
  return `${form} ${service.length} ${account.length} ${from.length} ${to.length} ${room.length} ${person.length} ${names}`;
}

function workOut(event: Json): EventParties {
  const service = text(event.service) ?? text(event.protocol) ?? '';
  const room = text(event.room);
  const account = address(service, event.account);
  const isClient = event.origin === 'client';
  const from = address(service, event.from);
  let sender = from ?? (isClient ? account : undefined);
  if (from !== undefined && from !== account && room !== undefined && namesByNick(event)) {
    sender = columnText(`${room}/${from}`);
  }
  const { peers } = event;
  return {
    service,
    account,
    sender,
    recipients: addresses(service, event.to),
    room,
    person: text(event.person),
    peer: Array.isArray(peers) && peers.length === 1 ? text(peers[0]) : undefined,
    isOwn: isClient || (sender !== undefined && sender === account),
    numbers: { held: undefined },
  };
}

/** In a room, `from` is a nick. */
export function namesByNick({ protocol, kind }: Json): boolean {
  return protocol === 'xmpp' && !BY_ADDRESS.has(kind);
}

/** The only name of a list, or none; undefined: there are more, or it is something else. */
function one(value: unknown): string | undefined {
  if (value === undefined) return '';
  return Array.isArray(value) && value.length === 1 && typeof value[0] === 'string'
    ? value[0]
    : undefined;
}

function said(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? columnText(value) : undefined;
}

function address(service: string, value: unknown): string | undefined {
  // What is nothing but what the service makes nothing of names nobody.
  return typeof value === 'string' ? partyAddress(service, value) || undefined : undefined;
}

function addresses(service: string, value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) return NOBODY;
  const found: string[] = [];
  for (const name of value.slice(0, MOST_RECIPIENTS)) {
    const known = address(service, name);
    if (known !== undefined) found.push(known);
  }
  return found;
}
