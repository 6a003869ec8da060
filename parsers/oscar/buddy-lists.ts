/**
 * The older lists, which the client keeps and tells the server (families 0003 and 0009): names, each
 * with its length. What it tells before it is ready (01/02) is its list, what comes later is a change.
 */
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { OscarFlow } from './oscar-flow.ts';

type List = NonNullable<ImEvent['list']>;

/** 03/04, and 03/0F for as long as the client is there. */
export function onAddBuddies(flow: OscarFlow, state?: string): void {
  sayEach(flow, flow.ready ? 'contact.add' : 'contact.list', 'roster', state);
}

/** 03/05, 03/10. */
export function onRemoveBuddies(flow: OscarFlow, state?: string): void {
  sayEach(flow, 'contact.remove', 'roster', state);
}

/** 09/05, 09/0A; 09/06, 09/0B. */
export function onPermit(flow: OscarFlow): void {
  sayEach(flow, flow.ready ? 'contact.add' : 'contact.list', 'allow');
}
export function onNoPermit(flow: OscarFlow): void {
  sayEach(flow, 'contact.remove', 'allow');
}

/** 09/07, 09/08. */
export function onDeny(flow: OscarFlow): void {
  sayEach(flow, flow.ready ? 'contact.block' : 'contact.list', 'block');
}
export function onNoDeny(flow: OscarFlow): void {
  sayEach(flow, 'contact.unblock', 'block');
}

function sayEach(flow: OscarFlow, kind: EventKind, list: List, state?: string): void {
  const { body } = flow.snac;
  while (body.left > 0) {
    const contact = body.name();
    if (body.failed) return;
    // Clients block themselves to mean "nobody": it is no contact.
    if (contact === undefined || (list !== 'roster' && contact === flow.account)) continue;
    const event = flow.newEvent(kind);
    event.from = flow.toServer ? flow.account : undefined;
    event.contact = contact;
    event.list = list;
    event.state = state;
    flow.say(event);
  }
}
