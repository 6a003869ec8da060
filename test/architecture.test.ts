/** The ladder of imports: a file may import its own folder and what its row lists, nothing else. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repositoryRoot } from './support/corpus.ts';

/** A row: what its files may import besides their own folder. `node:` allows the Node API. */
const LADDER: Readonly<Record<string, readonly string[]>> = {
  // Digests and inflating are arithmetic on octets too; whoever uses them sees functions of octets.
  'src/bytes': ['pako', 'node:crypto', 'node:buffer'],
  'src/limits.ts': [],
  'src/event': ['src/bytes', 'zod'],
  'src/capture': [
    'src/bytes',
    'src/limits.ts',
    'src/verdict/wire/packet-judge.ts', // whom a wire asks about each packet
    'node:',
    'pako',
    'fzstd',
    'koffi',
    'cap',
    'pcap',
  ],
  'src/decode': ['src/bytes', 'src/limits.ts', 'src/capture/frame.ts'],
  'src/flow': [
    'src/bytes',
    'src/decode',
    'src/event',
    'src/limits.ts',
    'parsers/contract.ts',
    'node:crypto',
    'ipaddr.js',
  ],
  'src/stream': ['src/flow', 'src/decode', 'src/bytes', 'src/event', 'src/limits.ts'],
  'src/verdict': ['src/event'],
  // How a decision is carried out on packets.
  'src/verdict/wire': [
    'src/bytes',
    'src/event',
    'src/capture/frame.ts',
    'src/decode',
    'src/flow',
    'src/verdict',
    'src/limits.ts',
  ],
  'src/inspect': [
    'src/bytes',
    'src/event',
    'src/flow',
    'src/stream',
    'src/verdict',
    'src/limits.ts',
    'parsers/contract.ts',
    'node:crypto',
    'lru-cache',
    'magic-bytes.js',
    'mime',
    'uuid',
  ],
  'src/pipeline': [
    'src',
    'parsers/contract.ts',
    'parsers/registry.ts',
    'node:',
    'uuid',
    'lru-cache',
  ],
  'parsers/contract.ts': ['src/event'],
  'parsers/registry.ts': ['parsers'],
  'parsers/one-shape.ts': ['parsers/contract.ts'],
  'parsers/framing': ['src/bytes', 'parsers/contract.ts', 'protobufjs/minimal.js'],
  'parsers/*': [
    'parsers/contract.ts',
    'parsers/framing',
    'src/bytes',
    'src/event',
    'pako',
    'protobufjs/minimal.js', // decoders made beforehand (test/protobuf)
  ],
  rules: [
    'src/event',
    'src/verdict',
    'src/bytes',
    'src/limits.ts',
    'src/inspect/service-catalogue.ts', // whom the engine asks about services
    'node:',
    'zod',
    'yaml',
    're2js',
    'ipaddr.js',
    'lru-cache',
  ],
  appliance: [
    'src',
    'parsers',
    'rules',
    'node:',
    'better-sqlite3',
    'commander',
    'csv-stringify',
    'fastify',
    'koffi',
    'lru-cache',
    'magic-bytes.js',
    'nodemailer',
    'pg',
    'pg-copy-streams',
    'picocolors',
    'pino',
    'prom-client',
    'string-width',
    'uuid',
    'yaml',
    'zod',
  ],
};

/** Exactly these stand at the top; what git ignores is not looked at. */
const TOP_FOLDERS = ['appliance', 'bench', 'docs', 'parsers', 'rules', 'src', 'test'];

/** The row of a file: the longest that holds it; a protocol's folder is `parsers/*`. */
function rowOf(file: string): string | undefined {
  const held = Object.keys(LADDER).filter((row) => file === row || file.startsWith(`${row}/`));
  held.sort((a, b) => b.length - a.length);
  return held[0] ?? (/^parsers\/[^/]+\/./.test(file) ? 'parsers/*' : undefined);
}

