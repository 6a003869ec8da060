/** What an entry of a list, and a change of one, is as an event. */
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { type MsnpFlow, some } from './msnp-flow.ts';

/** Bits of the lists. */
export const List = { Forward: 1, Allow: 2, Block: 4, Reverse: 8, Pending: 16 } as const;

export interface Contact {
  readonly address: string;
  readonly name: string | undefined;
  readonly groups: readonly string[] | undefined;
}

/**
 * One contact of the list that is exchanged at sign-in: one event for the list that makes it a
 * contact, and another where it is blocked, or waits for an answer.
 */
export function sayEntry(
  flow: MsnpFlow,
  bits: number,
  address: string,
  name: string,
  groups: readonly string[] | undefined,
): void {
  if (bits < 0 || address === '') return;
  const contact = { address, name: some(name), groups };
  if ((bits & List.Allow) !== 0) allow(flow, address);
  if ((bits & List.Forward) !== 0) flow.say(about(flow, 'contact.list', 'forward', contact));
  if ((bits & List.Block) !== 0) flow.say(about(flow, 'contact.list', 'block', contact));
  if ((bits & List.Pending) !== 0) sayRequest(flow, 'pending', contact);
  if ((bits & (List.Forward | List.Block | List.Pending)) !== 0) return;
  if ((bits & List.Allow) !== 0) flow.say(about(flow, 'contact.list', 'allow', contact));
  else if ((bits & List.Reverse) !== 0) flow.say(about(flow, 'contact.list', 'reverse', contact));
}

/** A contact is put on, or taken off, the list of this bit. */
export function sayChange(flow: MsnpFlow, adds: boolean, list: number, contact: Contact): void {
  const { address } = contact;
  if (address === '') return;
  switch (list) {
    case List.Forward:
      flow.say(about(flow, adds ? 'contact.add' : 'contact.remove', 'forward', contact));
      return;
    case List.Allow:
      // Letting somebody see me is the answer to a request, asked or foreseen.
      if (adds) allow(flow, address);
      else flow.people.disallow(address);
      flow.say(about(flow, adds ? 'contact.approve' : 'contact.remove', 'allow', contact));
      return;
    case List.Block: {
      const denies = adds && flow.people.answered(address);
      const kind = denies ? 'contact.deny' : adds ? 'contact.block' : 'contact.unblock';
      flow.say(about(flow, kind, 'block', contact));
      return;
    }
    case List.Reverse:
    case List.Pending: {
      const name = list === List.Reverse ? 'reverse' : 'pending';
      if (adds && !flow.toServer) sayRequest(flow, name, contact);
      else flow.say(about(flow, adds ? 'contact.add' : 'contact.remove', name, contact));
    }
  }
}

function allow(flow: MsnpFlow, address: string): void {
  flow.people.answered(address);
  if (!flow.people.allow(address)) flow.tableFull();
}

/** Somebody has put the account on his list, and asks to see it. */
function sayRequest(flow: MsnpFlow, list: 'reverse' | 'pending', contact: Contact): void {
  if (!flow.people.asks(contact.address)) flow.tableFull();
  const event = about(flow, 'contact.request', list, contact);
  event.from = contact.address;
  if (flow.account !== undefined) event.to = [flow.account];
  flow.say(event);
}

function about(
  flow: MsnpFlow,
  kind: EventKind,
  list: NonNullable<ImEvent['list']>,
  { address, name, groups }: Contact,
): ImEvent {
  const event = flow.bare(kind);
  // What the server says of the reverse list, the other person did.
  const byOther = !flow.toServer && (list === 'reverse' || list === 'pending');
  event.from = byOther && kind !== 'contact.list' ? address : flow.account;
  event.contact = address;
  event.list = list;
  event.name = name === address ? undefined : name;
  event.groups = groups;
  return event;
}
