import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from '../../appliance/cli/program.ts';
import { openTerminal } from '../../appliance/cli/terminal.ts';
import { BuiltCli, ROOT } from './built-cli.ts';

let cli: BuiltCli;
beforeAll(() => {
  cli = new BuiltCli();
}, 60_000);
afterAll(() => cli?.remove());

function paths(command: Command, above: readonly string[] = []): string[][] {
  const below = command.commands.flatMap((one) => paths(one, [...above, one.name()]));
  return [[...above], ...below];
}

const commands = paths(buildProgram(openTerminal(), () => {}));

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
      const { code, stdout, stderr } = await cli.run([...path, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: sallyport/);
      expect(stdout).toMatch(new RegExp(`Examples:\\n {2}\\$ .*${name}`, 's'));
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    },
  );
});

test('every option of replay stands in the manual', () => {
  const replay = buildProgram(openTerminal(), () => {}).commands.find(
    (one) => one.name() === 'replay',
  );
  const manual = readFileSync(join(ROOT, 'docs', 'manual.md'), 'utf8');
  expect(replay?.options.length).toBeGreaterThan(8);
  for (const option of replay?.options ?? []) expect(manual).toContain(option.long);
});

test('--version', async () => {
  const { code, stdout } = await cli.run(['--version']);
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${manifest.version}\n` });
});

test('nothing to do: help on standard error, exit code 2', async () => {
  const { code, stdout, stderr } = await cli.run([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: sallyport/);
});
