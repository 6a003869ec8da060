/**
 * Page-mode messages (RFC 3428), and texts that other methods carry (INFO, NOTIFY, OPTIONS, …): whatever
 * a client would show. The answer to a MESSAGE is an event where it was not delivered.
 */

import { Sha1Stream } from '../../src/bytes/sha1-stream.ts';
import { ImBody } from '../framing/im-body.ts';
import { isAnonymous } from '../framing/sip-address.ts';
import { SipAnomaly } from './anomalies.ts';
import { sayContent } from './content.ts';
import { kept, type SipFlow } from './sip-flow.ts';
import type { SipMessage } from './sip-message.ts';
import { statusText } from './status-text.ts';

export function onMessage(flow: SipFlow): void {
  const { message } = flow;
  const body = readBody(flow);
  const digest = new Sha1Stream()
    .write(message.buffer.subarray(message.bodyStart, message.bodyEnd))
    .hex();
  const isRetry = isSentAgain(flow, digest);
  const messageId = body.envelope?.messageId ?? messageIdOf(message);
  flow.transactions.set(flow.transactionKey, { kind: 'message', messageId, body: digest });
  if (message.bodyLength > 0) sayContent(flow, body, messageId, isRetry);
}

/** Texts in a body where none belongs; other bodies are the method's own business. */
export function onOtherBody(flow: SipFlow): void {
  const { message } = flow;
  if (message.bodyLength === 0) return;
  const type = message.header('content-type') ?? '';
  if (/^\s*(?:text\/|message\/cpim|multipart\/)/i.test(type)) {
    sayContent(flow, readBody(flow), undefined, false, true);
  }
}

export function onMessageAnswer(flow: SipFlow): void {
  const { message } = flow;
  const key = flow.transactionKey;
  const asked = flow.transactions.get(key);
  if (message.status < 200 || asked?.kind !== 'message') return;
  // A challenge: the same text comes again with credentials.
  if (message.status === 401 || message.status === 407) return;
  flow.transactions.delete(key);
  if (message.status < 300) return;
  const event = flow.newEvent('message.receipt');
  event.state = 'failed';
  event.refersTo = asked.messageId;
  event.reason = statusText(message);
  flow.say(event);
}

/** The body of the message under the hand; what is odd about it is named. */
export function readBody(flow: SipFlow): ImBody {
  const { message } = flow;
  const body = new ImBody().read(message.buffer, message.bodyStart, message.bodyEnd, {
    type: message.header('content-type'),
    encoding: message.header('content-encoding'),
    transferEncoding: message.header('content-transfer-encoding'),
    disposition: message.header('content-disposition'),
  });
  for (const odd of body.odd) flow.anomaly(odd);
  const inner = body.envelope?.from;
  if (!isAnonymous(inner) && inner !== message.from.address) {
    flow.anomaly(SipAnomaly.CpimSenderDiffers);
  }
  return body;
}

/** In a dialog, where the Call-ID names the conversation, the CSeq is added. */
export function messageIdOf(message: SipMessage): string | undefined {
  if (message.callId === '') return undefined;
  return kept(message.isInDialog ? `${message.callId} ${message.sequence}` : message.callId);
}

/** The request before this one, in the same call, was challenged and had the same body. */
function isSentAgain(flow: SipFlow, digest: string): boolean {
  const { message } = flow;
  if (!message.header('authorization') && !message.header('proxy-authorization')) return false;
  const before = Number(message.sequence) - 1;
  const asked = flow.transactions.get(kept(`${message.method} ${before} ${message.callId}`));
  return asked?.kind === 'message' && asked.body === digest;
}
