/** `?` of portable SQL as PostgreSQL counts them: $1, $2, …; not in strings, names and comments. */

// A string, a quoted name, a comment of either kind, or a placeholder.
const PARTS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?/g;

/** Texts kept: the program has a few hundred, a query of a user's is made anew. */
const KEPT = 512;

const known = new Map<string, string>();

export function numberPlaceholders(sql: string): string {
  const before = known.get(sql);
  if (before !== undefined) return before;
  const numbered = namePlaceholders(sql, (n) => `$${n + 1}`);
  if (known.size >= KEPT) known.clear();
  known.set(sql, numbered);
  return numbered;
}

/** `name` of each in its place, from 0. */
export function namePlaceholders(sql: string, name: (n: number) => string): string {
  let count = 0;
  return sql.replace(PARTS, (part) => {
    if (part !== '?') return part;
    count += 1;
    return name(count - 1);
  });
}
