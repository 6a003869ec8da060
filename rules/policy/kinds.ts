/** Kinds in rules: `message`, `file.*`, `*`. */
import { EVENT_KINDS, type EventKind } from '../../src/event/kinds.ts';

/** Every glob a rule may write besides the kinds themselves. */
export const KIND_GLOBS: readonly string[] = [
  '*',
  ...new Set(EVENT_KINDS.filter((k) => k.includes('.')).map((k) => `${k.split('.')[0]}.*`)),
];

/** The kinds that `glob` names; none when it names none. `file.*` is every kind that starts so. */
export function kindsOf(glob: string): readonly EventKind[] {
  return KNOWN.get(glob) ?? matching(glob);
}

function matching(glob: string): readonly EventKind[] {
  if (glob === '*') return EVENT_KINDS;
  if (!glob.endsWith('.*')) return EVENT_KINDS.filter((kind) => kind === glob);
  const family = glob.slice(0, -1);
  return EVENT_KINDS.filter((kind) => kind.startsWith(family));
}

/** The kinds that any of `globs` names, in the order of the event model, each once. */
export function kindsOfAll(globs: readonly string[]): readonly EventKind[] {
  const [only, second] = globs;
  if (only !== undefined && second === undefined) return kindsOf(only);
  const named = new Set(globs.flatMap(kindsOf));
  return EVENT_KINDS.filter((kind) => named.has(kind));
}

/** Ten thousand rules ask for the same few. */
const KNOWN: ReadonlyMap<string, readonly EventKind[]> = new Map(
  [...EVENT_KINDS, ...KIND_GLOBS].map((glob) => [glob, matching(glob)]),
);
