/**
 * Patterns of host names, read label by label from the right.
 *
 *   pattern := glob-label* literal-label literal-label
 *   label   := letters, digits, `-`, `_`; `*` for any characters; `[1-16]` for a number without leading zeros
 *
 * `*` stays within its label: it is never a dot. The last two labels are literal, so that no pattern holds a whole
 * top-level domain; a name of one label is one only as a whole name (`exact`).
 */

/** Octets of a name, RFC 1035 2.3.4. */
export const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;
/** Stars of one label: with more, matching takes powers of its length. */
const MOST_STARS = 2;
const MOST_RANGES = 2;
/** Numbers that one range may stand for. */
const WIDEST_RANGE = 1024;

const LITERAL = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/;
const GLOB = /^(?:[a-z0-9_*-]|\[\d{1,6}-\d{1,6}\])+$/;
const RANGE = /\[(\d+)-(\d+)\]/g;

/** Why it is none; undefined: it is one. */
export function hostPatternFault(pattern: string, whole: boolean): string | undefined {
  if (pattern.length > LONGEST_NAME) return `longer than ${LONGEST_NAME} characters`;
  if (/[A-Z]/.test(pattern)) return 'write it in lower case';
  if (/[^\x20-\x7e]/.test(pattern)) return 'write its xn-- form';
  if (pattern.startsWith('*.')) return 'names below a name belong to it: leave out *.';
  if (pattern.startsWith('.') || pattern.endsWith('.')) return 'write it without the outer dot';
  if (/[:/]/.test(pattern)) return 'write the name alone, without port or path';
  const labels = pattern.split('.');
  if (labels.length < 2 && !whole) return 'a top-level domain is not one service';
  for (const [i, label] of labels.entries()) {
    const fault = labelFault(label);
    if (fault !== undefined) return fault;
    if (i >= labels.length - 2 && isGlob(label)) return 'the last two labels must be literal';
  }
  return /^[\d.]+$/.test(pattern) ? 'this is an address: write it under networks' : undefined;
}

function labelFault(label: string): string | undefined {
  if (label === '') return 'an empty label between two dots';
  if (!isGlob(label)) {
    if (label.length > LONGEST_LABEL) return `a label is longer than ${LONGEST_LABEL}`;
    return LITERAL.test(label) ? undefined : 'letters, digits, - and _ make a label';
  }
  if (!GLOB.test(label)) return 'a label may hold * and ranges such as [1-16]';
  if (label.replaceAll(/[^*]/g, '').length > MOST_STARS) return `more than ${MOST_STARS} stars`;
  const ranges = [...label.matchAll(RANGE)];
  if (ranges.length > MOST_RANGES) return `more than ${MOST_RANGES} ranges`;
  for (const [range, from, to] of ranges) {
    const width = Number(to) - Number(from);
    if (width < 0) return `${range} begins after its end`;
    if (width >= WIDEST_RANGE) return `${range} is wider than ${WIDEST_RANGE}`;
  }
  return undefined;
}

export function isGlob(label: string): boolean {
  return /[*[\]]/.test(label);
}

/** Tells whether a label fits. `label` is one that hostPatternFault let pass. */
export function labelMatcher(label: string): (candidate: string) => boolean {
  if (label === '*') return () => true;
  const source = label.replaceAll(/\*|\[(\d+)-(\d+)\]/g, (_whole, from?: string, to?: string) =>
    from === undefined ? '[^.]*' : numbers(Number(from), Number(to)),
  );
  const pattern = new RegExp(`^${source}$`);
  return (candidate) => pattern.test(candidate);
}

function numbers(from: number, to: number): string {
  const all = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  return `(?:${all.join('|')})`;
}

/** A name that fits the pattern. */
export function exampleOf(pattern: string): string {
  return pattern.replaceAll(/\[(\d+)-\d+\]/g, '$1').replaceAll('*', 'x');
}
