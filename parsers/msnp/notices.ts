/**
 * What the notification server says by itself (`MSG Hotmail Hotmail len`): the profile, which is full
 * of secrets and makes nothing, mail that arrived, and messages that wait (their text is fetched by SOAP).
 */
import { utf8 } from '../../src/bytes/text.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { HeaderBlock } from '../framing/header-block.ts';
import { encodedWords } from './encoded-words.ts';
import { type MsnpFlow, person, Role, some } from './msnp-flow.ts';
import { MAILS_LIMIT } from './msnp-limits.ts';
import { elementFrom, elementText } from './xml.ts';

export function onNotice(flow: MsnpFlow): void {
  flow.become(Role.Notification);
  const { command, headers } = flow;
  const { buffer, payloadStart, end } = command;
  const found = headers.read(buffer, payloadStart, end);
  const body = found === -1 ? end : found;
  const type = (headers.value('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  switch (type) {
    case 'text/x-msmsgsinitialmdatanotification':
    case 'text/x-msmsgsoimnotification':
      onWaiting(flow, buffer, body, end);
      return;
    case 'text/x-msmsgsemailnotification':
      onMail(flow, buffer, body, end);
      return;
    case 'text/plain':
      onWords(flow, buffer, body, end);
      return;
    case 'text/x-msmsgsprofile':
    case 'text/x-msmsgsinitialemailnotification':
    case 'text/x-msmsgsactivemailnotification':
    case 'application/x-msmsgssystemmessage':
    // What the gateway puts in the place of a refused one.
    case 'text/x-keepalive':
    case '':
      return;
    default:
      flow.unknown(`MSG ${type.slice(0, 80)}`);
  }
}

/** The network speaks to the user in words. */
function onWords(flow: MsnpFlow, buffer: Uint8Array, start: number, end: number): void {
  const event = notice(flow, undefined);
  event.visibility = 'content';
  event.text = some(utf8(buffer, start, end).replaceAll('\r\n', '\n'));
  flow.say(event);
}

/** `<MD>…<M><E>ann@example.com</E><N>name</N><RT>2026-…Z</RT>…</M></MD>`: offline messages, one an M. */
function onWaiting(flow: MsnpFlow, buffer: Uint8Array, start: number, end: number): void {
  const xml = utf8(buffer, start, end);
  let next = 0;
  for (let i = 0; i < MAILS_LIMIT; i++) {
    const element = elementFrom(xml, 'M', next);
    if (element === undefined) return;
    const mail = element.inside;
    next = element.next;
    const event = notice(flow, person(elementText(mail, 'E') ?? ''));
    const name = elementText(mail, 'N');
    event.name = name === undefined ? undefined : some(encodedWords(name));
    const sent = elementText(mail, 'RT') ?? '';
    event.sentAt = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(sent) ? sent : undefined;
    event.messageId = some(elementText(mail, 'I'));
    flow.say(event);
  }
  flow.tableFull();
}

/** Mail that arrived while the client is signed in. */
function onMail(flow: MsnpFlow, buffer: Uint8Array, start: number, end: number): void {
  const fields = new HeaderBlock();
  fields.read(buffer, start, end);
  const event = notice(flow, person(fields.value('from-addr') ?? ''));
  event.name = some(encodedWords(fields.value('from') ?? ''));
  event.subject = some(encodedWords(fields.value('subject') ?? ''));
  fields.clear();
  flow.say(event);
}

/** That there is a message, not what it says. */
function notice(flow: MsnpFlow, from: string | undefined): ImEvent {
  const event = flow.bare('message');
  event.visibility = 'metadata';
  event.form = 'notice';
  event.route = 'service';
  event.from = from;
  if (flow.account !== undefined) event.to = [flow.account];
  return event;
}
