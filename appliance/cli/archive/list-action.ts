/** What `sallyport archive list` does once its command line is read. */
import { rfc3339 } from '../../../src/event/time.ts';
import { type ConversationInfo, conversationInfo } from '../../archive/export/conversation-info.ts';
import { jsonLine } from '../../archive/export/json-line.ts';
import { listConversations } from '../../archive/search/list-conversations.ts';
import type { ConversationRow } from '../../archive/search/transcript.ts';
import { clock, counted, day, span } from '../../report/amounts.ts';
import { cell, clip, rightCell } from '../../report/columns.ts';
import type { Terminal } from '../terminal.ts';
import { Exit } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { withReadArchive } from './open-for-command.ts';
import { type QueryOptions, readRecordQuery } from './query-options.ts';

export interface ListOptions extends ArchiveOptions, QueryOptions {
  readonly limit: number;
  readonly before?: number;
  readonly json?: true;
}

const ID = 7;
const WHEN = 30;
const SERVICE = 10;
const COUNT = 8;

/** Returns the exit code. */
export async function listArchive(options: ListOptions, terminal: Terminal): Promise<number> {
  const query = readRecordQuery(options);
  const { out, layout } = terminal;
  const { width, paint } = layout;
  return withReadArchive(options, terminal, async ({ archive, audit }) => {
    await audit('read', { conversations: query });
    if (options.json !== true) {
      const counts = ['messages', 'files', 'refused'].map((name) => rightCell(name, COUNT));
      const head = `${rightCell('number', ID)}  ${cell('when (UTC)', WHEN)}  ${cell('service', SERVICE)} ${counts.join('')}  who`;
      out.line(paint.dim(head));
    }
    let shown = 0;
    let last: number | undefined;
    let more = '';
    const { limit, before } = options;
    for await (const row of listConversations(archive, query, limit + 1, before)) {
      if (shown === limit) {
        more = `; there are more: --before ${last}`;
        break;
      }
      shown += 1;
      last = row.id;
      const info = await conversationInfo(archive.database, row.id);
      out.line(options.json === true ? asJson(row, info) : asLine(row, info, width));
    }
    if (options.json !== true) out.line(paint.dim(`${counted(shown, 'conversation')}${more}`));
    return Exit.Ok;
  });
}

function asLine(row: ConversationRow, info: ConversationInfo, width: number): string {
  const counts = [row.messages, row.files, row.refused].map((n) => rightCell(String(n), COUNT));
  const start = `${rightCell(String(row.id), ID)}  ${cell(when(row), WHEN)}  ${cell(row.service, SERVICE)} ${counts.join('')}  `;
  return start + clip(who(row, info), Math.max(10, width - start.length));
}

function when({ started, ended }: ConversationRow): string {
  if (day(started) === day(ended)) return `${day(started)} ${span(started, ended)}`;
  return `${day(started)} ${clock(started).slice(0, 5)} – ${day(ended).slice(5)} ${clock(ended).slice(0, 5)}`;
}

function who({ room }: ConversationRow, { parties, others }: ConversationInfo): string {
  const named = parties.slice(0, 6).map(({ address, person }) => person ?? address);
  const more = parties.length - named.length + others;
  const all = `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return room === null ? all : `${room}: ${all}`;
}

function asJson(row: ConversationRow, { parties, others }: ConversationInfo): string {
  const { id, service, room, started, ended, messages, files, events, refused } = row;
  return jsonLine({
    ...{ conversation: id, service, ...(room !== null && { room }) },
    ...{ started: rfc3339(started), ended: rfc3339(ended), messages, files, events, refused },
    participants: parties.map(({ address, person }) => ({ address, person })),
    ...(others > 0 && { others }),
  });
}
