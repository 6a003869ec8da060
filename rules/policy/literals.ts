/** Values that a condition compares as they are, and a warning where they look like globs. */
import { type FieldName, fieldOf } from '../fields.ts';
import type { Diagnostics } from '../source/diagnostic.ts';
import type { Path, YamlSource } from '../source/yaml-source.ts';

const LONGEST_NUMBER = 64; // characters

/** Identities take globs; choices are checked by the schema. */
const LITERAL = new Set(['text', 'name', 'extension', 'presence']);

/** `is:` asks for the value itself in so many words, and is not warned about. */
export function literals(
  name: FieldName,
  value: unknown,
  path: Path,
  source: YamlSource,
  found: Diagnostics,
): string[] {
  const written = (Array.isArray(value) ? value : [value]).map((one, i) =>
    typeof one === 'number'
      ? asWritten(one, source, Array.isArray(value) ? [...path, i] : path)
      : String(one),
  );
  const { type } = fieldOf(name);
  const operator = path.at(-1);
  for (const [i, one] of written.entries()) {
    const place = () => source.place(Array.isArray(value) ? [...path, i] : path);
    if (LITERAL.has(type) && operator !== 'is' && one.includes('*')) {
      const hint = globHint(name, one, operator === 'not', Array.isArray(value));
      found.warn(place(), `'${one}' is compared as it is, the '*' included`, hint);
    } else if (type === 'extension' && /.\./.test(one)) {
      const last = one.slice(one.lastIndexOf('.') + 1);
      const hint = `an extension is what follows the last dot: '${last}'`;
      found.warn(place(), `no file has the extension '${one}'`, hint);
    }
  }
  return type === 'extension' ? written.map((one) => one.replace(/^\.(?=.)/, '')) : written;
}

/** `1.0` and `0042` as they stand in the file: to YAML they are the numbers 1 and 42. */
function asWritten(value: number, source: YamlSource, path: Path): string {
  const at = source.offset(path);
  const raw = /^[-+.\w]+/.exec(source.text.slice(at, at + LONGEST_NUMBER))?.[0] ?? '';
  return Number(raw) === value ? raw : String(value);
}

function globHint(name: FieldName, one: string, negated: boolean, several: boolean): string {
  if (negated) return `for a pattern write not: { ${name}: { glob: '${one}' } }`;
  return several
    ? "for patterns use { glob: … } or a list's values"
    : `for a pattern write { glob: '${one}' }, for the character itself { is: '${one}' }`;
}
