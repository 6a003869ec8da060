import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LineCounter } from 'yaml';
import { syntheticRules } from '../testing/synthetic.ts';
import { Diagnostics } from './diagnostic.ts';
import { type PlainYaml, readPlainYaml } from './plain-yaml.ts';
import { readDocument } from './yaml-document.ts';

const PACKS = new URL('../packs/', import.meta.url);
const packs = readdirSync(PACKS)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => [name, readFileSync(new URL(name, PACKS), 'utf8')] as const);

const EVERYTHING = `# first
--- # the document

a: [1, -2, 0x1F, 0o17, .5, 1e3, -0, ~, null, True, yes, 'it''s', "a\\n\\"b\\u00e9", 10.0.0.0/8]
1st: { x: { y: [ ] }, z: {}, chat: irc:net/#room } # an end
lists:
- p: -0
  q: .inf

# between
-   r: a b#c d # e
    s: x:y
- t
nested:
    deep:
      [
        one two,

        "three",
      ]
    wide:
      { k: v,
        l: [ w ] }
    said:
      "on its own line"
ü: no
`;

function byLibrary(text: string): PlainYaml | undefined {
  const lines = new LineCounter();
  const at = (offset: number) => ({ file: '', line: 1, column: offset });
  const read = readDocument(text, lines, at, new Diagnostics());
  return read && { ...read, lines: lines.lineStarts };
}

describe('plain YAML', () => {
  it.each(packs)('%s is plain, and as the library reads it', (_, text) => {
    const plain = readPlainYaml(text);
    expect(plain).toBeDefined();
    expect(plain).toStrictEqual(byLibrary(text));
  });

  it.each([
    ['a generated set', syntheticRules(64)],
    ['all that is plain', EVERYTHING.replace('ü: no\n', '')],
    ['no line end at the end', 'a: b'],
    ['a comment at the end', 'a: b\n  # c'],
    ['a name that every object has', 'constructor: 1\ntoString: 2'],
  ])('%s, as the library reads it', (_, text) => {
    const plain = readPlainYaml(text);
    expect(plain).toBeDefined();
    expect(plain).toStrictEqual(byLibrary(text));
  });

  it.each([
    ['nothing', ''],
    ['a key that is no text', 'true: 1'],
    ['a key of letters beyond ASCII', EVERYTHING],
    ['a key twice', 'a: 1\na: 2'],
    ['a value on two lines', 'a: b\n  c'],
    ['a quoted text on two lines', 'a: "b\n  c"'],
    ['an empty value', 'a:\nb: 1'],
    ['an anchor', 'a: &x b'],
    ['an alias', 'a: *x'],
    ['a tag', 'a: !!str 1'],
    ['a block scalar', 'a: |\n  b'],
    ['a tab', 'a:\tb'],
    ['line ends of another system', 'a: b\r\n'],
    ['a second document', 'a: b\n---\nc: d'],
    ['a pair in a list', 'a: [b: c]'],
    ['a flow collection that is too far left', 'a:\n  b: [\n  c]'],
    ['a flow collection that is open', 'a: [b, c'],
    ['a prototype', '__proto__: { x: 1 }'],
    ['a byte order mark', '\uFEFFa: b'],
    ['depth', `a: ${'['.repeat(40)}${']'.repeat(40)}`],
    ['wrong indentation', 'a:\n    b: c\n  d: e'],
    ['text after a quoted text', "a: 'b' c"],
  ])('%s is not plain', (_, text) => {
    expect(readPlainYaml(text)).toBeUndefined();
  });

  it('spoiled texts are as the library reads them, or not plain', () => {
    const texts = [
      EVERYTHING.replace('ü: no\n', ''),
      syntheticRules(16),
      ...packs.map(([, t]) => t),
    ];
    const random = randomFrom(1);
    let plains = 0;
    for (let n = 0; n < 1500; n++) {
      const text = spoil(excerpt(texts[random(texts.length)] ?? '', random), random);
      const plain = readPlainYaml(text);
      if (plain === undefined) continue;
      plains++;
      expect(plain, JSON.stringify(text)).toStrictEqual(byLibrary(text));
    }
    expect(plains).toBeGreaterThan(200);
  });
});

const SPOILERS = [
  ...['\n', ' ', '  ', ':', ': ', '- ', '-', '#', ' #', '{', '}', '[', ']', ',', "'", '"', '\\'],
  ...[
    '&a ',
    '*a',
    '!!str ',
    '|',
    '>',
    '%',
    '@',
    '?',
    '~',
    'null',
    'true',
    '1',
    '.5',
    '1e3',
    '0x1f',
  ],
  ...[
    '+',
    '...',
    '---\n',
    '<<: ',
    'key: v\n',
    '\n- x',
    '\n  ',
    'é',
    '\u00a0',
    '\u3000',
    '\r\n',
    '\t',
  ],
  ...['__proto__: 1\n', '=', '(', '$', "''", '""', '[]', '{}', 'a: b', '\\u0041', '\u2028'],
];

type Random = (below: number) => number;

/** A few items or sections of a text, under a head of their own or none. */
function excerpt(text: string, random: Random): string {
  const parts = text.split(/\n(?= {2}- |[a-z])/);
  const from = random(parts.length);
  const some = parts.slice(from, from + 1 + random(5)).join('\n');
  return some.startsWith(' ') ? `rules:\n${some}` : some;
}

function spoil(text: string, random: Random): string {
  let spoiled = text;
  for (let times = random(4); times > 0; times--) {
    const at = random(spoiled.length + 1);
    const rest = at + (random(2) === 0 ? 1 + random(3) : 0);
    const from = random(spoiled.length + 1);
    const added =
      random(4) === 0
        ? spoiled.slice(from, from + random(20))
        : (SPOILERS[random(SPOILERS.length)] ?? '');
    spoiled = spoiled.slice(0, at) + added + spoiled.slice(rest);
  }
  return spoiled;
}

function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
