import { readFileSync } from 'node:fs';
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

test('the commands are those of the manual', () => {
  const names = commands.map((path) => path.join(' ')).filter((name) => name !== '');
  expect(names).toEqual([
    'replay',
    'rules',
    'rules check',
    'rules test',
    'rules explain',
    'rules diff',
  ]);
  const manual = readFileSync(join(ROOT, 'docs', 'manual.md'), 'utf8');
  for (const name of names) expect(manual).toContain(`sallyport ${name}`);
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

test('every option of replay stands in the manual', () => {
  const replay = program.commands.find((one) => one.name() === 'replay');
  const manual = readFileSync(join(ROOT, 'docs', 'manual.md'), 'utf8');
  expect(replay?.options.length).toBeGreaterThan(8);
  for (const option of replay?.options ?? []) expect(manual).toContain(option.long);
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