/** What the file imports: repository paths for relative imports, package names for others. */
function importsOf(file: string, source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const imported = code.matchAll(
    /^(?:import|export)\b[^'";]*\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
  );
  return [...imported].map(([, from, effect, dynamic]) => {
    const name = from ?? effect ?? dynamic ?? '';
    if (name.startsWith('.')) return normalize(join(dirname(file), name));
    return builtinModules.includes(name) ? `node:${name}` : name;
  });
}

/** Own folder of a file: the row's folder, or the protocol's. */
function ownFolder(file: string, row: string): string {
  if (row === 'parsers/*') return file.split('/').slice(0, 2).join('/');
  return row.endsWith('.ts') ? file : row;
}

/** What the file imports and must not, as lines to show. */
function forbidden(file: string, source: string): string[] {
  const row = rowOf(file);
  if (row === undefined) return [`${file} has no row in the ladder`];
  const allowed = [ownFolder(file, row), ...(LADDER[row] ?? [])];
  return importsOf(file, source)
    .filter((target) => !allowed.some((a) => isWithin(target, a)))
    .map((target) => `${file} may not import ${target} (row ${row})`);
}

function isWithin(target: string, allowed: string): boolean {
  return target === allowed || target.startsWith(allowed.endsWith(':') ? allowed : `${allowed}/`);
}

const products = ['src', 'parsers', 'rules', 'appliance'];
const files = products
  .flatMap((folder) =>
    readdirSync(join(repositoryRoot, folder), { recursive: true, withFileTypes: true }),
  )
  .filter(
    (entry) =>
      entry.isFile() && /\.ts$/.test(entry.name) && !/\.(test|fixture)\.ts$/.test(entry.name),
  )
  .map((entry) => join(entry.parentPath, entry.name).slice(repositoryRoot.length));
const read = (file: string) => readFileSync(join(repositoryRoot, file), 'utf8');
const IGNORED = new Set(
  read('.gitignore')
    .split('\n')
    .map((line) => line.trim().replace(/^\/|\/$/g, '')),
);

describe('the import ladder', () => {
  test('there are files to check, in every folder of the product', () => {
    expect(files.length).toBeGreaterThan(60);
    for (const folder of products) {
      expect(files.filter((f) => f.startsWith(`${folder}/`)).length, folder).toBeGreaterThan(2);
    }
  });

  test('imports are found at all', () => {
    const found = files.flatMap((file) => importsOf(file, read(file)));
    expect(found.length).toBeGreaterThan(files.length);
    expect(found.filter((target) => target === 'src/event/event.ts').length).toBeGreaterThan(5);
  });

  test.each(files)('%s', (file) => {
    expect(forbidden(file, read(file))).toEqual([]);
  });
});

describe('the ladder catches', () => {
  const planted: readonly (readonly [string, string, string])[] = [
    ['a parser that reads files', 'parsers/irc/x.ts', "import { readFileSync } from 'node:fs';"],
    ['a Node module without node:', 'parsers/irc/x.ts', "import fs from 'fs';"],
    [
      'a parser that knows another',
      'parsers/irc/x.ts',
      "import type { A } from '../xmpp/parser.ts';",
    ],
    [
      'the engine that knows rules',
      'src/inspect/x.ts',
      "import { load } from '../../rules/load.ts';",
    ],
    ['the appliance imported', 'rules/x.ts', "import { run } from '../appliance/main.ts';"],
    ['decode that looks up', 'src/decode/x.ts', "import {\n  a,\n  b,\n} from '../stream/x.ts';"],
    ['a re-export', 'src/bytes/x.ts', "export { a } from '../event/event.ts';"],
    ['a dynamic import', 'src/bytes/x.ts', "const a = await import('../event/event.ts');"],
    ['an import for its effect', 'src/bytes/x.ts', "import '../event/event.ts';"],
    ['a file outside every row', 'src/other/x.ts', ''],
  ];
  test.each(planted)('%s', (_what, file, source) => {
    expect(forbidden(file, source)).toHaveLength(1);
  });

  test('and lets pass what is allowed, and words in comments', () => {
    const source = [
      "import type { ImEvent } from '../../src/event/event.ts';",
      "import { LineFramer } from '../framing/lines.ts';",
      "import { word } from './word.ts';",
      "// import fs from 'node:fs';",
      "/* import fs from 'node:fs'; */",
    ].join('\n');
    expect(forbidden('parsers/irc/x.ts', source)).toEqual([]);
    expect(importsOf('parsers/irc/x.ts', source)).toHaveLength(3);
  });
});

/** Folders of the repository; of a copy without one, those that are there. What somebody who tries it leaves is neither. */
function topFolders(): string[] {
  const { status, stdout } = spawnSync('git', ['ls-files'], {
    cwd: repositoryRoot,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const there = readdirSync(repositoryRoot, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  if (status !== 0) return there.filter((name) => !IGNORED.has(name));
  const kept = new Set(stdout.split('\n').map((path) => path.split('/')[0]));
  return there.filter((name) => kept.has(name));
}

test('the top level is exactly what the project says', () => {
  const folders = topFolders().filter((name) => !name.startsWith('.'));
  expect(folders.sort()).toEqual(TOP_FOLDERS);
});
