/** Messages about messages: corrections, retractions, reactions, receipts and markers. */
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import { Ns } from './namespaces.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';

const MARKERS: ReadonlySet<string> = new Set(['received', 'displayed', 'acknowledged']);
const MAX_REACTIONS = 64; // of one message
const MAX_REFERENCES = 64; // receipts, retractions … in one stanza

/** Reports them; returns the id of the message that this one's body replaces, if it does. */
export function readReferences(
  session: XmppSession,
  stanza: Stanza,
  make: (kind: EventKind) => ImEvent,
): string | undefined {
  let edits: string | undefined;
  const most = session.events + MAX_REFERENCES;
  for (const c of stanza.element.children) {
    if (session.events >= most) break;
    switch (c.namespace) {
      case Ns.Correct:
        if (c.name === 'replace') edits = c.attribute('id') || edits;
        break;
      case Ns.Receipts:
        if (c.name === 'received')
          receipt(session, make, 'received', c.attribute('id') ?? stanza.id);
        break;
      case Ns.ChatMarkers:
        if (MARKERS.has(c.name)) receipt(session, make, c.name, c.attribute('id'));
        break;
      case Ns.MessageEvents:
        event22(session, c, make);
        break;
      case Ns.Reactions:
        reactions(session, c, make);
        break;
      default:
        retraction(session, c, make);
    }
  }
  return edits;
}

function receipt(
  session: XmppSession,
  make: (kind: EventKind) => ImEvent,
  state: string,
  id: string | undefined,
): void {
  const event = make('message.receipt');
  event.state = state;
  event.refersTo = id || undefined;
  session.emit(event);
}

/** XEP-0022: delivered and displayed, beside a request or the id they answer. */
function event22(session: XmppSession, x: XmlElement, make: (kind: EventKind) => ImEvent): void {
  const id = x.childText('id');
  if (id === undefined) return;
  if (x.child('delivered') !== undefined) receipt(session, make, 'received', id);
  else if (x.child('displayed') !== undefined) receipt(session, make, 'displayed', id);
}

/** XEP-0444: said like a message, about another; no reaction left takes them back. */
function reactions(
  session: XmppSession,
  element: XmlElement,
  make: (kind: EventKind) => ImEvent,
): void {
  const event = make('message');
  event.state = 'reaction';
  event.refersTo = element.attribute('id') || undefined;
  const said = element.children.slice(0, MAX_REACTIONS).map((c) => c.text().trim());
  event.text = said.filter((t) => t !== '').join(' ') || undefined;
  session.emit(event);
}

/** XEP-0424 in both its forms; a room's moderation (XEP-0425) is one too. */
function retraction(
  session: XmppSession,
  element: XmlElement,
  make: (kind: EventKind) => ImEvent,
): void {
  let id: string | undefined;
  if (element.is('retract', Ns.Retract1)) id = element.attribute('id');
  else if (element.is('apply-to', Ns.Fasten)) {
    const moderated = element.child('moderated', Ns.Moderate);
    const retract = (moderated ?? element).child('retract', Ns.Retract0);
    if (retract !== undefined) id = element.attribute('id');
  }
  if (id === undefined || id === '') return;
  const event = make('message.delete');
  event.refersTo = id;
  session.emit(event);
}
