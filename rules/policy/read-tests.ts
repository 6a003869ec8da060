/** The `tests:` of a rule file, their events decoded. */
import { decodeEvent, type EventProblem, partialEventSchema } from '../../src/event/decode.ts';
import { ImEvent } from '../../src/event/event.ts';
import type { RuleFile } from '../schema.ts';
import type { Diagnostics, Place } from '../source/diagnostic.ts';
import { parseDuration } from '../source/quantity.ts';
import { suggest } from '../source/suggest.ts';
import type { Path, YamlSource } from '../source/yaml-source.ts';
import type { Expectation, PolicyTest } from './policy.ts';

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
      expect: readExpectation(expect, [...path, 'expect'], source, found),
    };
  });
}

/** `learn` in seconds. */
function readExpectation(
  { learn, ...expect }: NonNullable<RuleFile['tests']>[number]['expect'],
  path: Path,
  source: YamlSource,
  found: Diagnostics,
): Expectation {
  if (learn === undefined) return expect;
  const seconds = learn === 'none' ? 0 : parseDuration(learn);
  if (seconds === undefined) {
    const place = source.place([...path, 'learn']);
    found.error(place, `'${learn}' is not a duration`, 'write 30s, 10m, 2h, 1d or none');
    return expect;
  }
  return { ...expect, learn: Math.ceil(seconds) };
}

function readEvent(
  json: unknown,
  path: Path,
  time: number,
  source: YamlSource,
  found: Diagnostics,
): ImEvent {
  const { event, problems } = decodeEvent(json);
  const choices = problems === undefined ? [] : wrongChoices(json);
  for (const problem of problems ?? []) {
    const choice = choices.find(({ at }) => at === problem.path);
    if (choice === undefined) tell(problem, path, source, found);
    else {
      const place = source.place([...path, ...stepsOf(choice.at)]);
      tellChoice(choice, place, found);
    }
  }
  if (event === undefined) return new ImEvent('message');
  if (event.time === 0) event.time = time;
  return event;
}

interface WrongChoice {
  readonly at: string;
  readonly given: unknown;
  readonly known: readonly string[];
}

/** Where one of a few values was needed and another is given. */
function wrongChoices(json: unknown): WrongChoice[] {
  const issues = partialEventSchema.safeParse(json, { reportInput: true }).error?.issues ?? [];
  return issues.flatMap((issue) =>
    issue.code === 'invalid_value' && issue.values.length > 1
      ? [{ at: issue.path.join('.'), given: issue.input, known: issue.values.map(String) }]
      : [],
  );
}

function tellChoice({ at, given, known }: WrongChoice, place: Place, found: Diagnostics): void {
  const few = suggest(typeof given === 'string' ? given : '', known) ?? 'see docs/rules.md';
  if (given === undefined) found.error(place, `the event lacks '${at}'`);
  else if (typeof given === 'string') found.error(place, `'${at}' cannot be '${given}'`, few);
  else found.error(place, `'${at}' must be a name`, few);
}

function stepsOf(path: string): string[] {
  return path.split(/[.[\]]+/).filter(Boolean);
}

const EVENT_FIELDS = [...Object.keys(new ImEvent('message')), 'ts', 'v'];

function tell(problem: EventProblem, path: Path, source: YamlSource, found: Diagnostics): void {
  const steps = stepsOf(problem.path);
  const place = source.place([...path, ...steps]);
  const unknown = /no such field/.test(problem.message);
  const at = unknown ? source.keyPlace([...path, ...steps]) : place;
  const hint = unknown && steps.length === 1 ? suggest(steps[0] ?? '', EVENT_FIELDS) : undefined;
  const name = problem.path === '' ? 'the event' : `'${problem.path}'`;
  found.error(at, `${name}: ${problem.message}`, hint);
}
