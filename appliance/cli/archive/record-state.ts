/** States of a record as the transcript of an export knows them. */
import type { ContentState } from '../../archive/export/export-record.ts';
import type { OpenedRecord } from '../../archive/search/open-record.ts';

/** Kinds that are nothing without what was said: where they have no content, policy kept none. */
const SPOKEN = new Set<unknown>(['message', 'message.edit', 'room.topic']);

export function exportState({ state, event }: OpenedRecord): ContentState {
  if (state === 'there') return 'whole';
  if (state === 'erased') return 'erased';
  if (state === 'none') return SPOKEN.has(event.kind) ? 'none' : 'whole';
  return 'unreadable';
}
