/** Lines of events as the spool lends them, made before the clock runs, in rounds that fit into memory. */
import type { EventDrafts } from '../appliance/archive/record/draft-event.ts';
import type { EventDraft } from '../appliance/archive/record/event-draft.ts';
import { eventLines } from './archive-events.ts';

/** Lines of a round, and those made at once. */
const ROUND = 100_000;
const LINES = 10_000;

/** `events` lines in UTF-8, as views of one piece of memory. */
export function* lineRounds(events: number): Generator<Buffer[]> {
  let texts: string[] = [];
  for (const lines of eventLines(events, LINES)) {
    texts = texts.concat(lines);
    if (texts.length < ROUND) continue;
    yield views(texts);
    texts = [];
  }
  if (texts.length > 0) yield views(texts);
}

/** Made one by one, as the writer of a gateway does it. */
export function* draftsOf(lines: readonly Buffer[], drafts: EventDrafts): Generator<EventDraft> {
  for (const line of lines) {
    const draft = drafts.read(line);
    if (draft !== undefined) yield draft;
  }
}

function views(texts: readonly string[]): Buffer[] {
  const octets = Buffer.from(texts.join(''));
  let at = 0;
  return texts.map((text) => {
    const from = at;
    at += Buffer.byteLength(text);
    return octets.subarray(from, at);
  });
}
