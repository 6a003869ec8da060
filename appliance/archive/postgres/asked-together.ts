/** One query asked with many lists of values in one statement: a journey to a server each is most of what it costs. */
import { namePlaceholders } from './placeholders.ts';

export interface AskedTogether {
  readonly sql: string;
  readonly values: readonly string[];
}

/** Its rows have a further column, `asked`: which of the lists they answer, from 1. Values are texts and integers. */
export function askTogether(
  sql: string,
  lists: readonly (readonly (string | number)[])[],
): AskedTogether {
  const columns = lists[0] ?? [];
  const types = columns.map((value) => (typeof value === 'number' ? 'bigint' : 'text'));
  // Text sorts by octets (postgres-schema.ts), and is compared so with what is asked.
  const names = types.map((type, n) => `asked.v${n}${type === 'text' ? ' COLLATE "C"' : ''}`);
  const each = namePlaceholders(sql, (n) => names[n] ?? 'NULL');
  const arrays = types.map((type) => `?::${type}[]`).join(', ');
  const asked = [...types.map((_, n) => `v${n}`), 'n'].join(', ');
  return {
    // OFFSET: each is looked up by its index, and never all of a table read for many.
    sql: `SELECT asked.n AS asked, found.* FROM unnest(${arrays}) WITH ORDINALITY AS asked (${asked})
      CROSS JOIN LATERAL (${each} OFFSET 0) AS found`,
    values: columns.map((_, n) => arrayText(lists.map((list) => list[n] ?? ''))),
  };
}

/** PostgreSQL manual, 8.15.6. */
function arrayText(values: readonly (string | number)[]): string {
  const elements = values.map((value) =>
    typeof value === 'number' ? String(value) : `"${value.replace(/["\\]/g, '\\$&')}"`,
  );
  return `{${elements.join(',')}}`;
}
