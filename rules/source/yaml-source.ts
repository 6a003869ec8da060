/** YAML text with places: every value can be traced to its line and column. */
import { LineCounter } from 'yaml';
import type { Diagnostics, Place } from './diagnostic.ts';
import { findMark, type Mark } from './mark.ts';
import { readPlainYaml } from './plain-yaml.ts';
import { readDocument } from './yaml-document.ts';

/** Octets: about 100 000 rules. */
export const MAX_FILE_OCTETS = 16 << 20;

export type Path = readonly PropertyKey[];

export class YamlSource {
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
  readonly #mark: Mark;
  readonly #lines: LineCounter;

  constructor(file: string, text: string, value: unknown, mark: Mark, lines: LineCounter) {
    this.file = file;
    this.text = text;
    this.value = value;
    this.#mark = mark;
    this.#lines = lines;
  }

  /** Where the value at `path` stands; the nearest enclosing value if it is absent. */
  place(path: Path): Place {
    return this.#at(this.offset(path));
  }

  /** Where the last key of `path` stands. */
  keyPlace(path: Path): Place {
    return this.#at(findMark(this.#mark, path).key);
  }

  /** A place `within` UTF-16 units after the start of the value. */
  placeWithin(path: Path, within: number): Place {
    return this.#at(this.offset(path) + within);
  }

  offset(path: Path): number {
    return findMark(this.#mark, path).value;
  }

  #at(offset: number): Place {
    return placeAt(this.file, this.#lines, offset);
  }
}

/** Reads YAML; undefined, and diagnostics, when it is not one sound document. */
export function readYaml(file: string, text: string, found: Diagnostics): YamlSource | undefined {
  const lines = new LineCounter();
  if (text.length > MAX_FILE_OCTETS) {
    const hint = `at most ${MAX_FILE_OCTETS >> 20} MiB`;
    found.error({ file, line: 1, column: 1 }, 'the file is too large', hint);
    return undefined;
  }
  const plain = readPlainYaml(text);
  if (plain !== undefined) {
    lines.lineStarts = plain.lines;
    return new YamlSource(file, text, plain.value, plain.mark, lines);
  }
  const at = (offset: number) => placeAt(file, lines, offset);
  const read = readDocument(text, lines, at, found);
  return read && new YamlSource(file, text, read.value, read.mark, lines);
}

function placeAt(file: string, lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}
