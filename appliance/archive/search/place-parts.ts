/** Services and kinds of events as a part of a query: by the one index that has both, and what passed. */
import type { ArchiveDatabase, SqlValue } from '../contract.ts';
import { EARLIER_PLACES, PLACES } from '../schema.ts';
import { archivedKinds, archivedServices } from './archived-places.ts';
import { existingIndex } from './existing-index.ts';
import { among, columnPart, marks, type QueryPart, type Sql } from './query-part.ts';

/** What the index `record_event` of earlier archives leaves out. */
const FREQUENT = ['message', 'presence', 'typing', 'message.receipt'];

/**
 * `actions`: those of a verdict that no other index answers for; the part then proposes no others where it can, and
 * does not say so of a row. None where neither is asked for, unless actions are, `alone`.
 */
export async function placeParts(
  database: ArchiveDatabase,
  services: readonly string[] | undefined,
  kinds: readonly string[] | undefined,
  actions?: readonly string[],
  alone = false,
): Promise<QueryPart[]> {
  const isAnyPlace = services === undefined && kinds === undefined;
  if (isAnyPlace && !(alone && actions !== undefined)) return [];
  const index = await existingIndex(database, [PLACES, EARLIER_PLACES]);
  if (isAnyPlace && index !== PLACES) return [];
  if (index === undefined) return earlierParts(services, kinds);
  const rows = [
    ...(services === undefined ? [] : [among('record.service', services)]),
    ...(kinds === undefined ? [] : [among('record.event', kinds)]),
  ];
  const row = {
    sql: rows.map(({ sql }) => sql).join(' AND '),
    values: rows.flatMap(({ values }) => values),
  };
  const ofServices = services ?? (await archivedServices(database));
  const ofKinds = kinds ?? (ofServices && (await archivedKinds(database, ofServices)));
  const said = isAnyPlace ? { wide: true as const } : { row };
  if (ofServices === undefined || ofKinds === undefined) return [{ name: 'service', ...said }];
  const service = oneOf('service', ofServices, services === undefined);
  const kind = oneOf('event', ofKinds, kinds === undefined);
  const pairs = service.flatMap((a) => kind.map((b) => ({ a, b })));
  // Without the action in the index, each row would be read for it.
  const passed =
    actions !== undefined && index === PLACES
      ? among('action', actions)
      : { sql: '1 = 1', values: [] };
  return [
    {
      name: 'service',
      ...said,
      sequences: ({ first, last }) => ({
        sql: pairs
          .map(
            ({ a, b }) => `SELECT sequence FROM record
              WHERE ${a.sql} AND ${b.sql} AND sequence BETWEEN ? AND ? AND ${passed.sql}`,
          )
          .join(' UNION ALL '),
        values: pairs.flatMap(({ a, b }) => [
          ...[...a.values, ...b.values, first, last],
          ...passed.values,
        ]),
      }),
    },
  ];
}

/** An index is not asked for NULL and for values at once: each alone. */
function oneOf(column: string, values: readonly SqlValue[], orNone: boolean): Sql[] {
  const some = values.length === 0 && orNone ? [] : [among(column, values)];
  return orNone ? [...some, { sql: `${column} IS NULL`, values: [] }] : some;
}

function earlierParts(
  services: readonly string[] | undefined,
  kinds: readonly string[] | undefined,
): QueryPart[] {
  const parts: QueryPart[] = [];
  if (kinds !== undefined) {
    const row = among('record.event', kinds);
    // As the index says it, or SQLite does not see that it may use it.
    const others = FREQUENT.map((kind) => `AND event <> '${kind}'`).join(' ');
    parts.push({
      name: 'kind',
      row,
      ...(!kinds.some((kind) => FREQUENT.includes(kind)) && {
        sequences: ({ first, last }) => ({
          sql: `SELECT sequence FROM record WHERE event IN (${marks(kinds)})
            AND event IS NOT NULL ${others} AND sequence BETWEEN ? AND ?`,
          values: [...kinds, first, last],
        }),
      }),
    });
  }
  if (services !== undefined) parts.push(columnPart('service', services));
  return parts;
}
