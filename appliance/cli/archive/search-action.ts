/** What `sallyport archive search` does once its command line is read. */

import type { Archive } from '../../archive/archive.ts';
import type { RecordQuery } from '../../archive/contract.ts';
import { jsonLine } from '../../archive/export/json-line.ts';
import { namedParties } from '../../archive/search/named-parties.ts';
import { type SearchOptions, searchRecords } from '../../archive/search/search-records.ts';
import { counted } from '../../report/amounts.ts';
import { complain, type Terminal } from '../terminal.ts';
import { Exit, UserError } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { hitLines } from './hit-lines.ts';
import { withReadArchive } from './open-for-command.ts';
import { type QueryOptions, readRecordQuery } from './query-options.ts';
import { recordJson } from './record-json.ts';

export interface SearchCommandOptions extends ArchiveOptions, QueryOptions {
  readonly limit: number;
  readonly before?: number;
  readonly after?: number;
  readonly oldestFirst?: true;
  readonly repeats?: true;
  readonly count?: true;
  readonly json?: true;
}

/** Returns the exit code. */
export async function searchArchive(
  text: string | undefined,
  options: SearchCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const query = readRecordQuery(options, text);
  const search = searchOptions(options);
  return withReadArchive(options, terminal, async ({ archive, audit }) => {
    await audit('search', { query, ...(options.count === true && { countOnly: true }) });
    await tellDoubts(archive, query, terminal);
    if (options.count === true) return count(archive, query, search, options, terminal);
    return show(archive, query, search, options, terminal);
  });
}

function searchOptions(options: SearchCommandOptions): SearchOptions {
  const oldestFirst = options.oldestFirst === true;
  if (oldestFirst ? options.before !== undefined : options.after !== undefined) {
    throw new UserError(
      oldestFirst ? '--before goes with the newest first' : '--after goes with --oldest-first',
    );
  }
  const beyond = options.before ?? options.after;
  return {
    oldestFirst,
    repeats: options.repeats === true,
    ...(beyond !== undefined && { beyond }),
  };
}

/** What makes a search find less, or take longer, than one would think. */
async function tellDoubts(archive: Archive, query: RecordQuery, terminal: Terminal): Promise<void> {
  for (const name of query.person ?? []) {
    const parties = await namedParties(archive.database, [name]);
    if (parties.length > 0) continue;
    complain(
      terminal,
      `nobody in this archive is called ${name}`,
      'Persons are those of the directory (--directory); an account is service:address. See: archive list',
    );
  }
  if (query.text !== undefined && archive.vault.index === 'off') {
    complain(terminal, 'this archive has no search index: every content is read, which takes long');
  }
}

async function show(
  archive: Archive,
  query: RecordQuery,
  search: SearchOptions,
  { limit, json }: SearchCommandOptions,
  { out, layout }: Terminal,
): Promise<number> {
  let shown = 0;
  let last: number | undefined;
  let more = false;
  for await (const hit of searchRecords(archive, query, search)) {
    if (shown === limit) {
      more = true;
      break;
    }
    shown += 1;
    last = hit.record.sequence;
    if (json === true) out.line(recordJson(hit.record, hit.texts));
    else for (const line of hitLines(hit, layout)) out.line(line);
  }
  if (json === true) return Exit.Ok;
  const next = search.oldestFirst === true ? `--after ${last}` : `--before ${last}`;
  const rest = more ? `; there are more: ${next}` : '';
  out.line(layout.paint.dim(shown === 0 ? 'nothing found' : `${counted(shown, 'record')}${rest}`));
  return Exit.Ok;
}

async function count(
  archive: Archive,
  query: RecordQuery,
  search: SearchOptions,
  { json }: SearchCommandOptions,
  { out }: Terminal,
): Promise<number> {
  let records = 0;
  const conversations = new Set<number>();
  for await (const { record } of searchRecords(archive, query, search)) {
    records += 1;
    if (record.conversation !== undefined) conversations.add(record.conversation);
  }
  if (json === true) out.line(jsonLine({ records, conversations: conversations.size }));
  else {
    out.line(`${counted(records, 'record')} in ${counted(conversations.size, 'conversation')}`);
  }
  return Exit.Ok;
}
