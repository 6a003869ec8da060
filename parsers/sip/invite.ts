/**
 * Calls, chat sessions and file offers (RFC 3261 §13, RFC 4975 §8, RFC 5547): INVITE offers, its answer
 * takes or declines, CANCEL and BYE end.
 *
 *   m=audio, m=video            call.offer, call.accept, call.decline, call.end
 *   m=message … MSRP with file  file.offer, file.accept, file.decline, file.cancel
 *   m=message … MSRP without    a chat: no event, its messages come over the MSRP connection
 *   Ms-Text-Format (OCS)        the first text of a session: message
 */

import { joinRoom, learnRoom, leaveRoom } from './chat-room.ts';
import { descriptionOf } from './description.ts';
import { Dialog, findDialog, keepDialog, ownDialog } from './dialog.ts';
import { sayFirstText } from './first-text.ts';
import { sayCall, sayFile } from './invite-events.ts';
import { isCall, isMsrp, type Media } from './sdp.ts';
import { answerSession, openSession } from './sessions.ts';
import type { SipFlow } from './sip-flow.ts';
import { SESSIONS_LIMIT } from './sip-limits.ts';
import { statusText } from './status-text.ts';

export function onInvite(flow: SipFlow): void {
  const { message } = flow;
  let dialog = ownDialog(flow);
  if (dialog === undefined || dialog.state === 'ended') {
    dialog = new Dialog(flow);
    keepDialog(flow, dialog);
  }
  learnRoom(flow, dialog);
  const media = descriptionOf(flow);
  // An offer to be made in the answer (§13.2.1), or of no media yet: a call, as far as one can see.
  const tellsNone = media === undefined ? message.bodyLength === 0 : media.length === 0;
  if (tellsNone && !message.isInDialog) offerCall(flow, dialog, undefined);
  else if (media !== undefined) offerMedia(flow, dialog, media);
  sayFirstText(flow, dialog);
}

function offerMedia(flow: SipFlow, dialog: Dialog, media: readonly Media[]): void {
  const calls = media.filter(isCall);
  if (calls.length > 0) {
    offerCall(flow, dialog, calls.some(({ kind }) => kind === 'video') ? 'video' : 'audio');
  }
  const sessions = media.map((line) =>
    isMsrp(line) ? openSession(flow, dialog, line) : undefined,
  );
  dialog.sessions = sessions.slice(0, lastRemembered(sessions));
  for (const session of sessions) {
    if (session?.file === undefined) continue;
    const { token, name, size, offererSends } = session.file;
    const isNew = isNews(dialog, `file ${token} ${name} ${size}`);
    if (!isNew && !dialog.challenged && !flow.repeated) continue;
    sayFile(flow, 'file.offer', session, { isCopy: !isNew, asked: !offererSends });
  }
}

/** Behind the last media description whose session is remembered. */
function lastRemembered(sessions: readonly unknown[]): number {
  let seen = 0;
  const beyond = sessions.findIndex((session) => session !== undefined && ++seen > SESSIONS_LIMIT);
  return beyond === -1 ? sessions.length : beyond;
}

function offerCall(flow: SipFlow, dialog: Dialog, media: 'audio' | 'video' | undefined): void {
  dialog.call = media;
  dialog.isCall = true;
  const isNew = isNews(dialog, `call ${media}`);
  if (isNew || dialog.challenged || flow.repeated) {
    sayCall(flow, 'call.offer', dialog, { isCopy: !isNew });
  }
}

function isNews(dialog: Dialog, what: string): boolean {
  if (dialog.offered.has(what)) return false;
  if (dialog.offered.size < 64) dialog.offered.add(what);
  return true;
}

export function onInviteAnswer(flow: SipFlow): void {
  const { message } = flow;
  const dialog = ownDialog(flow) ?? findDialog(flow);
  if (dialog === undefined || message.status < 200) return;
  if (message.status === 401 || message.status === 407) {
    dialog.challenged = true;
    return;
  }
  if (dialog.state !== 'offered') return;
  if (message.status < 300) accepted(flow, dialog);
  else declined(flow, dialog);
}

function accepted(flow: SipFlow, dialog: Dialog): void {
  dialog.state = 'accepted';
  learnRoom(flow, dialog);
  const media = descriptionOf(flow) ?? [];
  if (dialog.isCall) {
    const video = media.some((line) => line.kind === 'video' && line.port > 0);
    const audio = media.some((line) => line.kind === 'audio' && line.port > 0);
    if (video || audio || media.length === 0) {
      dialog.call = video ? 'video' : (dialog.call ?? 'audio');
      sayCall(flow, 'call.accept', dialog, {});
    } else if (media.some(isMsrp)) dialog.isCall = false;
  }
  dialog.sessions.forEach((session, i) => {
    const line = media[i];
    if (session === undefined) return;
    const taken = line !== undefined && line.port > 0;
    if (taken) answerSession(flow, dialog, session, line);
    if (session.file === undefined) return;
    if (taken || line === undefined) sayFile(flow, 'file.accept', session, {});
    else {
      session.ended = true;
      sayFile(flow, 'file.decline', session, {});
    }
  });
  joinRoom(flow, dialog);
}

function declined(flow: SipFlow, dialog: Dialog): void {
  dialog.state = 'ended';
  const reason = statusText(flow.message);
  if (dialog.isCall) sayCall(flow, 'call.decline', dialog, { reason });
  for (const session of dialog.sessions) {
    if (session?.file === undefined || session.ended) continue;
    session.ended = true;
    sayFile(flow, 'file.decline', session, { reason });
  }
}

export function onCancel(flow: SipFlow): void {
  const dialog = findDialog(flow);
  if (dialog?.state !== 'offered') return;
  dialog.state = 'ended';
  if (dialog.isCall) sayCall(flow, 'call.end', dialog, { reason: 'cancelled' });
  for (const session of dialog.sessions) {
    if (session?.file === undefined || session.ended) continue;
    session.ended = true;
    sayFile(flow, 'file.cancel', session, { reason: 'cancelled' });
  }
}

export function onBye(flow: SipFlow): void {
  const dialog = findDialog(flow);
  if (dialog === undefined || dialog.state === 'ended') return;
  dialog.state = 'ended';
  if (dialog.isCall) sayCall(flow, 'call.end', dialog, {});
  for (const session of dialog.sessions) {
    // One whose connection was not seen may be complete.
    if (session?.file === undefined || session.ended || !session.started) continue;
    session.ended = true;
    sayFile(flow, 'file.cancel', session, { reason: 'ended' });
  }
  leaveRoom(flow, dialog);
}
