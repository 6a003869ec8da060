/**
 * An export, from the archive to its folder: record by record in constant memory, saved as it goes, so that what
 * was interrupted is continued and ends with the same octets.
 */
import type { Archive } from '../archive.ts';
import type { SigningKey } from '../evidence/signing-key.ts';
import { beginExport } from './begin-export.ts';
import type { ExportFolder } from './export-folder.ts';
import { groupsConversations } from './export-format.ts';
import { type ExportRecord, openRecord, type RecordRow } from './export-record.ts';
import type { ExportRequest } from './export-request.ts';
import type { ExportSink, TakenFile } from './export-sink.ts';
import type { ExportState } from './export-state.ts';
import { hexText } from './hex-text.ts';
import { KeptFiles } from './kept-files.ts';
import { makeSink } from './make-sink.ts';
import { SelectedRecords } from './selected-records.ts';
import { usableKey } from './usable-key.ts';

/** Records between two saved states. */
const SAVE_RECORDS = 20_000;
/** Records after which timers and signals have their turn. */
const PAUSE_RECORDS = 500;
const NO_FILES: readonly TakenFile[] = [];

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

export class ExportRun {
  readonly state: ExportState;
  readonly progress: ExportProgress;
  readonly #archive: Archive;
  readonly #folder: ExportFolder;
  readonly #records: SelectedRecords;
  readonly #key: SigningKey | undefined;
  readonly #kept: KeptFiles;
  readonly #saveEvery: number;
  readonly #onSave: () => void;

  private constructor(
    archive: Archive,
    folder: ExportFolder,
    request: ExportRequest,
    state: ExportState,
    key: SigningKey | undefined,
    { saveEvery = SAVE_RECORDS, onSave = () => undefined }: RunOptions,
  ) {
    this.#saveEvery = saveEvery;
    this.#onSave = onSave;
    this.#archive = archive;
    this.#folder = folder;
    this.#records = new SelectedRecords(archive.database, request.selection, state.upTo);
    this.#key = key;
    this.#kept = new KeptFiles(archive, folder, state.format === 'eml', () => {
      state.counts.leftOut.filesGone += 1;
    });
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
    const usable = usableKey(archive);
    const key = usable instanceof Error ? undefined : usable;
    folder.prove(key);
    const state = await beginExport(archive, request, folder.saved);
    if (folder.saved === undefined) folder.save(state, key);
    return new ExportRun(archive, folder, request, state, key, options);
  }

  /** Until all is written, or `signal` asks to stop: false; the rest is for another time. */
  async write(signal?: AbortSignal): Promise<boolean> {
    const sink = makeSink(this.#archive, this.#folder, this.state);
    const finished = groupsConversations(this.state.format)
      ? await this.#writeConversations(sink, signal)
      : await this.#writeRecords(sink, signal);
    if (finished) await sink.end();
    return finished;
  }

  async #writeRecords(sink: ExportSink, signal: AbortSignal | undefined): Promise<boolean> {
    let unsaved = 0;
    for await (const row of this.#records.bySequence(this.state.done)) {
      const later = this.#add(row, sink);
      if (later !== undefined) await later;
      this.state.done = row.sequence;
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
    if (this.state.done === 0) counts.leftOut.noConversation = await this.#records.countApart();
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
    for await (const row of this.#records.byConversation(this.state.done)) {
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
        const later = this.#add(row, sink);
        if (later !== undefined) await later;
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

  /** Most records need not be waited for. */
  #add(row: RecordRow, sink: ExportSink): Promise<void> | void {
    const record = openRecord(row, this.#archive.vault);
    this.#count(record);
    if (this.state.withFiles && String(record.event.kind).startsWith('file.')) {
      return this.#addWithFiles(record, sink);
    }
    return sink.add(record, NO_FILES);
  }

  async #addWithFiles(record: ExportRecord, sink: ExportSink): Promise<void> {
    const files = await this.#kept.take(record.sequence);
    this.state.counts.files += files.length;
    await sink.add(record, files);
  }

  #count({ sequence, time, hash, state }: ExportRecord): void {
    const { counts } = this.state;
    counts.records += 1;
    if (state === 'erased') counts.leftOut.contentErased += 1;
    if (state === 'unreadable') counts.leftOut.contentUnreadable += 1;
    if (state === 'none') counts.leftOut.noContent += 1;
    if (this.state.first === undefined || sequence < this.state.first.sequence) {
      this.state.first = { sequence, time, hash: hexText(hash) };
    }
    if (this.state.last === undefined || sequence > this.state.last.sequence) {
      this.state.last = { sequence, time, hash: hexText(hash) };
    }
    this.progress.done += 1;
  }

  #save(sink: ExportSink): void {
    sink.flush?.();
    this.#folder.save(this.state, this.#key);
    this.#onSave();
  }
}

/** Lets timers and signals have their turn. */
async function isStopped(signal: AbortSignal | undefined): Promise<boolean> {
  await new Promise((resolve) => setImmediate(resolve));
  return signal?.aborted === true;
}
