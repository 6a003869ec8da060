/** A record as programs read it: one line, the same of `archive search` and `archive show`. */
import { rfc3339 } from '../../../src/event/time.ts';
import { jsonLine } from '../../archive/export/json-line.ts';
import type { MarkedText } from '../../archive/search/find-phrases.ts';
import type { OpenedRecord } from '../../archive/search/open-record.ts';

export function recordJson(record: OpenedRecord, texts: readonly MarkedText[] = []): string {
  const { sequence, time, conversation, repeat, state, event, envelope } = record;
  return jsonLine({
    sequence,
    time: rfc3339(time),
    conversation,
    ...(repeat && { repeat }),
    content: state,
    ...(envelope?.kind === 'event' ? { event } : { envelope }),
    ...(texts.length > 0 && {
      hits: texts.map(({ field, marks }) => ({
        field,
        marks: marks.map(({ start, end }) => [start, end]),
      })),
    }),
  });
}
