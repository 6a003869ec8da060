import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHere } from '../../test/cli/run-here.ts';
import { needs } from '../../test/support/need.ts';
import { DEFAULT_SETTINGS } from '../config/default-settings.ts';
import type { GatewayMode, GatewaySettings } from '../config/settings.ts';
import { inNamespace } from '../failsafe/wire.fixture.ts';
import { createPaint } from '../report/paint.ts';
import { judged } from './checks/clock.ts';
import { FILE_CHECK } from './checks/files.ts';
import { RESOURCE_CHECK } from './checks/resources.ts';
import { kernel } from './checks/system.ts';
import { examine } from './examine.ts';
import { type Finding, missing, type Subject } from './finding.ts';
import { renderFindings } from './render-findings.ts';
import { shellWord } from './shell-word.ts';

function subject(mode?: GatewayMode, changes: Partial<GatewaySettings> = {}): Subject {
  return { mode, settings: { ...DEFAULT_SETTINGS, ...changes } };
}

/** What was found of a level that matches. */
function found(findings: readonly Finding[], level: Finding['level'], pattern: RegExp) {
  return findings.filter((one) => one.level === level && pattern.test(one.what));
}

const all = (of: Subject) => examine(of).flatMap(({ findings }) => findings);

describe('what is judged', () => {
  test.each([
    ['6.18.44', 'linux', 'ok'],
    ['4.20.0-rc1', 'linux', 'ok'],
    ['4.19.300-amd64', 'linux', 'fail'],
    ['3.10.0', 'linux', 'fail'],
    ['23.1.0', 'darwin', 'warn'],
  ])('kernel %s of %s: %s', (version, platform, level) => {
    expect(kernel(version, platform).level).toBe(level);
  });

  test('clock: synchronised, not, or too far off', () => {
    expect(judged(0, 5000).level).toBe('ok');
    expect(judged(5, 16_000_000)).toMatchObject({
      level: 'warn',
      fix: expect.stringMatching('ntp'),
    });
    expect(judged(0, 2_000_000).what).toBe('the clock may be wrong by 2.0 s');
  });

  test('what is missing is a fault only of the mode that needs it', () => {
    expect(missing(subject('inline'), ['inline'], 'x').level).toBe('fail');
    expect(missing(subject('tap'), ['inline'], 'x').level).toBe('ok');
    expect(missing(subject(), ['inline'], 'x').level).toBe('warn');
  });

  test('rings that do not fit into memory', () => {
    const run = (ringOctets: number) =>
      RESOURCE_CHECK.run(
        subject('tap', { interfaces: ['a'], capture: { ...DEFAULT_SETTINGS.capture, ringOctets } }),
      );
    expect(found(run(1 << 20), 'ok', /rings and workers take/)).toHaveLength(1);
    expect(found(run(2 ** 50), 'fail', /rings and workers take/)).toHaveLength(1);
  });

  test('events: folder missing, folder there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-doctor-'));
    try {
      const run = (eventsFile: string) => RESOURCE_CHECK.run(subject('tap', { eventsFile }));
      const missingFolder = found(run(join(folder, 'no', 'e.jsonl')), 'fail', /no such folder/);
      expect(missingFolder[0]?.fix).toBe(`mkdir -p ${join(folder, 'no')}`);
      expect(found(run(join(folder, 'e.jsonl')), 'fail', /./)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('files: there, missing, and not readable for the user that it becomes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-doctor-'));
    try {
      const rules = join(folder, 'r.yaml');
      writeFileSync(rules, '', { mode: 0o600 });
      const policy = (path: string) => ({ rules: [path], directory: undefined, watch: true });
      const run = (path: string, user?: string) =>
        FILE_CHECK.run(subject('tap', { policy: policy(path), user }));
      expect(run(rules)).toEqual([{ level: 'ok', what: `${rules}: can be read` }]);
      expect(run(join(folder, 'none'))[0]?.what).toMatch(/none: no such file/);
      expect(found(run(rules, 'nosuchuser0'), 'fail', /no account nosuchuser0/)).toHaveLength(1);
      if (process.getuid?.() !== 0) return;
      const barred = found(run(rules, 'nobody'), 'warn', /nobody may not read it/);
      expect(barred[0]?.what).toContain(`${folder}: `); // made by mkdtemp for its owner only
      chmodSync(folder, 0o755);
      expect(found(run(rules, 'nobody'), 'warn', /nobody/)[0]?.what).toContain(`${rules}: `);
      chmodSync(rules, 0o644);
      expect(found(run(rules, 'nobody'), 'warn', /nobody/)).toEqual([]);
      const eventsFile = join(folder, 'e.jsonl');
      const events = FILE_CHECK.run(
        subject('tap', { policy: policy(rules), user: 'nobody', eventsFile }),
      );
      expect(found(events, 'warn', /may not write there/)).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('names in commands are words', () => {
    expect(shellWord('/etc/sallyport/a-b_c.yaml')).toBe('/etc/sallyport/a-b_c.yaml');
    expect(shellWord("a b'; rm -rf /")).toBe("'a b'\\''; rm -rf /'");
  });

  test('a check that breaks is a fault, and the others go on', () => {
    const broken = {
      area: 'A',
      run: () => {
        throw new Error('no /proc');
      },
    };
    const fine = { area: 'B', run: () => [{ level: 'ok', what: 'x' } as const] };
    const examined = examine(subject(), [broken, fine]);
    expect(examined[0]?.findings[0]).toEqual({
      level: 'fail',
      what: 'could not be looked at: no /proc',
    });
    expect(examined[1]?.findings).toHaveLength(1);
  });

  test('is shown with its fix; hostile names are harmless', () => {
    const findings: Finding[] = [
      { level: 'ok', what: 'fine' },
      { level: 'fail', what: 'bad \u001b[2J', fix: 'modprobe x' },
    ];
    const layout = { width: 80, paint: createPaint(false) };
    const lines = renderFindings(
      [
        { area: 'A', findings },
        { area: 'B', findings: [] },
      ],
      layout,
    );
    expect(lines).toEqual([
      'A',
      '  ok    fine',
      '  fail  bad ␛[2J',
      '        fix: modprobe x',
      '',
      '1 fault, 0 warnings',
    ]);
  });
});

describe('the command', () => {
  test('JSON, and an interface that is not there is exit code 1', async () => {
    const run = await runHere(['doctor', 'nosuchif0', '--json']);
    expect(run.code).toBe(1);
    const answer = JSON.parse(run.stdout);
    expect(answer.ok).toBe(false);
    expect(JSON.stringify(answer)).toContain('nosuchif0: no such interface');
  });

  test('a configuration that is wrong is said with its place: exit code 2', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-doctor-'));
    try {
      const file = join(folder, 'sallyport.yaml');
      writeFileSync(file, 'sallyport: 1\nmode: tapp\ninterfaces: [lo]\n');
      const run = await runHere(['doctor', file]);
      expect(run.code).toBe(2);
      expect(run.stderr).toContain(`${file}:2:7`);
      expect((await runHere(['doctor', file, 'eth0'])).code).toBe(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const need = needs({ root: true, tools: ['ip', 'ethtool'] });
describe.skipIf(need.skip)(`in a network namespace${need.why}`, () => {
  const namespace = `sp-e-${process.pid}`;
  const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'pipe' });
  const here = (...args: string[]) => ip('-n', namespace, ...args);

  beforeAll(() => {
    ip('netns', 'add', namespace);
    here('link', 'set', 'lo', 'up');
    here('link', 'add', 'a0', 'type', 'veth', 'peer', 'name', 'a1');
    here('link', 'add', 'b0', 'type', 'veth', 'peer', 'name', 'b1');
    here('link', 'add', 'name', 'bridge0', 'type', 'bridge');
    for (const name of ['a0', 'a1', 'b0', 'b1']) here('link', 'set', name, 'up');
  }, 60_000);
  afterAll(() => {
    ip('netns', 'del', namespace);
  }, 60_000);

  const look = (mode: GatewayMode, interfaces: readonly string[]) =>
    inNamespace(namespace, () => all(subject(mode, { interfaces })));

  test('rings, bridge and queue are tried, and nothing is left behind', () => {
    const findings = look('inline', ['a0', 'b0']);
    expect(findings.filter(({ level }) => level === 'fail')).toEqual([]);
    for (const wanted of [
      /tap ring .* works/,
      /inline ring .* works/,
      /kernel bridge: /,
      /netfilter queue: can/,
      /a0 is up, MTU 1500/,
      /both ends have MTU 1500/,
    ]) {
      expect(found(findings, 'ok', wanted), String(wanted)).toHaveLength(1);
    }
    const links = here('-o', 'link').toString();
    expect(links).not.toContain('sp-doc');
  });

  test('offloads that chain packets together are for no wire', () => {
    const features = ['rx-gro-list', 'rx-udp-gro-forwarding'];
    const switchAll = (to: string) => {
      const options = features.flatMap((feature) => [feature, to]);
      execFileSync('ip', ['netns', 'exec', namespace, 'ethtool', '-K', 'a0', ...options]);
    };
    switchAll('on');
    try {
      const fixes = found(look('inline', ['a0', 'b0']), 'warn', /may be lost/).map(
        ({ fix }) => fix,
      );
      expect(fixes).toEqual(features.map((feature) => `ethtool -K a0 ${feature} off`));
      expect(found(look('tap', ['a0']), 'warn', /may be lost/)).toEqual([]);
    } finally {
      switchAll('off');
    }
    expect(found(look('inline', ['a0', 'b0']), 'warn', /may be lost/)).toEqual([]);
  });

  test('each fault of an interface has its fix', () => {
    here('link', 'set', 'a0', 'mtu', '1400');
    here('link', 'set', 'b0', 'master', 'bridge0');
    here('addr', 'add', '10.7.7.1/24', 'dev', 'a0');
    try {
      const findings = look('inline', ['a0', 'b0', 'c0']);
      const fixes = findings.filter(({ level }) => level === 'fail').map(({ fix }) => fix);
      expect(fixes).toEqual([
        'ip addr flush dev a0, or name another interface',
        'ip link set b0 nomaster',
        'ip -br link',
        'ip link set b0 mtu 1400',
      ]);
      here('link', 'set', 'a0', 'down');
      expect(found(look('tap', ['a0']), 'warn', /switched off/)[0]?.fix).toBe('ip link set a0 up');
      expect(found(look('tap', ['b0']), 'warn', /without a carrier|switched off/)).toEqual([]);
      here('link', 'set', 'b1', 'down');
      expect(found(look('tap', ['b0']), 'warn', /without a carrier/)).toHaveLength(1);
    } finally {
      here('addr', 'flush', 'dev', 'a0');
      here('link', 'set', 'a0', 'mtu', '1500', 'up');
      here('link', 'set', 'b0', 'nomaster');
      here('link', 'set', 'b1', 'up');
    }
  });
});
