/**
 * Any YAML, read by the yaml library.
 *
 * Bounded: MAX_DEPTH levels, MAX_ALIASES uses of anchors, MAX_NODES after they are followed (a "billion
 * laughs" file is refused, not expanded).
 */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import type { Diagnostics, Place } from './diagnostic.ts';
import type { Mark, Member } from './mark.ts';

const MAX_DEPTH = 64;
const MAX_ALIASES = 1000;
const MAX_NODES = 4_000_000; // after aliases are followed

/** The value and where its parts stand; undefined, and diagnostics, when it is not one sound document. */
export function readDocument(
  text: string,
  lines: LineCounter,
  at: (offset: number) => Place,
  found: Diagnostics,
): { readonly value: unknown; readonly mark: Mark } | undefined {
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false, // checked below in linear time
      version: '1.2',
      schema: 'core',
    });
    for (const fault of document.errors) found.error(at(fault.pos[0]), oneLine(fault.message));
    if (document.errors.length > 0) return undefined;
    if (!sound(document, at, found)) return undefined;
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { value, mark: markOf(document.contents, document, new Map()) };
  } catch (fault) {
    // The yaml library recurses and throws on absurd nesting and on exhausted alias counts.
    const why = fault instanceof RangeError ? 'nested too deeply' : oneLine(String(fault));
    found.error(at(0), 'this is not a YAML file Sallyport can read', why);
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

/** What an alias stands for is one object, however often it is used. */
function markOf(node: unknown, document: Document, anchored: Map<unknown, Mark>): Mark {
  const at = startOf(node);
  if (isAlias(node)) {
    const target = anchored.get(node.resolve(document));
    return typeof target === 'object' ? { ...target, at } : at;
  }
  let mark: Mark = at;
  if (isMap(node)) {
    const members = new Map<string, Member>();
    for (const pair of node.items) {
      const key = startOf(pair.key);
      const value = pair.value === null ? key : markOf(pair.value, document, anchored);
      members.set(keyOf(pair.key) ?? '', { key, mark: value });
    }
    mark = { at, members };
  } else if (isSeq(node)) {
    mark = { at, items: node.items.map((item) => markOf(item, document, anchored)) };
  }
  if (isCollection(node) && node.anchor !== undefined) anchored.set(node, mark);
  return mark;
}

function keyOf(key: unknown): string | undefined {
  if (isScalar(key)) return String(key.value);
  return typeof key === 'string' ? key : undefined;
}

function startOf(node: unknown): number {
  if (isScalar(node) || isCollection(node) || isAlias(node)) return node.range?.[0] ?? 0;
  return 0;
}

function oneLine(text: string): string {
  return text
    .replace(/^\w*Error: /, '')
    .replace(/\s+/g, ' ')
    .trim();
}
