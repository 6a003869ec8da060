/** HTML: a page for each conversation and an index of them; one page with all, where that is short. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { counted, day as dayOf, span } from '../../report/amounts.ts';
import type { ArchiveDatabase } from '../contract.ts';
import { AppendFile } from './append-file.ts';
import { type ConversationDay, ConversationDays } from './conversation-days.ts';
import { type ConversationInfo, conversationInfo, conversationTitle } from './conversation-info.ts';
import { documentName } from './document-name.ts';
import { type ExportFolder, PARTIAL } from './export-folder.ts';
import type { ExportRecord } from './export-record.ts';
import type { ExportSink, TakenFile } from './export-sink.ts';
import type { ExportCounts } from './export-state.ts';
import { HTML_FOOT, htmlDay, htmlHead, htmlLine, isolated } from './html-look.ts';
import { htmlText } from './html-text.ts';

export const CONVERSATIONS = 'conversations';
export const INDEX = 'index.html';
/** Records of a page: browsers become slow with more. */
const PAGE_RECORDS = 5000;
/** Conversations of a page of the index. */
const INDEX_ENTRIES = 1000;
/** Entries gather here until all conversations are written. */
const ENTRIES = `${PARTIAL}/index`;

const entrySchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  parties: z.string(),
  service: z.string(),
  first: z.number(),
  last: z.number(),
  records: z.number(),
  said: z.number(),
});
type Entry = z.infer<typeof entrySchema>;

export class HtmlSink implements ExportSink {
  readonly #folder: ExportFolder;
  readonly #database: ArchiveDatabase;
  readonly #archive: string;
  readonly #counts: ExportCounts;
  readonly #days: ConversationDays;
  /** Conversations of the one page; undefined: each has its own. */
  readonly #sections: string[] | undefined;
  #conversation = 0;

  constructor(
    folder: ExportFolder,
    database: ArchiveDatabase,
    archive: string,
    counts: ExportCounts,
    single: boolean,
  ) {
    this.#folder = folder;
    this.#database = database;
    this.#archive = archive;
    this.#counts = counts;
    this.#sections = single ? [] : undefined;
    const scratch = (name: string) => folder.scratch(name);
    this.#days = new ConversationDays({ html: htmlLine, longest: PAGE_RECORDS }, scratch);
    folder.append(ENTRIES);
  }

  add(record: ExportRecord, files: readonly TakenFile[]): void {
    this.#conversation = record.conversation ?? 0;
    this.#days.add(record, files);
  }

