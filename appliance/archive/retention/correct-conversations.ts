/**
 * Conversations and participants of records that go: counts are lowered, ends are moved to the records that are
 * left, and what has no records any more goes too.
 */
import type { ArchiveDatabase } from '../contract.ts';
import { decodeEnvelope } from '../record/envelope.ts';
import { eventFacts } from '../record/event-facts.ts';
import type { DueRecord } from './due-records.ts';

interface Less {
  events: number;
  messages: number;
  refused: number;
  /** Each file once, as record/transfers.ts counts them: what ties its events together. */
  readonly files: Set<string>;
  /** Messages by the party that sent them. */
  readonly said: Map<number, number>;
}

const FILE_EVENTS = new Set<string | null>(['file.offer', 'file.start', 'file.complete']);

/** Events of a conversation whose ends are found by reading all of them; of larger ones, by time. */
const SMALL = 2000;

interface Conversation {
  readonly started: number;
  readonly ended: number;
  readonly events: number;
}

export async function correctConversations(
  database: ArchiveDatabase,
  gone: readonly DueRecord[],
): Promise<void> {
  for (const [id, less] of lessOf(gone)) {
    const [stored] = await database.rows<Conversation>(
      'SELECT started, ended, events FROM conversation WHERE id = ?',
      id,
    );
    const ends = stored && (await endsOf(database, id, stored));
    if (ends === undefined) {
      await database.run('DELETE FROM participant WHERE conversation = ?', id);
      await database.run('DELETE FROM conversation WHERE id = ?', id);
      continue;
    }
    // A file whose events are purged in two goes is counted by both: never below nothing.
    await database.run(
      `UPDATE conversation SET started = ?, ended = ?,
         messages = messages - ?, events = events - ?, refused = refused - ?,
         files = CASE WHEN files > ? THEN files - ? ELSE 0 END
       WHERE id = ?`,
      ends.started,
      ends.ended,
      less.messages,
      less.events,
      less.refused,
      less.files.size,
      less.files.size,
      id,
    );
    for (const [party, messages] of less.said) {
      await database.run(
        'UPDATE participant SET messages = messages - ? WHERE conversation = ? AND party = ?',
        messages,
        id,
        party,
      );
    }
  }
}

/** Of the records that are left; undefined: there are none. */
async function endsOf(
  database: ArchiveDatabase,
  id: number,
  { started, ended, events }: Conversation,
): Promise<Pick<Conversation, 'started' | 'ended'> | undefined> {
  const [any] = await database.rows(
    'SELECT 1 AS found FROM record WHERE conversation = ? LIMIT 1',
    id,
  );
  if (any === undefined) return undefined;
  if (events <= SMALL) {
    const [row] = await database.rows<{ started: number; ended: number }>(
      'SELECT MIN(time) AS started, MAX(time) AS ended FROM record WHERE conversation = ?',
      id,
    );
    return row;
  }
  // A busy one has a record soon after any time. "+": by the index on time, not by that on conversations.
  const [first] = await database.rows<{ time: number }>(
    'SELECT time FROM record WHERE +conversation = ? AND time >= ? ORDER BY time LIMIT 1',
    id,
    started,
  );
  const [last] = await database.rows<{ time: number }>(
    'SELECT time FROM record WHERE +conversation = ? AND time <= ? ORDER BY time DESC LIMIT 1',
    id,
    ended,
  );
  return { started: first?.time ?? started, ended: last?.time ?? ended };
}

function lessOf(gone: readonly DueRecord[]): Map<number, Less> {
  const all = new Map<number, Less>();
  for (const record of gone) {
    const { conversation, event, action, sender, sequence } = record;
    if (conversation === null) continue;
    let less = all.get(conversation);
    if (less === undefined) {
      less = { events: 0, messages: 0, refused: 0, files: new Set(), said: new Map() };
      all.set(conversation, less);
    }
    if (record.repeat === 1) continue;
    less.events += 1;
    if (action !== null && action !== 'pass') less.refused += 1;
    if (event === 'message') {
      less.messages += 1;
      if (sender !== null) less.said.set(sender, (less.said.get(sender) ?? 0) + 1);
    }
    if (FILE_EVENTS.has(event)) {
      const facts = eventFacts(decodeEnvelope(record.envelope).event ?? {});
      if (facts.file !== undefined) less.files.add(`${facts.sender}\n${facts.file}`);
      else if (event === 'file.offer') less.files.add(`${sequence}`);
    }
  }
  return all;
}
