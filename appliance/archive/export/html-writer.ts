/** HTML: a page for each conversation and an index of them; one page with all, where that is short. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { counted } from '../../report/amounts.ts';
import { AppendFile } from './append-file.ts';
import type { ConversationDay, DayLook } from './conversation-days.ts';
import type { ConversationInfo } from './conversation-info.ts';
import type { DayWriter, ExportPlace } from './day-sink.ts';
import { documentName } from './document-name.ts';
import { PARTIAL } from './export-folder.ts';
import {
  headline,
  type IndexEntry,
  indexEntry,
  indexEntrySchema,
  indexTable,
  pageSteps,
} from './html-index.ts';
import { HTML_FOOT, htmlDay, htmlHead, htmlLine } from './html-look.ts';
import { htmlText } from './html-text.ts';
import { jsonLine } from './json-line.ts';

export const CONVERSATIONS = 'conversations';
export const INDEX = 'index.html';
/** Records of a page: browsers become slow with more. */
const PAGE_RECORDS = 5000;
/** Conversations of a page of the index. */
const INDEX_ENTRIES = 1000;
/** Entries gather here until all conversations are written. */
const ENTRIES = `${PARTIAL}/index`;

export class HtmlWriter implements DayWriter {
  readonly look: DayLook = { html: htmlLine, longest: PAGE_RECORDS };
  readonly #place: ExportPlace;
  /** Conversations of the one page; undefined: each has its own. */
  readonly #sections: string[] | undefined;

  constructor(place: ExportPlace, single: boolean) {
    this.#place = place;
    this.#sections = single ? [] : undefined;
    place.folder.append(ENTRIES);
  }

  async write(conversation: ConversationInfo, days: readonly ConversationDay[]): Promise<void> {
    const entry = indexEntry(conversation, days);
    const name =
      this.#sections === undefined
        ? await this.#pages(conversation, entry, days)
        : await this.#section(this.#sections, conversation, entry, days);
    this.#place.folder.append(ENTRIES).text(`${jsonLine({ ...entry, name })}\n`);
  }

  async end(): Promise<void> {
    this.#place.folder.append(ENTRIES).flush();
    if (this.#sections === undefined) await this.#index();
    else await this.#onePage(this.#sections);
  }

  /** Returns the name of the first. */
  async #pages(
    { id }: ConversationInfo,
    entry: IndexEntry,
    days: readonly ConversationDay[],
  ): Promise<string> {
    const pages = paged(days);
    const nameOf = (page: number) => documentName(id, page === 0 ? '.html' : `-${page + 1}.html`);
    for (const [n, page] of pages.entries()) {
      this.#place.folder.removeScratch('page');
      const file = new AppendFile(this.#place.folder.scratch('page'));
      file.text(htmlHead(entry.title));
      file.text(
        `<nav><a href="../../${INDEX}">All conversations</a>${pageSteps(n, pages.length, nameOf)}</nav>\n`,
      );
      file.text(headline('h1', entry));
      await writeDays(page, (text) => file.text(text));
      file.text(`<footer>${this.#foot()}</footer>\n${HTML_FOOT}`);
      const name = `${CONVERSATIONS}/${nameOf(n)}`;
      const sha256 = file.close();
      this.#place.folder.move(file.path, name);
      this.#place.folder.list(name, sha256);
      this.#place.counts.documents += 1;
    }
    return `${CONVERSATIONS}/${nameOf(0)}`;
  }

  async #section(
    sections: string[],
    { id }: ConversationInfo,
    entry: IndexEntry,
    days: readonly ConversationDay[],
  ): Promise<string> {
    const text: string[] = [`<section id="c${id}">\n${headline('h2', entry)}`];
    await writeDays(days, (part) => text.push(part));
    sections.push(`${text.join('')}</section>\n`);
    return `#c${id}`;
  }

  async #onePage(sections: readonly string[]): Promise<void> {
    const file = this.#place.folder.append(INDEX);
    const entries: IndexEntry[] = [];
    for await (const entry of this.#entries()) entries.push(entry);
    file.text(`${htmlHead('Conversations')}<h1>Conversations</h1>\n${indexTable(entries)}`);
    for (const section of sections) file.text(section);
    file.text(`<footer>${this.#foot()}</footer>\n${HTML_FOOT}`);
    this.#place.folder.finish(INDEX);
    this.#place.counts.documents += 1;
  }

  async #index(): Promise<void> {
    const pages = Math.max(1, Math.ceil(this.#place.counts.conversations / INDEX_ENTRIES));
    let entries: IndexEntry[] = [];
    let page = 0;
    for await (const entry of this.#entries()) {
      entries.push(entry);
      if (entries.length < INDEX_ENTRIES) continue;
      this.#indexPage(page++, pages, entries);
      entries = [];
    }
    if (entries.length > 0 || page === 0) this.#indexPage(page, pages, entries);
  }

  #indexPage(page: number, pages: number, entries: readonly IndexEntry[]): void {
    const nameOf = (n: number) => (n === 0 ? INDEX : `index-${n + 1}.html`);
    const name = nameOf(page);
    const file = this.#place.folder.append(name);
    file.text(`${htmlHead('Conversations')}<h1>Conversations</h1>\n`);
    file.text(
      `<p class="facts">${htmlText(counted(this.#place.counts.conversations, 'conversation'))}</p>\n`,
    );
    if (pages > 1) file.text(`<nav>${pageSteps(page, pages, nameOf)}</nav>\n`);
    file.text(indexTable(entries));
    file.text(`<footer>${this.#foot()}</footer>\n${HTML_FOOT}`);
    this.#place.folder.finish(name);
  }

  async *#entries(): AsyncIterable<IndexEntry> {
    const input = createReadStream(join(this.#place.folder.path, ENTRIES));
    for await (const line of createInterface({ input }))
      yield indexEntrySchema.parse(JSON.parse(line));
  }

  #foot(): string {
    return `From the archive ${htmlText(this.#place.archive)}. Times are UTC. What proves it: manifest.json.`;
  }
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
