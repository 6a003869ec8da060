/** The session description in the body of the message under the hand, alone or as a part of it. */
import { ImBody } from '../framing/im-body.ts';
import { type Media, readSdp } from './sdp.ts';
import type { SipFlow } from './sip-flow.ts';

/** Undefined where there is none. */
export function descriptionOf({ message }: SipFlow): Media[] | undefined {
  if (message.bodyLength === 0) return undefined;
  const body = new ImBody().read(message.buffer, message.bodyStart, message.bodyEnd, {
    type: message.header('content-type'),
    encoding: message.header('content-encoding'),
  });
  for (const item of body.items) {
    if (item.kind === 'document' && item.type === 'application/sdp') {
      return readSdp(item.buffer, item.start, item.end);
    }
  }
  return undefined;
}
