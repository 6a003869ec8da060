/**
 * A file that passes a tap, and that a rule asks to keep, is in the archive: whole, under its digest. Where the archive
 * encrypts, nobody can read it while it waits.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { BuiltCli } from './built-cli.ts';
import { eventually, inside, LiveHosts, LiveProgram } from './live-program.ts';
import { runHere } from './run-here.ts';

const need = needs({ root: true, tools: ['ip', 'sysctl'] });
/** More than a segment, a frame of the ring and a piece of the store. */
const OCTETS = 300_000;

describe.skipIf(need.skip)(`files that pass a tap${need.why}`, { timeout: 180_000 }, () => {
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
    expect((await runHere(['archive', 'keys', 'new-key', at('kek')])).code).toBe(0);
    const config = at('sallyport.yaml');
    writeFileSync(
      config,
      'sallyport: 1\nmode: tap\ninterfaces: [lo]\nrules: [keep.yaml]\n' +
        'archive: { store: live.db, encryption: { key-file: kek } }\n',
    );
    const tap = new LiveProgram(host, ['run', config]);
    await tap.says(/ready/);
    const elsewhere = new Database(db);
    elsewhere.exec('BEGIN IMMEDIATE'); // what comes has to wait
    const script = join(repositoryRoot, 'test', 'cli', 'dcc-send.mjs');
    const sent = inside(host, process.execPath, script, at('plan.pdf'));
    expect(sent).toBe(`${content.length}\n`);
    const incoming = `${db}.d/incoming`;
    await eventually('its note', () =>
      readdirSync(incoming).some((name) => name.endsWith('.note')),
    );
    const waiting = readdirSync(incoming).map((name) => readFileSync(join(incoming, name)));
    expect(waiting.map(({ length }) => length > OCTETS).sort()).toEqual([false, true]);
    for (const at of [0, 1000, OCTETS - 1000]) {
      const part = content.subarray(at, at + 16);
      expect(waiting.some((octets) => octets.includes(part))).toBe(false);
    }
    elsewhere.close();
    const { code, log } = await tap.stop();
    expect(code, log).toBe(0);

    const listed = await runHere(['archive', 'files', '--json', '--config', config]);
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
      '--config',
      config,
    ]);
    expect(got.code, got.stderr).toBe(0);
    expect(readFileSync(out).equals(content)).toBe(true);
  });
});
