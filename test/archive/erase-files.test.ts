/** Erasures of people of whose transfers nothing but the file was kept: the file goes with the last of them. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Archive } from '../../appliance/archive/archive.ts';
import type { ArchiveDatabase, Envelope } from '../../appliance/archive/contract.ts';
import { verifyArchive } from '../../appliance/archive/evidence/verify/verify-archive.ts';
import { FileStore } from '../../appliance/archive/files/file-store.ts';
import { IncomingFolder } from '../../appliance/archive/files/incoming-folder.ts';
import { sweepFiles } from '../../appliance/archive/files/sweep-files.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { decodeEnvelope } from '../../appliance/archive/record/envelope.ts';
import { eventFacts } from '../../appliance/archive/record/event-facts.ts';
import { subjectOf } from '../../appliance/archive/record/subject-of.ts';
import { backupArchive } from '../../appliance/archive/retention/backup-archive.ts';
import { eraseContent } from '../../appliance/archive/retention/erase-content.ts';
import { eraseSubject } from '../../appliance/archive/retention/erase-subject.ts';
import { accountSubject } from '../../appliance/archive/retention/subjects.ts';
import { homePaths, readTarget } from '../../appliance/archive/target.ts';
import { makeKeyFile } from '../../appliance/archive/vault/key-file.ts';
import { openVault } from '../../appliance/archive/vault/open-vault.ts';
import { describeEachDatabase } from '../support/archive-databases.ts';
import { capturePath } from '../support/corpus.ts';
import { NO_LIMITS, readInto } from '../support/keep-files.ts';

const OFFICE = capturePath('irc-office.pcap');
/** Sent in it, and in xmpp-office: offer-2026.pdf. */
const OFFER = '87e479e7fe2ca945e3a480ac643b0d52eaf4af5b217c41b2a4e8e564576e39b7';
const METADATA =
  'sallyport: 1\nrules: [{ id: keep, on: file.*, also: [quarantine, { archive: metadata }] }]';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-erase-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Kept {
  readonly sequence: number;
  readonly subject: string;
}

async function keptBy(database: ArchiveDatabase, sha256: string): Promise<Kept[]> {
  const rows = await database.rows<{ sequence: number; envelope: Uint8Array; content: unknown }>(
    `SELECT record.sequence AS sequence, envelope, content FROM record
     JOIN transfer ON transfer.sequence = record.sequence WHERE sha256 = ? ORDER BY record.sequence`,
    sha256,
  );
  return rows.map(({ sequence, envelope, content }) => {
    expect(content).toBeNull();
    return { sequence, subject: subjectOf(eventFacts(decodeEnvelope(envelope).event ?? {})) };
  });
}

async function erasures(database: ArchiveDatabase): Promise<Envelope[]> {
  const rows = await database.rows<{ envelope: Uint8Array }>(
    `SELECT envelope FROM record WHERE kind = 'audit' ORDER BY sequence`,
  );
  return rows
    .map(({ envelope }) => decodeEnvelope(envelope))
    .filter(({ audit }) => audit?.action === 'erase' && audit.details?.ranges !== undefined);
}

