/**
 * EDRM XML, a load file for e-discovery: `edrm.xml` with a Document for each conversation and day, its message
 * (natives/) and its text (text/) as files, and a Document for each kept file, related to its conversation.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { ConversationDay, DayLook } from './conversation-days.ts';
import type { ConversationInfo } from './conversation-info.ts';
import type { DayWriter, ExportPlace } from './day-sink.ts';
import { conversationName, documentName } from './document-name.ts';
import { custodians, dayTags } from './edrm-tags.ts';
import {
  EDRM_FOOT,
  EDRM_HEAD,
  EDRM_MIDDLE,
  type EdrmFile,
  edrmAttachment,
  edrmDocument,
} from './edrm-xml.ts';
import { PARTIAL } from './export-folder.ts';
import type { TakenFile } from './export-sink.ts';
import { htmlLine } from './html-look.ts';
import { messageId, writeMail } from './mail.ts';
import { textLine } from './text-look.ts';
import { writeDraft } from './write-draft.ts';

export const LOAD_FILE = 'edrm.xml';
export const NATIVES = 'natives';
export const TEXTS = 'text';
/** Relationships stand after all documents, and gather here until then. */
const RELATIONSHIPS = `${PARTIAL}/relationships`;

export class EdrmWriter implements DayWriter {
  readonly look: DayLook = { text: textLine, html: htmlLine };
  readonly #place: ExportPlace;

  constructor(place: ExportPlace) {
    this.#place = place;
    const file = place.folder.append(LOAD_FILE);
    if (file.size === 0) file.text(EDRM_HEAD);
    place.folder.append(RELATIONSHIPS);
  }

  async write(conversation: ConversationInfo, days: readonly ConversationDay[]): Promise<void> {
    const { archive, counts } = this.#place;
    let previous: string | undefined;
    for (const day of days) {
      await this.#document(conversation, day, previous);
      previous = messageId(archive, conversation.id, day.date);
      counts.documents += 1;
    }
  }

  async end(): Promise<void> {
    const { folder } = this.#place;
    const file = folder.append(LOAD_FILE);
    folder.append(RELATIONSHIPS).flush();
    file.text(EDRM_MIDDLE);
    const related = createReadStream(join(folder.path, RELATIONSHIPS), { encoding: 'utf8' });
    for await (const piece of related) file.text(String(piece));
    file.text(EDRM_FOOT);
    folder.finish(LOAD_FILE);
  }

  async #document(
    conversation: ConversationInfo,
    day: ConversationDay,
    previous: string | undefined,
  ): Promise<void> {
    const { folder, archive } = this.#place;
    const draft = folder.scratch('message');
    const about = { archive, previous, attach: false };
    const mail = await writeMail(draft, conversation, day, about);
    const base = documentName(conversation.id, `-${day.date}`);
    const native = { name: `${NATIVES}/${base}.eml`, ...mail };
    folder.move(draft, native.name);
    folder.list(native.name, native.sha256);
    const text = await this.#text(`${TEXTS}/${base}.txt`, day);
    const id = `${conversationName(conversation.id)}-${day.date}`;
    const document = edrmDocument({
      ...{ id, type: 'Message', mime: 'message/rfc822' },
      files: [
        ['Native', native],
        ['Text', text],
      ],
      custodians: custodians(conversation, day),
      location: messageId(archive, conversation.id, day.date),
      tags: dayTags(conversation, day, mail, previous),
    });
    folder.append(LOAD_FILE).text(document);
    for (const [n, file] of day.files.entries())
      await this.#kept(id, n + 1, file, custodians(conversation, day));
  }

  async #text(name: string, day: ConversationDay): Promise<EdrmFile> {
    const { folder } = this.#place;
    const draft = folder.scratch('text');
    const written = await writeDraft(draft, day.text.short ?? day.text.stream());
    folder.move(draft, name);
    folder.list(name, written.sha256);
    return { name, ...written };
  }

  async #kept(
    parent: string,
    number: number,
    file: TakenFile,
    people: readonly string[],
  ): Promise<void> {
    const { folder } = this.#place;
    const md5 = createHash('md5');
    for await (const part of createReadStream(file.path)) md5.update(part);
    const id = `${parent}-${String(number).padStart(4, '0')}`;
    const document = edrmDocument({
      ...{ id, type: 'File', mime: file.mime ?? 'application/octet-stream' },
      files: [['Native', { ...file, md5: md5.digest('hex') }]],
      ...{ custodians: people, location: undefined },
      tags: [
        ['#FileSize', 'LongInteger', file.size],
        ['SHA256', 'Text', file.sha256],
      ],
    });
    folder.append(LOAD_FILE).text(document);
    folder.append(RELATIONSHIPS).text(edrmAttachment(parent, id));
  }
}
