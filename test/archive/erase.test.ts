/** Erasures, in both databases: the text is gone from every octet that is kept, and the record is proven on. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Archive } from '../../appliance/archive/archive.ts';
import { verifyArchive } from '../../appliance/archive/evidence/verify/verify-archive.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { Appender } from '../../appliance/archive/record/appender.ts';
import { EventDrafts } from '../../appliance/archive/record/draft-event.ts';
import { backupArchive } from '../../appliance/archive/retention/backup-archive.ts';
import { eraseSubject } from '../../appliance/archive/retention/erase-subject.ts';
import { makeHold, releaseHold } from '../../appliance/archive/retention/holds.ts';
import { restoreArchive } from '../../appliance/archive/retention/restore-archive.ts';
import { accountSubject, personSubject } from '../../appliance/archive/retention/subjects.ts';
import { type ArchiveTarget, readTarget } from '../../appliance/archive/target.ts';
import { makeKeyFile } from '../../appliance/archive/vault/key-file.ts';
import { openVault } from '../../appliance/archive/vault/open-vault.ts';
import { describeEachDatabase } from '../support/archive-databases.ts';
import { type LineFacts, messageLine } from '../support/archive-lines.ts';

const TIME = Date.UTC(2026, 10, 26) * 1000;
/** No other text has these, in no test before: a PostgreSQL server has files for all of them. */
let terms: string[];
let secret: string;

