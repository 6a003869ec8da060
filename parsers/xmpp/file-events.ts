/** Events about files: what is known of the file, who offers and who takes it. */
import type { FileReference, ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { Decision } from '../contract.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';
import type { Transfer } from './transfers.ts';

export function fileReference(transfer: Transfer): FileReference {
  const file: FileReference = {};
  if (transfer.name !== undefined) file.name = transfer.name;
  if (transfer.size !== undefined) file.size = transfer.size;
  if (transfer.mime !== undefined) file.mime = transfer.mime;
  if (transfer.sha256 !== undefined) file.sha256 = transfer.sha256;
  if (transfer.method !== undefined) file.method = transfer.method;
  if (transfer.token !== '') file.token = transfer.token;
  if (transfer.url !== undefined) file.url = transfer.url;
  if (transfer.offset > 0) file.offset = transfer.offset;
  return file;
}

/** Offer, answer, refusal: said by the stanza's sender to its addressee. */
export function sayFile(
  session: XmppSession,
  stanza: Stanza,
  kind: EventKind,
  transfer: Transfer,
  reason?: string,
  description?: string,
): void {
  const event = session.make(kind, stanza, stanza.direction);
  event.text = description;
  event.file = fileReference(transfer);
  event.reason = reason;
  event.route = stanza.peer?.hasLocal === false ? 'service' : 'direct';
  const isAgreed = kind === 'file.offer' || kind === 'file.accept';
  if (isRefusal(session.emit(event)) && isAgreed) transfer.refused = true;
}

export function isRefusal(decision: Decision | undefined): boolean {
  return decision?.enforced === true && decision.action !== 'pass' && decision.action !== 'redact';
}

/** Content: from who has the file to who gets it, whoever spoke last. */
export function contentEvent(session: XmppSession, kind: EventKind, transfer: Transfer): ImEvent {
  const event = session.make(kind, undefined, session.unit.direction);
  event.origin = transfer.origin;
  event.from = transfer.sender?.bare;
  event.fromResource = transfer.sender?.resource;
  event.to = transfer.recipient === undefined ? undefined : [transfer.recipient.bare];
  event.route = 'direct';
  event.file = fileReference(transfer);
  return event;
}
