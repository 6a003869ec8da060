/** A file that passes a tap, and that a rule asks to keep, is in the archive: whole, under its digest. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { BuiltCli } from './built-cli.ts';
import { inside, LiveHosts, LiveProgram } from './live-program.ts';
import { runHere } from './run-here.ts';

const need = needs({ root: true, tools: ['ip', 'sysctl'] });
/** More than a segment, a frame of the ring and a piece of the store. */
const OCTETS = 300_000;

describe.skipIf(need.skip)(`files that pass a tap${need.why}`, { timeout: 60_000 }, () => {
  let cli: BuiltCli;
  let hosts: LiveHosts;
  beforeAll(() => {
    cli = new BuiltCli();
    hosts = new LiveHosts();
  });
  afterAll(() => {
    hosts.remove();
    cli.remove();
  });

  test('are kept by their SHA-256, and come out as they went in', async () => {
    const host = hosts.addSilent('one');
    const at = (name: string) => join(cli.folder, name);
    const content = Buffer.concat([Buffer.from('%PDF-1.4\n'), randomBytes(OCTETS)]);
    const sha256 = createHash('sha256').update(content).digest('hex');
    writeFileSync(at('plan.pdf'), content);
    writeFileSync(
      at('keep.yaml'),
      'sallyport: 1\nrules: [{ id: keep, on: file.*, also: [quarantine] }]\n',
    );
    const db = at('live.db');
    const args = ['--rules', at('keep.yaml'), '--archive', db, '--no-admin'];
    const tap = new LiveProgram(host, ['tap', 'lo', ...args]);
    await tap.says(/ready/);
    const script = join(repositoryRoot, 'test', 'cli', 'dcc-send.mjs');
    const sent = inside(host, process.execPath, script, at('plan.pdf'));
    expect(sent).toBe(`${content.length}\n`);
    const { code, log } = await tap.stop();
    expect(code, log).toBe(0);

    const listed = await runHere(['archive', 'files', '--json', '--archive', db]);
    expect(
      listed.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      expect.objectContaining({ name: 'plan.pdf', size: content.length, state: 'kept', sha256 }),
    ]);
    const out = at('out.pdf');
    const got = await runHere([
      'archive',
      'files',
      'get',
      sha256.slice(0, 12),
      out,
      '--archive',
      db,
    ]);
    expect(got.code, got.stderr).toBe(0);
    expect(readFileSync(out).equals(content)).toBe(true);
  });
});
