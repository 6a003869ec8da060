import { existsSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../../test/support/need.ts';
import { type Compiled, compile } from './compiled.fixture.ts';
import { Echoes, Standstill, TestEngine } from './test-engine.fixture.ts';
import { endGroup, TestWire } from './wire.fixture.ts';
import type { WireStatus } from './wire-guard.ts';

const need = needs({ root: true, tools: ['ip', 'ping', 'iperf3', 'ss'] });
const ENGINE = 'appliance/failsafe/engine.fixture.ts';

describe.skipIf(need.skip)(`an engine that fails${need.why}`, () => {
  let wire: TestWire;
  let programs: Compiled;
  beforeAll(() => {
    programs = compile('failover', [ENGINE, 'appliance/failsafe/watchdog-main.ts']);
  });
  afterAll(() => programs.remove());
  afterEach(() => wire.remove());

  function engine(policy: object = {}): TestEngine {
    const options = {
      ...{ a: 'a0', b: 'b0', onFailure: 'open', timeout: 500, user: 'nobody', logFormat: 'text' },
      ...policy,
    };
    const program = [process.execPath, programs.path(ENGINE), JSON.stringify(options)];
    return new TestEngine(wire.start(wire.box, ...program));
  }

  test.each(['SIGKILL', 'SIGSTOP'] as const)(
    'open: %s, and the kernel carries; a new one takes it back',
    async (signal) => {
      wire = new TestWire();
      const first = engine();
      await first.hears('took');
      const echoes = new Echoes(wire);
      const load = await wire.load();
      await echoes.more(50);
      echoes.forget();
      const before = first.pid;
      const still = new Standstill();
      const at = Date.now();
      process.kill(before, signal);
      await first.ended;
      await echoes.more(50);
      const stood = still.end();
      const decided = lastFailover(wire) - at;
      const failed = echoes.longestGap();
      const facts = `${decided} ms to decide, no echo for ${failed} ms, the machine stood still for ${stood} ms`;
      expect(decided, facts).toBeLessThan(1000 + stood);
      // As its users see it, behind the queue of a stream that fills the wire of a busy machine.
      expect(failed, facts).toBeLessThan(1500 + stood);
      echoes.forget();
      const standing = new Standstill();
      const second = engine();
      expect((await second.hears('guarded')).guarded).toMatchObject({
        carriedBy: 'kernel',
        failovers: 1,
      });
      expect((await second.hears('took')).took).toMatchObject({
        carriedBy: 'engine',
        failovers: 1,
      });
      await echoes.more(50);
      const taken = echoes.longestGap();
      expect(echoes.duplicates, 'duplicates').toBe(0);
      expect(taken, 'milliseconds').toBeLessThan(1500 + standing.end());
      process.stdout.write(
        `${signal}: handed to the kernel after ${decided} ms; the longest gap ${failed} ms, then ${taken} ms to take it back\n`,
      );
      endGroup(load);
      second.child.kill('SIGTERM');
      expect((await second.hears('stopped')).stopped).toMatchObject({ carriedBy: 'kernel' });
      await second.ended;
      expect(wire.passes()).toBe(true);
    },
  );

  test('what was changed while the engine carried the wire holds when it fails', async () => {
    const later = { onFailure: 'closed', onStop: 'closed', timeout: 500, logFormat: 'json' };
    wire = new TestWire();
    const open = engine({ later });
    expect((await open.hears('changed')).changed).toMatchObject({ carriedBy: 'engine' });
    expect(wire.passes()).toBe(true);
    process.kill(open.pid, 'SIGKILL');
    await open.ended;
    await failovers(wire, 1);
    expect(wire.isShut()).toBe(true);
    await until('it says so, as JSON', () => /^\{"level":"error",.*is shut/m.test(open.errors));
    // The other way round, on the bridge that never was to carry anything; and it is found to hang sooner.
    const closed = engine({
      ...later,
      ...{ timeout: 60_000, logFormat: 'text' },
      later: { onFailure: 'open', timeout: 300, logFormat: 'text' },
    });
    await closed.hears('changed');
    expect(wire.passes()).toBe(true);
    const still = new Standstill();
    const at = Date.now();
    process.kill(closed.pid, 'SIGSTOP');
    await closed.ended;
    await failovers(wire, 2);
    const stood = still.end();
    expect(wire.passes()).toBe(true);
    // Not the minute that it was told at first.
    expect(lastFailover(wire) - at, 'milliseconds').toBeLessThan(3000 + stood);
    await until('it says why', () => closed.errors.includes('no sign of life for 300 ms'));
  });

  test.each(['SIGKILL', 'SIGSTOP'] as const)(
    'closed: %s, and the wire is shut until a new one has it',
    async (signal) => {
      wire = new TestWire();
      const closed = { onFailure: 'closed' };
      const first = engine(closed);
      expect((await first.hears('guarded')).guarded).toMatchObject({ carriedBy: 'nobody' });
      await first.hears('took');
      expect(wire.passes()).toBe(true);
      process.kill(first.pid, signal);
      await first.ended;
      await failovers(wire, 1);
      expect(wire.isShut()).toBe(true);
      const second = engine(closed);
      await second.hears('took');
      expect(wire.passes()).toBe(true);
      second.child.kill('SIGTERM');
      expect((await second.hears('stopped')).stopped).toMatchObject({
        carriedBy: 'nobody',
        failovers: 1,
      });
      await second.ended;
      expect(wire.isShut()).toBe(true);
    },
  );

  test('over a clean stop and a start at most one echo is lost, and none comes twice; with onStop closed the wire is shut', async () => {
    wire = new TestWire();
    const first = engine();
    await first.hears('took');
    const echoes = new Echoes(wire);
    await echoes.more(100);
    first.child.kill('SIGTERM');
    await first.ended;
    await echoes.more(100);
    const second = engine({ onStop: 'closed' });
    await second.hears('took');
    await echoes.more(100);
    expect(echoes.missing, 'echoes lost over a stop and a start').toBeLessThanOrEqual(1);
    expect(echoes.duplicates, 'duplicates').toBe(0);
    second.child.kill('SIGTERM');
    expect((await second.hears('stopped')).stopped).toMatchObject({
      carriedBy: 'nobody',
      failovers: 0,
    });
    await second.ended;
    expect(wire.isShut()).toBe(true);
  });

  test('an engine that cannot carry hands over, and takes back', async () => {
    wire = new TestWire();
    const one = engine();
    await one.hears('took');
    const echoes = new Echoes(wire);
    await echoes.more(20);
    const still = new Standstill();
    one.child.kill('SIGUSR2');
    expect((await one.hears('handedOver')).handedOver).toMatchObject({
      carriedBy: 'kernel',
      failovers: 1,
    });
    await one.hears('tookBack');
    await echoes.more(50);
    expect(echoes.longestGap(), 'milliseconds').toBeLessThan(1000 + still.end());
    expect(echoes.duplicates).toBe(0);
  });

  test.each(['SIGKILL', 'SIGSTOP'] as const)(
    'a watchdog that fails (%s) is replaced, and the new one guards',
    async (signal) => {
      wire = new TestWire();
      const one = engine();
      const { took } = (await one.hears('took')) as { took: WireStatus };
      process.kill(took.watchdog ?? 0, signal);
      const watchdog = await one.hearsOfWatchdog(
        (pid) => pid !== undefined && pid !== took.watchdog,
      );
      expect(capabilitiesOf(watchdog)).toEqual(ONLY_NET_ADMIN);
      expect(wire.passes()).toBe(true);
      process.kill(one.pid, 'SIGSTOP');
      await one.ended;
      await failovers(wire, 1);
      expect(wire.passes()).toBe(true);
    },
  );

  test('the watchdog is an ordinary process that may only administer the network; it ends with the engine', async () => {
    wire = new TestWire();
    const one = engine();
    const { took } = (await one.hears('took')) as { took: WireStatus };
    const watchdog = took.watchdog ?? 0;
    expect(capabilitiesOf(watchdog)).toEqual(ONLY_NET_ADMIN);
    expect(statusOf(watchdog, 'Uid')).toBe(statusOf(one.pid, 'Uid'));
    expect(statusOf(watchdog, 'Uid')).toMatch(/^65534\t65534\t65534\t65534$/);
    // A session of its own, and no signal of a stop reaches it.
    process.kill(watchdog, 'SIGTERM');
    process.kill(watchdog, 'SIGINT');
    process.kill(watchdog, 'SIGHUP');
    one.child.kill('SIGTERM');
    expect((await one.hears('stopped')).stopped).toMatchObject({ watchdog, carriedBy: 'kernel' });
    await one.ended;
    await until('the watchdog ends', () => !existsSync(`/proc/${watchdog}`));
  });

  test('what somebody does to the bridge is undone, at the latest when it is needed', async () => {
    wire = new TestWire();
    const one = engine();
    await one.hears('took');
    // Two who forward are one too many.
    wire.run(wire.box, 'ip', 'link', 'set', 'sp-a0-b0', 'up');
    await until('the bridge is down again', () => !bridgeOf(wire).includes(',UP'));
    wire.run(wire.box, 'ip', 'link', 'del', 'sp-a0-b0');
    process.kill(one.pid, 'SIGKILL');
    await one.ended;
    await until('the wire works', () => wire.passes());
    expect(failoversOf(wire)).toBe(1);
    await one.complains('the bridge sp-a0-b0 was set up: it was put right');
  });

  test('a second gateway on the same wire is refused, and the first goes on', async () => {
    wire = new TestWire();
    const first = engine();
    await first.hears('took');
    const second = engine();
    await second.ended;
    await second.complains('another sallyport carries a0 – b0');
    expect(wire.passes()).toBe(true);
    expect(failoversOf(wire)).toBe(0);
  });

  test('without the right to end the engine, the watchdog lets it have no wire', async () => {
    wire = new TestWire();
    const root = engine({ keepRoot: true });
    await root.ended;
    await root.complains('the watchdog may not end the engine, should it hang');
    expect(wire.passes(), 'the kernel still carries').toBe(true);
  });
});

const ONLY_NET_ADMIN = ['0000000000001000', '0000000000001000'];

/** Effective and permitted. */
function capabilitiesOf(pid: number): string[] {
  return [statusOf(pid, 'CapEff'), statusOf(pid, 'CapPrm')];
}

function statusOf(pid: number, field: string): string {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '';
}

function bridgeOf(wire: TestWire): string {
  return wire.run(wire.box, 'ip', '-d', 'link', 'show', 'sp-a0-b0');
}

function failoversOf(wire: TestWire): number {
  return Number(/failovers=(\d+)/.exec(bridgeOf(wire))?.[1] ?? 0);
}

/** Milliseconds since 1970. */
function lastFailover(wire: TestWire): number {
  return Date.parse(/last=(\S+)/.exec(bridgeOf(wire))?.[1] ?? '');
}

async function failovers(wire: TestWire, count: number): Promise<void> {
  await until(`${count} failovers`, () => failoversOf(wire) === count);
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
