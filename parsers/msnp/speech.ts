/** Who says something to whom: of a switchboard, of another network (UUM), or routed by the server (SDG). */
import type { CopyMark, ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { MsnpFlow } from './msnp-flow.ts';

export interface Speech {
  readonly from: string | undefined;
  /** Undefined in a room. */
  readonly to: readonly string[] | undefined;
  readonly room: string | undefined;
  readonly copy: CopyMark | undefined;
  /** Written to or by a telephone. */
  readonly sms: boolean;
}

/** In the conversation that the switchboard carries. */
export function inConversation(flow: MsnpFlow, from: string | undefined): Speech {
  const { participants, account } = flow;
  if (participants.isRoom) {
    return { from, to: undefined, room: flow.room(), copy: undefined, sms: false };
  }
  const others = flow.toServer ? participants.others : account === undefined ? [] : [account];
  const to = others.length > 0 ? others : undefined;
  return { from, to, room: undefined, copy: undefined, sms: false };
}

export function spoken(flow: MsnpFlow, speech: Speech, kind: EventKind): ImEvent {
  const event = flow.bare(kind);
  event.from = speech.from;
  event.to = speech.to;
  event.room = speech.room;
  event.route = speech.room === undefined ? 'direct' : 'room';
  event.copy = speech.copy;
  return event;
}
