/** An encrypted archive, as its readers use it: searched, proven, exported, erased from, and opened with a wrong key. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Archive } from '../../appliance/archive/archive.ts';
import { ArchiveError } from '../../appliance/archive/archive-error.ts';
import type { RecordQuery } from '../../appliance/archive/contract.ts';
import { Signer } from '../../appliance/archive/evidence/signer.ts';
import { verifyArchive } from '../../appliance/archive/evidence/verify/verify-archive.ts';
import { verifyExport } from '../../appliance/archive/export/verify-export.ts';
import { findFile } from '../../appliance/archive/files/get-file.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { Appender } from '../../appliance/archive/record/appender.ts';
import { EventDrafts } from '../../appliance/archive/record/draft-event.ts';
import { backupArchive } from '../../appliance/archive/retention/backup-archive.ts';
import { eraseContent } from '../../appliance/archive/retention/erase-content.ts';
import { eraseSubject } from '../../appliance/archive/retention/erase-subject.ts';
import { accountSubject, personSubject } from '../../appliance/archive/retention/subjects.ts';
import { searchRecords } from '../../appliance/archive/search/search-records.ts';
import { type ArchiveTarget, readTarget } from '../../appliance/archive/target.ts';
import { makeKeyFile } from '../../appliance/archive/vault/key-file.ts';
import { openVault } from '../../appliance/archive/vault/open-vault.ts';
import { describeEachDatabase } from '../support/archive-databases.ts';
import { type LineFacts, messageLine } from '../support/archive-lines.ts';
import { capturePath } from '../support/corpus.ts';
import { exportTo } from '../support/export-for-test.ts';
import { readInto } from '../support/keep-files.ts';

const TIME = Date.UTC(2026, 10, 26) * 1000;
/** Sent in irc-office by irc:mallory. */
const OFFER = '87e479e7fe2ca945e3a480ac643b0d52eaf4af5b217c41b2a4e8e564576e39b7';
const FACTS: readonly LineFacts[] = [
  { time: TIME, text: 'Project FALCON starts tomorrow', person: 'Alice Martin', peers: ['Bob'] },
  {
    ...{ time: TIME + 1, origin: 'server', text: 'the falcón project is a bird' },
    ...{ person: 'Alice Martin', peers: ['Bob'] },
  },
  { time: TIME + 2, account: 'carol', peer: 'dave', text: 'falconry at noon' },
];

let folder: string;
let keyFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-encrypted-'));
  keyFile = join(folder, 'kek');
  makeKeyFile(keyFile);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function filled(target: ArchiveTarget, index: 'blind' | 'off'): Promise<Archive> {
  const vault = openVault(target, { keyFile, keyCommand: undefined, index }, { create: true });
  const archive = await openArchive(target, { create: true, vault });
  const drafts = new EventDrafts();
  await new Appender(archive).append(FACTS.flatMap((one) => drafts.read(messageLine(one)) ?? []));
  return archive;
}

async function found(archive: Archive, query: RecordQuery): Promise<number[]> {
  const sequences: number[] = [];
  for await (const { record } of searchRecords(archive, query)) sequences.push(record.sequence);
  return sequences;
}

const CASES: readonly (readonly [RecordQuery, readonly number[]])[] = [
  [{ text: 'falcon' }, [2, 1]],
  [{ text: 'FALCÓN -bird' }, [1]],
  [{ text: '"project falcon"' }, [1]],
  [{ text: '"falcon project"' }, [2]],
  [{ text: 'project falcon', person: ['Bob'] }, [2, 1]],
  [{ person: ['carol'] }, [3]],
  [{ text: 'confession' }, []],
];

