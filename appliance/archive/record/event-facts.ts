/**
 * What the archive's columns, threads and parties are made from, read from an event in JSON with every type
 * checked: an envelope is evidence, and says whatever was on the wire.
 */
import { columnText } from './column-text.ts';
import { type EventParties, eventParties } from './event-parties.ts';
import { eventTime } from './event-time.ts';
import { isObject, type Json } from './split-content.ts';

export interface EventFacts extends Omit<EventParties, 'numbers'> {
  /** Microseconds since 1970; undefined: the event has no time. */
  readonly time: number | undefined;
  readonly kind: string | undefined;
  readonly flow: string | undefined;
  readonly copy: string | undefined;
  readonly parties: EventParties;
  readonly form: string | undefined;
  readonly action: string | undefined;
  readonly rule: string | undefined;
  readonly alert: string | undefined;
  readonly tags: readonly string[];
  /** What ties offer and transfer of a file together. */
  readonly file: string | undefined;
}

/** Tags of one event that find a place in columns: policy has fewer. */
const MOST_TAGS = 64;
const NONE: readonly string[] = [];

/** `event` with or without its content: the facts are all in the envelope. */
export function eventFacts(event: Json): EventFacts {
  const { verdict, file, flow } = event;
  const parties = eventParties(event);
  const judged = isObject(verdict);
  return {
    time: typeof event.ts === 'string' ? eventTime(event.ts) : undefined,
    kind: text(event.kind),
    flow: isObject(flow) ? text(flow.id) : undefined,
    copy: text(event.copy),
    parties,
    service: parties.service,
    account: parties.account,
    sender: parties.sender,
    recipients: parties.recipients,
    room: parties.room,
    person: parties.person,
    peer: parties.peer,
    isOwn: parties.isOwn,
    form: text(event.form),
    action: judged ? text(verdict.action) : undefined,
    rule: judged ? text(verdict.rule) : undefined,
    alert: judged ? text(verdict.alert) : undefined,
    tags: judged ? names(verdict.tags) : NONE,
    file: isObject(file) ? (text(file.token) ?? text(file.sha256)) : undefined,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? columnText(value) : undefined;
}

function names(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) return NONE;
  const found = new Set<string>();
  for (const one of value.slice(0, MOST_TAGS)) {
    const known = text(one);
    if (known !== undefined) found.add(known);
  }
  return [...found];
}