let folder: string;
beforeEach(() => {
  terms = ['zanzibar', 'xylophone', 'tungsten'].map(
    (word) => word + randomBytes(6).toString('hex'),
  );
  secret = terms.slice(0, 2).join(' ');
  folder = mkdtempSync(join(tmpdir(), 'sallyport-erase-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const facts = (): LineFacts[] => [
  { time: TIME, text: `${secret} one`, person: 'Alice Martin', peers: ['Bob'] },
  { time: TIME + 1, text: 'I heard you', origin: 'server', person: 'Alice Martin', peers: ['Bob'] },
  // Her words in the leg of the one who got them.
  {
    time: TIME + 2,
    account: 'bob',
    peer: 'alice',
    origin: 'server',
    text: `${secret} two`,
    person: 'Bob',
    peers: ['Alice Martin'],
  },
  { time: TIME + 3, account: 'carol', peer: 'mallory', text: 'for mallory' },
  {
    time: TIME + 4,
    account: 'carol',
    peer: 'mallory',
    origin: 'server',
    text: `mallory speaks of ${terms[2]}`,
  },
];

async function filled(target: ArchiveTarget, sealed: boolean): Promise<Archive> {
  const keyFile = join(folder, 'kek');
  if (sealed && !existsSync(keyFile)) makeKeyFile(keyFile);
  const settings = {
    keyFile: sealed ? keyFile : undefined,
    keyCommand: undefined,
    index: 'blind' as const,
  };
  const vault = openVault(target, settings, { create: true });
  const archive = await openArchive(target, { create: true, vault });
  const drafts = new EventDrafts();
  await new Appender(archive).append(facts().flatMap((one) => drafts.read(messageLine(one)) ?? []));
  return archive;
}

/** Files in which the octets of a text stand, in UTF-8 or UTF-16. */
function traces(places: readonly string[], ...said: readonly (string | Buffer)[]): string[] {
  const wanted = said.flatMap((one) =>
    typeof one === 'string' ? [Buffer.from(one), Buffer.from(one, 'utf16le')] : [one],
  );
  return places
    .flatMap((place) => filesOf(place))
    .filter((file) => {
      const octets = readFileSync(file);
      return wanted.some((one) => octets.includes(one));
    });
}

function filesOf(place: string): string[] {
  if (!existsSync(place)) return [];
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place).flatMap((name) => filesOf(join(place, name)));
}

describeEachDatabase('erasure', (_open, place, kind) => {
  /** Where the octets of the archive are; of PostgreSQL the whole cluster. */
  const placesOf = async ({ target, database }: Archive): Promise<string[]> => {
    if (target.kind === 'sqlite') {
      return [target.path, `${target.path}-wal`, `${target.path}-shm`, target.home];
    }
    const [row] = await database.rows<{ folder: string }>(
      "SELECT current_setting('data_directory') AS folder",
    );
    return [row?.folder ?? '', target.home];
  };

  it('takes what a person said out of every octet, and out of backups', async () => {
    const archive = await filled(await place(), false);
    const places = await placesOf(archive);
    const backup = join(folder, 'backup.db');
    await backupArchive(archive, backup);
    if (kind === 'postgres') await archive.database.run('CHECKPOINT');
    expect(traces(places, ...terms.slice(0, 2))).not.toEqual([]);
    expect(traces([backup], ...terms.slice(0, 2))).toEqual([backup]);

    const subject = await personSubject(archive.database, 'Alice Martin');
    const report = await eraseSubject(archive, subject, 'request 114');
    expect(report).toMatchObject({ records: 2, sealed: 0, keys: 0 });
    expect(report.backups).toMatchObject([{ path: backup, records: 2, trouble: undefined }]);
    expect(traces(places, ...terms.slice(0, 2))).toEqual([]);
    expect(traces([backup, `${backup}-wal`], ...terms.slice(0, 2))).toEqual([]);
    // What others said is there.
    const rows = await archive.database.rows<{ sequence: number }>(
      'SELECT sequence FROM record WHERE content IS NOT NULL ORDER BY sequence',
    );
    expect(rows.map(({ sequence }) => sequence)).toEqual([2, 4, 5]);
    const verified = await verifyArchive(archive, { index: true });
    expect(verified.listed).toEqual([]);
    expect(verified.counts.erased).toBe(2);
    const copy = await openArchive(readTarget(backup));
    expect((await verifyArchive(copy)).listed).toEqual([]);
    await copy.close();

    // Once more: there is nothing left to do.
    expect(await eraseSubject(archive, subject, 'again')).toMatchObject({ records: 0, keys: 0 });
    await archive.close();
  });

  it('with encryption destroys the keys: what is anywhere cannot be read any more', async () => {
    const target = await place();
    const archive = await filled(target, true);
    const { database, vault } = archive;
    const places = await placesOf(archive);
    expect(traces(places, ...terms.slice(0, 2))).toEqual([]);
    const sealed = await database.rows<{
      sequence: number;
      content: Uint8Array;
      envelope: Uint8Array;
    }>('SELECT sequence, content, envelope FROM record ORDER BY sequence');
    const idOf = (at: number) =>
      JSON.parse(Buffer.from(sealed[at]?.envelope ?? []).toString()).event.id as string;
    const read = (at: number) => vault.unseal(idOf(at), sealed[at]?.content ?? new Uint8Array());
    expect(Buffer.from(read(0) ?? []).toString()).toContain(secret);
    const lost = join(folder, 'lost.db');
    await backupArchive(archive, lost);
    rmSync(lost);
    const blind = vault.terms(terms.slice(0, 2)).map((term) => Buffer.from(term));

    const subject = await personSubject(database, 'Alice Martin');
    const report = await eraseSubject(archive, subject, 'request 114');
    expect(report).toMatchObject({ records: 2, sealed: 2, keys: 1 });
    expect(report.backups).toMatchObject([{ path: lost, trouble: 'it is not there' }]);
    expect(read(0)).toBeUndefined();
    expect(read(2)).toBeUndefined();
    expect(Buffer.from(read(1) ?? []).toString()).toContain('heard');
    expect(traces(places, ...blind)).toEqual([]);
    expect((await verifyArchive(archive, { index: true })).listed).toEqual([]);
    // She goes on writing: with a new key.
    const drafts = new EventDrafts();
    const again = messageLine({ time: TIME + 9, text: 'hello again', person: 'Alice Martin' });
    await new Appender(archive).append([drafts.read(again) ?? []].flat());
    expect((await verifyArchive(archive, { index: true })).listed).toEqual([]);
    await archive.close();
  });

  it('is refused while a hold covers any of it, and names the hold', async () => {
    const archive = await filled(await place(), false);
    const { database } = archive;
    await makeHold(archive, 'case-9', { person: ['Bob'] });
    const subject = await personSubject(database, 'Alice Martin');
    await expect(eraseSubject(archive, subject, 'x')).rejects.toThrow(
      'person Alice Martin cannot be erased: held by case-9 (2 records)',
    );
    expect((await verifyArchive(archive)).counts.erased).toBe(0);
    await releaseHold(archive, 'case-9');
    expect((await eraseSubject(archive, subject, 'x')).records).toBe(2);
    await archive.close();
  });

  it('one account, and who cannot be meant', async () => {
    const archive = await filled(await place(), false);
    const { database } = archive;
    await expect(accountSubject(database, 'irc:alice')).rejects.toThrow(
      'irc:alice is an account of Alice Martin',
    );
    await expect(accountSubject(database, 'irc:nobody')).rejects.toThrow('knows no such account');
    await expect(accountSubject(database, 'mallory')).rejects.toThrow('is no account');
    await expect(personSubject(database, 'Eve')).rejects.toThrow('knows no account of a person');
    const report = await eraseSubject(archive, await accountSubject(database, 'irc:Mallory'), 'x');
    expect(report.records).toBe(1);
    expect(traces(await placesOf(archive), terms[2] ?? '')).toEqual([]);
    expect((await verifyArchive(archive)).listed).toEqual([]);
    await archive.close();
  });

  it.each([false, true])('a backup is restored, encrypted: %s', async (sealed) => {
    const archive = await filled(await place(), sealed);
    const { vault } = archive;
    const backup = join(folder, 'b.db');
    const { upTo } = await backupArchive(archive, backup);
    await expect(backupArchive(archive, backup)).rejects.toThrow('is there already');
    const target = await place();
    expect(await restoreArchive(backup, target, vault)).toMatchObject({ upTo });
    const restored = await openArchive(target, { vault });
    const verified = await verifyArchive(restored, { index: true });
    expect(verified.listed).toEqual([]);
    expect(verified.counts.contents).toBe(5);
    const nowhere = readTarget(join(folder, 'nowhere', 'a.db'));
    await expect(restoreArchive(backup, nowhere, vault)).rejects.toThrow('its folder is not there');
    await expect(restoreArchive(backup, target, vault)).rejects.toThrow(
      'a restore overwrites nothing',
    );
    await restored.database.close();
    await archive.close();
  });
});
