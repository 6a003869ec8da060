/** A draft made what will be stored: all but its place in the chain. */
import type { Envelope, RecordDraft, RecordKind, Vault } from '../contract.ts';
import { eventWords } from '../search/event-text.ts';
import { contentDigest } from './chain.ts';
import { completeDraft, type EventDraft } from './draft-event.ts';
import { encodeEnvelope } from './envelope.ts';
import type { EventFacts } from './event-facts.ts';
import type { EventPlace } from './event-places.ts';
import { subjectOf } from './subject-of.ts';

export interface NewRecord {
  readonly kind: RecordKind;
  readonly time: number;
  readonly facts: EventFacts | undefined;
  readonly place: EventPlace | undefined;
  readonly envelope: Uint8Array;
  readonly content: Uint8Array | undefined;
  /** For the search index; empty: nothing of it is searched. */
  readonly terms: string;
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** When a batch is archived: microseconds since 1970, and RFC 3339. */
export interface Moment {
  readonly now: number;
  readonly at: string;
}

export function newEvent(
  draft: EventDraft,
  place: EventPlace,
  vault: Vault,
  { now, at }: Moment,
): NewRecord {
  const { facts, id, contentJson, eventJson } = draft;
  const sealed =
    contentJson === undefined
      ? undefined
      : vault.seal(subjectOf(facts), id, Buffer.from(contentJson));
  const described: Mutable<Envelope> = { record: 1, kind: 'event', at };
  if (place.conversation !== undefined) described.conversation = place.conversation;
  if (place.repeat) described.repeat = true;
  if (sealed !== undefined) {
    if (vault.encrypts) described.subject = subjectOf(facts);
    described.content = contentDigest(sealed);
  }
  const envelope = encodeEnvelope(described, eventJson);
  const texts = vault.index === 'off' ? undefined : draft.texts;
  return {
    kind: 'event',
    time: facts.time ?? now,
    facts,
    place,
    envelope,
    content: sealed,
    terms: texts === undefined ? '' : vault.terms(eventWords(texts)).join(' '),
  };
}

export function newOther(
  draft: Exclude<RecordDraft, { kind: 'event' }>,
  { now, at }: Moment,
): NewRecord {
  const envelope = encodeEnvelope({ record: 1, at, ...draft });
  return {
    ...{ kind: draft.kind, time: now, envelope },
    ...{ facts: undefined, place: undefined, content: undefined, terms: '' },
  };
}

/** Other parts make drafts without the facts that draft-event.ts adds. */
export function withFacts(draft: Extract<RecordDraft, { kind: 'event' }>): EventDraft {
  if ('facts' in draft) return draft as EventDraft;
  const said = draft.content?.text;
  return completeDraft(draft.event, draft.content, typeof said === 'string' ? said : undefined);
}
