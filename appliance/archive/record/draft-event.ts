/** A line of JSON, as encodeEvent writes it, made a draft of a record: what is kept of it is policy. */
import { completeDraft, type EventDraft } from './event-draft.ts';
import { scanEvent } from './scan-event.ts';
import { isObject, type Json, splitContent } from './split-content.ts';

/** full: envelope and content; metadata: no content; none: no record, it is only counted. */
export const KEEPINGS = ['full', 'metadata', 'none'] as const;
export type Keeping = (typeof KEEPINGS)[number];

export class EventDrafts {
  readonly #keep: Keeping;
  #notArchived = 0;
  #unreadable = 0;

  /** `keep`: where no rule said what is kept (verdict.archive). */
  constructor(keep: Keeping = 'full') {
    this.#keep = keep;
  }

  /**
   * A line as text, or as UTF-8, which is copied. undefined: policy keeps nothing of it, or it is no event;
   * counted. Never throws.
   */
  read(line: string | Uint8Array): EventDraft | undefined {
    const scanned = scanEvent(line);
    if (scanned !== undefined) {
      const keeping = this.#keeping(scanned.verdict);
      if (keeping === 'none') return undefined;
      if (keeping === 'metadata') scanned.leaveContent();
      return scanned;
    }
    let whole: unknown;
    try {
      whole = JSON.parse(typeof line === 'string' ? line : textOfOctets(line));
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
      const { text } = whole;
      const said = typeof text === 'string' ? text : undefined;
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

  #keeping(verdict: unknown): Keeping {
    const keeping = keepingOf(verdict) ?? this.#keep;
    if (keeping === 'none') this.#notArchived += 1;
    return keeping;
  }
}

function keepingOf(verdict: unknown): Keeping | undefined {
  if (!isObject(verdict)) return undefined;
  return KEEPINGS.find((keeping) => keeping === verdict.archive);
}

function textOfOctets(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString();
}
