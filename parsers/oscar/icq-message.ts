/**
 * Messages of ICQ as they were before AIM's: a type, flags, and a text whose fields end at FE. They come
 * in channel 4, in the relay of channel 2, and as stored messages in ICQ's envelopes.
 */

import { utf8OrWindows1252 } from '../../src/bytes/text.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { type OscarFlow, some } from './oscar-flow.ts';
import { FIELDS_LIMIT } from './oscar-limits.ts';
import { isMarkup, sayText } from './say-text.ts';
import { isSms, saySms } from './sms.ts';
import { endBeforeNul, withoutNul } from './text-decoding.ts';

const FIELD_END = 0xfe;
export const IcqType = {
  Plain: 0x01,
  Chat: 0x02,
  File: 0x03,
  Url: 0x04,
  AuthRequest: 0x06,
  AuthDenied: 0x07,
  AuthGranted: 0x08,
  System: 0x09,
  Added: 0x0c,
  WebPager: 0x0d,
  EmailPager: 0x0e,
  Contacts: 0x13,
  Plugin: 0x1a,
  /** Asking for an away text; the answer has it. */
  FirstAway: 0xe7,
  LastAway: 0xec,
} as const;

export interface IcqMessage {
  readonly type: number;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Text with its fields, buffer[start, end). */
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly messageId: string | undefined;
  /** Of a message that was kept for the receiver. */
  readonly sentAt: string | undefined;
}

const MESSAGES: ReadonlySet<number> = new Set<number>([
  IcqType.Plain,
  IcqType.Url,
  IcqType.System,
  IcqType.WebPager,
  IcqType.EmailPager,
  IcqType.Contacts,
]);
const CONTACT_KINDS: Readonly<Record<number, EventKind>> = {
  [IcqType.AuthRequest]: 'contact.request',
  [IcqType.AuthDenied]: 'contact.deny',
  [IcqType.AuthGranted]: 'contact.approve',
  [IcqType.Added]: 'contact.add',
};

export function sayIcqMessage(flow: OscarFlow, message: IcqMessage): void {
  const type = message.type & 0xff;
  const contactKind = CONTACT_KINDS[type];
  if (contactKind !== undefined) sayContact(flow, message, contactKind);
  else if (MESSAGES.has(type)) sayMessage(flow, message);
  else if (type === IcqType.Plugin && isSms(message)) saySms(flow, message);
  else if (type < IcqType.FirstAway || type > IcqType.LastAway) {
    const event = newEvent(flow, message, 'app.unknown');
    event.reason = `ICQ message type ${type}`;
    event.text = some(fieldsOf(message).join('\n'));
    flow.say(event);
  }
}

function sayMessage(flow: OscarFlow, message: IcqMessage): void {
  const { type, buffer, start, end, from, to } = message;
  const event = newEvent(flow, message, 'message');
  event.route = 'direct';
  if (type !== IcqType.Plain) {
    if (type === IcqType.System) event.form = 'notice';
    if (type !== IcqType.Url && type !== IcqType.Contacts) event.route = 'service';
    const written = fieldsOf(message)
      .filter((field) => field !== '')
      .join('\n');
    sayText(flow, event, written, false);
    return;
  }
  const text = withoutNul(utf8OrWindows1252(buffer, start, end));
  const stop = endBeforeNul(buffer, start, end);
  sayText(flow, event, text, isMarkup(text, from, to), start, stop);
}

/** A request has nick, first name, last name, e-mail, a flag and the reason; an answer the reason. */
function sayContact(flow: OscarFlow, message: IcqMessage, kind: EventKind): void {
  const fields = fieldsOf(message);
  const event = newEvent(flow, message, kind);
  event.contact = flow.toServer ? message.to : message.from;
  if (message.type === IcqType.Added) event.list = 'reverse';
  const named = message.type === IcqType.AuthRequest || message.type === IcqType.Added;
  if (named) {
    event.name = some(fields[0] ?? '');
    event.text = some(fields[5] ?? (fields.length < 5 ? (fields.at(-1) ?? '') : ''));
  } else event.text = some(fields[0] ?? '');
  flow.say(event);
}

function newEvent(flow: OscarFlow, message: IcqMessage, kind: EventKind) {
  const event = flow.newEvent(kind);
  event.from = message.from;
  event.to = message.to === undefined ? undefined : [message.to];
  event.messageId = message.messageId;
  event.sentAt = message.sentAt;
  return event;
}

/** Each field in its own character set: FE is none of UTF-8. */
export function fieldsOf({ buffer, start, end }: IcqMessage): string[] {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    // What stands behind the last field that is told apart is read with it.
    const isLast = fields.length === FIELDS_LIMIT - 1;
    const found = isLast ? -1 : buffer.subarray(at, end).indexOf(FIELD_END);
    const stop = found === -1 ? end : at + found;
    fields.push(withoutNul(utf8OrWindows1252(buffer, at, stop)));
    if (found === -1) break;
    at = stop + 1;
  }
  return fields;
}
