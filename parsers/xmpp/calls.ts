/**
 * Calls: offered by Jingle (XEP-0167), announced in a message first (XEP-0353), or in Google's own
 * dialect. The announcement and the negotiation carry one identifier: it is one call.
 */
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { Ns } from './namespaces.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';

type Media = 'audio' | 'video' | undefined;
type Make = (kind: EventKind) => ImEvent;

export function offerCall(session: XmppSession, stanza: Stanza, token: string, media: Media): void {
  say(session, maker(session, stanza), 'call.offer', token, media);
}

export function acceptCall(
  session: XmppSession,
  stanza: Stanza,
  token: string,
  media: Media,
): void {
  say(session, maker(session, stanza), 'call.accept', token, media);
}

/** Declined by who was called, or ended by either side. */
export function endCall(
  session: XmppSession,
  stanza: Stanza,
  token: string,
  media: Media,
  accepted: boolean,
  reason: string,
): void {
  const declined = !accepted && reason !== 'success' && reason !== 'cancel';
  say(
    session,
    maker(session, stanza),
    declined ? 'call.decline' : 'call.end',
    token,
    media,
    reason,
  );
}

const KINDS: Readonly<Record<string, EventKind>> = {
  propose: 'call.offer',
  proceed: 'call.accept',
  accept: 'call.accept',
  reject: 'call.decline',
  retract: 'call.end',
  finish: 'call.end',
};

/** XEP-0353. A proposal of files is left to the negotiation that follows. */
export function readJingleMessage(session: XmppSession, stanza: Stanza, make: Make): void {
  const element = stanza.element.childIn(Ns.JingleMessage);
  const token = element?.attribute('id');
  if (element === undefined || !token || !Object.hasOwn(KINDS, element.name)) return;
  const kind = KINDS[element.name];
  if (kind === undefined) return;
  let media: Media;
  if (element.name === 'propose') {
    const offered = element.children.filter((c) => c.namespace.startsWith(Ns.JingleRtpPrefix));
    if (offered.length === 0) return;
    media = offered.some((c) => c.attribute('media') === 'video') ? 'video' : 'audio';
  } else if (!session.transfers.calls.has(`call.offer ${token}`)) return;
  const reason = element.childIn('urn:xmpp:jingle:1')?.children[0]?.name;
  say(session, make, kind, token, media, reason);
}

function maker(session: XmppSession, stanza: Stanza): Make {
  return (kind) => session.make(kind, stanza, stanza.direction);
}

/** Each step of a call once, however it is signalled. */
function say(
  session: XmppSession,
  make: Make,
  kind: EventKind,
  token: string,
  media: Media,
  reason?: string,
): void {
  const { calls } = session.transfers;
  const over = kind === 'call.decline' || kind === 'call.end';
  const step = over ? `over ${token}` : `${kind} ${token}`;
  if (calls.has(step)) return;
  calls.set(step, true);
  const event = make(kind);
  event.call = media === undefined ? { token } : { media, token };
  event.reason = reason;
  event.route = 'direct';
  session.emit(event);
}
