import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { needs } from '../../test/support/need.ts';

const UNIT = readFileSync(new URL('./sallyport.service', import.meta.url), 'utf8');

/** `Section.Key` with its values, in order: systemd adds lists up over lines. */
function keysOf(unit: string): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  let section = '';
  for (const line of unit.split('\n')) {
    const [, name] = /^\[(\w+)\]$/.exec(line) ?? [];
    if (name !== undefined) section = name;
    const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    const path = `${section}.${key}`;
    keys.set(path, [...(keys.get(path) ?? []), value]);
  }
  return keys;
}

describe('the unit', () => {
  const keys = keysOf(UNIT);
  const one = (key: string) => {
    expect(keys.get(`Service.${key}`), key).toHaveLength(1);
    return keys.get(`Service.${key}`)?.[0] ?? '';
  };

  test('every line is a comment, a section or a key', () => {
    const odd = UNIT.split('\n').filter((line) => !/^(#.*|\[\w+\]|\w+=.*|)$/.test(line));
    expect(odd).toEqual([]);
    expect(keys.size).toBeGreaterThan(40);
  });

  test('runs as an ordinary account with what packets and the kernel bridge need, and no more', () => {
    expect(one('User')).toBe('sallyport');
    expect(one('CapabilityBoundingSet')).toBe('CAP_NET_RAW CAP_NET_ADMIN');
    expect(one('AmbientCapabilities')).toBe(one('CapabilityBoundingSet'));
    expect(one('NoNewPrivileges')).toBe('yes');
    expect(one('ProtectSystem')).toBe('strict');
    expect(one('RestrictAddressFamilies').split(' ').sort()).toEqual(
      ['AF_INET', 'AF_INET6', 'AF_NETLINK', 'AF_PACKET', 'AF_UNIX'].sort(),
    );
  });

  test('what breaks V8, koffi, the bridge or the watchdog is off', () => {
    for (const key of [
      'MemoryDenyWriteExecute', // just-in-time code
      'ProtectKernelTunables', // disable_ipv6
      'PrivateUsers', // capabilities in the host's network namespace
      'PrivateNetwork',
      'RestrictRealtime', // the watchdog's priority
    ]) {
      expect(one(key), key).toBe('no');
    }
    // The watchdog must not be ended before it has acted, nor with the engine that it replaces.
    expect(one('KillMode')).toBe('control-group');
    expect(keys.has('Service.SendSIGHUP')).toBe(false);
    expect(keys.has('Service.ProcSubset')).toBe(false); // /proc/sys/net
  });

  test('comes back by itself, always, and says when it is ready', () => {
    expect(one('Restart')).toBe('always');
    expect(keys.get('Unit.StartLimitIntervalSec')).toEqual(['0']);
    expect(one('Type')).toBe('notify');
    expect(one('ExecReload')).toBe('/bin/kill -HUP $MAINPID');
    expect(Number(one('WatchdogSec'))).toBeGreaterThan(5);
  });
});

const systemd = needs({ tools: ['systemd-analyze'] });

describe.skipIf(systemd.skip)(`systemd itself${systemd.why}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sp-unit-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What it has to say against a unit; the program is not installed here, so another stands for it. */
  const verify = (unit: string): string => {
    const file = join(folder, 'sallyport.service');
    writeFileSync(file, unit.replace('/usr/bin/sallyport', process.execPath));
    const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
      encoding: 'utf8',
    });
    return (stdout + stderr).trim();
  };

  test('has nothing against it', () => {
    expect(verify(UNIT)).toBe('');
    expect(verify(UNIT.replace('ProtectSystem=strict', 'ProtectSytem=strict'))).toContain(
      'ProtectSytem',
    );
    expect(verify(UNIT.replace('@system-service @pkey', '@system-service @pkeys'))).toContain(
      '@pkeys',
    );
  });

  test('every system call that we make by name is allowed', () => {
    const allowed = new Set<string>();
    for (const value of keysOf(UNIT).get('Service.SystemCallFilter') ?? []) {
      const calls = value
        .replace(/^~/, '')
        .split(' ')
        .flatMap((name) => callsOf(name));
      for (const call of calls) {
        if (value.startsWith('~')) allowed.delete(call);
        else allowed.add(call);
      }
    }
    const ours = ['socket', 'bind', 'setsockopt', 'mmap', 'poll', 'sendmmsg', 'recvmmsg', 'ioctl'];
    const guards = ['capset', 'prctl', 'pidfd_open', 'pidfd_send_signal', 'sched_setscheduler'];
    const engines = ['setpriority', 'clone3', 'execve', 'mprotect', 'pkey_alloc', 'epoll_pwait'];
    for (const call of [...ours, ...guards, ...engines]) {
      expect(allowed.has(call), call).toBe(true);
    }
    for (const call of ['ptrace', 'mount', 'init_module', 'bpf', 'reboot', 'add_key', 'chroot']) {
      expect(allowed.has(call), call).toBe(false);
    }
  });
});

/** A call, or what is in a set of systemd's, sets in sets included. */
function callsOf(name: string): string[] {
  if (!name.startsWith('@')) return [name];
  const { stdout } = spawnSync('systemd-analyze', ['syscall-filter', '--no-pager', name], {
    encoding: 'utf8',
  });
  return stdout
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => callsOf(line));
}
