/**
 * An export, from the archive to its folder: record by record in constant memory, saved as it goes, so that what
 * was interrupted is continued and ends with the same octets.
 */
import { rfc3339 } from '../../../src/event/time.ts';
import type { Archive } from '../archive.ts';
import { ArchiveError } from '../archive-error.ts';
import type { RecordQuery, SqlValue } from '../contract.ts';
import { NO_HASH } from '../record/chain.ts';
import { readHead } from '../record/head.ts';
import { readMeta } from '../record/meta.ts';
import { CsvSink } from './csv-sink.ts';
import { EdrmSink } from './edrm-sink.ts';
import { EmlSink } from './eml-sink.ts';
import type { ExportFolder } from './export-folder.ts';
import { type ExportFormat, groupsConversations } from './export-format.ts';
import { type ExportRecord, openRecord, RECORD_COLUMNS, type RecordRow } from './export-record.ts';
import type { ExportSink, TakenFile } from './export-sink.ts';
import { type ExportState, noCounts } from './export-state.ts';
import { HtmlSink } from './html-sink.ts';
import { JsonlSink } from './jsonl-sink.ts';
import { KeptFiles } from './kept-files.ts';

/** Records between two saved states. */
const SAVE_RECORDS = 20_000;
/** Records after which timers and signals have their turn. */
const PAUSE_RECORDS = 500;
/** HTML in one page: at most so many records, and conversations. */
const SINGLE_RECORDS = 2000;
const SINGLE_CONVERSATIONS = 50;

/** A condition on `record`, and its values. */
export interface Selection {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export interface ExportRequest {
  readonly format: ExportFormat;
  readonly query: RecordQuery;
  readonly selection: Selection;
  readonly withFiles: boolean;
  readonly byteOrderMark: boolean;
}

export interface RunOptions {
  /** Records between two saved states. */
  readonly saveEvery?: number;
  /** Hears of each saved state. */
  readonly onSave?: () => void;
}

export interface ExportProgress {
  done: number;
  total: number;
}

type State = Omit<ExportState, 'files'>;

export class ExportRun {
  readonly state: State;
  readonly progress: ExportProgress;
  readonly #archive: Archive;
  readonly #folder: ExportFolder;
  readonly #request: ExportRequest;
  readonly #saveEvery: number;
  readonly #onSave: () => void;

  private constructor(
    archive: Archive,
    folder: ExportFolder,
    request: ExportRequest,
    state: State,
    { saveEvery = SAVE_RECORDS, onSave = () => undefined }: RunOptions,
  ) {
    this.#saveEvery = saveEvery;
    this.#onSave = onSave;
    this.#archive = archive;
    this.#folder = folder;
    this.#request = request;
    this.state = state;
    this.progress = { done: state.counts.records, total: state.total };
  }

  /** A new one, or what an interrupted one left. Rejects with ArchiveError. */
  static async begin(
    archive: Archive,
    folder: ExportFolder,
    request: ExportRequest,
    options: RunOptions = {},
  ): Promise<ExportRun> {
    const { database } = archive;
    const id = (await readMeta(database, 'archive')) ?? '';
    const { saved } = folder;
    if (saved !== undefined) {
      if (saved.archive !== id) throw new ArchiveError('the export was begun from another archive');
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
      return new ExportRun(
        archive,
        folder,
        request,
        { ...state, resumed: state.resumed + 1 },
        options,
      );
    }
    const head = await readHead(database);
    const { sql, values } = selected(request.selection, head.sequence);
    const [row] = await database.rows<{ total: number }>(
      `SELECT count(*) AS total FROM record WHERE ${sql}`,
      ...values,
    );
    const total = row?.total ?? 0;
    const state: State = {
      state: 1,
      archive: id,
      format: request.format,
      query: { ...request.query },
      withFiles: request.withFiles,
      byteOrderMark: request.byteOrderMark,
      startedAt: rfc3339(Date.now() * 1000),
      upTo: head.sequence,
      upToHash: Buffer.from(head.hash).toString('hex'),
      total,
      single:
        request.format === 'html' &&
        total <= SINGLE_RECORDS &&
        (await isFew(archive, request.selection, head.sequence)),
      done: 0,
      counts: noCounts(),
      resumed: 0,
    };
    const run = new ExportRun(archive, folder, request, state, options);
    folder.save(state);
    return run;
  }

  /** Until all is written, or `signal` asks to stop: false; the rest is for another time. */
  async write(signal?: AbortSignal): Promise<boolean> {
    const sink = this.#sink();
    const grouped = groupsConversations(this.state.format);
    const finished = grouped
      ? await this.#writeConversations(sink, signal)
      : await this.#writeRecords(sink, signal);
    if (finished) await sink.end();
    return finished;
  }

  async #writeRecords(sink: ExportSink, signal: AbortSignal | undefined): Promise<boolean> {
    let unsaved = 0;
    for await (const row of this.#rows('record.sequence > ?', 'record.sequence')) {
      const record = this.#open(row);
      await sink.add(record, await this.#filesOf(record));
      this.#count(record);
      this.state.done = record.sequence;
      unsaved += 1;
      if (unsaved >= this.#saveEvery) {
        this.#save(sink);
        unsaved = 0;
      }
      if (this.progress.done % PAUSE_RECORDS === 0 && (await isStopped(signal))) {
        this.#save(sink);
        return false;
      }
    }
    this.#save(sink);
    return true;
  }

