/** What is known of each service when nothing has been captured yet. */

export interface ServiceNature {
  /** content: conversations can be read; opaque: only the connection is seen. */
  readonly visibility: 'content' | 'opaque';
  /** Whether one message can vanish without breaking the connection (design "data plane"). */
  readonly neutral: boolean;
  /** Whether text stands verbatim in the stream, so that it can be masked in place. */
  readonly verbatim: boolean;
}

const READABLE: ServiceNature = { visibility: 'content', neutral: true, verbatim: true };
const FRAGILE: ServiceNature = { visibility: 'content', neutral: false, verbatim: true };
const ENCODED: ServiceNature = { visibility: 'content', neutral: true, verbatim: false };
const OPAQUE: ServiceNature = { visibility: 'opaque', neutral: false, verbatim: false };

export const SERVICES: ReadonlyMap<string, ServiceNature> = new Map([
  ['xmpp', READABLE],
  ['google-talk', READABLE],
  ['irc', READABLE],
  ['msn', READABLE],
  ['yahoo', READABLE],
  ['aim', ENCODED],
  ['icq', ENCODED],
  ['gadu-gadu', ENCODED],
  ['sip', FRAGILE],
  ['mqtt', FRAGILE],
  ['stomp', FRAGILE],
  ['nats', FRAGILE],
  ['nmdc', FRAGILE],
  ['mumble', OPAQUE],
  ['teamspeak', OPAQUE],
  ['skype', OPAQUE],
  ['qq', OPAQUE],
  ['whatsapp', OPAQUE],
  ['telegram', OPAQUE],
  ['signal', OPAQUE],
  ['discord', OPAQUE],
  ['slack', OPAQUE],
  ['teams', OPAQUE],
  ['facebook', OPAQUE],
  ['instagram', OPAQUE],
  ['imessage', OPAQUE],
  ['viber', OPAQUE],
  ['line', OPAQUE],
  ['wechat', OPAQUE],
  ['threema', OPAQUE],
  ['snapchat', OPAQUE],
  ['matrix', OPAQUE],
  ['zoom', OPAQUE],
  ['google-chat', OPAQUE],
]);
