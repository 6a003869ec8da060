/** The `tests:` of a rule file, their events decoded. */
import { decodeEvent, type EventProblem } from '../../src/event/decode.ts';
import { ImEvent } from '../../src/event/event.ts';
import type { RuleFile } from '../schema.ts';
import type { Diagnostics } from '../source/diagnostic.ts';
import { suggest } from '../source/suggest.ts';
import type { Path, YamlSource } from '../source/yaml-source.ts';
import type { PolicyTest } from './policy.ts';

/** When a test's event says no time: a Wednesday at noon UTC. Given events are a second apart. */
const NOON = Date.UTC(2026, 0, 7, 12) * 1000;
const SECOND = 1e6; // microseconds

export function readTests(shape: RuleFile, source: YamlSource, found: Diagnostics): PolicyTest[] {
  return (shape.tests ?? []).map(({ name, given = [], event, expect }, i) => {
    const path = ['tests', i];
    const read = (json: unknown, at: Path, time: number) =>
      readEvent(json, [...path, ...at], time, source, found);
    return {
      name,
      place: source.place([...path, 'name']),
      given: given.map((json, g) => read(json, ['given', g], NOON - (given.length - g) * SECOND)),
      event: read(event, ['event'], NOON),
      expect,
    };
  });
}

function readEvent(
  json: unknown,
  path: Path,
  time: number,
  source: YamlSource,
  found: Diagnostics,
): ImEvent {
  const { event, problems } = decodeEvent(json);
  for (const problem of problems ?? []) tell(problem, path, source, found);
  if (event === undefined) return new ImEvent('message');
  if (event.time === 0) event.time = time;
  return event;
}

const EVENT_FIELDS = [...Object.keys(new ImEvent('message')), 'ts', 'v'];

function tell(problem: EventProblem, path: Path, source: YamlSource, found: Diagnostics): void {
  const steps = problem.path.split(/[.[\]]+/).filter(Boolean);
  const place = source.place([...path, ...steps]);
  const unknown = /no such field/.test(problem.message);
  const at = unknown ? source.keyPlace([...path, ...steps]) : place;
  const hint = unknown && steps.length === 1 ? suggest(steps[0] ?? '', EVENT_FIELDS) : undefined;
  const name = problem.path === '' ? 'the event' : `'${problem.path}'`;
  found.error(at, `${name}: ${problem.message}`, hint);
}
