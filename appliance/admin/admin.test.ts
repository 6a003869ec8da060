import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request as httpRequest, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AdminSettings } from '../config/settings.ts';
import type { ArchiveStatus } from '../live/archive-record.ts';
import { ARCHIVE, event, FakeGateway, status, worker } from '../live/gateway.fixture.ts';
import { openLog } from '../log/open-log.ts';
import { isLoopback, isOwnName } from './access.ts';
import { streamEvents } from './event-stream.ts';
import { openRunFolder } from './run-folder.ts';
import { type Admin, startAdmin } from './start-admin.ts';
import { AdminToken } from './token.ts';

interface Answer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

let folder = '';
let gateway = new FakeGateway();
let admin: Admin | undefined;
let logged: string[] = [];
const token = 'correct-horse-battery-staple';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-admin-'));
  gateway = new FakeGateway();
  gateway.now = { ...status(), at: Date.now() };
  logged = [];
});

afterEach(async () => {
  await admin?.close();
  admin = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function start(changes: Partial<AdminSettings> = {}, address = '127.0.0.1'): Promise<Admin> {
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 });
  const log = openLog({ level: 'debug', format: 'json' }, { write: (line) => logged.push(line) });
  admin = await startAdmin(
    gateway,
    { tokenFile, metrics: 'loopback', ...changes, listen: { address, port: 0 } },
    log,
  );
  return admin;
}

