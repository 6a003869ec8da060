/**
 * Persons as a part of a query. Whoever did something in a conversation takes part in it, so that its records are
 * found there; what they did outside of any stands on their own connection, or on that of somebody else.
 */
import type { ArchiveDatabase } from '../contract.ts';
import { EARLIER_SENDERS, SENDERS } from '../schema.ts';
import { existingIndex } from './existing-index.ts';
import { namedParties } from './named-parties.ts';
import { marks, NOTHING, type QueryPart, type Sql } from './query-part.ts';

const EMPTY: Sql = { sql: 'SELECT sequence FROM record WHERE 1 = 0', values: [] };
/** As the index says it, or it would not be used. */
const OF_OTHERS = 'sender IS NOT NULL AND conversation IS NULL AND sender IS DISTINCT FROM account';

export async function personPart(
  database: ArchiveDatabase,
  persons: readonly string[],
): Promise<QueryPart> {
  const parties = await namedParties(database, persons);
  if (parties.length === 0) return { name: 'person', row: NOTHING, sequences: () => EMPTY };
  const index = await existingIndex(database, [SENDERS, EARLIER_SENDERS]);
  const those = marks(parties);
  const taking = `SELECT conversation FROM participant WHERE party IN (${those})`;
  // The earlier index has all that they did: of each record it would be read whether a conversation has it too.
  const others = index === EARLIER_SENDERS ? 'sender IS NOT NULL' : OF_OTHERS;
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
        UNION ALL SELECT sequence FROM record WHERE sender IN (${those}) AND ${others}
          AND sequence BETWEEN ? AND ?`,
      values: [parties, parties, parties].flatMap((ids) => [...ids, range.first, range.last]),
    }),
  };
}
