/** "Did you mean": the nearest known name by edit distance. */
const LONGEST = 64; // characters compared; longer names are not typing slips of shorter ones

/** A hint naming the nearest of `known`, or listing them when they are few, or undefined. */
export function suggest(name: string, known: Iterable<string>): string | undefined {
  const names = [...known];
  const best = nearest(name, names);
  if (best !== undefined) return `did you mean '${best}'?`;
  return names.length > 0 && names.length <= 12 ? `one of: ${names.join(', ')}` : undefined;
}

/** The known name within a third of its length in edits, or else one that begins so, or begins it. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const asked = name.slice(0, LONGEST).toLowerCase();
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const allowed = Math.max(1, Math.floor(Math.max(asked.length, candidate.length) / 3));
    const distance = editDistance(asked, candidate.slice(0, LONGEST).toLowerCase());
    if (distance <= allowed && distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best ?? begun(asked, known);
}

const FEWEST = 3; // characters that make a beginning

/** `monday` for `mon`, `trusted` for `trusted-partners`: the one nearest in length. */
function begun(asked: string, known: readonly string[]): string | undefined {
  if (asked.length < FEWEST) return undefined;
  const related = known.filter((name) => {
    const lower = name.toLowerCase();
    return lower.length >= FEWEST && (lower.startsWith(asked) || asked.startsWith(lower));
  });
  const apart = (name: string) => Math.abs(name.length - asked.length);
  return related.sort((a, b) => apart(a) - apart(b))[0];
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      next.push(cost);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