function ask(
  path: string,
  headers: Record<string, string> = { authorization: `Bearer ${token}` },
  method = 'GET',
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const to = { host: '127.0.0.1', port: admin?.port, path, method, headers, agent: false };
    const asked = httpRequest(to, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () =>
        resolve({ code: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

describe('health', () => {
  test('ok without a token', async () => {
    await start();
    expect(await ask('/healthz', {})).toMatchObject({ code: 200, text: '{"status":"ok"}' });
    expect(await ask('/readyz', {})).toMatchObject({ code: 200, text: '{"status":"ok"}' });
  });

  test('a dead worker, a silent one, a wire in other hands', async () => {
    await start();
    gateway.now = { ...gateway.now, workers: [worker(0), worker(1, { alive: false })] };
    const dead = await ask('/healthz', {});
    expect(dead.code).toBe(503);
    expect(JSON.parse(dead.text).why).toEqual(['worker 1 is not running']);
    gateway.now = { ...status(), at: Date.now() - 60_000 };
    expect((await ask('/healthz', {})).text).toMatch(/no news of the workers for 60 s/);
    gateway.now = { ...status(), at: Date.now(), wire: { carriedBy: 'kernel', failovers: 1 } };
    expect((await ask('/healthz', {})).code).toBe(200);
    expect((await ask('/readyz', {})).text).toMatch(/carried by kernel/);
  });
});

describe('readiness and the record', () => {
  const soundly = { ...ARCHIVE, lostAt: undefined };
  const ready = async (archive: Partial<ArchiveStatus>) => {
    gateway.now = { ...status(), at: Date.now(), archive: { ...soundly, ...archive } };
    const { code, text } = await ask('/readyz', {});
    return { code, ...(JSON.parse(text) as { status: string; why?: string[] }) };
  };

  test('an archive in trouble: degraded, and why; never taken off the wire for it', async () => {
    await start();
    expect(await ready({})).toEqual({ code: 200, status: 'ok' });
    const troubles: [Partial<ArchiveStatus>, RegExp][] = [
      [{ up: false, fault: 'a.db: is locked' }, /cannot be written to: a\.db: is locked/],
      [{ lag: 90 }, /wait for the archive for 1 min 30 s/],
      [{ spoolOctets: 0.75 * 2 ** 30 }, /spool is 75 % full/],
      [{ free: 10e6 }, /10\.0 MB are free/],
      [{ lostAt: Date.now() - 60_000 }, /lost to the archive 1 min/],
      [{ unsignedFor: 7200 }, /not been signed for 2 h/],
    ];
    for (const [archive, why] of troubles) {
      const answer = await ready(archive);
      expect(answer).toMatchObject({ code: 200, status: 'degraded' });
      expect(answer.why).toEqual([expect.stringMatching(why)]);
    }
    // An hour ago, or a full spool with room for what is left of it: nothing to mend.
    expect(await ready({ lostAt: Date.now() - 3_600_000 })).toMatchObject({ status: 'ok' });
    expect(await ready({ spoolSize: 2e6, free: 10e6 })).toMatchObject({ status: 'ok' });
    gateway.now = { ...gateway.now, ready: false };
    expect((await ask('/readyz', {})).code).toBe(503);
  });
});

describe('who may ask', () => {
  const secured = ['/api/v1/status', '/api/v1/flows', '/api/v1/events', '/nowhere', '/metrics/..'];
  test.each(secured)('%s needs the token', async (path) => {
    await start();
    for (const authorization of ['', 'Bearer', `Basic ${token}`, `Bearer ${token}x`]) {
      const answer = await ask(path, { authorization });
      expect(answer.code).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
      expect(JSON.parse(answer.text).error).toMatch(/token/);
    }
    expect(gateway.reloads).toEqual([]);
  });

  test('a page with a name of its own is refused, the token opens', async () => {
    await start();
    const rebound = { host: 'evil.example:9580' };
    for (const path of ['/metrics', '/healthz', '/api/v1/status']) {
      expect((await ask(path, rebound)).code, path).toBe(421);
    }
    const known = { ...rebound, authorization: `Bearer ${token}` };
    expect((await ask('/metrics', known)).code).toBe(200);
  });

  test('metrics: loopback, token, open', async () => {
    await start({ metrics: 'loopback' });
    expect((await ask('/metrics', {})).code).toBe(200);
    await admin?.close();
    await start({ metrics: 'token' });
    expect((await ask('/metrics', {})).code).toBe(401);
    await admin?.close();
    await start({ metrics: 'open' });
    expect((await ask('/metrics', { host: 'gw.example' })).code).toBe(200);
    expect((await ask('/api/v1/status', { host: 'gw.example' })).code).toBe(421);
  });

  test('names and addresses', () => {
    const own = [
      '127.0.0.1',
      '127.0.0.1:9580',
      '[::1]:9580',
      'localhost',
      'LOCALHOST:1',
      '10.1.2.3',
    ];
    for (const host of own) expect(isOwnName(host), host).toBe(true);
    const strange = [
      '',
      'a.example',
      '127.0.0.1.a.example',
      'localhost.',
      '[x]',
      '[127.0.0.1]',
      '1.2.3.4:5:6',
    ];
    for (const host of strange) expect(isOwnName(host), host).toBe(false);
    expect(['127.0.0.1', '::ffff:127.1.2.3', '::1'].every(isLoopback)).toBe(true);
    expect(['127.evil', '::2', '10.0.0.1', undefined].some(isLoopback)).toBe(false);
  });

  test('a token is all of it or nothing', () => {
    const one = new AdminToken(token);
    expect(one.admits(`Bearer ${token}`)).toBe(true);
    expect(one.admits(`bearer  ${token} `)).toBe(true);
    expect([undefined, '', 'Bearer ', `Bearer ${token.slice(1)}`].some((a) => one.admits(a))).toBe(
      false,
    );
    expect(new AdminToken('').admits('Bearer ')).toBe(false);
  });
});

describe('what is answered', () => {
  test('metrics in the format of Prometheus', async () => {
    await start();
    const answer = await ask('/metrics');
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.text).toContain('\nsallyport_packets_total 3000\n');
  });

  test('reload: its outcome, 200 or 422; a body is allowed', async () => {
    await start();
    const good = await ask('/-/reload', undefined, 'POST');
    expect(good.code).toBe(200);
    expect(JSON.parse(good.text)).toMatchObject({ ok: true, rules: 12 });
    gateway.reloadOk = false;
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-www-form-urlencoded',
    };
    const bad = await ask('/-/reload', headers, 'POST', 'x=1');
    expect(bad.code).toBe(422);
    expect(JSON.parse(bad.text).diagnostics[0]).toMatch(/files\.yaml:3:5/);
    expect(gateway.reloads).toEqual(['api', 'api']);
    expect((await ask('/-/reload')).code).toBe(404); // by GET nothing happens
    expect(gateway.reloads).toHaveLength(2);
  });

  test('status and flows', async () => {
    await start();
    gateway.rows = Array.from({ length: 150 }, (_, i) => ({
      id: `f${i}`,
      protocol: 'xmpp',
      service: 'xmpp',
      client: '10.0.0.5:40123',
      server: '192.0.2.1:5222',
      account: undefined,
      packets: i,
      octets: i,
      events: i,
      last: 0,
    }));
    expect(JSON.parse((await ask('/api/v1/status')).text)).toMatchObject({ mode: 'inline' });
    expect(JSON.parse((await ask('/api/v1/flows')).text).flows).toHaveLength(100);
    expect(JSON.parse((await ask('/api/v1/flows?most=3')).text).flows).toHaveLength(3);
    for (const most of ['0', '-1', '1e9', 'x', '1.5']) {
      expect((await ask(`/api/v1/flows?most=${most}`)).code, most).toBe(400);
    }
  });

  test('what breaks inside is logged, not told', async () => {
    await start();
    gateway.flows = () => Promise.reject(new Error('worker 3 at /srv/secret'));
    const answer = await ask('/api/v1/flows');
    expect(answer.code).toBe(500);
    expect(answer.text).not.toContain('secret');
    expect(logged.join('')).toContain('worker 3');
  });

  test('what strangers chose is nothing that a terminal obeys', async () => {
    await start();
    const row = { id: '1', protocol: 'irc', service: 'irc', client: 'a:1', server: 'b:2' };
    const counts = { packets: 1, octets: 1, events: 1, last: 0 };
    gateway.rows = [{ ...row, ...counts, account: 'eve\u009b2J\u202e' }];
    const { text } = await ask('/api/v1/flows');
    expect(text).toContain('"eve\\u009b2J\\u202e"');
    expect(JSON.parse(text).flows[0].account).toBe('eve\u009b2J\u202e');
  });

  test('who sends a request letter by letter is sent away, and keeps nobody out', async () => {
    await start();
    const began = performance.now();
    const ended = new Promise<string>((resolve) => {
      const socket = connect(admin?.port ?? 0, '127.0.0.1', () =>
        socket.write('GET / HTTP/1.1\r\n'),
      );
      const letters = setInterval(() => socket.write('x'), 500);
      let text = '';
      socket.on('data', (part) => {
        text += part;
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(letters);
        resolve(text);
      });
    });
    expect(await ended).toMatch(/^HTTP\/1\.1 408/);
    expect(performance.now() - began).toBeLessThan(15_000);
  }, 40_000);

  test('no version, no CORS, no caching; hostile requests get an answer', async () => {
    await start();
    for (const path of [
      '/healthz',
      '/%00',
      '/..%2f..%2fetc/passwd',
      '/%',
      `/${'x'.repeat(4000)}`,
    ]) {
      const { code, headers, text } = await ask(path);
      expect([200, 400, 404], path).toContain(code);
      expect(headers.server).toBeUndefined();
      expect(headers['access-control-allow-origin']).toBeUndefined();
      if (code !== 400) expect(headers['cache-control']).toBe('no-store');
      expect(() => JSON.parse(text)).not.toThrow();
    }
    const large = await ask('/-/reload', undefined, 'POST', 'x'.repeat(5000));
    expect(large.code).toBe(413);
    expect(gateway.reloads).toEqual([]);
    const raw = await new Promise<string>((resolve) => {
      const socket = connect(admin?.port ?? 0, '127.0.0.1', () =>
        socket.write('\x16\x03\x01\r\n\r\n'),
      );
      let text = '';
      socket.on('data', (part) => {
        text += part;
      });
      socket.on('close', () => resolve(text));
    });
    expect(raw).toMatch(/^HTTP\/1\.1 400/);
    expect((await ask('/healthz')).code).toBe(200);
  });

  test('the token is never logged', async () => {
    await start();
    await ask('/api/v1/status');
    gateway.flows = () => Promise.reject(new Error('x'));
    await ask('/api/v1/flows');
    expect(logged.join('')).not.toContain(token);
  });
});

describe('events as they happen', () => {
  function listen(query = '') {
    const lines: string[] = [];
    const headers = { authorization: `Bearer ${token}` };
    const path = `/api/v1/events${query}`;
    const asked = httpRequest({
      host: '127.0.0.1',
      port: admin?.port,
      path,
      headers,
      agent: false,
    });
    const code = new Promise<number>((resolve) => {
      asked.on('response', (response) => {
        resolve(response.statusCode ?? 0);
        response.setEncoding('utf8').on('data', (part) => lines.push(part));
        response.on('error', () => undefined);
      });
    });
    asked.on('error', () => undefined);
    asked.end();
    return { code, lines, stop: () => asked.destroy() };
  }

  async function until(condition: () => boolean): Promise<void> {
    await expect.poll(condition, { timeout: 10_000 }).toBe(true);
  }

  test('each event is one data line; without content where asked', async () => {
    await start();
    const [full, bare] = [listen(), listen('?content=no')];
    expect(await full.code).toBe(200);
    expect(await bare.code).toBe(200);
    gateway.say(event('message', { from: 'alice', text: 'two\nlines\u2028' }));
    await until(
      () => full.lines.join('').includes('alice') && bare.lines.join('').includes('alice'),
    );
    const data = full.lines
      .join('')
      .split('\n')
      .filter((line) => line.startsWith('data: '));
    expect(data).toHaveLength(1);
    expect(JSON.parse(data[0]?.slice(6) ?? '').text).toBe('two\nlines\u2028');
    expect(bare.lines.join('')).not.toContain('lines');
    full.stop();
    bare.stop();
    await until(() => gateway.listeners.size === 0);
  });

  test('listeners are bounded, and leave room when they go', async () => {
    await start();
    const eight = Array.from({ length: 8 }, () => listen());
    for (const one of eight) expect(await one.code).toBe(200);
    expect(await listen().code).toBe(503);
    for (const one of eight) one.stop();
    await until(() => gateway.listeners.size === 0);
    const again = listen();
    expect(await again.code).toBe(200);
    again.stop();
  });

  test('a storm of events is thinned out, and what is lost is told', async () => {
    await start();
    const one = listen();
    expect(await one.code).toBe(200);
    const said = (pattern: RegExp) => one.lines.join('').match(pattern)?.length ?? 0;
    for (let i = 0; i < 5000; i++) gateway.say(event('message', { from: 'alice' }));
    await until(() => said(/^data: \{/gm) >= 200);
    await new Promise((resolve) => setTimeout(resolve, 150)); // a new window
    gateway.say(event('message', { from: 'bob' }));
    await until(() => one.lines.join('').includes('bob'));
    // On a busy machine the storm itself takes more than one window.
    const told = one.lines.join('').matchAll(/event: lost\ndata: (\d+)/g);
    const lost = [...told].reduce((sum, [, count]) => sum + Number(count), 0);
    expect(lost).toBeGreaterThan(0);
    expect(lost + said(/^data: \{/gm)).toBe(5001);
    one.stop();
  });

  test('what waits for a listener that does not read is bounded', () => {
    let waiting = 0;
    let now = 0;
    const written: string[] = [];
    const response = {
      get writableLength() {
        return waiting;
      },
      writeHead: () => undefined,
      write: (text: string) => {
        waiting += text.length;
        written.push(text);
      },
      on: (name: string, ended: () => void) => {
        if (name === 'close') close = ended;
      },
    };
    let close = (): void => undefined;
    const options = { content: true, now: () => now };
    streamEvents(gateway, response as unknown as ServerResponse, options, () => undefined);
    for (let i = 0; i < 1000; i++) {
      now += 1000; // never more than one in a window
      gateway.say(event('message', { text: 'y'.repeat(10_000) }));
    }
    expect(waiting).toBeGreaterThan(100_000);
    expect(waiting).toBeLessThan(300_000);
    const told = written.length - 1;
    waiting = 0;
    gateway.say(event('message', { text: 'last' }));
    expect(written.at(-2)).toBe(`event: lost\ndata: ${1000 - told}\n\n`);
    expect(written.at(-1)).toContain('"last"');
    close();
    expect(gateway.listeners.size).toBe(0);
  });
});

describe('starting', () => {
  test('a port in use is one clear line', async () => {
    const first = await start();
    const second = startAdmin(
      gateway,
      {
        tokenFile: join(folder, 'token'),
        metrics: 'loopback',
        listen: { address: '127.0.0.1', port: first.port },
      },
      openLog({ level: 'info', format: 'json' }, { write: () => undefined }),
    );
    await expect(second).rejects.toThrow(
      `admin server: 127.0.0.1:${first.port}: the port is in use`,
    );
  });

  test('IPv6', async () => {
    const { address, port } = await start({}, '::1');
    expect(address).toBe(`[::1]:${port}`);
    const answer = await fetch(`http://[::1]:${port}/healthz`);
    expect(answer.status).toBe(200);
  });

  test('without a token file one is made, for its owner only, and works', async () => {
    const before = process.env.RUNTIME_DIRECTORY;
    process.env.RUNTIME_DIRECTORY = join(folder, 'run');
    try {
      const { tokenFile, port } = await start({ tokenFile: undefined });
      expect(tokenFile).toBe(join(folder, 'run', `admin-${port}.token`));
      expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
      expect(statSync(join(folder, 'run')).mode & 0o777).toBe(0o700);
      const made = readFileSync(tokenFile, 'utf8').trim();
      expect(made).toMatch(/^[0-9a-f]{64}$/);
      expect((await ask('/api/v1/status', { authorization: `Bearer ${made}` })).code).toBe(200);
      await admin?.close();
      expect(existsSync(tokenFile)).toBe(false);
    } finally {
      if (before === undefined) delete process.env.RUNTIME_DIRECTORY;
      else process.env.RUNTIME_DIRECTORY = before;
    }
  });

  test.each([
    ['', 'no token'],
    ['short', 'no token'],
    ['two words but long enough', 'no token'],
    ['x'.repeat(5000), 'too large'],
    [undefined, 'no such file'],
  ])('token file %j: %s', async (content, why) => {
    const tokenFile = join(folder, 'other');
    if (content !== undefined) writeFileSync(tokenFile, content);
    await expect(start({ tokenFile })).rejects.toThrow(why);
  });

  test('a token that everybody may read is said', async () => {
    const tokenFile = join(folder, 'loose');
    writeFileSync(tokenFile, token);
    chmodSync(tokenFile, 0o644);
    await start({ tokenFile });
    expect(logged.join('')).toContain('chmod o-r');
  });

  test('a run folder that somebody else prepared is not used', () => {
    const [link, open] = [join(folder, 'link'), join(folder, 'open')];
    symlinkSync(tmpdir(), link);
    mkdirSync(open);
    chmodSync(open, 0o777);
    const next = join(folder, 'next');
    mkdirSync(next, { mode: 0o700 });
    const environment = (RUNTIME_DIRECTORY: string) => ({
      RUNTIME_DIRECTORY,
      XDG_RUNTIME_DIR: next,
    });
    for (const bad of [link, open]) expect(openRunFolder(environment(bad))).not.toBe(bad);
  });
});
