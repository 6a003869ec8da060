/**
 * What the request for a WebSocket tells (RFC 6455 §4.1, §11.3): hosts by Host and Origin, subprotocols, and the
 * paths that are one messenger's.
 *
 *   Sec-WebSocket-Protocol: xmpp                        RFC 7395; mqtt, sip (RFC 7118), text.ircv3.net, v12.stomp …
 *   /apiws, /apiws_premium, with `binary`               Telegram (core.telegram.org/mtproto/transports)
 *   /ws/chat                                            WhatsApp web (dossier §2)
 */
import { authorityName } from '../framing/authority.ts';
import type { HttpHead } from '../framing/http-head.ts';
import { httpTarget } from '../framing/http-target.ts';

export interface Upgrade {
  /** Of the server: target and Host field, best first. */
  readonly hosts: readonly string[];
  readonly mismatch: boolean;
  /** Whose page opens it; undefined where it is none of another host. */
  readonly origin: string | undefined;
  /** As offered, first ones. */
  readonly subprotocols: readonly string[];
  readonly signatures: readonly string[];
  /** Frames follow as RFC 6455 has them: drafts before it had others. */
  readonly isFramed: boolean;
}

const SUBPROTOCOLS = 8; // looked at
/** A token that a catalogue could know; credentials that travel as one are longer. */
const TOKEN = /^[a-z0-9._+-]{1,40}$/;
const ORIGIN = /^https?:\/\/([^/]{1,300})$/i;
const VERSION = '13';
const PATHS: readonly (readonly [RegExp, string, string | undefined])[] = [
  [/^\/apiws(?:_test|_premium)?$/, 'websocket-path:/apiws', 'binary'],
  [/^\/ws\/chat$/, 'websocket-path:/ws/chat', undefined],
];

export function readUpgrade(head: HttpHead): Upgrade {
  const { hosts, mismatch } = httpTarget(head);
  const page = ORIGIN.exec(head.fields.value('origin') ?? '')?.[1];
  const origin = page === undefined ? undefined : authorityName(page);
  const subprotocols = head.fields
    .values('sec-websocket-protocol')
    .join(',')
    .split(',', SUBPROTOCOLS)
    .map((token) => token.trim());
  const names = subprotocols.map((name) => name.toLowerCase()).filter((name) => TOKEN.test(name));
  const signatures = names.map((name) => `websocket:${name}`);
  for (const [path, signature, needs] of PATHS) {
    if (path.test(head.path) && (needs === undefined || names.includes(needs))) {
      signatures.unshift(signature);
    }
  }
  return {
    hosts,
    mismatch,
    origin: origin === undefined || hosts.includes(origin) ? undefined : origin,
    subprotocols,
    signatures,
    isFramed: head.fields.value('sec-websocket-version') === VERSION,
  };
}
