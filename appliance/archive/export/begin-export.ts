/** The state that an export starts from: a new one, or what an interrupted run saved. */
import { rfc3339 } from '../../../src/event/time.ts';
import type { Archive } from '../archive.ts';
import { ArchiveError } from '../archive-error.ts';
import { readHead } from '../record/head.ts';
import { readMeta } from '../record/meta.ts';
import type { ExportRequest } from './export-request.ts';
import { type ExportState, noCounts, type SavedState } from './export-state.ts';
import { SelectedRecords } from './selected-records.ts';

/** HTML in one page: at most so many records, and conversations. */
const SINGLE_RECORDS = 2000;
const SINGLE_CONVERSATIONS = 50;

/** Rejects with ArchiveError: what was saved is of another archive, or was asked for in another way. */
export async function beginExport(
  { database }: Archive,
  request: ExportRequest,
  saved: SavedState | undefined,
): Promise<ExportState> {
  const archive = (await readMeta(database, 'archive')) ?? '';
  if (saved !== undefined) return continued(archive, request, saved);
  const head = await readHead(database);
  const records = new SelectedRecords(database, request.selection, head.sequence);
  const total = await records.count();
  return {
    ...{ state: 2, archive, format: request.format, query: { ...request.query } },
    ...{ withFiles: request.withFiles, byteOrderMark: request.byteOrderMark },
    startedAt: rfc3339(Date.now() * 1000),
    upTo: head.sequence,
    upToHash: Buffer.from(head.hash).toString('hex'),
    total,
    single:
      request.format === 'html' &&
      total <= SINGLE_RECORDS &&
      (await records.areOfFew(SINGLE_CONVERSATIONS)),
    ...{ done: 0, counts: noCounts(), resumed: 0 },
  };
}

function continued(archive: string, request: ExportRequest, saved: SavedState): ExportState {
  if (saved.archive !== archive) {
    throw new ArchiveError('the export was begun from another archive');
  }
  const { format, withFiles, byteOrderMark } = saved;
  if (
    format !== request.format ||
    withFiles !== request.withFiles ||
    byteOrderMark !== request.byteOrderMark
  ) {
    const options = `--format ${format}${withFiles ? ' --files' : ''}${byteOrderMark ? ' --bom' : ''}`;
    throw new ArchiveError('the export was begun with other options', `They were: ${options}`);
  }
  const { files: _files, ...state } = saved;
  return { ...state, resumed: state.resumed + 1 };
}
