/**
 * What a proxy says in the place of a refused message (RFC 3261 §8.2.6, RFC 3428 §7).
 *
 *   MESSAGE, other requests of the account    403 Forbidden to who sent it
 *   MESSAGE from others, INVITE of either     603 Decline to who sent it
 *   NOTIFY                                    200 OK to who sent it: a refusal would end the subscription
 *   the answer that signs an account in       403 Forbidden goes on in its place
 *   the answer that says "not delivered"      nothing goes on
 * What else is answered, and the end of a call, has no replacement: a refusal is a reset.
 *
 * A refused request does not go on. Its answer has the same Via fields, From, To, Call-ID and CSeq, and a
 * tag made from them, so that a retransmission gets the same answer. The notice stands in a Warning field
 * (§20.43); over TCP a MESSAGE outside any dialog brings it as a text as well.
 */
import { sha1Hex } from '../../src/bytes/sha1.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { Replacement, Unit } from '../contract.ts';
import type { SipFlow } from './sip-flow.ts';
import type { SipMessage } from './sip-message.ts';

const NOTHING = new Uint8Array(0);
const WITHOUT_ANSWER: ReadonlySet<string> = new Set(['ACK', 'BYE', 'CANCEL']);
const SILENT: ReadonlySet<string> = new Set(['NOTIFY', 'BENOTIFY']);
const TOKEN_LENGTH = 16; // hex digits

export function replacement(
  flow: SipFlow,
  event: ImEvent,
  unit: Unit,
  notice: string | undefined,
): Replacement | undefined {
  const { message } = flow;
  if (unit.end === -1 || message.callId === '') return undefined;
  if (!message.isRequest) return instead(event, message, notice);
  if (WITHOUT_ANSWER.has(message.method)) return undefined;
  if (message.method === 'BENOTIFY') return { forward: NOTHING, back: NOTHING };
  if (SILENT.has(message.method)) {
    return { forward: NOTHING, back: octetsOf(answer(message, '200 OK', undefined)) };
  }
  const declines = message.method === 'INVITE' || (message.method === 'MESSAGE' && !flow.isOwn);
  const refusal = answer(message, declines ? '603 Decline' : '403 Forbidden', notice);
  const isStream = flow.context.transport === 'tcp';
  const told = notice !== undefined && isStream && flow.isOwn ? tell(flow, notice) : '';
  return { forward: NOTHING, back: octetsOf(refusal + told) };
}

/** In the place of an answer. */
function instead(
  event: ImEvent,
  message: SipMessage,
  notice: string | undefined,
): Replacement | undefined {
  if (event.kind === 'session.login') {
    return { forward: octetsOf(answer(message, '403 Forbidden', notice)), back: NOTHING };
  }
  if (event.kind === 'message.receipt') return { forward: NOTHING, back: NOTHING };
  return undefined;
}

function answer(message: SipMessage, status: string, notice: string | undefined): string {
  const tag = token(message, 'tag');
  const to = message.header('to') ?? '';
  const lines = [
    `SIP/2.0 ${status}`,
    ...message.all('via').map((via) => `Via: ${via}`),
    `From: ${message.header('from') ?? ''}`,
    `To: ${message.isInDialog ? to : `${to};tag=${tag}`}`,
    `Call-ID: ${message.callId}`,
    `CSeq: ${message.header('cseq') ?? ''}`,
  ];
  if (notice !== undefined) lines.push(`Warning: 399 sallyport "${quoted(notice)}"`);
  return `${lines.map(oneLine).join('\r\n')}\r\nContent-Length: 0\r\n\r\n`;
}

/** A MESSAGE from nobody's address (RFC 2606), to who sent the refused request. */
function tell({ message }: SipFlow, notice: string): string {
  const text = new TextEncoder().encode(notice).length;
  const user = message.from.uri;
  const lines = [
    `MESSAGE ${user} SIP/2.0`,
    `Via: SIP/2.0/TCP sallyport.invalid;branch=z9hG4bK${token(message, 'branch')}`,
    'Max-Forwards: 1',
    `From: <sip:sallyport@sallyport.invalid>;tag=${token(message, 'from')}`,
    `To: <${user}>`,
    `Call-ID: ${token(message, 'call')}@sallyport.invalid`,
    'CSeq: 1 MESSAGE',
    'Content-Type: text/plain;charset=utf-8',
    `Content-Length: ${text}`,
  ];
  return `${lines.map(oneLine).join('\r\n')}\r\n\r\n${notice}`;
}

/** The same for the same request. */
function token(message: SipMessage, purpose: string): string {
  const of = `${purpose} ${message.callId} ${message.header('cseq')} ${message.header('via')}`;
  return sha1Hex(of).slice(0, TOKEN_LENGTH);
}

function quoted(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/["\\]/g, '\\$&');
}

/** Header injection: what came over the wire makes no further line. */
function oneLine(line: string): string {
  return line.replace(/[\r\n]+/g, ' ');
}

function octetsOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
