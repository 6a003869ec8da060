/** `sallyport check` and `sallyport run`: what a configuration says, what it does, and what a reload changes. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import type * as PolicyLoading from '../../appliance/config/policy-loader.ts';
import { needs } from '../support/need.ts';
import { LiveHosts, LiveProgram } from './live-program.ts';
import { runHere } from './run-here.ts';

const RULE = 'sallyport: 1\nrules:\n  - { id: no-files, on: file.offer, then: drop }\n';
const CONFIG =
  'sallyport: 1\nmode: tap\ninterfaces: [lo]\nrules: policy\nadmin: false\nlog: { format: json }\n';

let folder = '';
const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-configuration-'));
  mkdirSync(at('policy'));
  writeFileSync(at('policy/a.yaml'), RULE);
  writeFileSync(at('c.yaml'), CONFIG);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('check', () => {
  test('tells what would run, and what that cannot carry out', async () => {
    const { code, stdout, stderr } = await runHere(['check', at('c.yaml')]);
    expect(stderr).toBe('');
    expect(stdout).toContain('mode        tap lo, 1 worker\n');
    expect(stdout).toContain(`rules       ${at('policy')}\n`);
    expect(stdout).toContain('policy      1 rule from 1 file\n');
    expect(stdout).toContain('tap mode sees copies of packets: it cannot drop');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`${at('c.yaml')}: no errors`);
    expect(code).toBe(0);
  });

  test('a bridge that is right has nothing to be told of but its doubts', async () => {
    writeFileSync(at('c.yaml'), CONFIG.replace('tap', 'inline').replace('[lo]', '[lo, nonesuch0]'));
    const { code, stdout } = await runHere(['check', at('c.yaml')]);
    expect(stdout).toContain("c.yaml:3:18: warning: this host has no interface 'nonesuch0'");
    expect(stdout).toContain(
      'on failure  everything passes, after 500 ms without a sign of life\n',
    );
    expect(stdout).not.toContain('✓ enforced');
    expect((await runHere(['check', '--all', at('c.yaml')])).stdout).toContain('✓ enforced');
    expect(code).toBe(0);
  });

  test('a tap with resets can carry out in part what another cannot', async () => {
    writeFileSync(at('c.yaml'), `${CONFIG}tap: { reset-interface: lo }\n`);
    const { stdout } = await runHere(['check', at('c.yaml')]);
    expect(stdout).toContain('the connection is reset after what asked for it has passed');
  });

  test('tells every mistake of the configuration, or then of its rules', async () => {
    writeFileSync(at('policy/a.yaml'), RULE.replace('drop', 'dorp'));
    writeFileSync(at('c.yaml'), `${CONFIG}workers: none\nwokers: 2\n`);
    const wrong = await runHere(['check', at('c.yaml')]);
    expect(wrong.stdout.split('\n')).toEqual([
      `${at('c.yaml')}:7:10: 'workers': expected a whole number ('none' is there)`,
      `${at('c.yaml')}:8:1: the configuration knows no 'wokers' (did you mean 'workers'?)`,
      `${at('c.yaml')}: 2 errors`,
      '',
    ]);
    expect(wrong.code).toBe(2);
    writeFileSync(at('c.yaml'), CONFIG);
    const rules = await runHere(['check', at('c.yaml')]);
    expect(rules.stdout.split('\n')).toEqual([
      `${at('policy/a.yaml')}:3:43: 'then' cannot be 'dorp' (did you mean 'drop'?)`,
      `${at('c.yaml')}: 1 error`,
      '',
    ]);
    expect(rules.code).toBe(2);
  });

  test('without a file says which one is missing', async () => {
    const { code, stdout } = await runHere(['check', at('none.yaml')]);
    expect(stdout).toContain('none.yaml:1:1: cannot read this configuration (no such file');
    expect(code).toBe(2);
  });
});

test('run refuses a wrong configuration before it touches anything', async () => {
  writeFileSync(at('c.yaml'), CONFIG.replace('tap', 'tpa'));
  const { code, stderr } = await runHere(['run', at('c.yaml')]);
  expect(stderr).toContain("c.yaml:2:7: 'mode' cannot be 'tpa' (did you mean 'tap'?)");
  expect(stderr).toContain('sallyport: the configuration is wrong: 1 error');
  expect(code).toBe(2);
});

describe('the thread that loads a policy', () => {
  const loader = async (): Promise<typeof PolicyLoading> =>
    import(pathToFileURL(join(dirname(inject('builtMain')), 'config', 'policy-loader.js')).href);

  test('gives it back packed, with the files it was read from', async () => {
    const { loadInThread } = await loader();
    const settings = { rules: [at('policy')], directory: undefined, watch: true };
    const { policy, diagnostics, files } = await loadInThread(settings);
    expect(diagnostics).toEqual([]);
    expect(files[0]).toBe(at('policy/a.yaml'));
    expect(files.slice(1).length).toBeGreaterThan(20); // the services that ship
    expect(policy?.services.count).toBeGreaterThan(35);
    expect(policy?.services.octets).toBeInstanceOf(SharedArrayBuffer);
    expect(policy).toMatchObject({
      rules: 1,
      hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
    expect(policy?.octets).toBeInstanceOf(SharedArrayBuffer);
  });

  test('serves one load after another, and several at once; then it may end', async () => {
    const { PolicyLoader } = await loader();
    const policies = new PolicyLoader();
    const settings = { rules: [at('policy')], directory: undefined, watch: true };
    const first = await policies.load(settings);
    writeFileSync(at('policy/a.yaml'), 'sallyport: 1\nruels: []\n');
    const second = await policies.load(settings);
    expect(second.policy).toBeUndefined();
    writeFileSync(at('policy/a.yaml'), RULE);
    const several = await Promise.all([policies.load(settings), policies.load(settings)]);
    for (const { policy } of several) expect(policy?.hash).toBe(first.policy?.hash);
    policies.close();
    expect((await policies.load(settings)).policy?.hash).toBe(first.policy?.hash);
  });

  test('that fails is a policy that cannot be loaded, and another takes its place', async () => {
    const { PolicyLoader } = await loader();
    const script = at('loader.mjs');
    writeFileSync(script, "throw new Error('no such memory');");
    const policies = new PolicyLoader(pathToFileURL(script));
    const settings = { rules: [], directory: undefined, watch: true };
    const { policy, diagnostics } = await policies.load(settings);
    expect(policy).toBeUndefined();
    expect(diagnostics).toEqual(['the policy cannot be loaded: no such memory']);
    const answering =
      "on('message', () => parentPort.postMessage({ diagnostics: [], files: [] }));";
    writeFileSync(
      script,
      `import { parentPort } from 'node:worker_threads';\nparentPort.${answering}\n`,
    );
    expect((await policies.load(settings)).diagnostics).toEqual([]);
    policies.close();
  });

  test('that does not answer is given up, and does not hold up the next one', async () => {
    const { PolicyLoader } = await loader();
    const script = at('silent.mjs');
    // As a read of a network file system whose server is gone: not even its event loop turns.
    const wait = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)';
    writeFileSync(script, `${wait};\n`);
    const policies = new PolicyLoader(pathToFileURL(script), 300);
    const settings = { rules: [], directory: undefined, watch: true };
    const what = 'the policy cannot be loaded: its files are not read within 0.3 s';
    expect((await policies.load(settings)).diagnostics).toEqual([what]);
    expect((await policies.load(settings)).diagnostics).toEqual([what]);
    policies.close();
  });

  test('gives back what is wrong, bounded', async () => {
    const broken = Array.from(
      { length: 500 },
      (_, i) => `  - { id: r${i}, on: nothing, then: drop }\n`,
    );
    writeFileSync(at('policy/a.yaml'), `sallyport: 1\nrules:\n${broken.join('')}`);
    const { loadInThread } = await loader();
    const settings = { rules: [at('policy')], directory: undefined, watch: true };
    const { policy, diagnostics } = await loadInThread(settings);
    expect(policy).toBeUndefined();
    expect(diagnostics[0]).toContain("policy/a.yaml:3:19: no event is of kind 'nothing'");
    expect(diagnostics.length).toBeLessThan(100);
    expect(diagnostics.at(-1)).toMatch(/^… and \d+ more like these$/);
  });
});

const need = needs({ root: true, tools: ['ip'] });

describe.skipIf(need.skip)(`run${need.why}`, { timeout: 120_000 }, () => {
  test('follows its files; a wrong one changes nothing; SIGHUP loads again', async () => {
    const hosts = new LiveHosts();
    try {
      const gateway = new LiveProgram(hosts.add('run'), ['run', at('c.yaml')]);
      await gateway.says(/"msg":"ready: reading lo.*1 rule/);
      writeFileSync(at('policy/b.yaml'), RULE.replace('no-files', 'two'));
      await gateway.says(/"reason":"file","rules":2,/);
      writeFileSync(at('policy/b.yaml'), 'sallyport: 1\nruels: []\n');
      await gateway.says(/policy\/b\.yaml:2:1: a rule file knows no 'ruels'/);
      await gateway.says(/policy and settings stay as they were/);
      rmSync(at('policy/b.yaml'));
      writeFileSync(at('.c.yaml.new'), `${CONFIG}workers: 2\n`);
      renameSync(at('.c.yaml.new'), at('c.yaml'));
      await gateway.says(/settings that need a restart have changed/);
      gateway.child.kill('SIGHUP');
      await gateway.says(/"reason":"signal","rules":1,/);
      expect((await gateway.stop()).code).toBe(0);
    } finally {
      hosts.remove();
    }
  });
});
