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

/** What is taken from a verdict. */
export interface VerdictFacts {
  readonly action: string | undefined;
  readonly rule: string | undefined;
  readonly alert: string | undefined;
  readonly tags: readonly string[];
}

const NO_VERDICT: VerdictFacts = {
  action: undefined,
  rule: undefined,
  alert: undefined,
  tags: NONE,
};

/** `event` with or without its content: the facts are all in the envelope. */
export function eventFacts(event: Json): EventFacts {
  const { ts, kind, flow, copy, form, verdict, file } = event;
  return factsOf({
    time: typeof ts === 'string' ? eventTime(ts) : undefined,
    kind: columnOf(kind),
    flow: flowFact(flow),
    copy: columnOf(copy),
    parties: eventParties(event),
    form: columnOf(form),
    verdict: verdictFacts(verdict),
    file: fileFact(file),
  });
}

/** What facts are put together from. */
export interface FactParts
  extends Pick<EventFacts, 'time' | 'kind' | 'flow' | 'copy' | 'parties' | 'form' | 'file'> {
  readonly verdict: VerdictFacts | undefined;
}

export function factsOf(parts: FactParts): EventFacts {
  const { time, kind, flow, copy, parties, form, verdict = NO_VERDICT, file } = parts;
  const { service, account, sender, recipients, room, person, peer, isOwn } = parties;
  const { action, rule, alert, tags } = verdict;
  return {
    time,
    kind,
    flow,
    copy,
    parties,
    service,
    account,
    sender,
    recipients,
    room,
    person,
    peer,
    isOwn,
    form,
    action,
    rule,
    alert,
    tags,
    file,
  };
}

export function flowFact(flow: unknown): string | undefined {
  return isObject(flow) ? columnOf(flow.id) : undefined;
}

export function verdictFacts(verdict: unknown): VerdictFacts {
  if (!isObject(verdict)) return NO_VERDICT;
  const { action, rule, alert, tags } = verdict;
  return {
    action: columnOf(action),
    rule: columnOf(rule),
    alert: columnOf(alert),
    tags: names(tags),
  };
}

export function fileFact(file: unknown): string | undefined {
  return isObject(file) ? (columnOf(file.token) ?? columnOf(file.sha256)) : undefined;
}

/** Of a member that is a text, and not empty. */
export function columnOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? columnText(value) : undefined;
}

function names(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) return NONE;
  const found = new Set<string>();
  for (const one of value.slice(0, MOST_TAGS)) {
    const known = columnOf(one);
    if (known !== undefined) found.add(known);
  }
  return [...found];
}
