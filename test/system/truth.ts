/** Holds the engine's events against the truth that a recorded scene wrote down. */
import type { ImEvent } from '../../src/event/event.ts';
import { type Comparison, compare, type Expected } from '../corpus/compare.ts';
import type { TruthEvent, TruthFile } from '../record/truth.ts';

/** Every event of the truth, once; nothing else of the kinds that the truth lists completely. */
export function compareWithTruth(
  truth: Pick<TruthFile, 'complete' | 'events'>,
  events: readonly ImEvent[],
): Comparison {
  const listed = new Set(truth.complete);
  return compare(
    truth.events.map(expected),
    events,
    ({ kind, copy, form, route }) =>
      listed.has(String(kind)) && copy === undefined && form !== 'ctcp' && route !== 'service',
    [],
  );
}

function expected(event: TruthEvent): Expected {
  const { to, file, ...plain } = event;
  const fields: Record<string, string | number | undefined> = { ...plain };
  if (to !== undefined) fields.to = to.join(',');
  for (const [name, value] of Object.entries(file ?? {})) fields[`file.${name}`] = value;
  return {
    what: `${event.kind} ${event.text ?? file?.name ?? event.contact ?? ''}`.trim(),
    fields,
  };
}
