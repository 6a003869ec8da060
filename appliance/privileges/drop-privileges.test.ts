import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../../test/support/need.ts';
import { type Compiled, compile } from '../failsafe/compiled.fixture.ts';

const PROGRAM = 'appliance/privileges/dropping.fixture.ts';
const need = needs({ root: true, tools: ['setpriv'] });

interface Spoken {
  readonly before: string;
  readonly opens: boolean;
  readonly opensAfter: boolean;
}
interface Report {
  readonly refused?: string;
  readonly dropped: { readonly user: string; readonly root: boolean };
  readonly main: string;
  readonly threads: readonly string[];
  readonly child: string;
  readonly early: { readonly atFirst: Spoken; readonly afterwards: Spoken };
  readonly late: Spoken;
  readonly packetSocket: boolean;
  readonly shadow: boolean;
  readonly backToRoot: boolean;
}

const NET_ADMIN = '0000000000001000';
const NET_RAW_AND_ADMIN = '0000000000003000';
const NET_RAW = '0000000000002000';
const NONE = '0000000000000000';

describe.skipIf(need.skip)(`dropping privileges${need.why}`, () => {
  let programs: Compiled;
  beforeAll(() => {
    programs = compile('privileges', [PROGRAM]);
  });
  afterAll(() => programs.remove());

  const run = (account: readonly string[], before: readonly string[] = []): Report => {
    const command = [...before, process.execPath, programs.path(PROGRAM), ...account];
    const [program = '', ...args] = command;
    return JSON.parse(execFileSync(program, args, { encoding: 'utf8' })) as Report;
  };

  test('every thread becomes the account; only the main thread keeps what it still needs', () => {
    const report = run(['nobody']);
    expect(report.dropped).toEqual({ user: 'nobody', root: false });
    expect(report.threads.length).toBeGreaterThan(8); // workers, V8's, libuv's
    for (const status of report.threads) {
      expect(field(status, 'Uid')).toBe('65534 65534 65534 65534');
      expect(field(status, 'Gid')).toBe('65534 65534 65534 65534');
      expect(field(status, 'Groups')).toBe('65534');
    }
    expect(field(report.main, 'CapEff')).toBe(NET_RAW);
    expect(field(report.main, 'CapPrm')).toBe(NET_RAW_AND_ADMIN);
    expect(field(report.main, 'CapBnd')).toBe(NET_RAW_AND_ADMIN);
    expect(field(report.main, 'NoNewPrivs')).toBe('1');
    const powerful = report.threads.filter((status) => field(status, 'CapPrm') !== NONE);
    // Its own, and of the worker that was started later: before it gave up what it had.
    expect(powerful.length).toBeLessThanOrEqual(2);
    expect(report.shadow).toBe(false);
    expect(report.backToRoot).toBe(false);
    expect(report.packetSocket).toBe(true);
  });

  test('a worker that ran already has nothing left; one started later can open its sockets, and gives up', () => {
    const { early, late } = run(['nobody']);
    expect(early.atFirst).toMatchObject({ opens: true });
    expect(early.afterwards).toEqual({ before: '0', opens: false, opensAfter: false });
    expect(late).toEqual({ before: String(1 << 13), opens: true, opensAfter: false });
  });

  test('a program that it starts has what is passed on, and no more', () => {
    const { child } = run(['nobody']);
    expect(field(child, 'CapEff')).toBe(NET_ADMIN);
    expect(field(child, 'CapPrm')).toBe(NET_ADMIN);
    expect(field(child, 'Uid')).toBe('65534 65534 65534 65534');
    expect(field(child, 'NoNewPrivs')).toBe('1');
  });

  test('without an account the superuser stays, with little of its power', () => {
    const report = run([]);
    expect(report.dropped).toEqual({ user: 'root', root: true });
    expect(field(report.main, 'CapEff')).toBe('0000000000002004'); // NET_RAW, DAC_READ_SEARCH
    expect(field(report.child, 'CapPrm')).not.toBe('');
  });

  test("started as an ordinary account with capabilities (systemd's User=), it keeps only those it needs", () => {
    const systemd = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'];
    const granted = ['--inh-caps=+net_raw,+net_admin', '--ambient-caps=+net_raw,+net_admin'];
    const report = run(['nobody'], [...systemd, ...granted]);
    expect(report.dropped).toEqual({ user: 'nobody', root: false });
    expect(field(report.main, 'CapEff')).toBe(NET_RAW);
    expect(field(report.main, 'CapAmb')).toBe(NET_ADMIN);
    expect(report.late).toMatchObject({ opens: true, opensAfter: false });
  });

  test('what it cannot become is said', () => {
    expect(run(['nosuchaccount']).refused).toBe('there is no account nosuchaccount');
    expect(run(['nobody:nosuchgroup']).refused).toBe('there is no group nosuchgroup');
    expect(run(['daemon'], ['setpriv', '--reuid=nobody', '--clear-groups']).refused).toBe(
      'cannot become daemon: this process runs as nobody',
    );
  });
});

function field(status: string, name: string): string {
  const [, value = ''] = new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status) ?? [];
  return value.trim().replaceAll(/\s+/g, ' ');
}
