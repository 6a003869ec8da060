/** A line of JSON, as encodeEvent writes it, made a draft of a record: what is kept of it is policy. */
import type { RecordDraft } from '../contract.ts';
import { cutEvent } from './cut-event.ts';
import { type EventFacts, eventFacts } from './event-facts.ts';
import { isObject, type Json, splitContent } from './split-content.ts';

/** full: envelope and content; metadata: no content; none: no record, it is only counted. */
export const KEEPINGS = ['full', 'metadata', 'none'] as const;
export type Keeping = (typeof KEEPINGS)[number];

export type EventDraft = Extract<RecordDraft, { kind: 'event' }> & {
  readonly facts: EventFacts;
  /** Told apart from another by this, where content is not kept either; in memory alone. */
  readonly said: string | undefined;
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
    let whole: unknown;
    try {
      whole = JSON.parse(line);
    } catch {
      // Counted below.
    }
    if (isObject(whole)) return this.draft(whole, line);
    this.#unreadable += 1;
    return undefined;
  }

  /** The same for an event parsed already; `line`: what it was parsed from. */
  draft(whole: Json, line?: string): EventDraft | undefined {
    const keeping = keepingOf(whole.verdict) ?? this.#keep;
    if (keeping === 'none') {
      this.#notArchived += 1;
      return undefined;
    }
    const said = typeof whole.text === 'string' ? whole.text : undefined;
    const cut = line === undefined ? undefined : cutEvent(line, whole);
    if (cut !== undefined) {
      const contentJson = keeping === 'full' ? cut.contentJson : undefined;
      return new CutDraft(whole, said, cut.eventJson, contentJson);
    }
    try {
      const { event, content } = splitContent(whole);
      return completeDraft(event, keeping === 'full' ? content : undefined, said);
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
}

/** Made of pieces of a line: event and content are parsed only for who asks. */
class CutDraft implements EventDraft {
  readonly kind = 'event';
  readonly time: number;
  readonly id: string;
  readonly facts: EventFacts;
  readonly said: string | undefined;
  readonly eventJson: string;
  readonly contentJson: string | undefined;

  constructor(
    whole: Json,
    said: string | undefined,
    eventJson: string,
    contentJson: string | undefined,
  ) {
    this.facts = eventFacts(whole);
    this.time = timeOf(this.facts);
    this.id = idOf(whole);
    this.said = said;
    this.eventJson = eventJson;
    this.contentJson = contentJson;
  }

  get event(): Json {
    return JSON.parse(this.eventJson);
  }

  get content(): Json | undefined {
    return this.contentJson === undefined ? undefined : JSON.parse(this.contentJson);
  }
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