  async #writeConversations(sink: ExportSink, signal: AbortSignal | undefined): Promise<boolean> {
    const { counts } = this.state;
    if (this.state.done === 0) counts.leftOut.noConversation = await this.#countApart();
    let current = this.state.done;
    let written = 0;
    let unsaved = 0;
    const endConversation = async (): Promise<void> => {
      if (written > 0) {
        counts.conversations += 1;
        await sink.endConversation?.();
      }
      this.state.done = current;
      written = 0;
      // One page has all or nothing: what was gathered for it is in memory.
      if (unsaved < this.#saveEvery || this.state.single) return;
      this.#save(sink);
      unsaved = 0;
    };
    const order = 'record.conversation, record.sequence';
    for await (const row of this.#rows('record.conversation > ?', order)) {
      if (row.conversation !== null && row.conversation !== current) {
        await endConversation();
        if (await isStopped(signal)) {
          if (!this.state.single) this.#save(sink);
          return false;
        }
        current = row.conversation;
      }
      unsaved += 1;
      if (row.repeat === 0) {
        const record = this.#open(row);
        await sink.add(record, await this.#filesOf(record));
        this.#count(record);
        written += 1;
      } else {
        counts.leftOut.repeats += 1;
        this.progress.done += 1;
      }
      if (unsaved % PAUSE_RECORDS === 0 && (await isStopped(signal))) return false;
    }
    await endConversation();
    if (!this.state.single) this.#save(sink);
    return true;
  }

  #rows(after: string, order: string): AsyncIterable<RecordRow> {
    const { sql, values } = selected(this.#request.selection, this.state.upTo);
    return this.#archive.database.each<RecordRow>(
      `SELECT ${RECORD_COLUMNS} FROM record WHERE ${sql} AND ${after} ORDER BY ${order}`,
      ...values,
      this.state.done,
    );
  }

  #open(row: RecordRow): ExportRecord {
    return openRecord(row, this.#archive.vault);
  }

  #count({ sequence, time, hash, state }: ExportRecord): void {
    const { counts } = this.state;
    counts.records += 1;
    if (state === 'erased') counts.leftOut.contentErased += 1;
    if (state === 'unreadable') counts.leftOut.contentUnreadable += 1;
    if (state === 'none') counts.leftOut.noContent += 1;
    const edge = { sequence, time, hash };
    if (this.state.first === undefined || sequence < this.state.first.sequence) {
      this.state.first = hexEdge(edge);
    }
    if (this.state.last === undefined || sequence > this.state.last.sequence) {
      this.state.last = hexEdge(edge);
    }
    this.progress.done += 1;
  }

  async #filesOf({ sequence, event }: ExportRecord): Promise<readonly TakenFile[]> {
    if (!this.#request.withFiles || !String(event.kind).startsWith('file.')) return NO_FILES;
    this.#kept ??= new KeptFiles(this.#archive, this.#folder, this.state.format === 'eml', () => {
      this.state.counts.leftOut.filesGone += 1;
    });
    const files = await this.#kept.take(sequence);
    this.state.counts.files += files.length;
    return files;
  }
  #kept: KeptFiles | undefined;

  #save(sink: ExportSink): void {
    sink.flush?.();
    this.#folder.save(this.state);
    this.#onSave();
  }

  /** Records that were asked for and belong to no conversation. */
  async #countApart(): Promise<number> {
    const { sql, values } = selected(this.#request.selection, this.state.upTo);
    const [row] = await this.#archive.database.rows<{ apart: number }>(
      `SELECT count(*) AS apart FROM record WHERE ${sql} AND record.conversation IS NULL`,
      ...values,
    );
    return row?.apart ?? 0;
  }

  #sink(): ExportSink {
    const { database } = this.#archive;
    const { archive, counts, single } = this.state;
    switch (this.state.format) {
      case 'jsonl':
        return new JsonlSink(this.#folder, (sequence) => previousHash(this.#archive, sequence));
      case 'csv':
        return new CsvSink(this.#folder, this.#request.byteOrderMark);
      case 'eml':
        return new EmlSink(this.#folder, database, archive, counts);
      case 'edrm':
        return new EdrmSink(this.#folder, database, archive, counts);
      case 'html':
        return new HtmlSink(this.#folder, database, archive, counts, single);
    }
  }
}

const NO_FILES: readonly TakenFile[] = [];

function selected({ sql, values }: Selection, upTo: number): Selection {
  return {
    sql: `record.kind = 'event' AND record.sequence <= ? AND (${sql})`,
    values: [upTo, ...values],
  };
}

function hexEdge({ sequence, time, hash }: { sequence: number; time: number; hash: Uint8Array }) {
  return { sequence, time, hash: Buffer.from(hash).toString('hex') };
}

async function isFew(archive: Archive, selection: Selection, upTo: number): Promise<boolean> {
  const { sql, values } = selected(selection, upTo);
  const rows = await archive.database.rows(
    `SELECT DISTINCT record.conversation FROM record WHERE ${sql} LIMIT ${SINGLE_CONVERSATIONS + 1}`,
    ...values,
  );
  return rows.length <= SINGLE_CONVERSATIONS;
}

async function previousHash({ database }: Archive, sequence: number): Promise<Uint8Array> {
  if (sequence === 1) return NO_HASH;
  const [row] = await database.rows<{ hash: Uint8Array }>(
    'SELECT hash FROM record WHERE sequence = ? UNION ALL SELECT hash FROM tombstone WHERE sequence = ?',
    sequence - 1,
    sequence - 1,
  );
  if (row !== undefined) return row.hash;
  throw new ArchiveError(`record ${sequence - 1} is missing`, 'Run: sallyport archive verify');
}

/** Lets timers and signals have their turn. */
async function isStopped(signal: AbortSignal | undefined): Promise<boolean> {
  await new Promise((resolve) => setImmediate(resolve));
  return signal?.aborted === true;
}
