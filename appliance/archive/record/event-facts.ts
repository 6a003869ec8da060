/**
 * What the archive's columns, threads and parties are made from, read from an event in JSON with every type
 * checked: an envelope is evidence, and says whatever was on the wire.
 */

import { accountKey } from '../../../rules/lists/identity.ts';
import { parseRfc3339 } from '../../../src/event/time.ts';
import { columnText } from './column-text.ts';
import { isObject, type Json } from './split-content.ts';

export interface EventFacts {
  /** Microseconds since 1970; undefined: the event has no time. */
  readonly time: number | undefined;
  readonly kind: string | undefined;
  /** The service, or else the protocol; empty where neither is known. */
  readonly service: string;
  readonly flow: string | undefined;
  readonly copy: string | undefined;
  /** Addresses of parties, in comparable spelling. */
  readonly account: string | undefined;
  readonly sender: string | undefined;
  readonly recipients: readonly string[];
  readonly room: string | undefined;
  readonly person: string | undefined;
  /** Of the other party, where there is one and the directory knows it. */
  readonly peer: string | undefined;
  readonly isOwn: boolean;
  readonly form: string | undefined;
  readonly action: string | undefined;
  readonly rule: string | undefined;
  readonly alert: string | undefined;
  readonly tags: readonly string[];
  /** What ties offer and transfer of a file together. */
  readonly file: string | undefined;
}

/** Tags and recipients of one event that find a place in columns: policy and rooms have fewer. */
const MOST_NAMES = 64;

/** Of rooms of XMPP, these name people by address; others by the nick that a guest chose (XEP-0045 §7.1). */
const BY_ADDRESS = new Set<string | undefined>(['room.invite', 'room.decline', 'room.kick']);
const NOBODY: readonly string[] = [];

/** `event` with or without its content: facts come from what is envelope alone, but for a file's name. */
export function eventFacts(event: Json): EventFacts {
  const { verdict, file, flow } = event;
  const kind = text(event.kind);
  const service = text(event.service) ?? text(event.protocol) ?? '';
  const room = text(event.room);
  const account = address(service, event.account);
  const isClient = event.origin === 'client';
  const from = address(service, event.from);
  const isNick =
    room !== undefined && event.protocol === 'xmpp' && !BY_ADDRESS.has(kind) && from !== account;
  const sender =
    from === undefined
      ? isClient
        ? account
        : undefined
      : isNick
        ? columnText(`${room}/${from}`)
        : from;
  const isOwn = isClient || (sender !== undefined && sender === account);
  const peers = event.peers;
  return {
    time: typeof event.ts === 'string' ? parseRfc3339(event.ts) : undefined,
    kind,
    service,
    flow: isObject(flow) ? text(flow.id) : undefined,
    copy: text(event.copy),
    account,
    sender,
    recipients: addresses(service, event.to),
    room,
    person: text(event.person),
    peer: Array.isArray(peers) && peers.length === 1 ? text(peers[0]) : undefined,
    isOwn,
    form: text(event.form),
    action: isObject(verdict) ? text(verdict.action) : undefined,
    rule: isObject(verdict) ? text(verdict.rule) : undefined,
    alert: isObject(verdict) ? text(verdict.alert) : undefined,
    tags: isObject(verdict) ? names(verdict.tags) : NOBODY,
    file: isObject(file) ? (text(file.token) ?? text(file.sha256)) : undefined,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? columnText(value) : undefined;
}

function address(service: string, value: unknown): string | undefined {
  // What is nothing but what the service makes nothing of names nobody.
  return typeof value === 'string' ? partyAddress(service, value) || undefined : undefined;
}

/** An account as the table `party` spells it: case, and what a service makes nothing of, do not matter. */
export function partyAddress(service: string, account: string): string {
  return columnText(accountKey(service, account));
}

function addresses(service: string, value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) return NOBODY;
  const found: string[] = [];
  for (const one of value.slice(0, MOST_NAMES)) {
    const known = address(service, one);
    if (known !== undefined) found.push(known);
  }
  return found;
}

function names(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) return NOBODY;
  const found = new Set<string>();
  for (const one of value.slice(0, MOST_NAMES)) {
    const known = text(one);
    if (known !== undefined) found.add(known);
  }
  return [...found];
}
