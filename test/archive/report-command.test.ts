/** `archive report` and `archive files` as a user types them. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { readTarget } from '../../appliance/archive/target.ts';
import { runHere } from '../cli/run-here.ts';
import { capturePath } from '../support/corpus.ts';
import { readInto } from '../support/keep-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-report-'));
const db = join(folder, 'day.db');
const OFFER = '87e479e7fe2ca945e3a480ac643b0d52eaf4af5b217c41b2a4e8e564576e39b7';

beforeAll(async () => {
  const archive = await openArchive(readTarget(db), { create: true });
  await readInto(archive, capturePath('irc-office.pcap'));
  await archive.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(...words: string[]) {
  return runHere(['archive', ...words, '--archive', db]);
}

async function audited(action: string): Promise<Record<string, unknown>[]> {
  const archive = await openArchive(readTarget(db), { readOnly: true });
  const rows = await archive.database.rows<{ envelope: Uint8Array }>(
    "SELECT envelope FROM record WHERE kind = 'audit' ORDER BY sequence",
  );
  await archive.close();
  return rows
    .map(({ envelope }) => JSON.parse(Buffer.from(envelope).toString()).audit)
    .filter((audit) => audit.action === action);
}

test('files lists what was kept, and by whom', async () => {
  const { code, stdout } = await run('files', '--json');
  expect(code).toBe(0);
  const files = stdout.trimEnd().split('\n');
  const listed = files.map((line) => JSON.parse(line));
  expect(listed.map(({ name, size, state, complete }) => [name, size, state, complete])).toEqual([
    ['price list 2026.xlsx', 30_000, 'kept', true],
    ['offer-2026.pdf', 2519, 'kept', true],
  ]);
  expect(listed[1]).toMatchObject({ sha256: OFFER, from: 'Mallory', to: ['Anna_L'] });
  expect(await audited('files')).toHaveLength(1);
  const none = await run('files', '--person', 'nobody-at-all');
  expect([none.code, none.stdout]).toEqual([0, '0 transfers, 0 whole in the archive (0 B)\n']);
});

test('files get writes the file once, for its owner, and says so in the record', async () => {
  const out = join(folder, 'offer.pdf');
  const { code, stdout } = await run('files', 'get', OFFER.slice(0, 12), out, '--why', 'case 17');
  expect([code, stdout]).toEqual([0, `${out}: 2.5 kB, SHA-256 ${OFFER}\n`]);
  expect(createHash('sha256').update(readFileSync(out)).digest('hex')).toBe(OFFER);
  expect(statSync(out).mode & 0o777).toBe(0o600);
  expect(await audited('get-file')).toEqual([
    expect.objectContaining({ why: 'case 17', details: { sha256: OFFER, out } }),
  ]);
  const again = await run('files', 'get', OFFER, out);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('nothing is overwritten');
  const missing = await run('files', 'get', '0123456789', join(folder, 'x'));
  expect([missing.code, existsSync(join(folder, 'x'))]).toEqual([1, false]);
  expect((await run('files', 'get', 'zz', join(folder, 'x'))).code).toBe(2);
});

test('report in every format', async () => {
  const text = await run('report');
  expect(text.code).toBe(0);
  for (const title of ['USAGE BY PERSON', 'POLICY', 'COMPLETENESS']) {
    expect(text.stdout).toContain(title);
  }
  const page = join(folder, 'page.html');
  expect((await run('report', '--format', 'html', '--out', page)).code).toBe(0);
  const html = readFileSync(page, 'utf8');
  expect(html).toMatch(/^<!doctype html>.*<svg .*role="img".*<\/html>\n$/s);
  expect(html).not.toMatch(/<script|https?:|src=/);
  expect((await run('report', '--format', 'html', '--out', page)).code).toBe(2);
  expect(readFileSync(page, 'utf8')).toBe(html);
  const csv = await run('report', '--format', 'csv', '--by', 'service');
  expect(csv.stdout).toMatch(/^\ufeffservice,messages,.*active \(s\).*\r\nirc,\d+,/);
  const json = JSON.parse((await run('report', '--json', '--time-zone', 'Asia/Tokyo')).stdout);
  expect(json).toMatchObject({ timeZone: 'Asia/Tokyo', totals: { services: 1, files: 2 } });
  expect(await audited('report')).toHaveLength(4);
});

test('what is asked for wrongly is said', async () => {
  const zone = await run('report', '--time-zone', 'Mars/Olympus');
  expect([zone.code, zone.stderr]).toEqual([2, expect.stringContaining('no such time zone')]);
  const two = await run('report', '--format', 'csv', '--table', 'policy', 'contacts');
  expect([two.code, two.stderr]).toEqual([2, expect.stringContaining('CSV has one table')]);
  expect((await run('report', '--by', 'colour')).code).toBe(2);
  const nowhere = await runHere(['archive', 'report', '--archive', join(folder, 'none.db')]);
  expect(nowhere.code).toBe(1);
});
