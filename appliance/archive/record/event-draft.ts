/** A draft of an event's record, with all that placing and storing it needs: each is worked out once. */
import type { RecordDraft } from '../contract.ts';
import { eventWords } from '../search/event-text.ts';
import { type CutLine, whole } from './cut-line.ts';
import { type EventFacts, eventFacts } from './event-facts.ts';
import type { Json } from './split-content.ts';

export type EventDraft = Extract<RecordDraft, { kind: 'event' }> & {
  readonly facts: EventFacts;
  /** Told apart from another by this, where content is not kept either; in memory alone. */
  readonly said: string | undefined;
  /** Where event and content stand, as JSON, in `octets`. */
  readonly octets: Buffer;
  readonly parts: CutLine;
  /** Words of the content that is kept, for the search index: a space between two. */
  searched(): string;
};

/** What has no time happened when it is recorded. */
export function timeOf({ time }: EventFacts): number {
  return time ?? Date.now() * 1000;
}

/** `event` and `content` as splitContent gives them. */
export function completeDraft(
  event: Json,
  content: Json | undefined,
  said: string | undefined,
): EventDraft {
  const facts = eventFacts(event);
  const eventJson = JSON.stringify(event);
  const contentJson = content && JSON.stringify(content);
  const octets = Buffer.from(eventJson + (contentJson ?? ''));
  const eventTo = Buffer.byteLength(eventJson);
  const contentTo = contentJson === undefined ? 0 : octets.length;
  return {
    kind: 'event',
    time: timeOf(facts),
    id: typeof event.id === 'string' ? event.id : '',
    event,
    content,
    facts,
    said,
    octets,
    parts: whole(0, eventTo, contentTo),
    searched: () => (content === undefined ? '' : eventWords(content).join(' ')),
  };
}
