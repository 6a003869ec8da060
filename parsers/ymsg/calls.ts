/** Cameras (0x50) and voice (0x4A): only the call is told, the ticket (key 61) is in no event. */
import { between } from './notify.ts';
import type { YmsgFlow } from './ymsg-flow.ts';
import { NAME_LIMIT } from './ymsg-limits.ts';

/**
 * 0x50: the client asks to see 5's camera, or without 5 to show its own; the server answers with the
 * machine that has the pictures (102) or with a refusal (key 66, or no machine).
 */
export function onWebcam(flow: YmsgFlow): void {
  const { pairs, toServer } = flow;
  const granted = pairs.find(102) !== -1 || pairs.find(61) !== -1;
  const kind = toServer ? 'call.offer' : granted ? 'call.accept' : 'call.decline';
  const event = between(flow, kind);
  event.call = { media: 'video' };
  flow.say(event);
}

const REJECTED = 3;

/** 0x4A {5 whom, 57 conference}; 13 begins with 1 where it is offered, with 3 where it is rejected. */
export function onVoice(flow: YmsgFlow): void {
  const code = flow.pairs.number(13) ?? 1;
  const offered = code === 0 || code === 1;
  const kind = offered ? 'call.offer' : code === REJECTED ? 'call.decline' : 'call.end';
  const event = between(flow, kind);
  event.call = { media: 'audio', token: flow.pairs.text(57)?.slice(0, NAME_LIMIT) };
  flow.say(event);
}
