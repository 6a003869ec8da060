import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openArchive } from '../../open-archive.ts';
import { Appender } from '../../record/appender.ts';
import { EventDrafts } from '../../record/draft-event.ts';
import { readTarget } from '../../target.ts';
import { verifyArchive } from './verify-archive.ts';

const EVENTS = 50;
const ABOUT = {
  ...{ v: 1, kind: 'message', ts: '2026-11-26T08:00:00Z' },
  ...{ service: 'irc', visibility: 'content' },
};

let folder: string;
let path: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-damaged-'));
  path = join(folder, 'archive.db');
  const archive = await openArchive(readTarget(path), { create: true });
  const reader = new EventDrafts();
  const drafts = Array.from({ length: EVENTS }, (_, n) =>
    reader.draft({ ...ABOUT, id: `e${n}`, from: 'alice', to: ['bob'], text: 'falcon' }),
  ).filter((draft) => draft !== undefined);
  await new Appender(archive).append(drafts);
  await archive.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

async function verified() {
  const archive = await openArchive(readTarget(path), { readOnly: true });
  try {
    return await verifyArchive(archive);
  } finally {
    await archive.close();
  }
}

/** What a disk does that gives back empty sectors: the whole page in which a table or an index begins. */
function emptyPage(name: string): void {
  const file = new Database(path, { readonly: true });
  const page = file.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').pluck().get(name);
  const size = Number(file.pragma('page_size', { simple: true }));
  file.close();
  const handle = openSync(path, 'r+');
  writeSync(handle, Buffer.alloc(size), 0, size, (Number(page) - 1) * size);
  closeSync(handle);
}

test.each(['record_time', 'record_account', 'party_person'])(
  'an index that only searches read, %s, emptied by the disk, is a break',
  async (name) => {
    expect((await verified()).clean).toBe(true);
    emptyPage(name);
    const { clean, firstBreak } = await verified();
    expect(clean).toBe(false);
    expect(firstBreak).toMatchObject({ what: 'changed', where: 'file' });
    expect(firstBreak?.text).toMatch(/^table \w+ is damaged: /);
  },
);

test('a search index whose pages do not fit together is a break', async () => {
  const file = new Database(path);
  file.unsafeMode(true); // else FTS5 guards its tables
  file.exec('UPDATE record_text_data SET block = zeroblob(length(block)) WHERE id > 10');
  file.close();
  const { clean, firstBreak } = await verified();
  expect(clean).toBe(false);
  expect(firstBreak).toMatchObject({ what: 'changed', where: 'file' });
  expect(firstBreak?.text).toMatch(/^the search index is damaged: /);
});

test('tables that are emptied, and files that are cut short, are never verified', async () => {
  emptyPage('record');
  await expect(verified()).rejects.toThrow(/archive\.db: the file is damaged \(SQLITE_CORRUPT\)/);
  truncateSync(path, 8192);
  await expect(verified()).rejects.toThrow(/archive\.db: the file is damaged \(SQLITE_CORRUPT\)/);
});
