import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { LineWriter } from '../../appliance/cli/line-writer.ts';
import { buildProgram } from '../../appliance/cli/program.ts';
import { createPaint } from '../../appliance/report/paint.ts';
import { ROOT } from './built-cli.ts';
import { runHere } from './run-here.ts';

function paths(command: Command, above: readonly string[] = []): string[][] {
  const below = command.commands.flatMap((one) => paths(one, [...above, one.name()]));
  return [[...above], ...below];
}

const paint = createPaint(false);
const program = buildProgram(
  {
    out: new LineWriter(1, 'standard output'),
    errors: new LineWriter(2, 'standard error'),
    layout: { width: 100, paint },
    errorPaint: paint,
    interactive: false,
  },
  () => {},
);
const commands = paths(program);

const page = (name: string) => readFileSync(join(ROOT, 'docs', name), 'utf8');

test('the commands are those of the manual', () => {
  const names = commands.map((path) => path.join(' ')).filter((name) => name !== '');
  expect(names).toEqual([
    'replay',
    'tap',
    'inline',
    'queue',
    'run',
    'check',
    'top',
    'doctor',
    'rules',
    'rules check',
    'rules test',
    'rules explain',
    'rules diff',
    'services',
    'services list',
    'services explain',
    'services test',
    'archive',
    'archive search',
    'archive show',
    'archive list',
    'archive info',
    'archive report',
    'archive files',
    'archive files get',
    'archive export',
    'archive verify-export',
    'archive verify',
    'archive audit',
    'archive completeness',
    'archive refused-lines',
    'archive refused-lines show',
    'archive hold',
    'archive holds',
    'archive release',
    'archive purge',
    'archive erase',
    'archive keys',
    'archive keys new-key',
    'archive keys status',
    'archive keys rotate',
    'archive keys rotate-signing',
    'archive backup',
    'archive restore',
  ]);
  const documented = readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map(page)
    .join('\n');
  for (const name of names) expect(documented).toContain(`sallyport ${name}`);
});

describe('--help', () => {
  test.each(commands.map((path) => [['sallyport', ...path].join(' '), path] as const))(
    '%s: usage, examples, within 100 columns, exit code 0',
    async (name, path) => {
      const { code, stdout, stderr } = await runHere([...path, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: sallyport/);
      expect(stdout).toMatch(new RegExp(`Examples:\\n {2}\\$ .*${name}`, 's'));
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    },
  );
});

test.each([
  ['replay', 'manual.md', 15],
  ['tap', 'live.md', 18],
  ['inline', 'live.md', 18],
  ['queue', 'live.md', 18],
  ['top', 'live.md', 4],
  ['doctor', 'live.md', 1],
  ['check', 'live.md', 1],
])('every option of %s stands in %s', (name, file, atLeast) => {
  const command = program.commands.find((one) => one.name() === name);
  const text = page(file);
  expect(command?.options.length).toBeGreaterThanOrEqual(atLeast);
  for (const { long } of command?.options ?? []) {
    expect(text).toMatch(new RegExp(`\`(${name} )?${long}[ \`]`));
  }
});

test('--version', async () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(await runHere(['--version'])).toEqual({
    code: 0,
    stdout: `${manifest.version}\n`,
    stderr: '',
  });
});

test('nothing to do: help on standard error', async () => {
  const { code, stdout, stderr } = await runHere([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: sallyport/);
});
