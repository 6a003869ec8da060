/** Conversations by person, service, room and time, the latest first. */

import { UserError } from '../../cli/user-error.ts';
import type { Archive } from '../archive.ts';
import type { RecordQuery, SqlValue } from '../contract.ts';
import { asciiLower, namedParties } from './named-parties.ts';
import type { ConversationRow } from './transcript.ts';

export type ConversationQuery = Pick<RecordQuery, 'person' | 'service' | 'room' | 'from' | 'to'>;

/**
 * Those that were going on at some time of from <= time < to; one more than `limit` tells that there are more. `before`: only
 * those that come after this conversation, which is the last one of a page. One that went on meanwhile is among the first again.
 *
 * Throws UserError: there is no such conversation.
 */
export async function* listConversations(
  { database }: Archive,
  { person, service, room, from, to }: ConversationQuery,
  limit: number,
  before?: number,
): AsyncGenerator<ConversationRow> {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  const add = (sql: string, given: readonly SqlValue[]) => {
    conditions.push(given.length === 0 ? '1 = 0' : sql);
    values.push(...given);
  };
  const marks = (given: readonly unknown[]) => given.map(() => '?').join(', ');
  if (before !== undefined) {
    const ended = await endOf(database, before);
    add('ended <= ? AND (ended < ? OR id < ?)', [ended, ended, before]);
  }
  if (from !== undefined) add('ended >= ?', [from]);
  if (to !== undefined) add('started < ?', [to]);
  if (service !== undefined) add(`service IN (${marks(service)})`, service);
  if (room !== undefined) {
    add(`room IS NOT NULL AND LOWER(room) IN (${marks(room)})`, room.map(asciiLower));
  }
  if (person !== undefined) {
    const parties = await namedParties(database, person);
    add(`id IN (SELECT conversation FROM participant WHERE party IN (${marks(parties)}))`, parties);
  }
  yield* database.each<ConversationRow>(
    `SELECT id, service, room, started, ended, messages, files, events, refused FROM conversation
     ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
     ORDER BY ended DESC, id DESC LIMIT ?`,
    ...values,
    limit,
  );
}

async function endOf(database: Archive['database'], id: number): Promise<number> {
  const [row] = await database.rows<{ ended: number }>(
    'SELECT ended FROM conversation WHERE id = ?',
    id,
  );
  if (row !== undefined) return row.ended;
  throw new UserError(`--before ${id}: there is no such conversation`, 'Begin again without it.');
}