describeEachDatabase('an encrypted archive', (_open, place) => {
  it.each(['blind', 'off'] as const)('is searched and proven; index: %s', async (index) => {
    const archive = await filled(await place(), index);
    for (const [query, expected] of CASES) {
      expect(await found(archive, query), JSON.stringify(query)).toEqual(expected);
    }
    if (index === 'off') expect(await found(archive, { text: 'falc*' })).toEqual([3, 2, 1]);
    else {
      await expect(found(archive, { text: 'falc*' })).rejects.toMatchObject({
        message: expect.stringContaining('falc*: the index of this archive has keyed digests'),
        advice: 'Write the whole word.',
      });
    }
    expect((await verifyArchive(archive, { index: true })).listed).toEqual([]);
    if (index === 'blind') {
      await archive.database.unindex([2]);
      const { listed } = await verifyArchive(archive, { index: true });
      expect(listed).toMatchObject([{ what: 'changed', sequence: 2, where: 'search index' }]);
    }
    await archive.close();
  });

  it('is exported as it reads, and erased in tables, files and copies', async () => {
    const archive = await filled(await place(), 'blind');
    const { database, vault } = archive;
    await Signer.open(archive);
    await readInto(archive, capturePath('irc-office.pcap'));
    for (const format of ['jsonl', 'html'] as const) {
      const out = join(folder, format);
      await exportTo(archive, out, format, { withFiles: true });
      expect(await verifyExport(out, undefined)).toMatchObject({ problem: undefined });
      const pages = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith(format),
      );
      const text = pages.map((page) => readFileSync(join(out, page), 'utf8')).join();
      expect(text).toContain('Project FALCON starts tomorrow');
    }

    const backup = join(folder, 'backup.db');
    await backupArchive(archive, backup);
    const mallory = await accountSubject(database, 'irc:mallory');
    await eraseContent(archive, mallory, 'asked');
    const alice = await personSubject(database, 'Alice Martin');
    const report = await eraseSubject(archive, alice, 'asked');
    expect(report).toMatchObject({ records: 1, sealed: 1, keys: 1 });
    expect(report.files).toBeGreaterThan(0);
    await expect(findFile(archive, OFFER)).rejects.toThrow();
    expect(await found(archive, { text: 'falcon', person: ['Bob'] })).toEqual([2]);
    expect((await verifyArchive(archive, { index: true, files: true })).listed).toEqual([]);
    const copy = await openArchive(readTarget(backup), { vault });
    const states: string[] = [];
    for await (const { record } of searchRecords(copy, { person: ['Bob'], to: TIME + 9 })) {
      states.push(`${record.sequence} ${record.state}`);
    }
    expect(states).toEqual(['2 there', '1 erased']);
    await copy.database.close();
    await archive.close();
  });

  it('opens with its key; without it says so, and another one is refused', async () => {
    const target = await place();
    await (await filled(target, 'blind')).close();
    const other = join(folder, 'other');
    makeKeyFile(other);
    const open = (file: string) =>
      openVault(target, { keyFile: file, keyCommand: undefined, index: 'blind' });
    expect(() => open(other)).toThrow(ArchiveError);
    expect(() => open(join(folder, 'nowhere'))).toThrow('the key cannot be read');

    const locked = await openArchive(target);
    expect((await verifyArchive(locked)).listed).toEqual([]);
    await expect(verifyArchive(locked, { index: true })).rejects.toThrow('no key was given');
    await expect(found(locked, { text: 'falcon' })).rejects.toMatchObject({
      message: expect.stringContaining('no key was given'),
      advice: expect.stringContaining('--config sallyport.yaml'),
    });
    // Envelopes need no key.
    expect(await found(locked, { person: ['carol'] })).toEqual([3]);
    for await (const { record } of searchRecords(locked, { person: ['carol'] })) {
      expect(record).toMatchObject({ state: 'locked', content: undefined });
    }
    const drafts = [new EventDrafts().read(messageLine(FACTS[0] ?? { time: TIME })) ?? []].flat();
    await expect(new Appender(locked).append(drafts)).rejects.toThrow('content cannot be stored');
    await locked.close();
    const again = await openArchive(target, { vault: open(keyFile) });
    expect(await found(again, { text: 'falcon' })).toEqual([2, 1]);
    await again.close();
  });
});
