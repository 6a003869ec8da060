/** What is newer than this decoder is said, so that a rule can deny it. */
import type { XmlElement } from '../framing/xml-element.ts';
import { isKnownNamespace } from './known-namespaces.ts';
import { Ns } from './namespaces.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';

/** One event for the first payload in a namespace nobody has told this decoder about. */
export function reportUnknown(
  session: XmppSession,
  stanza: Stanza,
  payloads: readonly XmlElement[],
): void {
  const own = stanza.element.namespace;
  for (const payload of payloads) {
    const { namespace } = payload;
    if (namespace === own || namespace === Ns.Client || isKnownNamespace(namespace)) continue;
    reportUnknownNamed(session, stanza, namespace || payload.name);
    return;
  }
}

export function reportUnknownNamed(session: XmppSession, stanza: Stanza, reason: string): void {
  const event = session.make('app.unknown', stanza, stanza.direction);
  event.reason = reason;
  session.emit(event);
}
