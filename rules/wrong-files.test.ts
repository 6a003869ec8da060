/** Files that are not what they are given as. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readDirectory } from './directory/read-directory.ts';
import { loadRules } from './load.ts';
import { Diagnostics, formatDiagnostic } from './source/diagnostic.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-wrong-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const told = (paths: readonly string[], directory?: string) =>
  loadRules(paths, { directory }).diagnostics.map((d) =>
    formatDiagnostic(d).replaceAll(`${folder}/`, ''),
  );
const pcap = Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0);
const PCAP = 'this is not a text file (looks like a pcap capture)';

describe('a capture', () => {
  const capture = write('day.pcap', pcap);
  test('as a rule file', () => expect(told([capture])).toEqual([`day.pcap:1:1: ${PCAP}`]));
  test('as the directory', () => {
    const rules = write('none.yaml', 'sallyport: 1\n');
    expect(told([rules], capture)).toEqual([`day.pcap:1:1: ${PCAP}`]);
  });
  test('as a list', () => {
    const rules = write(
      'list.yaml',
      'sallyport: 1\nlists: { l: { words: [a], file: day.pcap } }\n',
    );
    expect(told([rules])).toEqual([`day.pcap:1:1: ${PCAP}`]);
  });
  test('as the directory that a rule file names', () => {
    const rules = write('named.yaml', 'sallyport: 1\ndirectory: day.pcap\n');
    expect(told([rules])).toEqual([`day.pcap:1:1: ${PCAP}`]);
  });
});

test.each([
  ['zip', [0x50, 0x4b, 3, 4], ' (looks like a ZIP file or spreadsheet)'],
  ['utf16', [0xff, 0xfe, 0x61, 0], ' (looks like UTF-16: save it as UTF-8)'],
  ['other', [0x61, 0x62, 0, 0x63], ''],
])('%s', (name, octets, kind) => {
  const file = write(name, Uint8Array.from(octets));
  expect(told([file])).toEqual([`${name}:1:1: this is not a text file${kind}`]);
});

describe('directories', () => {
  const read = (file: string, content: string) => {
    const found = new Diagnostics();
    const people = readDirectory(file, content, found);
    return { people, told: found.all.map(formatDiagnostic) };
  };
  test('a rule file as the directory is called by what is wanted', () => {
    expect(read('d.yaml', 'sallyport: 1\n').told).toEqual([
      "d.yaml:1:1: a directory file lacks 'people'",
      "d.yaml:1:1: a directory file knows no 'sallyport' (one of: people)",
    ]);
    expect(read('d.yaml', 'people: [{ name: A, acounts: [] }]\n').told).toEqual([
      "d.yaml:1:10: a person lacks 'accounts'",
      "d.yaml:1:21: a person knows no 'acounts' (did you mean 'accounts'?)",
    ]);
  });
  test.each([
    ['commas', 'name,department,groups,accounts\nA M,sales,x;y,xmpp:a@b;irc:a\n'],
    ['semicolons', 'name;department;groups;accounts\nA M;sales;x,y;"xmpp:a@b;irc:a"\n'],
  ])('CSV with %s', (_what, text) => {
    expect(read('d.csv', text)).toEqual({
      people: [
        { name: 'A M', department: 'sales', groups: ['x', 'y'], accounts: ['xmpp:a@b', 'irc:a'] },
      ],
      told: [],
    });
  });
  test('a CSV without its first line is told of once', () => {
    expect(read('d.csv', 'A;sales;x;xmpp:a@b\nB;sales;x;xmpp:b@b\n').told).toEqual([
      'd.csv:1:1: the first line of a directory file names its columns (name,department,groups,accounts)',
    ]);
  });
  test('a CSV that lacks a column', () => {
    expect(read('d.csv', 'name;acounts\nB;xmpp:b@b\n').told).toEqual([
      "d.csv:1:1: the directory knows no column 'acounts' (did you mean 'accounts'?)",
      "d.csv:1:1: the directory lacks a column 'accounts'",
    ]);
  });
});
