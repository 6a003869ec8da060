/**
 * EDRM XML 1.2, a load file for e-discovery: `edrm.xml` with a Document for each conversation and day, its message
 * (natives/) and its text (text/) as files, and a Document for each kept file, related to its conversation.
 *
 *     Root
 *       Batch
 *         Documents
 *           Document DocID DocType MimeType
 *             Files / File FileType / ExternalFile FilePath FileName FileSize Hash HashType
 *             Locations / Location / Custodian, LocationURI
 *             Tags / Tag TagName TagDataType TagValue
 *         Relationships
 *           Relationship Type ParentDocId ChildDocId
 *
 * Hash is MD5, as load files have it, to know a document by; tags and SHA256SUMS have SHA-256, to prove it.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { harmless } from '../../../src/event/harmless.ts';
import { rfc3339 } from '../../../src/event/time.ts';
import type { ArchiveDatabase } from '../contract.ts';
import { AppendFile } from './append-file.ts';
import { type ConversationDay, ConversationDays } from './conversation-days.ts';
import { type ConversationInfo, conversationInfo } from './conversation-info.ts';
import { conversationName, documentName } from './document-name.ts';
import { type ExportFolder, PARTIAL } from './export-folder.ts';
import type { ExportRecord } from './export-record.ts';
import type { ExportSink, TakenFile } from './export-sink.ts';
import type { ExportCounts } from './export-state.ts';
import { htmlLine } from './html-look.ts';
import { messageId, type WrittenMail, writeMail } from './mail.ts';
import { textLine } from './text-look.ts';
import { xmlText } from './xml-text.ts';

export const LOAD_FILE = 'edrm.xml';
export const NATIVES = 'natives';
export const TEXTS = 'text';
/** Relationships stand after all documents, and gather here until then. */
const RELATIONSHIPS = `${PARTIAL}/relationships`;

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<Root MajorVersion="1" MinorVersion="2" Description="Sallyport export" Locale="en" DataInterchangeType="Update">
  <Batch>
    <Documents>
