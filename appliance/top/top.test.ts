import { chownSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { startAdmin } from '../admin/start-admin.ts';
import { event, FakeGateway, status, worker } from '../live/gateway.fixture.ts';
import type { FlowRow } from '../live/gateway.ts';
import { SILENT_LOG } from '../log/log.ts';
import { displayWidth } from '../report/columns.ts';
import { createPaint } from '../report/paint.ts';
import { AdminClient, NoAnswer } from './admin-client.ts';
import { bridgeLine } from './bridge-line.ts';
import { Conversations } from './conversations.ts';
import { findToken } from './find-token.ts';
import { ratesBetween } from './rates.ts';
import { renderTop } from './render-top.ts';
import { TopSession } from './top-session.ts';
import { verdictRows } from './verdict-rows.ts';
import { nextOrder, ordered, type TopView } from './view.ts';

const HOSTILE = 'eve\u001b[2J\n\u202e很長的名字很長的名字👩‍👩‍👧‍👦'.repeat(5);

function flow(n: number, changes: Partial<FlowRow> = {}): FlowRow {
  return {
    id: `f${n}`,
    protocol: 'xmpp',
    service: 'xmpp',
    client: `10.0.0.${n}:40123`,
    server: '[2001:db8::1]:5222',
    account: 'alice@a.example',
    packets: n,
    octets: 1000 - n,
    events: n,
    last: status().at - 1000 * n,
    ...changes,
  };
}

function view(changes: Partial<TopView> = {}): TopView {
  const before = { ...status(), at: status().at - 1000, workers: [worker(0)] };
  return {
    status: status(),
    rates: ratesBetween(before, status()),
    flows: Array.from({ length: 40 }, (_, i) => flow(i)),
    conversations: [],
    order: 'packets',
    paused: false,
    remark: undefined,
    ...changes,
  };
}

const plain = createPaint(false);

describe('a picture', () => {
  test('says what is going on', () => {
    const lines = renderTop(view(), { width: 110, height: 40, paint: plain });
    expect(lines[0]).toMatch(/^sallyport 0\.1\.0 {2}inline {2}up 10 s {2}12 rules {2}ready$/);
    expect(lines[1]).toMatch(/^2.000 packets\/s .*nothing lost$/);
    const text = lines.join('\n');
    expect(text).toMatch(/veth1 +up +0 +0 +0 +1 % +afpacket/);
    expect(text).toMatch(/ +4 {2}drop {6}yes {4}no-files/);
    expect(text).toMatch(/ +2 {2}drop {6}no {5}no-files/);
    expect(text).toMatch(/xmpp +39 +961 B +39 {2}10\.0\.0\.39:40123/);
    expect(lines.at(-1)).toContain('q quit');
  });

  test('says what is lost, who carries the wire, that it is paused', () => {
    const base = status();
    const text = renderTop(
      view({
        status: {
          ...base,
          wire: { carriedBy: 'kernel', failovers: 1 },
          eventsUnwritten: 9,
          interfaces: base.interfaces.map((one) => ({ ...one, dropped: 7, up: false })),
          workers: [worker(0, { eventsShed: 3, restarts: 2, alive: false })],
        },
        paused: true,
        remark: 'no answer',
      }),
      { width: 120, height: 40, paint: plain },
    ).join('\n');
    for (const said of [
      'wire carried by kernel',
      'kernel dropped 14',
      '3 events shed',
      '9 events not written',
      '2 worker restarts',
      '1 failover',
      'down',
      '0 (not running)',
      'PAUSED',
      'no answer',
    ]) {
      expect(text).toContain(said);
    }
  });

  test.each([
    [200, 60],
    [120, 40],
    [80, 24],
    [60, 15],
    [40, 10],
    [20, 4],
  ])('fits %i × %i, whatever names are in it', (width, height) => {
    const conversations = Array.from({ length: 50 }, () => ({
      service: HOSTILE,
      from: HOSTILE,
      to: HOSTILE,
      messages: 1e9,
      files: 1,
      refused: 1,
      last: Number.MAX_SAFE_INTEGER,
    }));
    const base = status();
    const hostile = view({
      conversations,
      flows: Array.from({ length: 50 }, (_, i) =>
        flow(i, { service: HOSTILE, client: HOSTILE, account: HOSTILE, packets: 1e15 }),
      ),
      status: {
        ...base,
        version: HOSTILE,
        interfaces: base.interfaces.map((one) => ({ ...one, name: HOSTILE, backend: HOSTILE })),
        workers: [worker(0, { verdicts: { [`${HOSTILE} drop enforced`]: 1 } })],
      },
      remark: HOSTILE,
    });
    for (const paint of [plain, createPaint(true)]) {
      const lines = renderTop(hostile, { width, height, paint });
      expect(lines.length).toBeLessThanOrEqual(height);
      for (const line of lines) {
        const bare = stripVTControlCharacters(line);
        expect(displayWidth(bare), bare).toBeLessThanOrEqual(width);
        for (const evil of ['\n', '\u202e', '\u001b[2J']) expect(line).not.toContain(evil);
      }
    }
  });

  test('every table that has rows shows some, on 24 lines', () => {
    const conversations = Array.from({ length: 30 }, (_, i) => ({
      service: 'xmpp',
      from: `user${i}`,
      to: 'bob',
      messages: 1,
      files: 0,
      refused: 0,
      last: 1,
    }));
    const text = renderTop(view({ conversations }), { width: 80, height: 24, paint: plain }).join(
      '\n',
    );
    for (const heading of ['INTERFACE', 'WORKER', 'VERDICTS', 'BETWEEN', 'FLOW']) {
      expect(text).toContain(heading);
    }
    expect(text).toContain('user0');
    expect(text).toContain('10.0.0.39');
  });
});

test('a bridge says what it did', () => {
  const bridge = {
    neutralised: 2,
    masked: 1,
    droppedByVerdict: 3,
    heldPackets: 4,
    heldOctets: 1400,
    holdMicroseconds: 50_000,
    releasedLate: 1,
  };
  const workers = [worker(0, { bridge }), worker(1, { bridge })];
  expect(bridgeLine(status({ workers }))).toBe(
    '4 messages taken out, 2 texts masked, 6 packets dropped by verdict, 0 connections refused, ' +
      'holding 2.8 kB, 12.5 ms on average, 2 packets undecided',
  );
  expect(bridgeLine(status({ workers, mode: 'tap' }))).toBeUndefined();
  expect(bridgeLine(status())).toBeUndefined();
});

describe('rates', () => {
  test('none where the gateway was started between', () => {
    expect(ratesBetween(undefined, status())).toBeUndefined();
    expect(ratesBetween(status({ startedAt: 1 }), status())).toBeUndefined();
    expect(ratesBetween(status(), status())).toBeUndefined();
  });

  test('busy is what is not waiting, of this second only', () => {
    const before = { ...status(), at: status().at - 2000 };
    const workers = [
      worker(0, { stageSeconds: { wait: 9.6, inspect: 2.0, send: 0.2, turn: 0.1 } }),
    ];
    const rates = ratesBetween(before, status({ workers }));
    expect(rates?.busy.get(0)).toBeCloseTo(1 - 0.1 / 1.9);
    const silent = [worker(0, { stageSeconds: { turn: 1 } })];
    const unknown = ratesBetween({ ...before, workers: silent }, status({ workers: silent }));
    expect(unknown?.busy.get(0)).toBeUndefined();
  });
});

test('flows are sorted by what is asked for', () => {
  const rows = [flow(1), flow(3), flow(2)];
  expect(ordered(rows, 'packets').map(({ packets }) => packets)).toEqual([3, 2, 1]);
  expect(ordered(rows, 'octets').map(({ packets }) => packets)).toEqual([1, 2, 3]);
  expect(ordered(rows, 'last').map(({ packets }) => packets)).toEqual([1, 2, 3]);
  expect(nextOrder('last')).toBe('packets');
});

test('verdicts that did something stand first; a rule may have spaces', () => {
  const workers = [worker(0, { verdicts: { 'a b pass enforced': 9, 'c d drop not': 1 } })];
  expect(verdictRows(status({ workers }))).toEqual([
    { rule: 'c d', action: 'drop', enforced: false, count: 1 },
    { rule: 'a b', action: 'pass', enforced: true, count: 9 },
  ]);
});

describe('conversations', () => {
  test('both ways are one; copies are not counted; last heard first', () => {
    const all = new Conversations();
    const say = (from: string, to: string, more = {}) =>
      all.hear({
        kind: 'message',
        service: 'xmpp',
        ts: '2026-11-26T01:00:00Z',
        from,
        to: [to],
        ...more,
      });
    say('alice', 'bob');
    say('bob', 'alice', { verdict: { action: 'drop' } });
    say('alice', 'bob', { copy: 'carbon' });
    say('carol', 'dave');
    expect(all.rows().map(({ from, messages, refused }) => [from, messages, refused])).toEqual([
      ['carol', 1, 0],
      ['alice', 2, 1],
    ]);
  });

  test('are bounded; what is no event is ignored', () => {
    const all = new Conversations();
    const odd = [
      null,
      1,
      'x',
      [],
      {},
      { kind: 'message', from: 1, to: 2 },
      { kind: 'message', to: [{}] },
    ];
    for (const one of odd) all.hear(one);
    expect(all.rows()).toEqual([]);
    for (let i = 0; i < 5000; i++) {
      all.hear({ kind: 'message', from: `u${i}`, to: ['x'.repeat(100_000)], verdict: 7 });
    }
    expect(all.rows()).toHaveLength(500);
    expect(all.rows()[0]?.from).toBe('u4999');
    expect(all.rows()[0]?.to.length).toBeLessThanOrEqual(200);
  });
});

describe('with an admin server', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function started(gateway: FakeGateway) {
    const admin = await startAdmin(
      gateway,
      { listen: { address: '127.0.0.1', port: 0 }, tokenFile: undefined, metrics: 'token' },
      SILENT_LOG,
    );
    const target = { address: '127.0.0.1', port: admin.port };
    const client = new AdminClient({ ...target, token: findToken(undefined, target) });
    closing.push(
      () => client.close(),
      () => admin.close(),
    );
    return { admin, client, target };
  }

  test('finds the token that was left, sees numbers and conversations', async () => {
    const gateway = new FakeGateway();
    gateway.rows = [flow(1)];
    const { client } = await started(gateway);
    const session = new TopSession(client);
    await session.refresh();
    expect(session.view(false)?.rates).toBeUndefined();
    gateway.now = {
      ...status(),
      at: status().at + 1000,
      workers: [worker(0, { engine: { ...worker(0).engine, frames: 9000 } })],
    };
    await session.refresh();
    expect(session.view(false)?.rates?.packets).toBeGreaterThan(0);
    const stop = new AbortController();
    const listening = session.listen(stop.signal);
    await expect.poll(() => gateway.listeners.size, { timeout: 10_000 }).toBe(1);
    gateway.say(event('message', { from: 'alice', to: ['bob'], text: 'secret' }));
    await expect.poll(() => session.view(true)?.conversations?.length, { timeout: 10_000 }).toBe(1);
    expect(JSON.stringify(session.view(true))).not.toContain('secret');
    session.pause();
    gateway.say(event('message', { from: 'carol', to: ['dave'] }));
    gateway.say(event('message', { from: 'erin', to: ['dave'] }));
    expect(session.view(true)).toMatchObject({ paused: true });
    stop.abort();
    client.close();
    await listening;
    expect(session.view(true)?.conversations).toHaveLength(1);
  });

  test('a gateway that goes away is a remark, a wrong token an error', async () => {
    const gateway = new FakeGateway();
    const { admin, client, target } = await started(gateway);
    const session = new TopSession(client);
    await session.refresh();
    const wrong = new AdminClient({ ...target, token: 'not-the-token-of-this-one' });
    await expect(wrong.get('/api/v1/status')).rejects.toThrow(
      'the token is not that of this gateway',
    );
    await admin.close();
    await session.tryRefresh();
    expect(session.view(false)?.remark).toMatch(
      /^no answer from the gateway: nobody listens there/,
    );
    await expect(session.refresh()).rejects.toBeInstanceOf(NoAnswer);
  });

  test('a link in a run folder is no token: it would tell what another file of ours says', () => {
    if (process.getuid?.() !== 0) return;
    const folder = mkdtempSync('/run/sallyport-top-');
    try {
      const file = join(folder, 'admin-2.token');
      writeFileSync(file, 'a-token-of-its-service\n');
      for (const path of [folder, file]) chownSync(path, 65534, 65534);
      const find = () =>
        findToken(undefined, { address: '127.0.0.1', port: 2 }, { RUNTIME_DIRECTORY: folder });
      expect(find()).toBe('a-token-of-its-service');
      const secret = join(folder, 'secret');
      renameSync(file, secret);
      symlinkSync(secret, file);
      expect(find).toThrow('no gateway');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a token that a stranger left in the temporary folder is none', () => {
    if (process.getuid?.() !== 0) return;
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-top-'));
    try {
      const file = join(folder, 'admin-2.token');
      writeFileSync(file, 'a-token-of-a-stranger\n');
      const find = () =>
        findToken(undefined, { address: '127.0.0.1', port: 2 }, { RUNTIME_DIRECTORY: folder });
      expect(find()).toBe('a-token-of-a-stranger');
      chownSync(file, 65534, 65534);
      expect(find).toThrow('no gateway');
      const secret = join(folder, 'secret');
      renameSync(file, secret);
      chownSync(secret, 0, 0);
      symlinkSync(secret, file);
      expect(find).toThrow('no gateway');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('no token is sent to a gateway elsewhere unless its file is named', () => {
    expect(() => findToken(undefined, { address: '192.0.2.1', port: 9580 })).toThrow(
      'not known here',
    );
    expect(() => findToken(undefined, { address: '127.0.0.1', port: 1 })).toThrow('no gateway');
  });
});
