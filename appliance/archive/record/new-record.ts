/** A draft made what will be stored: all but its place in the chain. Its envelope is put into a leaf. */
import type { RecordDraft, RecordKind, Vault } from '../contract.ts';
import { contentDigest } from './chain.ts';
import { encodeEnvelope } from './envelope.ts';
import { completeDraft, type EventDraft } from './event-draft.ts';
import type { EventFacts } from './event-facts.ts';
import type { EventHead } from './event-head.ts';
import type { EventPlace } from './event-places.ts';
import type { RecordLeaf } from './record-leaf.ts';
import { subjectOf } from './subject-of.ts';

export interface NewRecord {
  readonly kind: RecordKind;
  readonly time: number;
  readonly facts: EventFacts | undefined;
  readonly place: EventPlace | undefined;
  readonly content: Uint8Array | undefined;
  /** For the search index; empty: nothing of it is searched. */
  readonly terms: string;
}

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
  leaf: RecordLeaf,
): NewRecord {
  const { facts, octets, parts } = draft;
  const { contentFrom, contentTo } = parts;
  const subject = vault.encrypts ? subjectOf(facts) : undefined;
  const content =
    contentTo === 0
      ? undefined
      : vault.seal(
          subject ?? '',
          subject === undefined ? '' : draft.id,
          octets.subarray(contentFrom, contentTo),
        );
  const head: EventHead = {
    at,
    conversation: place.conversation,
    repeat: place.repeat,
    subject: content && subject,
    content: content && contentDigest(content),
  };
  leaf.putEvent(head, octets, parts);
  return {
    kind: 'event',
    time: facts.time ?? now,
    facts,
    place,
    content,
    terms: vault.index === 'off' ? '' : termsOf(draft, vault),
  };
}

function termsOf(draft: EventDraft, vault: Vault): string {
  const words = draft.searched();
  return vault.index === 'plain' || words === '' ? words : vault.terms(words.split(' ')).join(' ');
}

export function newOther(
  draft: Exclude<RecordDraft, { kind: 'event' }>,
  { now, at }: Moment,
  leaf: RecordLeaf,
): NewRecord {
  leaf.putEnvelope(encodeEnvelope({ record: 1, at, ...draft }));
  return {
    ...{ kind: draft.kind, time: now },
    ...{ facts: undefined, place: undefined, content: undefined, terms: '' },
  };
}

/** Other parts make drafts without the facts that draft-event.ts adds. */
export function withFacts(draft: Extract<RecordDraft, { kind: 'event' }>): EventDraft {
  if ('facts' in draft) return draft as EventDraft;
  const said = draft.content?.text;
  return completeDraft(draft.event, draft.content, typeof said === 'string' ? said : undefined);
}
