/** Events about files, pictures and calls: who speaks, to whom, and what is known of it. */
import type { CallReference, FileReference, ImEvent } from '../../../src/event/event.ts';
import type { EventKind } from '../../../src/event/kinds.ts';
import type { PeerHost, PeerPart } from '../conversation.ts';
import { addressOf } from './slp-text.ts';

/** An event of who sent this part, to whom it is addressed. */
export function speakerEvent(host: PeerHost, part: PeerPart, kind: EventKind): ImEvent {
  const event = host.newEvent(kind);
  const recipient = recipientOf(part);
  event.from = part.sender;
  event.to = recipient === undefined ? undefined : [recipient];
  event.route = 'direct';
  return event;
}

/** P2P is for one, also in a conversation of several: who `P2P-Dest` names, or the only other one. */
export function recipientOf(part: PeerPart): string | undefined {
  const named = addressOf(part.destination);
  if (named !== undefined) return named;
  const others = othersOf(part);
  return others.length === 1 ? others[0] : undefined;
}

/** Nobody writes to himself: where the account is not known, who speaks is among the others. */
export function othersOf({ recipients, sender }: PeerPart): readonly string[] {
  return recipients.filter((recipient) => recipient !== sender);
}

export interface KnownFile {
  readonly session: number;
  readonly name?: string | undefined;
  readonly size?: number | undefined;
  readonly purpose?: FileReference['purpose'];
}

export function fileReference(file: KnownFile): FileReference {
  const reference: FileReference = { method: 'p2p', token: String(file.session) };
  if (file.name !== undefined) reference.name = file.name;
  if (file.size !== undefined) reference.size = file.size;
  if (file.purpose !== undefined) reference.purpose = file.purpose;
  return reference;
}

/** Calls of this network that are read have a picture: webcams. */
export function callReference(session: number): CallReference {
  return { media: 'video', token: String(session) };
}
