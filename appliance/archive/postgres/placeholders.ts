/** `?` of portable SQL as PostgreSQL counts them: $1, $2, …; not in strings, names and comments. */

// A string, a quoted name, a comment of either kind, or a placeholder.
const PARTS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?/g;

/** Texts kept: the program has a few hundred, a query of a user's is made anew. */
const KEPT = 512;

const known = new Map<string, string>();

export function numberPlaceholders(sql: string): string {
  const before = known.get(sql);
  if (before !== undefined) return before;
  let count = 0;
  const numbered = sql.replace(PARTS, (part) => {
    if (part !== '?') return part;
    count += 1;
    return `$${count}`;
  });
  if (known.size >= KEPT) known.clear();
  known.set(sql, numbered);
  return numbered;
}