  async endConversation(): Promise<void> {
    const conversation = await conversationInfo(this.#database, this.#conversation);
    const days = this.#days.take();
    const sum = (of: (day: ConversationDay) => number) => days.reduce((n, day) => n + of(day), 0);
    const entry: Entry = {
      name: '',
      title: conversationTitle(conversation),
      parties: partiesText(conversation),
      service: conversation.service,
      first: Math.min(...days.map(({ firstTime }) => firstTime)),
      last: Math.max(...days.map(({ lastTime }) => lastTime)),
      records: sum(({ records }) => records),
      said: sum(({ said }) => said),
    };
    const name =
      this.#sections === undefined
        ? await this.#pages(conversation, entry, days)
        : await this.#section(this.#sections, conversation, entry, days);
    this.#folder.append(ENTRIES).text(`${JSON.stringify({ ...entry, name })}\n`);
    for (const day of days) day.html.remove();
  }

  async end(): Promise<void> {
    this.#folder.append(ENTRIES).flush();
    if (this.#sections === undefined) await this.#index();
    else await this.#onePage(this.#sections);
  }

  /** Returns the name of the first. */
  async #pages(
    { id }: ConversationInfo,
    entry: Entry,
    days: readonly ConversationDay[],
  ): Promise<string> {
    const pages = paged(days);
    const nameOf = (page: number) => documentName(id, page === 0 ? '.html' : `-${page + 1}.html`);
    for (const [n, page] of pages.entries()) {
      this.#folder.removeScratch('page');
      const file = new AppendFile(this.#folder.scratch('page'));
      file.text(htmlHead(entry.title));
      file.text(
        `<nav><a href="../../${INDEX}">All conversations</a>${steps(n, pages.length, nameOf)}</nav>\n`,
      );
      file.text(headline('h1', entry));
      await writeDays(page, (text) => file.text(text));
      file.text(`<footer>${this.#foot()}</footer>\n${HTML_FOOT}`);
      const name = `${CONVERSATIONS}/${nameOf(n)}`;
      const sha256 = file.close();
      this.#folder.move(file.path, name);
      this.#folder.list(name, sha256);
      this.#counts.documents += 1;
    }
    return `${CONVERSATIONS}/${nameOf(0)}`;
  }

  async #section(
    sections: string[],
    { id }: ConversationInfo,
    entry: Entry,
    days: readonly ConversationDay[],
  ): Promise<string> {
    const text: string[] = [`<section id="c${id}">\n${headline('h2', entry)}`];
    await writeDays(days, (part) => text.push(part));
    sections.push(`${text.join('')}</section>\n`);
    return `#c${id}`;
  }

  async #onePage(sections: readonly string[]): Promise<void> {
    const file = this.#folder.append(INDEX);
    const entries: Entry[] = [];
    for await (const entry of this.#entries()) entries.push(entry);
    file.text(`${htmlHead('Conversations')}<h1>Conversations</h1>\n${table(entries)}`);
    for (const section of sections) file.text(section);
    file.text(`<footer>${this.#foot()}</footer>\n${HTML_FOOT}`);
    this.#folder.finish(INDEX);
    this.#counts.documents += 1;
  }

  async #index(): Promise<void> {
    const pages = Math.max(1, Math.ceil(this.#counts.conversations / INDEX_ENTRIES));
    let entries: Entry[] = [];
    let page = 0;
    for await (const entry of this.#entries()) {
      entries.push(entry);
      if (entries.length < INDEX_ENTRIES) continue;
      this.#indexPage(page++, pages, entries);
      entries = [];
    }
    if (entries.length > 0 || page === 0) this.#indexPage(page, pages, entries);
  }

  #indexPage(page: number, pages: number, entries: readonly Entry[]): void {
    const nameOf = (n: number) => (n === 0 ? INDEX : `index-${n + 1}.html`);
    const name = nameOf(page);
    const file = this.#folder.append(name);
    file.text(`${htmlHead('Conversations')}<h1>Conversations</h1>\n`);
    file.text(
      `<p class="facts">${htmlText(counted(this.#counts.conversations, 'conversation'))}</p>\n`,
    );
    if (pages > 1) file.text(`<nav>${steps(page, pages, nameOf)}</nav>\n`);
    file.text(table(entries));
    file.text(`<footer>${this.#foot()}</footer>\n${HTML_FOOT}`);
    this.#folder.finish(name);
  }

  async *#entries(): AsyncIterable<Entry> {
    const input = createReadStream(join(this.#folder.path, ENTRIES));
    for await (const line of createInterface({ input })) yield entrySchema.parse(JSON.parse(line));
  }

  #foot(): string {
    return `From the archive ${htmlText(this.#archive)}. Times are UTC. What proves it: manifest.json.`;
  }
}

/** `2026-11-23 09:14:03–09:31:44`. */
function when(first: number, last: number): string {
  const text = span(first, last);
  return dayOf(first) === dayOf(last) ? `${dayOf(first)} ${text}` : text;
}

/** Days, as many to a page as it holds. */
function paged(days: readonly ConversationDay[]): ConversationDay[][] {
  const pages: ConversationDay[][] = [];
  let records = Number.POSITIVE_INFINITY;
  for (const day of days) {
    if (records + day.records > PAGE_RECORDS) {
      pages.push([]);
      records = 0;
    }
    pages.at(-1)?.push(day);
    records += day.records;
  }
  return pages;
}

async function writeDays(
  days: readonly ConversationDay[],
  write: (text: string) => unknown,
): Promise<void> {
  for (const day of days) {
    write(htmlDay(day.part === 1 ? day.date : `${day.date}, continued`, 'begin'));
    for await (const piece of day.html.pieces()) write(piece);
    write(htmlDay(day.date, 'end'));
  }
}

function headline(level: 'h1' | 'h2', { title, parties, first, last, records }: Entry): string {
  const facts = `${when(first, last)} UTC, ${counted(records, 'record')}`;
  const who = parties === '' ? '' : `<p class="facts">${isolated(parties)}</p>\n`;
  return `<${level}>${isolated(title)}</${level}>\n<p class="facts">${htmlText(facts)}</p>\n${who}`;
}

function table(entries: readonly Entry[]): string {
  const rows = entries.map(
    ({ name, title, service, first, last, records, said }) =>
      `<tr><td><a href="${htmlText(name)}">${isolated(title)}</a></td><td>${isolated(service)}</td>` +
      `<td>${htmlText(when(first, last))}</td><td class="n">${said}</td><td class="n">${records}</td></tr>\n`,
  );
  return (
    '<table>\n<thead><tr><th>Conversation</th><th>Service</th><th>When (UTC)</th>' +
    '<th class="n">Messages</th><th class="n">Records</th></tr></thead>\n' +
    `<tbody>\n${rows.join('')}</tbody>\n</table>\n`
  );
}

/** Links to the pages before and after; those of conversations stand in one folder. */
function steps(page: number, pages: number, nameOf: (page: number) => string): string {
  if (pages < 2) return '';
  const link = (to: number, word: string) => {
    const name = nameOf(to);
    return ` <a href="${htmlText(name.slice(name.lastIndexOf('/') + 1))}">${word}</a>`;
  };
  const before = page > 0 ? link(page - 1, 'before') : '';
  const after = page + 1 < pages ? link(page + 1, 'after') : '';
  return ` page ${page + 1} of ${pages}${before}${after}`;
}

function partiesText({ parties, others }: ConversationInfo): string {
  const names = parties.map(({ address, person }) =>
    person === undefined ? address : `${address} (${person})`,
  );
  return `${names.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}
