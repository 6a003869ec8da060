import { hash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifiedIds } from '../../../test/support/archived-ids.ts';
import { spawnSqlite } from '../../../test/support/sqlite-thread.ts';
import { DEFAULT_ARCHIVE } from '../../config/default-settings.ts';
import type { ArchiveSettings } from '../../config/settings.ts';
import type { Vault } from '../contract.ts';
import { IncomingFolder } from '../files/incoming-folder.ts';
import { Spool } from '../spool/spool.ts';
import { EntryKind } from '../spool/spool-entry.ts';
import { readTarget } from '../target.ts';
import { keyFile as heldIn, makeKeyFile } from '../vault/key-file.ts';
import { KeyStore } from '../vault/key-store.ts';
import { openVault } from '../vault/open-vault.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { DatabaseLink } from './database-link.ts';
import { MemorySpool } from './memory-spool.ts';
import { REFUSED_ID } from './refused-lines.ts';

let folder: string;
let where: string;
let keyFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealed-writer-'));
  where = join(folder, 'archive.db');
  keyFile = join(folder, 'kek');
  makeKeyFile(keyFile);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function writer(encryption: Partial<ArchiveSettings['encryption']> = { keyFile }): ArchiveWriter {
  return new ArchiveWriter({
    target: readTarget(where),
    settings: {
      ...DEFAULT_ARCHIVE,
      store: where,
      spool: { size: 2 ** 20, sync: 'never' },
      encryption: { ...DEFAULT_ARCHIVE.encryption, ...encryption },
    },
    through: 'spool',
    log: () => undefined,
    acknowledge: () => undefined,
    failed: () => undefined,
    spawn: spawnSqlite,
  });
}

function line(id: string): string {
  const flow = { kind: 'message', service: 'irc', protocol: 'irc', visibility: 'content' };
  const ts = '2026-11-26T08:00:00.000000Z';
  const who = { account: 'alice', from: 'alice', to: ['bob'], text: `the eagle lands ${id}` };
  return JSON.stringify({ v: 1, id, ts, ...flow, ...who });
}

function lines(...ids: string[]): Buffer {
  return Buffer.from(ids.map((id) => `${line(id)}\n`).join(''));
}

function spooled(): Buffer {
  const spool = `${where}.d/spool`;
  return Buffer.concat(readdirSync(spool).map((name) => readFileSync(join(spool, name))));
}

/** Events that wait in the spool when the writer comes; sealed, where there is a vault. */
function leave(vault: Vault | undefined, ...ids: string[]): void {
  mkdirSync(`${where}.d/spool`, { recursive: true, mode: 0o700 });
  const spool = new Spool(`${where}.d/spool`, { size: 2 ** 20, sync: 'never' });
  spool.unlock(vault?.spool);
  spool.add(EntryKind.Event, lines(...ids));
  spool.close();
  vault?.close();
}

test('what waits for the database is sealed, and is archived; what was plain before, too', async () => {
  leave(undefined, 'old');
  expect(spooled().includes('eagle')).toBe(true);
  const first = writer();
  await first.start();
  await expect.poll(() => first.status.spoolOctets, { timeout: 10_000 }).toBe(0);
  const other = new Database(where);
  other.exec('BEGIN IMMEDIATE');
  first.lines(lines('a', 'b'));
  const octets = spooled();
  expect(octets.length).toBeGreaterThan(600);
  for (const word of ['eagle', 'alice', 'message']) expect(octets.includes(word)).toBe(false);
  const stopping = first.stop(0);
  other.close();
  await stopping;
  const next = writer();
  await next.start();
  next.lines(lines('c'));
  await next.stop(10_000);
  expect(next.status).toMatchObject({ lost: 0, refused: 0, spoolOctets: 0 });
  expect(await verifiedIds(readTarget(where))).toEqual(['old', 'a', 'b', 'c']);
});

test('without its keys it does not begin, says why, and loses nothing', async () => {
  const settings = { ...DEFAULT_ARCHIVE.encryption, keyFile };
  leave(openVault(readTarget(where), settings, { create: true }), 'a', 'b');
  const keys = `${where}.d/keys.db`;
  const before = spooled();

  await expect(writer({}).start()).rejects.toThrow('encrypted, and no key is configured');
  renameSync(keyFile, `${keyFile}.away`);
  await expect(writer().start()).rejects.toThrow('the key cannot be read');
  renameSync(`${keyFile}.away`, keyFile);
  renameSync(keys, `${keys}.away`);
  for (const settings of [{ keyFile }, {}]) {
    await expect(writer(settings).start()).rejects.toMatchObject({
      message: expect.stringContaining('sealed events wait in it, and cannot be read'),
      advice: expect.stringContaining('bring back the newest copy of keys.db'),
    });
    expect(existsSync(keys)).toBe(false); // none is made in its place
  }
  renameSync(`${keys}.away`, keys);
  const segments = /^\d+-\d+\.sealed$/;
  const names = readdirSync(`${where}.d/spool`).filter((name) => segments.test(name));
  const [name = ''] = names;
  expect(names).toHaveLength(1);
  expect(before.includes(readFileSync(`${where}.d/spool/${name}`))).toBe(true);

  const store = new KeyStore(keys, heldIn(keyFile));
  makeKeyFile(join(folder, 'new'));
  store.rewrap(heldIn(join(folder, 'new')));
  store.close();
  const next = writer({ keyFile: join(folder, 'new') });
  await next.start();
  await next.stop(10_000);
  expect(next.status).toMatchObject({ archived: 2, lost: 0, spoolOctets: 0 });
  expect(await verifiedIds(readTarget(where))).toEqual(['a', 'b']);
});

