/** Formats that show conversations day by day: gathers the days of one, and hands them to what writes the format. */
import type { ArchiveDatabase } from '../contract.ts';
import { type ConversationDay, ConversationDays, type DayLook } from './conversation-days.ts';
import { type ConversationInfo, conversationInfo } from './conversation-info.ts';
import type { ExportFolder } from './export-folder.ts';
import type { ExportRecord } from './export-record.ts';
import type { ExportSink, TakenFile } from './export-sink.ts';
import type { ExportCounts } from './export-state.ts';

/** Where an export is written, and what it is of. */
export interface ExportPlace {
  readonly folder: ExportFolder;
  readonly database: ArchiveDatabase;
  /** Identity of the archive. */
  readonly archive: string;
  readonly counts: ExportCounts;
}

export interface DayWriter {
  readonly look: DayLook;
  /** All days of a conversation, in the order of time; their scratch goes away afterwards. */
  write(conversation: ConversationInfo, days: readonly ConversationDay[]): Promise<void>;
  /** All conversations are written. */
  end(): Promise<void> | void;
}

export class DaySink implements ExportSink {
  readonly #database: ArchiveDatabase;
  readonly #writer: DayWriter;
  readonly #days: ConversationDays;
  #conversation = 0;

  constructor({ folder, database }: ExportPlace, writer: DayWriter) {
    this.#database = database;
    this.#writer = writer;
    this.#days = new ConversationDays(writer.look, (name) => folder.scratch(name));
  }

  add(record: ExportRecord, files: readonly TakenFile[]): void {
    this.#conversation = record.conversation ?? 0;
    this.#days.add(record, files);
  }

  async endConversation(): Promise<void> {
    const conversation = await conversationInfo(this.#database, this.#conversation);
    const days = this.#days.take();
    await this.#writer.write(conversation, days);
    for (const day of days) {
      day.text.remove();
      day.html.remove();
    }
  }

  end(): Promise<void> | void {
    return this.#writer.end();
  }
}
