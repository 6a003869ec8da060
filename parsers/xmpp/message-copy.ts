/**
 * Messages inside messages that the server itself delivers: carbons (XEP-0280) of what other
 * devices of the account said or heard, and results of archive queries (XEP-0313).
 */
import type { CopyMark } from '../../src/event/event.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import { Ns } from './namespaces.ts';
import { sentAt } from './sent-at.ts';
import type { XmppSession } from './session.ts';
import { Stanza } from './stanza.ts';

export interface MessageCopy {
  readonly mark: CopyMark | undefined;
  readonly sentAt: string | undefined;
  /** A carbon that is not the server's (XEP-0280 §11), an archive nobody keeps: the outer sender said it. */
  readonly spoofed: boolean;
}

export const NO_COPY: MessageCopy = { mark: undefined, sentAt: undefined, spoofed: false };

export interface DeliveredCopy extends MessageCopy {
  readonly message: Stanza;
}

/** The copied message, if the stanza delivers one. */
export function deliveredCopy(session: XmppSession, stanza: Stanza): DeliveredCopy | undefined {
  if (stanza.fromClient) return undefined;
  for (const c of stanza.element.children) {
    const carbon = c.namespace === Ns.Carbons && (c.name === 'received' || c.name === 'sent');
    const archived = c.name === 'result' && c.namespace.startsWith(Ns.Archive);
    if (!carbon && !archived) continue;
    const forwarded = c.child('forwarded', Ns.Forward);
    const inner = forwarded?.child('message', Ns.Client);
    if (forwarded === undefined || inner === undefined) continue;
    return carbon ? carbonOf(session, stanza, inner) : archiveOf(session, stanza, forwarded, inner);
  }
  return undefined;
}

function carbonOf(session: XmppSession, outer: Stanza, inner: XmlElement): DeliveredCopy {
  const own = session.own?.bare;
  const spoofed = own !== undefined && outer.from !== undefined && outer.from.full !== own;
  return {
    mark: spoofed ? undefined : 'carbon',
    sentAt: sentAt(inner),
    spoofed,
    message: new Stanza(session, inner, outer.direction, outer, spoofed),
  };
}

function archiveOf(
  session: XmppSession,
  outer: Stanza,
  forwarded: XmlElement,
  inner: XmlElement,
): DeliveredCopy {
  const { from } = outer;
  const spoofed =
    from?.hasLocal === true && from.full !== session.own?.bare && !session.mayBeRoom(from.bare);
  return {
    mark: spoofed ? undefined : 'archive',
    sentAt: sentAt(forwarded) ?? sentAt(inner),
    spoofed,
    message: new Stanza(session, inner, outer.direction, outer, spoofed),
  };
}
