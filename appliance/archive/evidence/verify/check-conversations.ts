/**
 * Conversations and participants are what their records make of them. They are counted as the records come by, so
 * many at a time; one that was silent for long is compared with its rows and let go. What differs then, or comes
 * back, is counted anew at the end, by itself: it may only have gone on meanwhile.
 */
import type { Archive } from '../../archive.ts';
import type { Envelope } from '../../contract.ts';
import { readMeta } from '../../record/meta.ts';
import { ConversationCounts } from './conversation-counts.ts';
import { conversationDifferences } from './conversation-differences.ts';
import { ConversationRows, recount } from './conversation-rows.ts';
import type { Findings } from './findings.ts';
import { NumberSet } from './number-set.ts';

/** Conversations that are being counted, and participants in them. */
const MOST_OPEN = 4096;
const MOST_PARTICIPANTS = 100_000;
/** Let go, and compared, at once: one statement for all of them. */
const AT_ONCE = 128;
/** Conversations that may begin while this is read. */
const ROOM = 1_000_000;

export class ConversationsCheck {
  readonly #archive: Archive;
  readonly #findings: Findings;
  /** In the order in which they were spoken in last. */
  readonly #open = new Map<number, ConversationCounts>();
  #participants = 0;
  /** Compared. */
  readonly #seen = new NumberSet();
  /** To be counted anew. */
  readonly #doubtful = new NumberSet();
  /** Records were purged: who took part in them may stand there without a message. */
  #purged = false;
  /** No conversation has a higher number. */
  #last = 0;

  constructor(archive: Archive, findings: Findings) {
    this.#archive = archive;
    this.#findings = findings;
  }

  /** Before the first record. */
  async begin(): Promise<void> {
    const { database } = this.#archive;
    this.#purged = (await database.rows('SELECT 1 AS purged FROM tombstone LIMIT 1')).length > 0;
    const [row] = await database.rows<{ last: number | null }>(
      'SELECT MAX(id) AS last FROM conversation',
    );
    const given = Number((await readMeta(database, 'last-conversation')) ?? 0) || 0;
    this.#last = Math.max(given, row?.last ?? 0) + ROOM;
  }

  /** A record that belongs to a conversation, in the order of the chain. May have to be waited for. */
  add(conversation: number, time: number, envelope: Envelope): void | Promise<void> {
    if (!(conversation > 0 && conversation <= this.#last)) {
      const text = `conversation ${conversation}: it has records, and is not there`;
      this.#findings.add('removed', undefined, 'conversation', text);
      return;
    }
    if (this.#seen.has(conversation)) {
      this.#doubtful.add(conversation);
      return;
    }
    const open = this.#open.get(conversation);
    if (open !== undefined) this.#open.delete(conversation);
    const counts = open ?? new ConversationCounts();
    this.#open.set(conversation, counts);
    const before = counts.participants.size;
    counts.add(time, envelope);
    this.#participants += counts.participants.size - before;
    if (this.#open.size >= MOST_OPEN || this.#participants > MOST_PARTICIPANTS) {
      return this.#compare();
    }
  }

  /** How many were looked at. `onRecord` is called for each record that is counted anew. */
  async end(onRecord: () => void): Promise<number> {
    while (this.#open.size > 0) await this.#compare();
    const { database } = this.#archive;
    for (const sql of [
      'SELECT id AS conversation FROM conversation',
      'SELECT DISTINCT conversation FROM participant',
    ]) {
      for await (const { conversation } of database.each<{ conversation: number }>(sql)) {
        if (conversation > 0 && conversation <= this.#last) this.#look(conversation);
        else
          this.#findings.add(
            'inserted',
            undefined,
            'conversation',
            `conversation ${conversation}: no such number was given`,
          );
      }
    }
    for (const conversation of this.#doubtful) {
      const differences = await recount(database, conversation, this.#purged, onRecord);
      for (const [what, where, text] of differences) {
        this.#findings.add(what, undefined, where, `conversation ${conversation}: ${text}`);
      }
    }
    return this.#seen.size;
  }

  /** One without records. */
  #look(conversation: number): void {
    if (this.#seen.has(conversation)) return;
    this.#seen.add(conversation);
    this.#doubtful.add(conversation);
  }

  /** Those that were silent for longest. */
  async #compare(): Promise<void> {
    const silent: [number, ConversationCounts][] = [];
    for (const one of this.#open) {
      silent.push(one);
      if (silent.length >= AT_ONCE) break;
    }
    for (const [id, counts] of silent) {
      this.#open.delete(id);
      this.#participants -= counts.participants.size;
      this.#seen.add(id);
    }
    const rows = await ConversationRows.read(
      this.#archive.database,
      silent.map(([id]) => id),
    );
    for (const [id, counts] of silent) {
      const { conversation, participants } = rows.of(id);
      const differ = conversationDifferences(counts, conversation, participants, this.#purged);
      if (differ.length > 0) this.#doubtful.add(id);
    }
  }
}
