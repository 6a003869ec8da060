/** Records of counters added up, nested ones too: workers, and the lives of one worker. */

/** `a` + `b`, name by name; what only one has is taken from it. Values that are no numbers are `b`'s. */
export function addCounts<T>(a: T, b: T): T {
  if (typeof a === 'number' && typeof b === 'number') return (a + b) as T;
  if (!isRecord(a) || !isRecord(b)) return b ?? a;
  const sum: Record<string, unknown> = { ...a };
  for (const [name, value] of Object.entries(b)) {
    sum[name] = name in a ? addCounts<unknown>(a[name], value) : value;
  }
  return sum as T;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
