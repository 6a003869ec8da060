/** Which handler a message goes to. */
import { onRefer } from './chat-room.ts';
import { onBye, onCancel, onInvite, onInviteAnswer } from './invite.ts';
import { onMessage, onMessageAnswer, onOtherBody } from './page-message.ts';
import { onRegister, onRegisterAnswer } from './register.ts';
import { onService } from './roaming-contacts.ts';
import { kept, type SipFlow } from './sip-flow.ts';
import { onNotify, onPublish, onSubscribe, onSubscribeAnswer } from './subscriptions.ts';

type Handler = (flow: SipFlow) => void;

const REQUESTS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['MESSAGE', onMessage],
  ['REGISTER', onRegister],
  ['INVITE', onInvite],
  ['CANCEL', onCancel],
  ['BYE', onBye],
  ['SUBSCRIBE', onSubscribe],
  ['NOTIFY', onNotify],
  ['BENOTIFY', onNotify], // without an answer (MS-SIP §2.2.1)
  ['PUBLISH', onPublish],
  ['REFER', onRefer],
  ['SERVICE', onService],
]);

/** Known, and without an event of their own. NEGOTIATE: compression between servers (MS-SIP). */
const SILENT: ReadonlySet<string> = new Set([
  'ACK',
  'OPTIONS',
  'INFO',
  'PRACK',
  'UPDATE',
  'NEGOTIATE',
]);

/** Their handlers read the body, whatever it is. */
const READ_BODY: ReadonlySet<string> = new Set(['MESSAGE', 'NOTIFY', 'BENOTIFY', 'PUBLISH']);

const ANSWERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['REGISTER', onRegisterAnswer],
  ['MESSAGE', onMessageAnswer],
  ['INVITE', onInviteAnswer],
  ['SUBSCRIBE', onSubscribeAnswer],
]);

export function dispatch(flow: SipFlow): void {
  const { isRequest, method } = flow.message;
  if (!isRequest) {
    ANSWERS.get(method)?.(flow);
    return;
  }
  if (!READ_BODY.has(method)) onOtherBody(flow);
  const handler = REQUESTS.get(method);
  if (handler !== undefined) handler(flow);
  else if (!SILENT.has(method)) {
    const event = flow.newEvent('app.unknown');
    event.reason = kept(method);
    flow.say(event);
  }
}
