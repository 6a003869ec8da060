/** What a rendezvous message is as an event, by what the rendezvous is for. */
import type { EventKind } from '../../../src/event/kinds.ts';
import { Purpose } from './capability.ts';

interface Kinds {
  readonly proposed: EventKind;
  readonly accepted: EventKind;
  readonly declined: EventKind;
  readonly cancelled: EventKind;
}

const FILE: Kinds = {
  proposed: 'file.offer',
  accepted: 'file.accept',
  declined: 'file.decline',
  cancelled: 'file.cancel',
};
const CALL: Kinds = {
  proposed: 'call.offer',
  accepted: 'call.accept',
  declined: 'call.decline',
  cancelled: 'call.end',
};
/** Direct IM: a conversation elsewhere, to which one is invited. */
const DIRECT: Kinds = {
  proposed: 'room.invite',
  accepted: 'room.join',
  declined: 'room.decline',
  cancelled: 'room.leave',
};

function kindsOf(purpose: Purpose): Kinds {
  if (purpose === Purpose.Audio || purpose === Purpose.Video) return CALL;
  return purpose === Purpose.DirectIm ? DIRECT : FILE;
}

export const proposalKind = (purpose: Purpose): EventKind => kindsOf(purpose).proposed;

export const acceptKind = (purpose: Purpose): EventKind => kindsOf(purpose).accepted;

/** `declines`: by who was asked, before it was accepted. */
export function cancelKind(purpose: Purpose, declines: boolean): EventKind {
  const kinds = kindsOf(purpose);
  return declines ? kinds.declined : kinds.cancelled;
}
