/** Events of calls and of files offered in SDP, said by the sender of the message under the hand. */
import type { FileReference } from '../../src/event/event.ts';
import type { MsrpSession } from '../framing/msrp-session.ts';
import type { Dialog } from './dialog.ts';
import { refuseSession } from './sessions.ts';
import type { SipFlow } from './sip-flow.ts';

export interface Saying {
  readonly reason?: string;
  /** The same was said before: it comes again with credentials. */
  readonly isCopy?: boolean;
  /** The file is asked for, not offered (RFC 5547 §8.3, `recvonly`). */
  readonly asked?: boolean;
}

export function sayCall(
  flow: SipFlow,
  kind: 'call.offer' | 'call.accept' | 'call.decline' | 'call.end',
  dialog: Dialog,
  { reason, isCopy }: Saying,
): void {
  const event = flow.newEvent(kind);
  event.call = { media: dialog.call, token: dialog.callId || undefined };
  event.subject = kind === 'call.offer' ? flow.message.header('subject') || undefined : undefined;
  event.reason = reason;
  event.room = dialog.room;
  if (isCopy === true) event.copy = 'echo';
  flow.say(event);
}

export function sayFile(
  flow: SipFlow,
  kind: 'file.offer' | 'file.accept' | 'file.decline' | 'file.cancel',
  session: MsrpSession,
  { reason, isCopy, asked }: Saying,
): void {
  const { file, room } = session;
  if (file === undefined) return;
  const { name, size, mime, token, offset, purpose } = file;
  const reference: FileReference = { name, size, mime, method: 'msrp', token, purpose };
  if (offset > 0) reference.offset = offset;
  const event = flow.newEvent(kind);
  event.file = reference;
  event.reason = reason;
  event.room = room;
  if (asked === true) event.state = 'requested';
  if (isCopy === true) event.copy = 'echo';
  const isRefused = flow.say(event);
  if (isRefused && (kind === 'file.offer' || kind === 'file.accept')) refuseSession(flow, session);
}
