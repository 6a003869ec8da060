/** `{ regex: … }`, and the place of what is wrong in it. */
import { expressionOf } from '../regex/expression.ts';
import type { Diagnostics } from '../source/diagnostic.ts';
import type { Path, YamlSource } from '../source/yaml-source.ts';
import type { Test } from './policy.ts';

export function readRegex(
  text: string,
  exact: boolean,
  at: Path,
  source: YamlSource,
  found: Diagnostics,
): Test {
  const test: Test = { is: 'regex', source: text, exact, place: source.place(at) };
  const compiled = expressionOf(test);
  if ('what' in compiled) {
    const { what, part } = compiled;
    const raw = source.text.slice(source.offset(at));
    const within = part === undefined || part === '' ? 0 : raw.indexOf(part);
    const place = source.placeWithin(at, within > 0 && within < text.length + 2 ? within : 0);
    const hint = part === undefined || part === '' ? undefined : `at '${part}'`;
    found.error(place, `the regular expression is not valid: ${what}`, hint);
  }
  return test;
}
