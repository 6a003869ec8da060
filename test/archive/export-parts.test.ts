/** What stands beside text in an export: kept files, and in plain words what is not there any more. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Archive } from '../../appliance/archive/archive.ts';
import { verifyExport } from '../../appliance/archive/export/verify-export.ts';
import { walkFolder } from '../../appliance/archive/export/walk-folder.ts';
import { FileStore } from '../../appliance/archive/files/file-store.ts';
import { readPieces } from '../../appliance/archive/files/read-pieces.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { homePaths } from '../../appliance/archive/target.ts';
import { describeEachDatabase } from '../support/archive-databases.ts';
import { exportTo, readBack } from '../support/export-for-test.ts';
import { fillArchive, hostileEvents } from '../support/hostile-archive.ts';
import { needs } from '../support/need.ts';

const python = needs({ tools: ['python3'] });
/** The first night. */
const EVENTS = hostileEvents()
  .filter(({ line }) => line.length < 5000)
  .slice(0, 71);
const CONTENT = Buffer.from('\0\r\n.\r\n=FF octets that no text has \xff', 'latin1');
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-export-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describeEachDatabase('an export', (_open, place) => {
  async function opened(work: (archive: Archive) => Promise<void>): Promise<void> {
    const archive = await openArchive(await place(), { create: true });
    try {
      await fillArchive(archive, EVENTS);
      await work(archive);
    } finally {
      await archive.close();
    }
  }

  it.skipIf(python.skip)(`takes kept files along${python.why}`, async () => {
    await opened(async (archive) => {
      await keepFile(archive);
      const mail = join(folder, 'eml');
      const manifest = await exportTo(archive, mail, 'eml', { withFiles: true });
      expect(manifest?.counts.files).toBe(1);
      const paths = [...walkFolder(mail)].map(({ name }) => join(mail, name));
      const mails = readBack<{ attachments: unknown[] }>(
        'eml',
        paths.filter((path) => path.endsWith('.eml')),
      );
      expect(mails.flatMap(({ attachments }) => attachments)).toEqual([
        { name: `${SHA256}.png`, type: 'image/png', octets: CONTENT.toString('hex') },
      ]);
      expect(existsSync(join(mail, 'files'))).toBe(false);
      for (const format of ['csv', 'edrm', 'html'] as const) {
        const out = join(folder, format);
        await exportTo(archive, out, format, { withFiles: true });
        const kept = join(out, 'files', SHA256.slice(0, 2), `${SHA256}.png`);
        expect(readFileSync(kept)).toEqual(CONTENT);
        expect((await verifyExport(out, undefined)).problem).toBeUndefined();
      }
      const load = readFileSync(join(folder, 'edrm', 'edrm.xml'), 'utf8');
      expect(load).toContain('<Relationship Type="Attachment" ParentDocId="c0');
      // Damaged since: said, and not taken along.
      writeFileSync(new FileStore(homePaths(archive.target).files).pathOf(SHA256), 'other octets');
      const damaged = join(folder, 'damaged');
      const told = await exportTo(archive, damaged, 'jsonl', { withFiles: true });
      expect(told?.counts.leftOut.filesGone).toBe(1);
      expect(existsSync(join(damaged, 'files'))).toBe(false);
    });
  });

  it('says what was erased', async () => {
    await opened(async (archive) => {
      await archive.database.run('UPDATE record SET content = NULL WHERE sequence = 2');
      const out = join(folder, 'jsonl');
      const manifest = await exportTo(archive, out, 'jsonl');
      expect(manifest?.counts.leftOut.contentErased).toBe(1);
      const [, event = ''] = readFileSync(join(out, 'events.jsonl'), 'utf8').split('\n');
      expect(JSON.parse(event)).toMatchObject({ kind: 'message', from: 'alice@a.example' });
      expect(event).not.toContain('"text"');
      expect(readFileSync(join(out, 'records.jsonl'), 'utf8')).toContain('"state":"erased"');
      expect((await verifyExport(out, undefined)).problem).toBeUndefined();
      const pages = join(folder, 'html');
      await exportTo(archive, pages, 'html');
      expect(readFileSync(join(pages, 'index.html'), 'utf8')).toContain('content erased');
    });
  });

  it('of a query has what it selects', async () => {
    await opened(async (archive) => {
      const selection = { sql: 'record.sequence BETWEEN ? AND ?', values: [5, 9] };
      const out = join(folder, 'some');
      const manifest = await exportTo(archive, out, 'jsonl', { selection });
      expect(manifest?.records).toMatchObject({ first: { sequence: 5 }, last: { sequence: 9 } });
      const events = readFileSync(join(out, 'events.jsonl'), 'utf8').trimEnd().split('\n');
      expect(events).toEqual(EVENTS.slice(4, 9).map(({ line }) => line));
      expect((await verifyExport(out, undefined)).records).toBe(5);
      const none = join(folder, 'none');
      for (const format of ['jsonl', 'csv', 'eml', 'edrm', 'html'] as const) {
        const nothing = { sql: '1 = 0', values: [] };
        await exportTo(archive, join(none, format), format, { selection: nothing });
        expect((await verifyExport(join(none, format), undefined)).problem).toBeUndefined();
      }
    });
  });
});

/** As files/ keeps them: in the store, and tied to the record of its offer. */
async function keepFile({ database, target }: Archive): Promise<void> {
  const source = join(folder, 'source');
  writeFileSync(source, CONTENT);
  new FileStore(homePaths(target).files).put(readPieces(source), SHA256, CONTENT.length);
  const [record] = await database.rows<{ sequence: number }>(
    `SELECT sequence FROM record WHERE event = 'file.offer' ORDER BY sequence LIMIT 1`,
  );
  await database.insert(
    'file',
    ['sha256', 'size', 'mime', 'stored'],
    [[SHA256, CONTENT.length, 'image/png', 0]],
  );
  await database.insert('transfer', ['sequence', 'sha256'], [[record?.sequence ?? 0, SHA256]]);
}
