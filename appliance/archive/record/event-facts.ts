/**
 * What the archive's columns, threads and parties are made from, read from an event in JSON with every type
 * checked: an envelope is evidence, and says whatever was on the wire.
 */
import { columnText } from './column-text.ts';
import { type EventParties, eventParties } from './event-parties.ts';
import { eventTime } from './event-time.ts';
import { isObject, type Json } from './split-content.ts';

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

/** What facts are put together from. */
export interface FactParts {
  /** Microseconds since 1970; undefined: the event has no time. */
  readonly time: number | undefined;
  readonly kind: string | undefined;
  readonly flow: string | undefined;
  readonly copy: string | undefined;
  readonly parties: EventParties;
  readonly form: string | undefined;
  readonly verdict: VerdictFacts | undefined;
  /** What ties offer and transfer of a file together. */
  readonly file: string | undefined;
}

/** What is the same for many events stands in one object that they share, and is read from there. */
export class EventFacts implements FactParts, Omit<EventParties, 'numbers'>, VerdictFacts {
  readonly time: number | undefined;
  readonly kind: string | undefined;
  readonly flow: string | undefined;
  readonly copy: string | undefined;
  readonly parties: EventParties;
  readonly form: string | undefined;
  readonly verdict: VerdictFacts;
  readonly file: string | undefined;

  constructor({ time, kind, flow, copy, parties, form, verdict, file }: FactParts) {
    this.time = time;
    this.kind = kind;
    this.flow = flow;
    this.copy = copy;
    this.parties = parties;
    this.form = form;
    this.verdict = verdict ?? NO_VERDICT;
    this.file = file;
  }

  get service(): string {
    return this.parties.service;
  }

  get account(): string | undefined {
    return this.parties.account;
  }

  get sender(): string | undefined {
    return this.parties.sender;
  }

  get recipients(): readonly string[] {
    return this.parties.recipients;
  }

  get room(): string | undefined {
    return this.parties.room;
  }

  get person(): string | undefined {
    return this.parties.person;
  }

  get peer(): string | undefined {
    return this.parties.peer;
  }

  get isOwn(): boolean {
    return this.parties.isOwn;
  }

  get action(): string | undefined {
    return this.verdict.action;
  }

  get rule(): string | undefined {
    return this.verdict.rule;
  }

  get alert(): string | undefined {
    return this.verdict.alert;
  }

  get tags(): readonly string[] {
    return this.verdict.tags;
  }
}

/** `event` with or without its content: the facts are all in the envelope. */
export function eventFacts(event: Json): EventFacts {
  const { ts, kind, flow, copy, form, verdict, file } = event;
  return new EventFacts({
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
