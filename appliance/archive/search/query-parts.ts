/**
 * A RecordQuery as parts that must all hold. Each can be asked in two ways: as a condition on the row at hand,
 * and as a SELECT of the sequences it holds for, which an index answers. What users say is only ever a value.
 */
import { ACTIONS } from '../../../src/event/event.ts';
import { EVENT_KINDS } from '../../../src/event/kinds.ts';
import { ArchiveError } from '../archive-error.ts';
import type {
  ArchiveDatabase,
  IndexQuery,
  RecordQuery,
  SequenceRange,
  SqlValue,
  Vault,
} from '../contract.ts';
import { FREQUENT_KINDS } from '../schema.ts';
import { asciiLower, namedParties } from './named-parties.ts';
import { type Phrase, readTextQuery, type TextQuery } from './text-query.ts';

export interface Sql {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export interface QueryPart {
  readonly name: keyof RecordQuery;
  /** On columns of `record`; undefined: only the index knows. */
  readonly row?: Sql;
  /** One column, `sequence`; undefined: no index helps. Some may come twice. */
  sequences?(range: SequenceRange): Sql;
}

export interface QueryParts {
  readonly parts: readonly QueryPart[];
  /** What the content of a hit must say. */
  readonly text: TextQuery | undefined;
  /** False: the archive keeps no index, and every content of the selection must be read. */
  readonly indexed: boolean;
}

/** Throws UserError, ArchiveError. */
export async function queryParts(
  database: ArchiveDatabase,
  vault: Vault,
  query: RecordQuery,
): Promise<QueryParts> {
  const text = query.text === undefined ? undefined : readTextQuery(query.text);
  const indexed = vault.index !== 'off';
  const parts: QueryPart[] = [];
  if (text !== undefined && indexed) parts.push(textPart(database, vault, text));
  const { person, service, from, to, tag, verdict, rule, conversation, room, kind } = query;
  if (person !== undefined) parts.push(personPart(await namedParties(database, person)));
  if (conversation !== undefined) parts.push(columnPart('conversation', conversation));
  if (room !== undefined) parts.push(roomPart(room));
  if (tag !== undefined) parts.push(tagPart(tag));
  if (verdict !== undefined) parts.push(verdictPart(verdict));
  if (rule !== undefined) parts.push(columnPart('rule', rule));
  if (from !== undefined || to !== undefined) parts.push(timePart(from, to));
  if (kind !== undefined) parts.push(kindPart(kind.flatMap(kindsOf)));
  if (service !== undefined) parts.push(columnPart('service', service));
  return { parts, text, indexed };
}

/** `file` stands for all of file.*; what is no kind stands for itself, and is found nowhere. */
export function kindsOf(kind: string): readonly string[] {
  const within = EVENT_KINDS.filter((known) => known === kind || known.startsWith(`${kind}.`));
  return within.length > 0 ? within : [kind];
}

/**
 * One of them finds a record: what was archived before the archive encrypted stands in the index in plain words.
 * Throws ArchiveError.
 */
export function indexQueries(vault: Vault, phrases: readonly Phrase[]): readonly IndexQuery[] {
  const open = phrases.find((phrase) => phrase.open);
  if (open !== undefined && vault.index === 'blind') {
    throw new ArchiveError(
      `${open.words.join(' ')}*: the index of this archive has keyed digests of words, and finds only whole ones`,
      'Write the whole word.',
    );
  }
  const plain = {
    phrases: phrases.map(({ words }) => words),
    prefixes: new Set(phrases.flatMap((phrase, n) => (phrase.open ? [n] : []))),
  };
  if (vault.index !== 'blind') return [plain];
  return [{ phrases: phrases.map(({ words }) => vault.terms(words)) }, plain];
}

function textPart(database: ArchiveDatabase, vault: Vault, text: TextQuery): QueryPart {
  const wanted = indexQueries(vault, text.wanted);
  return {
    name: 'text',
    sequences(range) {
      const answers = wanted.map((query) => database.matching(query, range));
      return {
        sql: answers.map(({ select }) => select).join(' UNION ALL '),
        values: answers.flatMap(({ values }) => values),
      };
    },
  };
}

function personPart(parties: readonly number[]): QueryPart {
  const those = marks(parties);
  if (parties.length === 0) return { name: 'person', row: NOTHING, sequences: () => EMPTY };
  const taking = `SELECT conversation FROM participant WHERE party IN (${those})`;
  return {
    name: 'person',
    row: {
      sql: `(record.conversation IN (${taking})
        OR record.sender IN (${those})
        OR (record.conversation IS NULL AND record.account IN (${those})))`,
      values: [...parties, ...parties, ...parties],
    },
    sequences: (range) => ({
      sql: `SELECT sequence FROM record WHERE conversation IN (${taking}) AND sequence BETWEEN ? AND ?
        UNION ALL SELECT sequence FROM record WHERE account IN (${those})
          AND conversation IS NULL AND sequence BETWEEN ? AND ?
        UNION ALL SELECT sequence FROM record WHERE sender IN (${those}) AND sequence BETWEEN ? AND ?`,
      values: [parties, parties, parties].flatMap((ids) => [...ids, range.first, range.last]),
    }),
  };
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
    sequences: ({ first, last }) => ({
      sql: `${select} AND sequence BETWEEN ? AND ?`,
      values: [...tags, first, last],
    }),
  };
}

function verdictPart(verdicts: readonly string[]): QueryPart {
  const actions = verdicts.flatMap((verdict): readonly string[] =>
    verdict === 'refused' ? ACTIONS.filter((action) => action !== 'pass') : [verdict],
  );
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

function kindPart(kinds: readonly string[]): QueryPart {
  const row = among('record.event', kinds);
  if (kinds.some((kind) => FREQUENT_KINDS.includes(kind))) return { name: 'kind', row };
  // As the index says it, or SQLite does not see that it may use it.
  const others = FREQUENT_KINDS.map((kind) => `AND event <> '${kind}'`).join(' ');
  return {
    name: 'kind',
    row,
    sequences: ({ first, last }) => ({
      sql: `SELECT sequence FROM record WHERE event IN (${marks(kinds)})
        AND event IS NOT NULL ${others} AND sequence BETWEEN ? AND ?`,
      values: [...kinds, first, last],
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
    // Not by range: the index is one of times.
    sequences: () => ({
      sql: `SELECT record.sequence AS sequence FROM record WHERE ${sql.join(' AND ')}`,
      values,
    }),
  };
}

function columnPart(
  column: 'conversation' | 'rule' | 'service',
  values: readonly SqlValue[],
): QueryPart {
  return {
    name: column,
    row: among(`record.${column}`, values),
    sequences: ({ first, last }) => ({
      sql: `SELECT sequence FROM record WHERE ${column} IN (${marks(values)}) AND ${column} IS NOT NULL
        AND sequence BETWEEN ? AND ?`,
      values: [...values, first, last],
    }),
  };
}

const NOTHING: Sql = { sql: '1 = 0', values: [] };
const EMPTY: Sql = { sql: 'SELECT sequence FROM record WHERE 1 = 0', values: [] };

function among(column: string, values: readonly SqlValue[]): Sql {
  if (values.length === 0) return NOTHING;
  return { sql: `${column} IN (${marks(values)})`, values };
}

function marks(values: readonly SqlValue[]): string {
  return values.map(() => '?').join(', ');
}