test('files that wait are sealed, and need their keys as the spool does; those that waited in plain are taken too', async () => {
  const encryption = { ...DEFAULT_ARCHIVE.encryption, keyFile };
  const first = writer();
  await first.start();
  await first.stop(10_000);
  const vault = openVault(readTarget(where), encryption);
  const events = [vault.spool?.current(), undefined].map((key, n) => {
    const to = new IncomingFolder(`${where}.d/incoming`, DEFAULT_ARCHIVE.files, `w-${n}`, key);
    const content = Buffer.from(`the eagle lands ${n}`);
    const sha256 = hash('sha256', content, 'hex');
    const id = `00000000-0000-7000-8000-00000000000${n}`;
    const writer = to.open();
    writer.write(content);
    writer.keep({ id, time: Date.UTC(2026, 10, 26) * 1000, sha256, mime: undefined, offset: 0 });
    const flow = { kind: 'file.complete', service: 'irc', protocol: 'irc', visibility: 'content' };
    const event = { v: 1, id, ts: '2026-11-26T00:00:00.000000Z', ...flow, from: 'alice' };
    return { ...event, file: { name: 'plan', size: content.length, sha256 } };
  });
  vault.close();
  const keys = `${where}.d/keys.db`;
  renameSync(keys, `${keys}.away`);
  await expect(writer().start()).rejects.toMatchObject({
    message: expect.stringMatching(/incoming.*0000: a sealed file waits in it, and cannot be/),
    advice: expect.stringContaining('bring back the newest copy of keys.db'),
  });
  expect(existsSync(keys)).toBe(false);
  renameSync(`${keys}.away`, keys);
  const store = new KeyStore(keys, heldIn(keyFile));
  makeKeyFile(join(folder, 'new'));
  store.rewrap(heldIn(join(folder, 'new')));
  expect(store.retire()).toBe(1);
  store.close();
  const next = writer({ keyFile: join(folder, 'new') });
  await next.start();
  next.lines(Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join('')));
  await next.stop(10_000);
  expect(next.status.files).toMatchObject({ kept: 2, orphaned: 0, damaged: 0 });
  expect(readdirSync(`${where}.d/incoming`)).toEqual([]);
  expect(readdirSync(`${where}.d/files`)).toHaveLength(2);
});

test('keys that go while a gateway runs are not made anew, and nothing is recorded until they are back', async () => {
  const settings = { ...DEFAULT_ARCHIVE, encryption: { ...DEFAULT_ARCHIVE.encryption, keyFile } };
  const spool = new MemorySpool(() => undefined);
  const parts = { target: readTarget(where), settings, spawn: spawnSqlite, spool };
  const link = new DatabaseLink(parts, 'spool.test');
  await link.connect();
  expect(link.key?.number).toBe(1);
  await link.close();
  const keys = `${where}.d/keys.db`;
  renameSync(keys, `${keys}.away`);
  await expect(link.connect()).rejects.toThrow(`${keys}: is gone`);
  expect(existsSync(keys)).toBe(false);
  renameSync(`${keys}.away`, keys);
  expect((await link.connect())?.archive.vault.encrypts).toBe(true);
  await link.close();
});

test('a line in quarantine is sealed', async () => {
  const one = writer();
  await one.start();
  one.lines(Buffer.from('the eagle is no event\n'));
  await one.stop(10_000);
  expect(one.status.refused).toBe(1);
  const text = readFileSync(`${where}.d/spool/refused.jsonl`, 'utf8');
  expect(text).not.toContain('eagle');
  const { sealed, why } = JSON.parse(text);
  expect(why).toBe('it is no event');
  const vault = openVault(readTarget(where), { ...DEFAULT_ARCHIVE.encryption, keyFile });
  const opened = vault.unseal(REFUSED_ID, Buffer.from(sealed, 'base64'));
  expect(Buffer.from(opened ?? []).toString()).toBe('the eagle is no event');
  vault.close();
});
