/** EML: one message for each conversation and day, a thousand conversations a folder. */
import type { ConversationDay, DayLook } from './conversation-days.ts';
import type { ConversationInfo } from './conversation-info.ts';
import type { DayWriter, ExportPlace } from './day-sink.ts';
import { documentName } from './document-name.ts';
import { htmlLine } from './html-look.ts';
import { messageId, writeMail } from './mail.ts';
import { textLine } from './text-look.ts';

export const MESSAGES = 'messages';

export class EmlWriter implements DayWriter {
  readonly look: DayLook = { text: textLine, html: htmlLine };
  readonly #place: ExportPlace;

  constructor(place: ExportPlace) {
    this.#place = place;
  }

  async write(conversation: ConversationInfo, days: readonly ConversationDay[]): Promise<void> {
    const { folder, archive, counts } = this.#place;
    let previous: string | undefined;
    for (const day of days) {
      const draft = folder.scratch('message');
      const about = { archive, previous, attach: true };
      const { sha256 } = await writeMail(draft, conversation, day, about);
      const name = `${MESSAGES}/${documentName(conversation.id, `-${day.date}.eml`)}`;
      folder.move(draft, name);
      folder.list(name, sha256);
      counts.documents += 1;
      previous = messageId(archive, conversation.id, day.date);
    }
  }

  end(): void {}
}
