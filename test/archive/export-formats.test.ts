/** Each format of an export, read back by readers of others and compared record by record; texts are hostile. */
import { createHash } from 'node:crypto';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Archive } from '../../appliance/archive/archive.ts';
import { Signer } from '../../appliance/archive/evidence/signer.ts';
import { csvCell } from '../../appliance/archive/export/csv-cell.ts';
import { lines } from '../../appliance/archive/export/html-text.ts';
import { verifyExport } from '../../appliance/archive/export/verify-export.ts';
import { walkFolder } from '../../appliance/archive/export/walk-folder.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { harmless } from '../../src/event/harmless.ts';
import { eventSchema } from '../../src/event/schema.ts';
import { describeEachDatabase } from '../support/archive-databases.ts';
import { exportTo, readBack } from '../support/export-for-test.ts';
import { fillArchive, hostileEvents } from '../support/hostile-archive.ts';
import { needs } from '../support/need.ts';

const python = needs({ tools: ['python3'] });
const EVENTS = hostileEvents();
const SPOKEN = EVENTS.filter(({ conversation }) => conversation !== 'none');

interface Mail {
  readonly headers: readonly (readonly [string, string])[];
  readonly defects: readonly string[];
  readonly addresses: readonly string[];
  readonly longest: number;
  readonly bare: number;
  readonly ascii: boolean;
  readonly parts: Readonly<Record<string, string>>;
}
interface Page {
  readonly elements: Readonly<Record<string, number>>;
  readonly attributes: readonly (readonly [string, string, string | null])[];
  readonly lines: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly Node[];
}