`;

interface StoredFile {
  /** In the export. */
  readonly name: string;
  readonly size: number;
  readonly md5: string;
  readonly sha256: string;
}

type Tag = readonly [
  name: string,
  type: 'Text' | 'DateTime' | 'Integer' | 'LongInteger',
  value: string | number | undefined,
];

export class EdrmSink implements ExportSink {
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
    const file = folder.append(LOAD_FILE);
    if (file.size === 0) file.text(HEAD);
    folder.append(RELATIONSHIPS);
  }

  add(record: ExportRecord, files: readonly TakenFile[]): void {
    this.#conversation = record.conversation ?? 0;
    this.#days.add(record, files);
  }

  async endConversation(): Promise<void> {
    const conversation = await conversationInfo(this.#database, this.#conversation);
    let previous: string | undefined;
    for (const day of this.#days.take()) {
      await this.#document(conversation, day, previous);
      previous = messageId(this.#archive, conversation.id, day.date);
      day.text.remove();
      day.html.remove();
      this.#counts.documents += 1;
    }
  }

  async end(): Promise<void> {
    const file = this.#folder.append(LOAD_FILE);
    this.#folder.append(RELATIONSHIPS).flush();
    file.text('    </Documents>\n    <Relationships>\n');
    const related = createReadStream(join(this.#folder.path, RELATIONSHIPS), { encoding: 'utf8' });
    for await (const piece of related) file.text(String(piece));
    file.text('    </Relationships>\n  </Batch>\n</Root>\n');
    this.#folder.finish(LOAD_FILE);
  }

  async #document(
    conversation: ConversationInfo,
    day: ConversationDay,
    previous: string | undefined,
  ): Promise<void> {
    const draft = this.#folder.scratch('message');
    const mail = await writeMail(draft, conversation, day, {
      archive: this.#archive,
      previous,
      attach: false,
    });
    const base = documentName(conversation.id, `-${day.date}`);
    const native = { name: `${NATIVES}/${base}.eml`, ...mail };
    this.#folder.move(draft, native.name);
    this.#folder.list(native.name, native.sha256);
    const text = await this.#text(`${TEXTS}/${base}.txt`, day);
    const id = `${conversationName(conversation.id)}-${day.date}`;
    this.#folder.append(LOAD_FILE).text(
      documentXml({
        id,
        type: 'Message',
        mime: 'message/rfc822',
        files: [
          ['Native', native],
          ['Text', text],
        ],
        custodians: custodians(conversation, day),
        location: messageId(this.#archive, conversation.id, day.date),
        tags: dayTags(conversation, day, mail, previous),
      }),
    );
    for (const [n, file] of day.files.entries())
      await this.#kept(id, n + 1, file, conversation, day);
  }

  async #text(name: string, day: ConversationDay): Promise<StoredFile> {
    const draft = this.#folder.scratch('text');
    this.#folder.removeScratch('text');
    const file = new AppendFile(draft);
    const md5 = createHash('md5');
    for await (const piece of day.text.pieces()) {
      file.text(piece);
      md5.update(piece);
    }
    const { size } = file;
    const sha256 = file.close();
    this.#folder.move(draft, name);
    this.#folder.list(name, sha256);
    return { name, size, sha256, md5: md5.digest('hex') };
  }

  async #kept(
    parent: string,
    number: number,
    file: TakenFile,
    conversation: ConversationInfo,
    day: ConversationDay,
  ): Promise<void> {
    const md5 = createHash('md5');
    for await (const part of createReadStream(file.path)) md5.update(part);
    const id = `${parent}-${String(number).padStart(4, '0')}`;
    this.#folder.append(LOAD_FILE).text(
      documentXml({
        id,
        type: 'File',
        mime: file.mime ?? 'application/octet-stream',
        files: [['Native', { ...file, md5: md5.digest('hex') }]],
        custodians: custodians(conversation, day),
        location: undefined,
        tags: [
          ['#FileSize', 'LongInteger', file.size],
          ['SHA256', 'Text', file.sha256],
        ],
      }),
    );
    this.#folder
      .append(RELATIONSHIPS)
      .text(
        `      <Relationship${xml({ Type: 'Attachment', ParentDocId: parent, ChildDocId: id })}/>\n`,
      );
  }
}

interface DocumentParts {
  readonly id: string;
  readonly type: 'Message' | 'File';
  readonly mime: string;
  readonly files: readonly (readonly ['Native' | 'Text', StoredFile])[];
  readonly custodians: readonly string[];
  readonly location: string | undefined;
  readonly tags: readonly Tag[];
}

function documentXml({ id, type, mime, files, custodians, location, tags }: DocumentParts): string {
  const fileLines = files.map(([kind, { name, size, md5 }]) => {
    const cut = name.lastIndexOf('/');
    const external = {
      FilePath: name.slice(0, cut),
      FileName: name.slice(cut + 1),
      FileSize: size,
      Hash: md5,
      HashType: 'MD5',
    };
    return `          <File${xml({ FileType: kind })}><ExternalFile${xml(external)}/></File>\n`;
  });
  const locations = custodians.map((custodian) => {
    const uri =
      location === undefined
        ? ''
        : `<LocationURI>${xmlText(`mid:${location.slice(1, -1)}`)}</LocationURI>`;
    return `          <Location><Custodian>${xmlText(harmless(custodian))}</Custodian>${uri}</Location>\n`;
  });
  const tagLines = tags
    .filter(([, , value]) => value !== undefined && value !== '')
    .map(([TagName, TagDataType, TagValue]) => {
      return `          <Tag${xml({ TagName, TagDataType, TagValue: TagValue ?? '' })}/>\n`;
    });
  return (
    `      <Document${xml({ DocID: id, DocType: type, MimeType: mime })}>\n` +
    `        <Files>\n${fileLines.join('')}        </Files>\n` +
    (locations.length === 0
      ? ''
      : `        <Locations>\n${locations.join('')}        </Locations>\n`) +
    `        <Tags>\n${tagLines.join('')}        </Tags>\n      </Document>\n`
  );
}

/** Attributes, text from the network made harmless before it is escaped. */
function xml(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${xmlText(harmless(String(value)))}"`)
    .join('');
}

/** The people whose conversation it is; where the directory knows nobody, who began the day. */
function custodians({ parties }: ConversationInfo, day: ConversationDay): string[] {
  const people = new Set(parties.flatMap(({ person }) => person ?? []));
  return people.size > 0 ? [...people] : [day.sender];
}

function dayTags(
  conversation: ConversationInfo,
  day: ConversationDay,
  { subject, size, sha256 }: WrittenMail,
  previous: string | undefined,
): Tag[] {
  const others = conversation.parties
    .map(({ address }) => address)
    .filter((address) => address !== day.sender);
  return [
    ['#From', 'Text', day.sender],
    ['#To', 'Text', others.join('; ')],
    ['#Subject', 'Text', subject],
    ['#DateSent', 'DateTime', rfc3339(day.firstTime)],
    ['#DateReceived', 'DateTime', rfc3339(day.lastTime)],
    ['#FileSize', 'LongInteger', size],
    ['#AttachmentCount', 'Integer', day.files.length],
    ['SHA256', 'Text', sha256],
    ['Service', 'Text', conversation.service],
    ['Room', 'Text', conversation.room],
    ['Conversation', 'Integer', conversation.id],
    ['Records', 'Text', `${day.firstSequence}-${day.lastSequence}`],
    ['RecordCount', 'Integer', day.records],
    ['MessageCount', 'Integer', day.said],
    ['Persons', 'Text', conversation.parties.flatMap(({ person }) => person ?? []).join('; ')],
    ['InReplyTo', 'Text', previous],
  ];
}
