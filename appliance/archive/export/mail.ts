/**
 * One day of a conversation as a message (RFC 5322, MIME): transcript as text and as HTML, kept files attached.
 * Nobody can answer it: addresses end in .invalid. The same day gives the same octets, each time.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import { harmless } from '../../../src/event/harmless.ts';
import { counted } from '../../report/amounts.ts';
import type { ConversationDay } from './conversation-days.ts';
import {
  type ConversationInfo,
  type ConversationParty,
  conversationTitle,
} from './conversation-info.ts';
import { harmlessAddress, shownName } from './harmless-address.ts';
import { HTML_FOOT, htmlDay, htmlHead, isolated } from './html-look.ts';
import { renderMail } from './render-mail.ts';
import { type WrittenFile, writeDraft } from './write-draft.ts';

/** Characters of a subject. */
const LONGEST_SUBJECT = 200;
/** RFC 2045 §5.1, without parameters. */
const PLAIN_TYPE = /^(?:text|image|audio|video|font|application)\/[A-Za-z0-9.+_-]{1,100}$/;

export interface MailPlace {
  /** Identity of the archive. */
  readonly archive: string;
  /** The day before, in the same conversation. */
  readonly previous: string | undefined;
  readonly attach: boolean;
}

export interface WrittenMail extends WrittenFile {
  readonly subject: string;
}

export function messageId(archive: string, conversation: number, date: string): string {
  return `<sallyport.${archive}.${conversation}.${date}@archive.invalid>`;
}

/** Writes it to `path`, in place of what is there. */
export async function writeMail(
  path: string,
  conversation: ConversationInfo,
  day: ConversationDay,
  { archive, previous, attach }: MailPlace,
): Promise<WrittenMail> {
  const title = conversationTitle(conversation);
  const subject = shortened(`IM ${title}, ${day.date}: ${counted(day.records, 'record')}`);
  const id = messageId(archive, conversation.id, day.date);
  const { from, to } = correspondents(conversation, day);
  const mail = new MailComposer({
    from,
    to,
    subject,
    messageId: id,
    ...(previous === undefined ? {} : { inReplyTo: previous, references: previous }),
    date: new Date(day.firstTime / 1000),
    headers: headers(archive, conversation, day),
    text: {
      contentType: 'text/plain; charset=utf-8',
      content: content(day.text.short ?? Readable.from(day.text.pieces())),
    },
    html: { contentType: 'text/html; charset=utf-8', content: htmlContent(subject, day) },
    attachments: attach
      ? day.files.map(({ name, path: content, mime }) => ({
          path: content,
          filename: name,
          contentType: attachmentType(mime),
        }))
      : [],
    newline: 'windows',
    // Who writes what is in it cannot know the boundary: the hash covers it.
    baseBoundary: createHash('sha256').update(`${id}\n${day.hash}`).digest('hex').slice(0, 32),
  }).compile();
  const written = await writeDraft(path, renderMail(mail) ?? mail.createReadStream());
  return { ...written, subject };
}

/**
 * A type that somebody on the wire may have made up. Messages and multiparts would be taken apart, and their lines
 * be changed; a file stays what it is.
 */
function attachmentType(mime: string | undefined): string {
  return mime !== undefined && PLAIN_TYPE.test(mime) ? mime : 'application/octet-stream';
}

/** From is required (RFC 5322 §3.6): who began the day. To: the room, and the other parties. */
function correspondents({ service, room, parties }: ConversationInfo, day: ConversationDay) {
  const sender = parties.find(({ address }) => address === day.sender);
  const others = parties.filter((party) => party !== sender);
  const place = room === undefined ? [] : [{ service, address: room, person: undefined }];
  const to = [...place, ...others].map(correspondent);
  return {
    from: correspondent(sender ?? { service, address: day.sender, person: undefined }),
    to: to.length > 0 ? to : 'undisclosed-recipients:;',
  };
}

function correspondent({ service, address, person }: ConversationParty) {
  return { name: shownName(address, person), address: harmlessAddress(service, address) };
}

function headers(archive: string, conversation: ConversationInfo, day: ConversationDay) {
  const values: Record<string, string | undefined> = {
    'X-Sallyport-Archive': archive,
    'X-Sallyport-Conversation': String(conversation.id),
    'X-Sallyport-Service': conversation.service,
    'X-Sallyport-Room': conversation.room,
    'X-Sallyport-Records': `${day.firstSequence}-${day.lastSequence}`,
    'X-Sallyport-Count': String(day.records),
    'X-Sallyport-Messages': String(day.said),
    'X-Sallyport-Hash': day.hash,
    'X-Sallyport-Participants-Not-Named':
      conversation.others === 0 ? undefined : String(conversation.others),
    'X-Sallyport-Files-Not-Attached': day.moreFiles === 0 ? undefined : String(day.moreFiles),
  };
  const said: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') said[name] = shortened(value);
  }
  return said;
}

function htmlContent(subject: string, day: ConversationDay): string | Readable {
  const before = `${htmlHead(subject, 'mail')}<h1>${isolated(subject)}</h1>\n${htmlDay(day.date, 'begin')}`;
  const after = `${htmlDay(day.date, 'end')}${HTML_FOOT}`;
  const { short } = day.html;
  if (short !== undefined) return before + short + after;
  return Readable.from(
    (async function* () {
      yield before;
      yield* day.html.pieces();
      yield after;
    })(),
  );
}

function content(text: string | Readable): string | Readable {
  return text === '' ? '\n' : text;
}

function shortened(text: string): string {
  const shown = harmless(text);
  return shown.length <= LONGEST_SUBJECT
    ? shown
    : `${shown.slice(0, LONGEST_SUBJECT - 1).toWellFormed()}…`;
}
