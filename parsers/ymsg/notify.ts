/** 0x4B {49 what, 13: 1 begins, 0 ends, 14}: typing, games, invitations to look at a camera. */
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { fillText } from './messages.ts';
import type { YmsgFlow } from './ymsg-flow.ts';

export function onNotify(flow: YmsgFlow): void {
  const { pairs } = flow;
  if (pairs.is(49, 'TYPING')) {
    const event = between(flow, 'typing');
    event.state = pairs.number(13) === 1 ? 'composing' : 'paused';
    flow.say(event);
  } else if (pairs.is(49, 'WEBCAMINVITE')) onWebcamInvite(flow);
  else if (pairs.is(49, 'GAME')) told(flow, 'GAME');
  else if (pairs.is(49, 'PEERTOPEER')) return;
  else {
    const event = between(flow, 'app.unknown');
    event.reason = `notify ${pairs.text(49)?.slice(0, 64) ?? ''}`.trim();
    event.text = pairs.text(14, flow.legacy);
    flow.say(event);
  }
}

/** Key 14: a space asks, a positive number agrees, anything else does not. */
function onWebcamInvite(flow: YmsgFlow): void {
  const answer = flow.pairs.text(14)?.trim();
  const code = flow.pairs.number(14);
  const asks = answer === undefined || answer === '';
  const kind = asks ? 'call.offer' : (code ?? 0) > 0 ? 'call.accept' : 'call.decline';
  const event = between(flow, kind);
  event.call = { media: 'video' };
  flow.say(event);
}

/** What is said beside a text of its own, as a notice. */
function told(flow: YmsgFlow, subject: string): void {
  const event = between(flow, 'message');
  event.form = 'notice';
  event.subject = subject;
  const text = flow.textPair(14);
  const verbatim = fillText(event, flow.pairs.text(14, flow.legacy));
  if (event.text?.trim()) flow.say(event, verbatim ? text : -1);
}

/** An event between the client and one other, as 1, 4 and 5 name them. */
export function between(flow: YmsgFlow, kind: EventKind): ImEvent {
  if (flow.toServer) {
    const from = flow.id(1) ?? flow.id(4) ?? flow.account;
    flow.learnAccount(from);
    return flow.direct(kind, from, flow.id(5));
  }
  const to = flow.id(5);
  flow.learnAccount(to);
  return flow.direct(kind, flow.id(4) ?? flow.id(1), to ?? flow.account);
}
