import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../../test/support/need.ts';
import type { QueueSettings } from '../config/settings.ts';
import { queueRules } from './queue-rules.ts';

const QUEUE: QueueSettings = { number: 4, mark: 0x10000000, maxLength: 1024, onFailure: 'open' };

/** What the shell or nft would do: without comments and empty lines. */
const effective = (text: string) =>
  text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));

describe('iptables', () => {
  test('the same chains for IPv4 and IPv6', () => {
    const lines = effective(queueRules(QUEUE, 1, 'iptables'));
    const of = (command: string) =>
      lines.filter((l) => l.startsWith(`${command} `)).map((l) => l.slice(command.length));
    expect(of('iptables')).toEqual(of('ip6tables'));
    expect(of('iptables')).toEqual([
      ' -w -t mangle -N SALLYPORT',
      ' -w -t mangle -N SALLYPORT-MARK',
      ' -w -t mangle -A SALLYPORT -m mark --mark 0x20000000/0x20000000 -j RETURN',
      ' -w -t mangle -A SALLYPORT -m connmark --mark 0x10000000/0x10000000 -j RETURN',
      ...[6, 17, 4, 41, 47].map(
        (p) => ` -w -t mangle -A SALLYPORT -p ${p} -j NFQUEUE --queue-num 4 --queue-bypass`,
      ),
      ' -w -t mangle -A SALLYPORT-MARK -j CONNMARK --save-mark --nfmask 0x10000000 --ctmask 0x10000000',
      ' -w -t mangle -A SALLYPORT-MARK -j MARK --set-xmark 0x0/0x10000000',
      ' -w -t mangle -A POSTROUTING -m mark --mark 0x10000000/0x10000000 -j SALLYPORT-MARK',
      ' -w -t mangle -A FORWARD -j SALLYPORT',
    ]);
  });

  test('several workers share by address; closed has no bypass', () => {
    const text = queueRules({ ...QUEUE, onFailure: 'closed' }, 3, 'iptables');
    expect(text).toContain('-p 6 -j NFQUEUE --queue-balance 4:6\n');
    expect(text).not.toContain('--queue-bypass');
    expect(text).toContain('packets are dropped');
  });
});

describe('nft', () => {
  test('bypass and range', () => {
    expect(queueRules(QUEUE, 3, 'nft')).toContain('queue flags bypass to 4-6\n');
    expect(queueRules({ ...QUEUE, onFailure: 'closed' }, 1, 'nft')).toContain('queue to 4\n');
  });

  test('other bits of a mark are left alone', () => {
    expect(effective(queueRules(QUEUE, 1, 'nft')).join('\n')).toContain(
      'ct mark set ct mark | 0x10000000 meta mark set meta mark & 0xefffffff',
    );
  });
});

const need = needs({ root: true, tools: ['ip', 'iptables', 'ip6tables', 'nft', 'sh'] });

describe.skipIf(need.skip)(`as the tools take them${need.why}`, () => {
  const namespace = `sp-f-rules-${process.pid}`;
  const inside = (program: string, args: readonly string[], input = '') =>
    spawnSync('ip', ['netns', 'exec', namespace, program, ...args], { input, encoding: 'utf8' });

  beforeAll(() => {
    execFileSync('ip', ['netns', 'add', namespace]);
  });
  afterAll(() => {
    execFileSync('ip', ['netns', 'del', namespace]);
  });

  test.each(['open', 'closed'] as const)('iptables installs and removes: %s', (onFailure) => {
    const script = queueRules({ ...QUEUE, onFailure }, 2, 'iptables');
    const before = inside('iptables-save', []).stdout;
    expect(inside('sh', [], script)).toMatchObject({ status: 0, stderr: '' });
    for (const save of ['iptables-save', 'ip6tables-save']) {
      const saved = inside(save, []).stdout;
      expect(saved).toContain('-A FORWARD -j SALLYPORT');
      expect(saved.match(/NFQUEUE --queue-balance 4:5/g)).toHaveLength(5);
      expect(saved.includes('--queue-bypass')).toBe(onFailure === 'open');
    }
    const removal = script.slice(script.indexOf('# To take them away'));
    const undo = removal.replace(/^# (?=ip6?tables)/gm, '');
    expect(inside('sh', ['-e'], undo)).toMatchObject({ status: 0, stderr: '' });
    expect(inside('iptables-save', []).stdout).not.toContain('SALLYPORT');
    expect(before).not.toContain('SALLYPORT');
  });

  test('nft takes the rules; a kernel without its queue statement refuses that statement alone', () => {
    const rules = queueRules(QUEUE, 2, 'nft');
    const { status, stderr } = inside('nft', ['-c', '-f', '-'], rules);
    if (status !== 0) expect(stderr.match(/Error:.*/g)).toHaveLength(1);
    if (status !== 0) expect(stderr).toMatch(/queue flags bypass to 4-5\n\s*\^/);
    const without = rules.replace(/queue flags.*/, 'counter');
    expect(inside('nft', ['-f', '-'], without)).toMatchObject({ status: 0, stderr: '' });
    expect(inside('nft', ['-f', '-'], without)).toMatchObject({ status: 0, stderr: '' });
    expect(inside('nft', ['list', 'ruleset']).stdout).toContain('ct mark set ct mark | 0x10000000');
  });
});