describeEachDatabase('exports of hostile records', (_open, place) => {
  it.skipIf(python.skip)(`say the same to another reader${python.why}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-export-'));
    const archive = await openArchive(await place(), { create: true });
    try {
      await Signer.open(archive);
      await fillArchive(archive, EVENTS);
      await checkJsonl(archive, join(folder, 'jsonl'));
      await checkCsv(archive, join(folder, 'csv'));
      await checkMail(archive, join(folder, 'eml'));
      await checkLoadFile(archive, join(folder, 'edrm'));
      await checkPages(archive, join(folder, 'html'));
    } finally {
      await archive.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

async function checkJsonl(archive: Archive, out: string): Promise<void> {
  const manifest = await exportTo(archive, out, 'jsonl');
  const written = readFileSync(join(out, 'events.jsonl'), 'utf8').split('\n');
  expect(written.pop()).toBe('');
  expect(written).toEqual(EVENTS.map(({ line }) => line));
  for (const line of written) eventSchema.parse(JSON.parse(line));
  expect(manifest?.counts.records).toBe(EVENTS.length);
  await checkWhole(out);
}

async function checkCsv(archive: Archive, out: string): Promise<void> {
  await exportTo(archive, out, 'csv', { byteOrderMark: true });
  const [rows = []] = readBack<Record<string, string>[]>('csv', [join(out, 'events.csv')]);
  const texts = EVENTS.map(({ text }) => csvCell(text ?? ''));
  expect(rows.map(({ text }) => text)).toEqual(texts);
  for (const row of rows) {
    for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r\n\uff1d]/);
  }
  await checkWhole(out);
}

async function checkMail(archive: Archive, out: string): Promise<void> {
  const manifest = await exportTo(archive, out, 'eml');
  const mails = readBack<Mail>('eml', filesOf(out, '.eml'));
  expect(mails).toHaveLength(manifest?.counts.documents ?? 0);
  const texts: string[] = [];
  for (const mail of mails) {
    expect(mail.defects).toEqual([]);
    expect(mail.bare).toBe(0);
    expect(mail.ascii).toBe(true);
    expect(mail.longest).toBeLessThanOrEqual(998);
    const names = mail.headers.map(([name]) => name.toLowerCase());
    expect(names.filter((name) => name === 'bcc' || name === 'x')).toEqual([]);
    for (const name of ['from', 'to', 'date', 'subject', 'message-id']) {
      expect(names.filter((one) => one === name)).toHaveLength(1);
    }
    for (const address of mail.addresses) expect(address).toMatch(/^[^\s@]+@[a-z-]+\.invalid$/);
    texts.push(mail.parts['text/plain'] ?? '');
    expect(mail.parts['text/html']).not.toMatch(/<(script|img)/i);
  }
  for (const [sequence, said] of linesOfText(texts.join(''))) {
    const event = EVENTS[sequence - 1];
    if (event?.text !== undefined) expect(said).toContain(shownText(event.text));
  }
  expect(linesOfText(texts.join('')).size).toBe(SPOKEN.length);
  const days = mails.filter(({ headers }) => headerOf(headers, 'References') !== undefined);
  const ids = new Set(mails.map(({ headers }) => headerOf(headers, 'Message-ID')));
  expect(ids.size).toBe(mails.length);
  expect(days.length).toBeGreaterThan(0);
  for (const { headers } of days) expect(ids).toContain(headerOf(headers, 'References'));
  await checkWhole(out);
}

async function checkLoadFile(archive: Archive, out: string): Promise<void> {
  const manifest = await exportTo(archive, out, 'edrm');
  const [root] = readBack<Node>('xml', [join(out, 'edrm.xml')]);
  expect(root?.name).toBe('Root');
  expect(root?.attributes).toMatchObject({ MajorVersion: '1', MinorVersion: '2' });
  const batch = root?.children.find(({ name }) => name === 'Batch');
  const documents = batch?.children.find(({ name }) => name === 'Documents')?.children ?? [];
  expect(documents).toHaveLength(manifest?.counts.documents ?? 0);
  expect(new Set(documents.map(({ attributes }) => attributes.DocID)).size).toBe(documents.length);
  const texts: string[] = [];
  for (const { children } of documents) {
    expect(children.map(({ name }) => name)).toEqual(['Files', 'Locations', 'Tags']);
    const [files, , tags] = children;
    for (const file of files?.children ?? []) {
      const { FilePath = '', FileName = '', FileSize, Hash } = file.children[0]?.attributes ?? {};
      const octets = readFileSync(join(out, FilePath, FileName));
      expect(String(octets.length)).toBe(FileSize);
      expect(createHash('md5').update(octets).digest('hex')).toBe(Hash);
      if (file.attributes.FileType === 'Text') texts.push(octets.toString('utf8'));
    }
    const named = tags?.children.map(({ attributes }) => attributes.TagName) ?? [];
    expect(named).toEqual(expect.arrayContaining(['#From', '#Subject', '#DateSent', 'SHA256']));
  }
  const found = linesOfText(texts.join(''));
  expect(found.size).toBe(SPOKEN.length);
  for (const [sequence, said] of found) {
    const event = EVENTS[sequence - 1];
    if (event?.text !== undefined) expect(said).toContain(shownText(event.text));
  }
  await checkWhole(out);
}

async function checkPages(archive: Archive, out: string): Promise<void> {
  await exportTo(archive, out, 'html');
  const pages = readBack<Page>('html', filesOf(out, '.html'));
  const lines: Record<string, Readonly<Record<string, string>>> = {};
  for (const page of pages) {
    for (const name of ['script', 'img', 'iframe', 'link', 'object', 'form', 'b']) {
      expect(page.elements[name]).toBeUndefined();
    }
    expect(page.elements.style).toBe(1);
    for (const [tag, name, value] of page.attributes) {
      expect(name).toMatch(/^(id|class|title|href|lang|charset|http-equiv|content|name)$/);
      if (name === 'href') expect(value).toMatch(/^(#c\d+|[\w./-]+\.html)$/);
      if (tag === 'li') expect(name).toBe('id');
    }
    expect(page.attributes).toContainEqual(['meta', 'http-equiv', 'Content-Security-Policy']);
    Object.assign(lines, page.lines);
  }
  expect(Object.keys(lines)).toHaveLength(SPOKEN.length);
  for (const [sequence, line] of Object.entries(lines)) {
    const event = EVENTS[Number(sequence) - 1];
    if (event?.text !== undefined) {
      const shown = lineByLine(event.text).join('\n');
      expect(line.text ?? '').toBe(shown);
    }
  }
  await checkWhole(out);
}

/** Signed, complete, and readable by its owner alone. */
async function checkWhole(out: string): Promise<void> {
  const result = await verifyExport(out, undefined);
  expect(result.problem).toBeUndefined();
  expect(result.key).toMatch(/^[0-9a-f]{64}$/);
  for (const { name } of walkFolder(out)) expect(lstatSync(join(out, name)).mode & 0o077).toBe(0);
  expect(lstatSync(out).mode & 0o077).toBe(0);
  expect(readdirSync(out)).not.toContain('.partial');
}

function filesOf(out: string, ending: string): string[] {
  return [...walkFolder(out)]
    .map(({ name }) => join(out, name))
    .filter((name) => name.endsWith(ending));
}

function headerOf(headers: Mail['headers'], name: string): string | undefined {
  return headers.find(([one]) => one === name)?.[1];
}

function lineByLine(text: string): string[] {
  return lines(text).map(harmless);
}

function shownText(text: string): string {
  return lineByLine(text)
    .join(`\n${' '.repeat(9)}`)
    .replace(/^\n/, '\n');
}

/** Of a transcript, by the number of the record. */
function linesOfText(text: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const part of text.split(/^(?=\d\d:\d\d:\d\d #\d+ )/m)) {
    const sequence = /^\d\d:\d\d:\d\d #(\d+) /.exec(part)?.[1];
    if (sequence !== undefined) found.set(Number(sequence), part);
  }
  return found;
}
