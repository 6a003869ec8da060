/** A line of JSON, as encodeEvent writes it, made a draft of a record: what is kept of it is policy. */
import type { RecordDraft } from '../contract.ts';
import { type EventFacts, eventFacts } from './event-facts.ts';
import { type ScannedEvent, scanEvent } from './scan-event.ts';
import { isObject, type Json, splitContent } from './split-content.ts';

/** full: envelope and content; metadata: no content; none: no record, it is only counted. */
export const KEEPINGS = ['full', 'metadata', 'none'] as const;
export type Keeping = (typeof KEEPINGS)[number];

export type EventDraft = Extract<RecordDraft, { kind: 'event' }> & {
  readonly facts: EventFacts;
  /** Told apart from another by this, where content is not kept either; in memory alone. */
  readonly said: string | undefined;
  /** What is searched of the content (search/event-text.ts), maybe among other members. */
  readonly texts: Json | undefined;
  readonly eventJson: string;
  readonly contentJson: string | undefined;
};

export class EventDrafts {
  readonly #keep: Keeping;
  #notArchived = 0;
  #unreadable = 0;

  /** `keep`: where no rule said what is kept (verdict.archive). */
  constructor(keep: Keeping = 'full') {
    this.#keep = keep;
  }

  /** undefined: policy keeps nothing of it, or it is no event; counted. Never throws. */
  read(line: string): EventDraft | undefined {
    const scanned = scanEvent(line);
    if (scanned !== undefined) {
      const keeping = this.#keeping(scanned.values.verdict);
      return keeping === 'none' ? undefined : new ScannedDraft(scanned, keeping === 'full');
    }
    let whole: unknown;
    try {
      whole = JSON.parse(line);
    } catch {
      // Counted below.
    }
    if (isObject(whole)) return this.draft(whole);
    this.#unreadable += 1;
    return undefined;
  }

  /** The same for an event parsed already. */
  draft(whole: Json): EventDraft | undefined {
    const keeping = this.#keeping(whole.verdict);
    if (keeping === 'none') return undefined;
    try {
      const { event, content } = splitContent(whole);
      return completeDraft(event, keeping === 'full' ? content : undefined, textOf(whole));
    } catch (error) {
      // Nested deeper than the stack is: no event of ours.
      if (!(error instanceof RangeError)) throw error;
      this.#unreadable += 1;
      return undefined;
    }
  }

  /** Since it was asked last: events that policy did not want, and lines that are no events. For the ledger. */
  takeCounts(): { readonly notArchived: number; readonly unreadable: number } {
    const counts = { notArchived: this.#notArchived, unreadable: this.#unreadable };
    this.#notArchived = 0;
    this.#unreadable = 0;
    return counts;
  }

  #keeping(verdict: unknown): Keeping {
    const keeping = keepingOf(verdict) ?? this.#keep;
    if (keeping === 'none') this.#notArchived += 1;
    return keeping;
  }
}

/** Made of pieces of a line: event and content are parsed only for who asks. */
class ScannedDraft implements EventDraft {
  readonly kind = 'event';
  readonly time: number;
  readonly id: string;
  readonly facts: EventFacts;
  readonly said: string | undefined;
  readonly texts: Json | undefined;
  readonly eventJson: string;
  readonly contentJson: string | undefined;

  constructor({ values, eventJson, contentJson }: ScannedEvent, withContent: boolean) {
    this.facts = eventFacts(values);
    this.time = timeOf(this.facts);
    this.id = idOf(values);
    this.said = textOf(values);
    this.eventJson = eventJson;
    this.contentJson = withContent ? contentJson : undefined;
    this.texts = this.contentJson === undefined ? undefined : values;
  }

  get event(): Json {
    return JSON.parse(this.eventJson);
  }

  get content(): Json | undefined {
    return this.contentJson === undefined ? undefined : JSON.parse(this.contentJson);
  }
}

function textOf({ text }: Json): string | undefined {
  return typeof text === 'string' ? text : undefined;
}

/** What has no time happened when it is recorded. */
function timeOf({ time }: EventFacts): number {
  return time ?? Date.now() * 1000;
}

function idOf({ id }: Json): string {
  return typeof id === 'string' ? id : '';
}

/** `event` and `content` as splitContent gives them. */
export function completeDraft(
  event: Json,
  content: Json | undefined,
  said: string | undefined,
): EventDraft {
  const facts = eventFacts(event);
  return {
    kind: 'event',
    time: timeOf(facts),
    id: idOf(event),
    event,
    content,
    texts: content,
    facts,
    said,
    eventJson: JSON.stringify(event),
    contentJson: content && JSON.stringify(content),
  };
}

function keepingOf(verdict: unknown): Keeping | undefined {
  if (!isObject(verdict)) return undefined;
  return KEEPINGS.find((keeping) => keeping === verdict.archive);
}
