/**
 * A RecordQuery as parts that must all hold. Each can be asked in two ways: as a condition on the row at hand,
 * and as a SELECT of the sequences it holds for, which an index answers. What users say is only ever a value.
 */
import { ACTIONS } from '../../../src/event/event.ts';
import { EVENT_KINDS } from '../../../src/event/kinds.ts';
import type { ArchiveDatabase, RecordQuery, SqlValue, Vault } from '../contract.ts';
import { asciiLower } from './named-parties.ts';
import { personPart } from './person-part.ts';
import { placeParts } from './place-parts.ts';
import { among, columnPart, marks, type QueryPart } from './query-part.ts';
import { type TextIndex, textIndex } from './text-index.ts';
import { readTextQuery, type TextQuery } from './text-query.ts';

export interface QueryParts {
  readonly parts: readonly QueryPart[];
  /** What the content of a hit must say. */
  readonly text: TextQuery | undefined;
  /** Undefined where there is text: the archive keeps no index, and every content of the selection must be read. */
  readonly index: TextIndex | undefined;
}

/** Throws UserError, ArchiveError. */
export async function queryParts(
  database: ArchiveDatabase,
  vault: Vault,
  query: RecordQuery,
): Promise<QueryParts> {
  const text = query.text === undefined ? undefined : readTextQuery(query.text);
  const index =
    text === undefined || vault.index === 'off' ? undefined : textIndex(database, vault, text);
  const parts: QueryPart[] = [];
  if (index !== undefined) parts.push(textPart(index));
  const { person, service, from, to, tag, verdict, rule, conversation, room, kind } = query;
  if (person !== undefined) parts.push(await personPart(database, person));
  if (conversation !== undefined) parts.push(columnPart('conversation', conversation));
  if (room !== undefined) parts.push(roomPart(room));
  if (tag !== undefined) parts.push(tagPart(tag));
  const actions = verdict?.flatMap(actionsOf);
  if (actions !== undefined) parts.push(verdictPart(actions));
  if (rule !== undefined) parts.push(columnPart('rule', rule));
  if (from !== undefined || to !== undefined) parts.push(timePart(from, to));
  const unindexed = actions?.includes('pass') === true ? actions : undefined;
  // What else is asked for proposes fewer: nearly everything passed.
  const alone = !parts.some(({ name, sequences }) => sequences !== undefined && name !== 'from');
  parts.push(...(await placeParts(database, service, kind?.flatMap(kindsOf), unindexed, alone)));
  return { parts, text, index };
}

/** `file` stands for all of file.*; what is no kind stands for itself, and is found nowhere. */
export function kindsOf(kind: string): readonly string[] {
  const within = EVENT_KINDS.filter((known) => known === kind || known.startsWith(`${kind}.`));
  return within.length > 0 ? within : [kind];
}

function textPart({ sequences }: TextIndex): QueryPart {
  return { name: 'text', sequences };
}

function roomPart(rooms: readonly string[]): QueryPart {
  const names = rooms.map(asciiLower);
  const those = `SELECT id FROM conversation WHERE room IS NOT NULL AND LOWER(room) IN (${marks(names)})`;
  return {
    name: 'room',
    row: { sql: `record.conversation IN (${those})`, values: names },
    sequences: ({ first, last }) => ({
      sql: `SELECT sequence FROM record WHERE conversation IN (${those}) AND sequence BETWEEN ? AND ?`,
      values: [...names, first, last],
    }),
  };
}

function tagPart(tags: readonly string[]): QueryPart {
  const select = `SELECT sequence FROM record_tag WHERE tag IN (${marks(tags)})`;
  return {
    name: 'tag',
    row: { sql: `record.sequence IN (${select})`, values: tags },
    check: {
      sql: `EXISTS (SELECT 1 FROM record_tag AS tagged
        WHERE tagged.sequence = record.sequence AND tagged.tag IN (${marks(tags)}))`,
      values: tags,
    },
    sequences: ({ first, last }) => ({
      sql: `${select} AND sequence BETWEEN ? AND ?`,
      values: [...tags, first, last],
    }),
  };
}

function actionsOf(verdict: string): readonly string[] {
  return verdict === 'refused' ? ACTIONS.filter((action) => action !== 'pass') : [verdict];
}

function verdictPart(actions: readonly string[]): QueryPart {
  const row = among('record.action', actions);
  // Nearly everything passes: there is an index of what does not.
  if (actions.includes('pass')) return { name: 'verdict', row };
  return {
    name: 'verdict',
    row,
    sequences: ({ first, last }) => ({
      sql: `SELECT sequence FROM record WHERE action IN (${marks(actions)})
        AND action IS NOT NULL AND action <> 'pass' AND sequence BETWEEN ? AND ?`,
      values: [...actions, first, last],
    }),
  };
}

function timePart(from: number | undefined, to: number | undefined): QueryPart {
  const sql: string[] = [];
  const values: SqlValue[] = [];
  for (const [condition, value] of [
    ['record.time >= ?', from],
    ['record.time < ?', to],
  ] as const) {
    if (value === undefined) continue;
    sql.push(condition);
    values.push(value);
  }
  return {
    name: 'from',
    row: { sql: sql.join(' AND '), values },
    // By the index on times: the range is only looked at.
    sequences: ({ first, last }) => ({
      sql: `SELECT record.sequence AS sequence FROM record WHERE ${sql.join(' AND ')}
        AND record.sequence + 0 BETWEEN ? AND ?`,
      values: [...values, first, last],
    }),
  };
}
