/**
 * What Signal's clients and servers say in binary WebSocket frames (signal-message.proto): requests and responses of
 * HTTP's kind in Protocol Buffers. In clear only where somebody else took TLS away.
 */
import { decodeMessage, type MessageDecoder } from './decode-message.ts';
import { signal } from './signal-message.decoder.ts';

interface WebSocketMessage {
  readonly type: number | null;
  readonly request: { readonly verb: string | null; readonly path: string | null } | null;
  readonly response: { readonly status: number | null } | null;
}

export type SignalMessage =
  | { readonly kind: 'request'; readonly verb: string; readonly path: string }
  | { readonly kind: 'response'; readonly status: number };

const { WebSocketMessage } = signal as { WebSocketMessage: MessageDecoder<WebSocketMessage> };

/** As the messages number their kinds. */
const REQUEST = 1;
const RESPONSE = 2;

/** The message that the octets are, all of it; undefined where they are none. */
export function signalMessage(octets: Uint8Array): SignalMessage | undefined {
  const message = decodeMessage(WebSocketMessage, octets);
  const { verb, path } = message?.request ?? {};
  if (message?.type === REQUEST && verb && path) return { kind: 'request', verb, path };
  const status = message?.response?.status;
  return message?.type === RESPONSE && status ? { kind: 'response', status } : undefined;
}

const VERBS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'];

/**
 * Whether a message begins as a request of Signal's does, of which the end need not be there: type 1, request, verb,
 * a path of the root.
 */
export function beginsSignalRequest(octets: Uint8Array): boolean {
  if (octets[0] !== 0x08 || octets[1] !== REQUEST || octets[2] !== 0x12) return false;
  let at = 3;
  while (at < 7 && (octets[at] ?? 0) >= 0x80) at++; // the request's length
  const length = octets[at + 2] ?? 0;
  if (octets[at + 1] !== 0x0a || length > 6) return false;
  const path = at + 3 + length;
  const verb = String.fromCharCode(...octets.subarray(at + 3, path));
  return VERBS.includes(verb) && octets[path] === 0x12 && octets[path + 2] === 0x2f;
}
