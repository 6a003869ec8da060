/**
 * A directory file, YAML or CSV.
 *
 *   people:                              name,department,groups,accounts
 *     - name: Alice Martin               Alice Martin,sales,trainees;readers,xmpp:alice@corp.example
 *       department: sales
 *       groups: [trainees]
 *       accounts: ['xmpp:alice@corp.example', 'yahoo:alice_m']
 *
 * Spreadsheets of many countries write CSV with semicolons: then commas (or, in quotes, semicolons)
 * part the groups and accounts of one cell.
 */
import { z } from 'zod';
import { identityKey } from '../lists/identity.ts';
import type { Diagnostics, Place } from '../source/diagnostic.ts';
import { readShape } from '../source/shape.ts';
import { suggest } from '../source/suggest.ts';
import { readYaml } from '../source/yaml-source.ts';
import type { Person } from './directory.ts';

const text = z.string().min(1);
const directoryFile = z.strictObject({
  people: z.array(
    z.strictObject({
      name: text,
      department: text.optional(),
      groups: z.array(text).optional(),
      accounts: z.array(text),
    }),
  ),
});
const COLUMNS = ['name', 'department', 'groups', 'accounts'] as const;

export function readDirectory(file: string, content: string, found: Diagnostics): Person[] {
  const people = /\.csv$/i.test(file)
    ? readCsv(file, content, found)
    : readPeople(file, content, found);
  const owners = new Map<string, string>();
  for (const { person, place } of people) {
    for (const account of person.accounts) {
      const key = identityKey(account);
      const owner = owners.get(key);
      if (!/^[a-z0-9-]+:./.test(key)) {
        found.error(place(account), `'${account}' is not service:account`);
      } else if (owner !== undefined) {
        found.error(place(account), `'${account}' already belongs to ${owner}`);
      }
      owners.set(key, person.name);
    }
  }
  return people.map(({ person }) => person);
}

interface Placed {
  readonly person: Person;
  readonly place: (account: string) => Place;
}

function readPeople(file: string, content: string, found: Diagnostics): Placed[] {
  const source = readYaml(file, content, found);
  const shape = source && readShape(directoryFile, source, found, { top: 'a directory file' });
  if (source === undefined || shape === undefined) return [];
  return shape.people.map(({ name, department, groups = [], accounts }, i) => ({
    person: { name, department, groups, accounts },
    place: (account) => source.place(['people', i, 'accounts', accounts.indexOf(account)]),
  }));
}

function readCsv(file: string, content: string, found: Diagnostics): Placed[] {
  const lines = content.replace(/^\uFEFF/, '').split(/\r?\n/);
  const first = lines[0] ?? '';
  const semicolons = first.includes(';') && !first.includes(',');
  const rows = lines.map((line) => cellsOf(line, semicolons ? SEMICOLON_CELLS : COMMA_CELLS));
  const head = rows[0]?.map((cell) => cell.trim().toLowerCase()) ?? [];
  if (!tellColumns(file, head, found)) return [];
  const people: Placed[] = [];
  for (const [i, row] of rows.entries()) {
    if (i === 0 || row.every((cell) => cell.trim() === '')) continue;
    const place = { file, line: i + 1, column: 1 };
    const cell = (name: string) => row[head.indexOf(name)]?.trim() ?? '';
    const several = (name: string) =>
      cell(name)
        .split(semicolons ? /[;,]/ : ';')
        .map((s) => s.trim())
        .filter(Boolean);
    if (cell('name') === '') found.error(place, 'a person lacks a name');
    const person = {
      name: cell('name'),
      department: cell('department') || undefined,
      groups: several('groups'),
      accounts: several('accounts'),
    };
    people.push({ person, place: () => place });
  }
  return people;
}

/** False where the first line names no column at all, or not those that are needed. */
function tellColumns(file: string, head: readonly string[], found: Diagnostics): boolean {
  const top = { file, line: 1, column: 1 };
  if (!head.some((cell) => COLUMNS.some((column) => column === cell))) {
    const what = 'the first line of a directory file names its columns';
    found.error(top, what, COLUMNS.join(','));
    return false;
  }
  for (const cell of head) {
    if (!COLUMNS.some((c) => c === cell)) {
      found.error(top, `the directory knows no column '${cell}'`, suggest(cell, COLUMNS));
    }
  }
  const lacking = ['name', 'accounts'].filter((needed) => !head.includes(needed));
  for (const needed of lacking) found.error(top, `the directory lacks a column '${needed}'`);
  return lacking.length === 0;
}

const COMMA_CELLS = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g;
const SEMICOLON_CELLS = /(?:^|;)(?:"((?:[^"]|"")*)"|([^;]*))/g;

/** The cells of one line, RFC 4180 quotes undone; a quoted cell ends with its line. */
function cellsOf(line: string, pattern: RegExp): string[] {
  const cells: string[] = [];
  for (const [, quoted, plain] of line.matchAll(pattern)) {
    cells.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
  }
  return cells;
}
