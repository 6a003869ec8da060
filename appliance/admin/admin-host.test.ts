import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../config/default-settings.ts';
import type { AdminSettings, GatewaySettings } from '../config/settings.ts';
import { changeOver } from '../live/change-over.ts';
import { FakeGateway, outcome } from '../live/gateway.fixture.ts';
import { SILENT_LOG } from '../log/log.ts';
import { AdminHost } from './admin-host.ts';

let folder = '';
let host: AdminHost;
let runtime: string | undefined;
const tokens = ['first-token-of-the-test', 'second-token-of-the-test'] as const;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-admin-host-'));
  runtime = process.env.RUNTIME_DIRECTORY;
  process.env.RUNTIME_DIRECTORY = folder;
  for (const [n, token] of tokens.entries()) writeFileSync(join(folder, `${n}`), `${token}\n`);
  const gateway = new FakeGateway();
  gateway.now = { ...gateway.now, at: Date.now() };
  host = new AdminHost(gateway, SILENT_LOG);
  // As the supervisor does: the reload that an answer tells of moves the server that gives it.
  gateway.reload = async () => {
    const faults = await changeOver([host], next);
    return { ...outcome(faults.length === 0), diagnostics: faults };
  };
});
afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true });
  if (runtime === undefined) delete process.env.RUNTIME_DIRECTORY;
  else process.env.RUNTIME_DIRECTORY = runtime;
});

let next: GatewaySettings;
const wanted = (admin: Partial<AdminSettings>): GatewaySettings => {
  next = {
    ...DEFAULT_SETTINGS,
    admin: { listen: undefined, tokenFile: join(folder, '0'), metrics: 'loopback', ...admin },
  };
  return next;
};
const at = (port: number, address = '127.0.0.1') => ({ listen: { address, port } });

async function status(port: number, path: string, token?: string, method = 'GET'): Promise<number> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers });
    await answer.text();
    return answer.status;
  } catch {
    return 0;
  }
}

/** The next one to try. Each is used once: `fetch` keeps connections, also of a server that is gone. */
let nextPort = 20_000 + ((process.pid * 16) % 12_000);

/** Ports that are free, and that the system gives nobody: those it chooses itself lie above 32767. */
async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (; ports.length < count; nextPort++) if (await isFree(nextPort)) ports.push(nextPort);
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listens = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '0.0.0.0', () => resolve(true));
  });
  await new Promise((resolve) => server.close(resolve));
  return listens;
}

test('it moves to another port; the answer that tells of it still comes', async () => {
  const [a = 0, b = 0] = await freePorts(2);
  await host.start(wanted(at(a)).admin);
  wanted(at(b));
  expect(await status(a, '/-/reload', tokens[0], 'POST')).toBe(200);
  expect(await status(b, '/healthz')).toBe(200);
  expect(await status(a, '/healthz')).toBe(0);
  expect(host.address).toBe(`127.0.0.1:${b}`);
});

test('a port that is in use leaves it where it is', async () => {
  const [a = 0, b = 0] = await freePorts(2);
  await host.start(wanted(at(a)).admin);
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(b, '127.0.0.1', resolve));
  expect(await changeOver([host], wanted(at(b)))).toEqual([
    `admin server: 127.0.0.1:${b}: the port is in use`,
  ]);
  expect(await status(a, '/healthz')).toBe(200);
  await new Promise((resolve) => taken.close(resolve));
});

test('the same port of all addresses, and back where another part cannot go over', async () => {
  const [a = 0] = await freePorts(1);
  await host.start(wanted({ ...at(a), tokenFile: undefined }).admin);
  const left = () => readdirSync(folder).filter((name) => name.endsWith('.token'));
  expect(left()).toEqual([`admin-${a}.token`]);
  const all = wanted({ ...at(a, '0.0.0.0'), tokenFile: undefined });
  const refusing = { prepare: () => Promise.reject(new Error('no')) };
  expect(await changeOver([host, refusing], all)).toEqual(['no']);
  expect(await status(a, '/healthz')).toBe(200);
  expect(host.address).toBe(`127.0.0.1:${a}`);
  expect(left()).toEqual([`admin-${a}.token`]);
  expect(await changeOver([host], all)).toEqual([]);
  expect(host.address).toBe(`0.0.0.0:${a}`);
  expect(await status(a, '/healthz')).toBe(200);
  expect(left()).toEqual([`admin-${a}.token`]);
});

test('another token, an exchanged one, and who may read metrics, without a new socket', async () => {
  const [a = 0] = await freePorts(1);
  await host.start(wanted(at(a)).admin);
  expect(await status(a, '/api/v1/status', tokens[0])).toBe(200);
  expect(await status(a, '/metrics')).toBe(200);
  const second = wanted({ ...at(a), tokenFile: join(folder, '1'), metrics: 'token' });
  expect(await changeOver([host], second)).toEqual([]);
  expect(await status(a, '/api/v1/status', tokens[0])).toBe(401);
  expect(await status(a, '/api/v1/status', tokens[1])).toBe(200);
  expect(await status(a, '/metrics')).toBe(401);
  writeFileSync(join(folder, '1'), 'a-third-token-of-the-test\n');
  expect(await changeOver([host], second)).toEqual([]);
  expect(await status(a, '/metrics', 'a-third-token-of-the-test')).toBe(200);
});

test('a token that cannot be read: a new one is a fault, the one before goes on', async () => {
  const [a = 0] = await freePorts(1);
  await host.start(wanted(at(a)).admin);
  const nowhere = join(folder, 'nowhere');
  expect(await changeOver([host], wanted({ ...at(a), tokenFile: nowhere }))).toHaveLength(1);
  rmSync(join(folder, '0'));
  expect(await changeOver([host], wanted(at(a)))).toEqual([]);
  expect(await status(a, '/api/v1/status', tokens[0])).toBe(200);
});

test('it begins and ends; a token made for it goes with it', async () => {
  const [a = 0] = await freePorts(1);
  await host.start(wanted({}).admin);
  expect(host.address).toBeUndefined();
  expect(await changeOver([host], wanted({ ...at(a), tokenFile: undefined }))).toEqual([]);
  expect(existsSync(join(folder, `admin-${a}.token`))).toBe(true);
  expect(await status(a, '/healthz')).toBe(200);
  expect(await changeOver([host], wanted({ tokenFile: undefined }))).toEqual([]);
  expect(existsSync(join(folder, `admin-${a}.token`))).toBe(false);
  expect(await status(a, '/healthz')).toBe(0);
});