describeEachDatabase('erasure of files whose events have no content', (_open, place, kind) => {
  const opened = async (sealed: boolean): Promise<Archive> => {
    const target = await place();
    const keyFile = join(folder, 'kek');
    if (sealed) makeKeyFile(keyFile);
    const settings = { keyFile, keyCommand: undefined, index: 'blind' as const };
    const vault = openVault(target, sealed ? settings : undefined, { create: true });
    return openArchive(target, { create: true, vault });
  };

  it.each(kind === 'sqlite' ? [false, true] : [false])(
    'takes theirs, and of others none; encrypted: %s',
    async (sealed) => {
      const archive = await opened(sealed);
      const { database, target } = archive;
      await readInto(archive, OFFICE, { rules: METADATA });
      await readInto(archive, capturePath('xmpp-office.pcapng.gz'), { rules: METADATA });
      const backup = join(folder, 'backup.db');
      await backupArchive(archive, backup);
      const store = new FileStore(homePaths(target).files);
      const kept = await keptBy(database, OFFER);
      const [first, second] = [...new Set(kept.map(({ subject }) => subject))];
      expect(store.has(OFFER) && first !== undefined && second !== undefined).toBe(true);

      for (const subject of [first ?? '', second ?? '']) {
        const theirs = kept.filter((one) => one.subject === subject);
        const report = await eraseSubject(
          archive,
          await accountSubject(database, subject),
          'asked',
        );
        expect(report.records).toBeGreaterThanOrEqual(theirs.length);
        expect(report.keys).toBe(sealed ? 1 : 0);
        expect(report.backups).toMatchObject([{ records: report.records, trouble: undefined }]);
        const left = await keptBy(database, OFFER);
        expect(left).toEqual(subject === first ? kept.filter((one) => one.subject !== first) : []);
        expect(store.has(OFFER)).toBe(subject === first);
        const named = (await erasures(database)).at(-1)?.audit?.details;
        expect(named).toMatchObject({ of: `account ${subject}`, count: report.records });
        const verified = await verifyArchive(archive, { index: true, files: true });
        expect(verified.listed).toEqual([]);
      }
      const copy = await openArchive(readTarget(backup), { vault: archive.vault });
      expect(await keptBy(copy.database, OFFER)).toEqual([]);
      expect((await verifyArchive(copy)).listed).toEqual([]);
      await copy.database.close();

      // An erasure of what never had content nor file is one that nobody made.
      const [other] = await database.rows<{ sequence: number }>(
        `SELECT sequence FROM record WHERE content IS NULL AND event = 'session.start' LIMIT 1`,
      );
      const audit = (await erasures(database)).length > 0 ? 1e6 : 0;
      await database.insert('erasure', ['sequence', 'erasure'], [[other?.sequence ?? 1, audit]]);
      expect((await verifyArchive(archive)).listed).toContainEqual(
        expect.objectContaining({ what: 'forged', sequence: other?.sequence ?? 1 }),
      );
      await archive.close();
    },
  );

  it.each(['the one takes', 'the other sweeps'])(
    'leaves what comes to the archive meanwhile: while %s',
    async (how) => {
      const archive = await opened(false);
      const { database, target } = archive;
      const { files } = homePaths(target);
      await readInto(archive, OFFICE, { rules: METADATA });
      const store = new FileStore(files);
      const all = [...store.all()].sort();
      await database.run('DELETE FROM transfer');
      const take = (into: Archive) => readInto(into, OFFICE, { rules: METADATA });
      if (how === 'the one takes') {
        const between = after(database, 'SELECT gone FROM file', () => sweepFiles(database, files));
        await take({ ...archive, database: between });
      } else {
        const between = after(database, 'SELECT sha256, size FROM file', () => take(archive));
        await sweepFiles(between, files);
      }
      expect([...store.all()].sort()).toEqual(all);
      expect(await database.rows(`SELECT sha256 FROM file WHERE gone IS NOT NULL`)).toEqual([]);
      await archive.close();
    },
  );

  it('takes what waits in incoming/, and says what nobody can tell the owner of', async () => {
    const archive = await opened(true);
    const { database, target, vault } = archive;
    const { incoming } = homePaths(target);
    const { takeOver } = await readInto(archive, OFFICE, { rules: METADATA });
    await database.run('DELETE FROM transfer');
    const rows = await database.rows<{ time: number; envelope: Uint8Array }>(
      `SELECT time, envelope FROM record WHERE event = 'file.complete'`,
    );
    const folder = new IncomingFolder(incoming, NO_LIMITS, 'test', vault.spool?.current());
    const wait = (id: string, time: number) => {
      const writer = folder.open();
      writer.write(Buffer.from('secret\n'));
      writer.keep({ id, time, sha256: OFFER, mime: 'text/plain', offset: 0 });
    };
    const theirs: string[] = [];
    for (const { time, envelope } of rows) {
      const { event } = decodeEnvelope(envelope);
      const id = String(event?.id);
      if (subjectOf(eventFacts(event ?? {})) === 'irc:mallory') theirs.push(id);
      wait(id, time);
    }
    const unknown = '00000000-0000-7000-8000-000000000000';
    wait(unknown, 1);
    expect([theirs.length > 0, theirs.length < rows.length]).toEqual([true, true]);
    const subject = await accountSubject(database, 'irc:mallory');
    writeFileSync(join(incoming, 'cut.note'), '');
    mkdirSync(join(incoming, 'set-aside'));
    writeFileSync(join(incoming, 'set-aside', 'x.note'), '');
    const again = await eraseSubject(archive, subject, 'asked');
    expect(again).toMatchObject({ waiting: 1, setAside: 1 });
    const left = readdirSync(incoming);
    for (const id of theirs) expect(left.filter((name) => name.startsWith(id))).toEqual([]);
    expect(left).toContain(unknown);
    expect(left).toHaveLength(2 * (rows.length - theirs.length + 1) + 2);
    await takeOver.run(false);
    expect(await keptBy(database, OFFER)).not.toContainEqual(
      expect.objectContaining({ subject: 'irc:mallory' }),
    );
    await archive.close();
  });

  it('takes a file that comes after its person was erased', async () => {
    const archive = await opened(false);
    const { database, target } = archive;
    const between = after(database, 'SELECT gone FROM file', async () => {
      const subject = await accountSubject(database, 'irc:mallory');
      expect((await eraseContent(archive, subject, 'asked')).records).toBeGreaterThan(1);
    });
    await readInto({ ...archive, database: between }, OFFICE);
    expect(await keptBy(database, OFFER)).toEqual([]);
    expect(new FileStore(homePaths(target).files).has(OFFER)).toBe(false);
    expect((await verifyArchive(archive, { files: true })).listed).toEqual([]);
    await archive.close();
  });
});

/** The database as it is, but that `work` is done once between such a statement and the next change. */
function after(
  database: ArchiveDatabase,
  start: string,
  work: () => Promise<unknown>,
): ArchiveDatabase {
  let state: 'before' | 'due' | 'done' = 'before';
  return new Proxy(database, {
    get(of, name) {
      const member: unknown = Reflect.get(of, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        if (name === 'rows' && state === 'before' && String(given[0]).startsWith(start)) {
          state = 'due';
        } else if (state === 'due' && (name === 'transaction' || name === 'run')) {
          state = 'done';
          return work().then(() => member.apply(of, given));
        }
        return member.apply(of, given);
      };
    },
  });
}
