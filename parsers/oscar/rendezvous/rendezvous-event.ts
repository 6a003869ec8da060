/** Events of rendezvous messages: between whom, under which cookie, and what of the proposal is known. */
import type { FileReference, ImEvent } from '../../../src/event/event.ts';
import type { EventKind } from '../../../src/event/kinds.ts';
import type { RendezvousHost, RendezvousPart } from '../rendezvous-host.ts';
import { Purpose } from './capability.ts';
import type { Proposal } from './proposals.ts';

export function rendezvousEvent(
  host: RendezvousHost,
  kind: EventKind,
  part: RendezvousPart,
  purpose: Purpose,
  cookie: string,
  known: Proposal | undefined,
): ImEvent {
  const event = withParties(host.newEvent(kind), part);
  if (kind.startsWith('call.')) {
    event.call = { media: purpose === Purpose.Video ? 'video' : 'audio', token: cookie };
  } else if (kind.startsWith('file.')) {
    const file: FileReference = { method: 'oft', token: cookie };
    if (known !== undefined) {
      file.name = known.record.offer.name;
      file.size = known.record.offer.size;
    }
    event.file = file;
  } else {
    event.messageId = cookie;
    event.state = 'direct-im';
  }
  return event;
}

export function withParties(event: ImEvent, { sender, recipient }: RendezvousPart): ImEvent {
  event.from = sender;
  if (recipient !== undefined) event.to = [recipient];
  event.route = 'direct';
  return event;
}
