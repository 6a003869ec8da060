import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { encodeEvent } from '../../src/event/encode.ts';
import { ImEvent } from '../../src/event/event.ts';
import { UserError } from '../cli/user-error.ts';
import { DEFAULT_SETTINGS } from '../config/default-settings.ts';
import type { GatewaySettings } from '../config/settings.ts';
import type { Log } from '../log/log.ts';
import { type FakeWorker, fakeWorkers, snapshotOf } from './fake-worker.fixture.ts';
import type { LivePolicy, LoadedLivePolicy } from './live-policy.ts';
import { Supervisor } from './supervisor.ts';

const one: GatewaySettings = { ...DEFAULT_SETTINGS, interfaces: ['eth7'] };
const policy = (hash: string): LivePolicy => ({
  hash,
  rules: 3,
  services: 0,
  loadedAt: 1,
  order: { hash, octets: undefined },
});

function gateway(settings: GatewaySettings, obliging = true) {
  const { spawn, made } = fakeWorkers(obliging);
  const written: string[] = [];
  const said: string[] = [];
  const log: Log = {
    debug: (line) => said.push(line),
    info: (line) => said.push(line),
    warn: (line) => said.push(line),
    error: (line) => said.push(line),
    with: () => log,
  };
  const next: LoadedLivePolicy[] = [];
  const source = {
    load: async () => next.shift() ?? { policy: undefined, diagnostics: [], restartNeeded: [] },
  };
  const sink = {
    write: async (octets: Uint8Array) => {
      written.push(...Buffer.from(octets).toString('utf8').split('\n').slice(0, -1));
    },
  };
  const parts = { settings, policy: source, spawn, sink, log };
  return { supervisor: new Supervisor(parts, policy('sha256:first')), made, written, said, next };
}

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets timers and promises go on until something holds. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !holds(); i++) await vi.advanceTimersByTimeAsync(10);
  expect(holds()).toBe(true);
}

async function finish(supervisor: Supervisor): Promise<boolean> {
  let ended: boolean | undefined;
  void supervisor.stop().then((clean) => {
    ended = clean;
  });
  await until(() => ended !== undefined);
  return ended === true;
}

test('it is ready when every worker is, and not before', async () => {
  const { supervisor, made } = gateway({ ...one, workers: 2 }, false);
  const started = supervisor.start();
  expect(made).toHaveLength(1); // the second joins its fanout groups after the first
  made[0]?.ready();
  await until(() => made.length === 2);
  expect(supervisor.ready).toBe(false);
  made[1]?.ready();
  expect((await started).map(({ name }) => name)).toEqual(['eth7']);
  expect(supervisor.status().ready).toBe(true);
  expect(made[0]?.setup.fanoutGroups).toHaveLength(1);
  expect(made[0]?.setup.fanoutGroups).toEqual(made[1]?.setup.fanoutGroups);
  expect(await finish(supervisor)).toBe(true);
});

test('what a worker cannot open ends the start, in one line', async () => {
  const { supervisor, made } = gateway(one, false);
  const started = supervisor.start();
  const refused = expect(started).rejects.toThrow(UserError);
  made[0]?.say({ type: 'refused', message: 'eth7: no such network interface', isUsage: false });
  made[0]?.exit();
  await vi.advanceTimersByTimeAsync(100);
  await refused;
  expect(made).toHaveLength(1);
});

test('events come out of the rings, also those written last; listeners hear them', async () => {
  const { supervisor, made, written } = gateway(one);
  await supervisor.start();
  const heard: string[] = [];
  const quiet = supervisor.listen((event) => heard.push(event.text ?? ''));
  const line = (text: string) => {
    const event = new ImEvent('message');
    event.text = text;
    event.id = '0192f0c4-0000-7000-8000-000000000000';
    return encodeEvent(event);
  };
  made[0]?.write(line('first'));
  await until(() => written.length === 1);
  quiet();
  made[0]?.write(line('last'));
  await finish(supervisor);
  expect(written.map((text) => JSON.parse(text).text)).toEqual(['first', 'last']);
  expect(heard).toEqual(['first']);
  expect(supervisor.events).toBe(2);
});

