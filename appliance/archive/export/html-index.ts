/** The index of a transcript in HTML: what it says of a conversation, and the way from page to page. */
import { z } from 'zod';
import { counted, day as dayOf, span } from '../../report/amounts.ts';
import type { ConversationDay } from './conversation-days.ts';
import { type ConversationInfo, conversationTitle } from './conversation-info.ts';
import { isolated } from './html-look.ts';
import { htmlText } from './html-text.ts';

export const indexEntrySchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  parties: z.string(),
  service: z.string(),
  first: z.number(),
  last: z.number(),
  records: z.number(),
  said: z.number(),
});
export type IndexEntry = z.infer<typeof indexEntrySchema>;

/** Its name comes when it is written. */
export function indexEntry(
  conversation: ConversationInfo,
  days: readonly ConversationDay[],
): IndexEntry {
  const sum = (of: (day: ConversationDay) => number) => days.reduce((n, day) => n + of(day), 0);
  return {
    name: '',
    title: conversationTitle(conversation),
    parties: partiesText(conversation),
    service: conversation.service,
    first: Math.min(...days.map(({ firstTime }) => firstTime)),
    last: Math.max(...days.map(({ lastTime }) => lastTime)),
    records: sum(({ records }) => records),
    said: sum(({ said }) => said),
  };
}

/** `2026-11-23 09:14:03–09:31:44`. */
function when(first: number, last: number): string {
  const text = span(first, last);
  return dayOf(first) === dayOf(last) ? `${dayOf(first)} ${text}` : text;
}

export function headline(
  level: 'h1' | 'h2',
  { title, parties, first, last, records }: IndexEntry,
): string {
  const facts = `${when(first, last)} UTC, ${counted(records, 'record')}`;
  const who = parties === '' ? '' : `<p class="facts">${isolated(parties)}</p>\n`;
  return `<${level}>${isolated(title)}</${level}>\n<p class="facts">${htmlText(facts)}</p>\n${who}`;
}

export function indexTable(entries: readonly IndexEntry[]): string {
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
export function pageSteps(page: number, pages: number, nameOf: (page: number) => string): string {
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
