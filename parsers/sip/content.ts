/** Events of what a body says (framing/im-body.ts), said by the sender of the message under the hand. */
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { ImBody } from '../framing/im-body.ts';
import { contentKind, fillContent } from '../framing/im-body-event.ts';
import type { BodyItem } from '../framing/im-body-items.ts';
import { canonicalAddress } from '../framing/sip-address.ts';
import { allNamed, xmlDocument } from '../framing/xml-document.ts';
import { onPresenceDocument } from './presence-document.ts';
import type { SipFlow } from './sip-flow.ts';
import { saySms } from './sms.ts';

const LIST = 'application/resource-lists+xml';
const RECIPIENTS_LIMIT = 256;

/** `textsOnly`: other bodies than texts are the method's own business. */
export function sayContent(
  flow: SipFlow,
  body: ImBody,
  messageId: string | undefined,
  isRetry: boolean,
  textsOnly = false,
): void {
  const recipients = recipientsOf(body);
  for (const item of body.items) {
    if (textsOnly && item.kind !== 'text' && item.kind !== 'encrypted') continue;
    if (item.kind === 'document' && onDocument(flow, item, messageId)) continue;
    const kind = contentKind(item);
    if (kind === undefined) continue;
    const event = newContent(flow, kind, body, messageId, isRetry);
    fillContent(event, item, flow.message.method);
    if (recipients.length > 0) event.to = recipients;
    if (item.kind === 'text') flow.say(event, item.start, item.end);
    else flow.say(event);
  }
}

function newContent(
  flow: SipFlow,
  kind: EventKind,
  body: ImBody,
  messageId: string | undefined,
  isRetry: boolean,
): ImEvent {
  const { message } = flow;
  const event = flow.newEvent(kind);
  event.messageId = messageId;
  event.subject = body.envelope?.subject ?? (message.header('subject') || undefined);
  event.sentAt = body.envelope?.sentAt;
  if (message.isInDialog) event.thread = message.callId || undefined;
  if (isRetry) event.copy = 'echo';
  return event;
}

/** A MESSAGE to many names them in a list beside the text (RFC 5365 §4, RFC 4826 §3). */
function recipientsOf({ items }: ImBody): string[] {
  const list = items.find((item) => item.kind === 'document' && item.type === LIST);
  if (list?.kind !== 'document') return [];
  const root = xmlDocument(list.buffer, list.start, list.end);
  if (root === undefined) return [];
  return allNamed(root, 'entry', RECIPIENTS_LIMIT).flatMap(
    (entry) => canonicalAddress(entry.attribute('uri') ?? '') ?? [],
  );
}

/** False where the document is of a kind that is not known here. */
function onDocument(
  flow: SipFlow,
  item: BodyItem & { kind: 'document' },
  messageId: string | undefined,
): boolean {
  if (item.type === LIST) return true;
  if (item.type === 'application/vnd.3gpp.sms') {
    saySms(flow, item.buffer, item.start, item.end, messageId);
    return true;
  }
  return onPresenceDocument(flow, item);
}