describe('a worker that dies', () => {
  test('what a packet set off in a worker is in the log', async () => {
    const { supervisor, made, said } = gateway(one);
    await supervisor.start();
    made[0]?.say({ type: 'fault', message: 'no such state', stack: undefined });
    expect(said.join('\n')).toContain('a packet set off a fault');
    await finish(supervisor);
  });

  test('is started anew at once, its counters go on, its policy is the newest', async () => {
    const { supervisor, made, said, next } = gateway(one);
    await supervisor.start();
    made[0]?.snapshot(snapshotOf(100, 110));
    next.push({ policy: policy('sha256:second'), diagnostics: [], restartNeeded: [] });
    await supervisor.reload('api');
    made[0]?.die(new Error('what a parser did not expect'));
    expect(supervisor.status().ready).toBe(false);
    expect(supervisor.status().workers[0]).toMatchObject({ alive: false, restarts: 1 });
    await until(() => made.length === 2 && supervisor.ready);
    expect(made[1]?.setup.policy.hash).toBe('sha256:second');
    expect(made[1]?.setup.events).toBe(made[0]?.setup.events);
    made[1]?.snapshot(snapshotOf(5, 6));
    const status = supervisor.status();
    expect(status.workers[0]).toMatchObject({ alive: true, restarts: 1, eventsShed: 2 });
    expect(status.workers[0]?.engine.frames).toBe(105);
    expect(status.workers[0]?.engine.flows).toEqual({ created: 4, current: 2 });
    expect(status.workers[0]?.heldOctets).toBe(10);
    expect(status.workers[0]?.flows.byProtocol).toEqual({ irc: 2 });
    expect(status.interfaces).toMatchObject([{ received: 116, dropped: 2, up: true }]);
    expect(said).toContain('worker died and is started anew');
    expect(said).toContain('worker runs again');
    await finish(supervisor);
    expect(supervisor.status().interfaces).toMatchObject([{ received: 116, dropped: 2 }]);
  });

  test('again and again is given more and more time', async () => {
    const { supervisor, made } = gateway(one);
    await supervisor.start();
    const waits: number[] = [];
    for (let death = 1; death <= 5; death++) {
      made[death - 1]?.die(new Error('again'));
      const began = performance.now();
      await until(() => made.length === death + 1 && supervisor.ready);
      waits.push(performance.now() - began);
    }
    expect(waits[0]).toBeLessThan(50);
    expect(waits[4]).toBeGreaterThanOrEqual(15_000);
    for (const [i, wait] of waits.slice(1).entries()) expect(wait).toBeGreaterThan(waits[i] ?? 0);
    await finish(supervisor);
  });

  test('while it is drained stays dead', async () => {
    const { supervisor, made } = gateway(one);
    await supervisor.start();
    await finish(supervisor);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(made).toHaveLength(1);
  });

  test('because it hangs is ended by us, a worker that beats is not', async () => {
    const { supervisor, made, said } = gateway({ ...one, workers: 2 });
    let started = false;
    void supervisor.start().then(() => {
      started = true;
    });
    await until(() => started);
    for (let second = 0; second < 15; second++) {
      made[1]?.beat();
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(made[0]?.terminated).toBe(true);
    expect(made[1]?.terminated).toBe(false);
    expect(said).toContain('worker hangs and is ended');
    await finish(supervisor);
  });
});

test('a worker that does not drain is ended, and that is no clean stop', async () => {
  const { supervisor, made } = gateway(one);
  await supervisor.start();
  const [worker] = made;
  if (worker !== undefined) worker.postMessage = () => undefined;
  expect(await finish(supervisor)).toBe(false);
  expect(worker?.terminated).toBe(true);
});

describe('a reload', () => {
  const taken = (hash: string, settings: GatewaySettings) => {
    return { policy: policy(hash), diagnostics: [], settings, restartNeeded: [] };
  };
  const longer = { ...one, inline: { ...one.inline, holdTime: 900 } };
  const ordersOf = (worker: FakeWorker | undefined, wanted: string) =>
    worker?.orders.filter(({ type }) => type === wanted) ?? [];

  test('gives new settings to the workers, names them, and gives them only once', async () => {
    const { supervisor, made, next, said } = gateway(one);
    await supervisor.start();
    next.push(taken('sha256:second', longer), taken('sha256:second', longer));
    expect(await supervisor.reload('api')).toMatchObject({
      ok: true,
      changed: ['inline.hold-time'],
    });
    expect(await supervisor.reload('api')).toMatchObject({ ok: true, changed: [] });
    expect(ordersOf(made[0], 'settings')).toMatchObject([{ settings: longer }]);
    expect(said).toContain('settings are in force');
    made[0]?.die(new Error('again'));
    await until(() => made.length === 2);
    expect(made[1]?.setup.settings).toEqual(longer);
    await finish(supervisor);
  });

  test('is undone everywhere where one worker does not take the settings', async () => {
    const { supervisor, made, next, said } = gateway({ ...one, workers: 2 });
    let started = false;
    void supervisor.start().then(() => {
      started = true;
    });
    await until(() => started);
    const done: string[] = [];
    supervisor.involve({
      prepare: async ({ inline }) => ({
        commit: () => void done.push(`commit ${inline.holdTime}`),
        discard: () => void done.push(`discard ${inline.holdTime}`),
      }),
    });
    if (made[1] !== undefined) made[1].settingsFault = 'no room';
    next.push(taken('sha256:second', { ...longer, workers: 2 }));
    expect(await supervisor.reload('api')).toMatchObject({
      ok: false,
      hash: 'sha256:first',
      changed: [],
      diagnostics: ['worker 1 did not take it: no room'],
    });
    expect(done).toEqual(['discard 900']);
    for (const worker of made) {
      expect(ordersOf(worker, 'policy').at(-1)).toMatchObject({ policy: { hash: 'sha256:first' } });
      expect(ordersOf(worker, 'settings').at(-1)).toMatchObject({
        settings: { inline: { holdTime: 200 } },
      });
    }
    expect(said).toContain('not loaded: policy and settings stay as they were');
    await finish(supervisor);
  });

  test('waits until the gateway has started', async () => {
    const { supervisor, made, next } = gateway(one, false);
    const started = supervisor.start();
    next.push(taken('sha256:second', longer));
    const reloaded = supervisor.reload('api');
    await vi.advanceTimersByTimeAsync(100);
    expect(next).toHaveLength(1);
    made[0]?.ready();
    await started;
    expect(await reloaded).toMatchObject({ ok: true, hash: 'sha256:second' });
    await finish(supervisor);
  });

  test('gives a right policy to every worker', async () => {
    const { supervisor, made, next } = gateway({ ...one, workers: 2 });
    let started = false;
    void supervisor.start().then(() => {
      started = true;
    });
    await until(() => started);
    next.push({ policy: policy('sha256:second'), diagnostics: ['a doubt'], restartNeeded: [] });
    const outcome = await supervisor.reload('signal');
    expect(outcome).toMatchObject({ ok: true, hash: 'sha256:second', diagnostics: ['a doubt'] });
    for (const worker of made) {
      const policies = worker.orders.filter(({ type }) => type === 'policy');
      expect(policies).toMatchObject([{ type: 'policy', policy: { hash: 'sha256:second' } }]);
    }
    expect(supervisor.status().policy).toMatchObject({
      hash: 'sha256:second',
      reloads: { ok: 1, failed: 0 },
      last: { reason: 'signal' },
    });
    await finish(supervisor);
  });

  test('of a wrong policy leaves the one before in force', async () => {
    const { supervisor, made, next, said } = gateway(one);
    await supervisor.start();
    next.push({ policy: undefined, diagnostics: ['rules.yaml:3:1: bad'], restartNeeded: [] });
    const outcome = await supervisor.reload('file');
    expect(outcome).toMatchObject({ ok: false, hash: 'sha256:first' });
    expect(made[0]?.orders).toEqual([]);
    expect(supervisor.status().policy).toMatchObject({
      hash: 'sha256:first',
      reloads: { ok: 0, failed: 1 },
    });
    expect(said).toContain('rules.yaml:3:1: bad');
    await finish(supervisor);
  });
});

test('a listener that fails hears no more, and the record goes on', async () => {
  const { supervisor, made, written, said } = gateway(one);
  await supervisor.start();
  let calls = 0;
  supervisor.listen(() => {
    calls += 1;
    throw new Error('no');
  });
  const event = new ImEvent('typing');
  event.id = '0192f0c4-0000-7000-8000-000000000000';
  for (let n = 1; n <= 2; n++) {
    made[0]?.write(encodeEvent(event));
    await until(() => written.length === n);
  }
  expect(calls).toBe(1);
  expect(said).toContain('who listened to events failed, and hears no more');
  await finish(supervisor);
});
