/**
 * XMPP between two machines of one link, without a server (XEP-0174, "Bonjour"): each listens (5298 by
 * custom), whoever has something to say connects, and stanzas follow the roots at once; nobody signs in.
 *
 *   <stream:stream from='ann@mill' to='bob@moor' …>      both of them people, not domains
 *
 * iChat and others leave both out: then the port tells, or stanzas that name two people.
 */
import { Direction, type FlowContext } from '../contract.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import { type Jid, parseJid } from './jid.ts';
import type { XmppSession } from './session.ts';

const PORT = 5298;

export function isLinkLocalPort({ clientPort, serverPort }: FlowContext): boolean {
  return serverPort === PORT || clientPort === PORT;
}

/** The addresses of a root. True where the stream is link-local: they name no domain then. */
export function readAddresses(
  session: XmppSession,
  direction: Direction,
  from: Jid | undefined,
  to: Jid | undefined,
): boolean {
  if (session.role !== 'client' || session.signedIn) return false;
  const toServer = direction === Direction.ToServer;
  const [own, peer] = toServer ? [from, to] : [to, from];
  if (!session.linkLocal) {
    const addressed = from !== undefined || to !== undefined;
    session.unaddressed = !addressed && session.domain === undefined;
    const people = peer?.hasLocal === true && session.domain === undefined;
    if (!people && !(peer === undefined && session.domain === undefined && hasPort(session)))
      return false;
    session.linkLocal = true;
  } else if (!toServer && peer !== undefined && !peer.hasLocal) {
    session.linkLocal = false; // a server answers: the client only called it by an odd name
    return false;
  }
  if (own?.hasLocal) session.own ??= own;
  if (peer?.hasLocal) session.peer ??= peer;
  return true;
}

function hasPort({ context }: XmppSession): boolean {
  return isLinkLocalPort(context);
}

/** Roots without addresses, and a message from one person to another before anybody signed in. */
export function readFirstStanza(session: XmppSession, element: XmlElement): void {
  if (!session.unaddressed || session.linkLocal || session.signedIn) return;
  const from = parseJid(element.attribute('from'));
  const to = parseJid(element.attribute('to'));
  if (from?.hasLocal && to?.hasLocal) session.linkLocal = true;
}
