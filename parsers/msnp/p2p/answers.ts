/** Answers to invitations, and the end of what they began. Each step is said once. */
import type { EventKind } from '../../../src/event/kinds.ts';
import type { PeerHost, PeerPart } from '../conversation.ts';
import type { Contents } from './contents.ts';
import { type Dialog, otherThan } from './dialogs.ts';
import { callReference, fileReference, speakerEvent } from './file-events.ts';

export type Answer = 'accept' | 'decline' | 'bye';

export function answerDialog(
  host: PeerHost,
  part: PeerPart,
  dialog: Dialog,
  contents: Contents,
  answer: Answer,
  reason: string,
): void {
  if (dialog.ended) return;
  if (answer === 'decline') {
    endDialog(host, part, dialog, contents, reason.trim());
    return;
  }
  // Nobody accepts his own invitation.
  if (dialog.accepted || isInviter(dialog, part)) return;
  dialog.accepted = true;
  say(
    host,
    part,
    dialog,
    contents,
    dialog.kind === 'call' ? 'call.accept' : 'file.accept',
    undefined,
  );
}

/** `reason`: of an answer that declines; undefined for BYE. */
export function endDialog(
  host: PeerHost,
  part: PeerPart,
  dialog: Dialog,
  contents: Contents,
  reason: string | undefined,
): void {
  if (dialog.ended) return;
  dialog.ended = true;
  const declined = !dialog.accepted && !dialog.progress.started && !isInviter(dialog, part);
  if (dialog.kind === 'call') {
    say(host, part, dialog, contents, declined ? 'call.decline' : 'call.end', reason);
  } else if (!dialog.progress.over || contents.has(dialog)) {
    say(host, part, dialog, contents, declined ? 'file.decline' : 'file.cancel', reason);
  }
}

function isInviter(dialog: Dialog, part: PeerPart): boolean {
  if (dialog.inviter !== undefined && part.sender !== undefined) {
    return part.sender === dialog.inviter;
  }
  const byClient = (dialog.origin === 'client') === (dialog.kind !== 'object');
  return part.fromClient === byClient;
}

function say(
  host: PeerHost,
  part: PeerPart,
  dialog: Dialog,
  contents: Contents,
  kind: EventKind,
  reason: string | undefined,
): void {
  if (dialog.kind === 'other') return;
  const event = speakerEvent(host, part, kind);
  if (event.to === undefined) {
    const other = otherThan(dialog, part.sender);
    event.to = other === undefined ? undefined : [other];
  }
  event.reason = reason;
  if (dialog.kind === 'call') event.call = callReference(dialog.session);
  else {
    const passed = kind === 'file.accept' ? undefined : contents.cancel(dialog);
    event.file = fileReference({ ...dialog, size: passed ?? dialog.size });
  }
  host.say(event);
}
