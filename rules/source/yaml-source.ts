/**
 * YAML text with places: every value can be traced to its line and column.
 *
 * Bounded: MAX_FILE_OCTETS a file, MAX_DEPTH levels, MAX_ALIASES uses of anchors, each of at
 * most MAX_ALIAS_NODES nodes (a "billion laughs" file is refused, not expanded).
 */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import type { Diagnostics, Place } from './diagnostic.ts';

/** Octets: about 100 000 rules. */
export const MAX_FILE_OCTETS = 16 << 20;
const MAX_DEPTH = 64;
const MAX_ALIASES = 1000;
const MAX_NODES = 4_000_000; // after aliases are followed

export type Path = readonly PropertyKey[];

export class YamlSource {
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(file: string, text: string, value: unknown, document: Document, lines: LineCounter) {
    this.file = file;
    this.text = text;
    this.value = value;
    this.#document = document;
    this.#lines = lines;
  }

  /** Where the value at `path` stands; the nearest enclosing value if it is absent. */
  place(path: Path): Place {
    return this.#at(this.offset(path));
  }

  /** Where the last key of `path` stands. */
  keyPlace(path: Path): Place {
    return this.#at(this.#walk(path).key);
  }

  /** A place `within` UTF-16 units after the start of the value. */
  placeWithin(path: Path, within: number): Place {
    return this.#at(this.offset(path) + within);
  }

  offset(path: Path): number {
    return this.#walk(path).value;
  }

  #walk(path: Path): { key: number; value: number } {
    let node: unknown = this.#document.contents;
    let key = 0;
    let value = startOf(node);
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(this.#document);
      if (isMap(node)) {
        const pair = node.items.find((item) => keyOf(item.key) === String(step));
        if (pair === undefined) break;
        key = startOf(pair.key);
        node = pair.value;
        value = node === null ? key : startOf(node);
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        if (node === undefined) break;
        value = startOf(node);
        key = value;
      } else break;
    }
    return { key, value };
  }

  #at(offset: number): Place {
    return placeAt(this.file, this.#lines, offset);
  }
}

/** Reads YAML; undefined, and diagnostics, when it is not one sound document. */
export function readYaml(file: string, text: string, found: Diagnostics): YamlSource | undefined {
  const lines = new LineCounter();
  const start = { file, line: 1, column: 1 };
  if (text.length > MAX_FILE_OCTETS) {
    found.error(start, 'the file is too large', `at most ${MAX_FILE_OCTETS >> 20} MiB`);
    return undefined;
  }
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false, // checked below in linear time
      version: '1.2',
      schema: 'core',
    });
    for (const fault of document.errors) {
      found.error(placeAt(file, lines, fault.pos[0]), oneLine(fault.message));
    }
    if (document.errors.length > 0) return undefined;
    if (!sound(document, (at) => placeAt(file, lines, at), found)) return undefined;
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return new YamlSource(file, text, value, document, lines);
  } catch (fault) {
    // The yaml library recurses and throws on absurd nesting and on exhausted alias counts.
    const why = fault instanceof RangeError ? 'nested too deeply' : oneLine(String(fault));
    found.error(start, 'this is not a YAML file Sallyport can read', why);
    return undefined;
  }
}

function sound(document: Document, at: (offset: number) => Place, found: Diagnostics): boolean {
  const sizes = new Map<Node, number>(); // nodes under an anchored value, aliases followed
  let aliases = 0;
  let ok = true;
  const fail = (node: unknown, what: string, hint?: string): number => {
    if (ok || what.startsWith('the key')) found.error(at(startOf(node)), what, hint);
    ok = false;
    return 1;
  };
  const visit = (node: unknown, depth: number): number => {
    if (depth > MAX_DEPTH) return fail(node, 'nested too deeply', `at most ${MAX_DEPTH} levels`);
    if (isAlias(node)) {
      if (++aliases > MAX_ALIASES) return fail(node, 'too many aliases', `at most ${MAX_ALIASES}`);
      const target = node.resolve(document);
      if (target === undefined) return fail(node, `no anchor is called '${node.source}'`);
      const size = sizes.get(target);
      return size ?? fail(node, 'an alias may not stand inside its own anchor');
    }
    let nodes = 1;
    if (isMap(node)) {
      const seen = new Set<string>();
      for (const pair of node.items) {
        const key = keyOf(pair.key);
        if (key === undefined) fail(pair.key ?? node, 'a key must be a plain word');
        else if (seen.has(key)) fail(pair.key, `the key '${key}' is there twice`);
        else seen.add(key);
        nodes += 1 + visit(pair.value, depth + 1);
      }
    } else if (isSeq(node)) {
      for (const item of node.items) nodes += visit(item, depth + 1);
    }
    if (nodes > MAX_NODES) return fail(node, 'the anchors of this file expand to too much');
    if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) sizes.set(node, nodes);
    return nodes;
  };
  visit(document.contents, 0);
  return ok;
}

function keyOf(key: unknown): string | undefined {
  if (isScalar(key)) return String(key.value);
  return typeof key === 'string' ? key : undefined;
}

function startOf(node: unknown): number {
  if (isScalar(node) || isCollection(node) || isAlias(node)) return node.range?.[0] ?? 0;
  return 0;
}

function placeAt(file: string, lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

function oneLine(text: string): string {
  return text
    .replace(/^\w*Error: /, '')
    .replace(/\s+/g, ' ')
    .trim();
}
