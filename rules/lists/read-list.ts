/** Lists as files declare them, inline and in files of their own. */
import type { List, ListEntry, ListKind } from '../policy/policy.ts';
import type { RuleFile } from '../schema.ts';
import type { Diagnostics, Place } from '../source/diagnostic.ts';
import { type OpenFile, tellFault } from '../source/open-file.ts';
import type { YamlSource } from '../source/yaml-source.ts';
import { wordForms } from '../words/word.ts';
import { parseNetwork } from './cidr.ts';

export const LIST_KINDS = ['contacts', 'extensions', 'words', 'values', 'cidrs'] as const;
const MOST_ENTRIES = 1_000_000;

type ListShape = NonNullable<RuleFile['lists']>[string];

export function readList(
  name: string,
  shape: ListShape,
  source: YamlSource,
  open: OpenFile,
  found: Diagnostics,
  whole = true,
): List {
  const path = ['lists', name];
  const place = source.keyPlace(path);
  const kinds = LIST_KINDS.filter((kind) => shape[kind] !== undefined);
  const [kind, second] = kinds;
  if (second !== undefined) {
    found.error(source.keyPlace([...path, second]), `list '${name}' already holds ${kind}`);
  }
  if (whole && kind === undefined && shape.file === undefined) {
    found.error(place, `list '${name}' is empty`, `one of: ${LIST_KINDS.join(', ')}, file`);
  }
  const entries: ListEntry[] = [];
  for (const [i, value] of (kind === undefined ? [] : (shape[kind] ?? [])).entries()) {
    entries.push({ value: String(value), place: source.place([...path, kind ?? '', i]) });
  }
  if (shape.file !== undefined) {
    const opened = open(source.file, shape.file);
    if ('fault' in opened) {
      tellFault(opened, source.place([...path, 'file']), shape.file, found);
    } else entries.push(...linesOf(opened.file, opened.text));
  }
  if (entries.length > MOST_ENTRIES) {
    found.error(place, `list '${name}' is too long`, `at most ${MOST_ENTRIES} entries`);
  }
  const list = { name, place, kind, entries };
  if (kind !== undefined) checkEntries(list, kind, found);
  return list;
}

/** One entry a line; `#` begins a comment at the start of a line or after white space. */
function linesOf(file: string, text: string): ListEntry[] {
  const entries: ListEntry[] = [];
  for (const [i, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const value = line.replace(/(^|\s)#.*$/, '').trim();
    if (value === '') continue;
    const place: Place = { file, line: i + 1, column: line.indexOf(value[0] ?? '') + 1 };
    entries.push({ value, place });
  }
  return entries;
}

/** Tells of every entry that is not of the kind. */
export function checkEntries(list: List, kind: ListKind, found: Diagnostics): void {
  for (const { value, place } of list.entries) {
    const fault = faultOf(value, kind);
    if (fault !== undefined) found.error(place, `'${value.slice(0, 80)}' is not ${fault}`);
  }
}

function faultOf(value: string, kind: ListKind): string | undefined {
  switch (kind) {
    case 'contacts':
      return /^\S(?:.*\S)?$/.test(value) && value.length <= 1024 ? undefined : 'an identity';
    case 'extensions':
      return /^\.?[^\s./\\*?]{1,32}$/.test(value) ? undefined : "a file extension such as 'exe'";
    case 'words':
      return wordForms(value).length > 0 ? undefined : 'a word or phrase of up to 200 letters';
    case 'cidrs':
      return parseNetwork(value) === undefined ? 'an address or network (10.0.0.0/8)' : undefined;
    case 'values':
      return value === '' ? 'a value: it is empty' : undefined;
  }
}

/** An extension in comparable spelling. */
export function extensionKey(entry: string): string {
  return entry.toLowerCase().replace(/^\./, '');
}
