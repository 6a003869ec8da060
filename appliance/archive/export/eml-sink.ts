/** EML: one message for each conversation and day, a thousand conversations a folder. */
import type { ArchiveDatabase } from '../contract.ts';
import { ConversationDays } from './conversation-days.ts';
import { conversationInfo } from './conversation-info.ts';
import { documentName } from './document-name.ts';
import type { ExportFolder } from './export-folder.ts';
import type { ExportRecord } from './export-record.ts';
import type { ExportSink, TakenFile } from './export-sink.ts';
import type { ExportCounts } from './export-state.ts';
import { htmlLine } from './html-look.ts';
import { messageId, writeMail } from './mail.ts';
import { textLine } from './text-look.ts';

export const MESSAGES = 'messages';

export class EmlSink implements ExportSink {
  readonly #folder: ExportFolder;
  readonly #database: ArchiveDatabase;
  readonly #archive: string;
  readonly #counts: ExportCounts;
  readonly #days: ConversationDays;
  #conversation = 0;

  constructor(
    folder: ExportFolder,
    database: ArchiveDatabase,
    archive: string,
    counts: ExportCounts,
  ) {
    this.#folder = folder;
    this.#database = database;
    this.#archive = archive;
    this.#counts = counts;
    const scratch = (name: string) => folder.scratch(name);
    this.#days = new ConversationDays({ text: textLine, html: htmlLine }, scratch);
  }

  add(record: ExportRecord, files: readonly TakenFile[]): void {
    this.#conversation = record.conversation ?? 0;
    this.#days.add(record, files);
  }

  async endConversation(): Promise<void> {
    const conversation = await conversationInfo(this.#database, this.#conversation);
    let previous: string | undefined;
    for (const day of this.#days.take()) {
      const draft = this.#folder.scratch('message');
      const written = await writeMail(draft, conversation, day, {
        archive: this.#archive,
        previous,
        attach: true,
      });
      const name = `${MESSAGES}/${documentName(conversation.id, `-${day.date}.eml`)}`;
      this.#folder.move(draft, name);
      this.#folder.list(name, written.sha256);
      this.#counts.documents += 1;
      previous = messageId(this.#archive, conversation.id, day.date);
      day.text.remove();
      day.html.remove();
    }
  }

  end(): void {}
}
