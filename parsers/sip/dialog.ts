/**
 * One call or session as its INVITE began it (RFC 3261 §12), in the memory that flows share: over TCP
 * an answer, and over any transport a BYE, may come on another flow than the INVITE.
 *
 * On a link where both legs of a proxy are seen each has its own dialog: the pair of addresses is in the
 * key. A BYE that goes past the proxy is found by the Call-ID alone.
 */
import type { SharedMemory } from '../contract.ts';
import type { MsrpSession } from '../framing/msrp-session.ts';
import { kept, type SipFlow } from './sip-flow.ts';

export class Dialog {
  readonly callId: string;
  readonly caller: string | undefined;
  readonly callee: string | undefined;
  /** The account's side called. */
  readonly callerIsOwn: boolean;
  state: 'offered' | 'accepted' | 'ended' = 'offered';
  /** The INVITE was answered with a demand for credentials. */
  challenged = false;
  call: 'audio' | 'video' | undefined = undefined;
  /** It is, or may be, a call: there was no description that says otherwise. */
  isCall = false;
  /** One for each media description of the offer: the MSRP session there, if it is one. */
  sessions: readonly (MsrpSession | undefined)[] = [];
  /** What was offered in it, to know what comes again. */
  readonly offered = new Set<string>();
  room: string | undefined = undefined;

  constructor(flow: SipFlow) {
    const { message } = flow;
    this.callId = kept(message.callId);
    this.caller = message.from.address;
    this.callee = flow.recipient;
    this.callerIsOwn = flow.requestIsOwn;
  }
}

export function findDialog(flow: SipFlow): Dialog | undefined {
  const { memory } = flow.context;
  const [own, any] = keysOf(flow);
  return dialogAt(memory, own) ?? dialogAt(memory, any);
}

/** The dialog of this leg alone. */
export function ownDialog(flow: SipFlow): Dialog | undefined {
  return dialogAt(flow.context.memory, keysOf(flow)[0]);
}

export function keepDialog(flow: SipFlow, dialog: Dialog): void {
  for (const key of keysOf(flow)) flow.context.memory.set(key, dialog);
}

function dialogAt(memory: SharedMemory, key: string): Dialog | undefined {
  const found = memory.get(key);
  return found instanceof Dialog ? found : undefined;
}

function keysOf({ context, message }: SipFlow): readonly [string, string] {
  const { clientAddress, serverAddress } = context;
  const pair = [clientAddress, serverAddress].sort().join(' ');
  const callId = kept(message.callId);
  return [`dialog ${pair} ${callId}`, `dialog ${callId}`];
}
