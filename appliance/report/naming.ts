/**
 * Who is who in the report. By account, a conversation is between two identities of one service. By
 * person, it is between people, whatever service they used, as far as the directory knows them.
 */
import type { ImEvent } from '../../src/event/event.ts';

export interface Naming {
  /** The same for all events of one conversation. */
  key(event: ImEvent): string;
  /** Who says it; empty where that is not known. */
  sender(event: ImEvent): string;
  /** Who takes part, the sender first; in a room only the sender. */
  parties(event: ImEvent): readonly string[];
  /** False: not shown. */
  concerns(event: ImEvent): boolean;
}

export const BY_ACCOUNT: Naming = {
  key(event) {
    if (event.room !== undefined) return roomKey(event);
    return [serviceOf(event), ...BY_ACCOUNT.parties(event).toSorted()].join('\n');
  },
  sender: (event) => event.from ?? (event.origin === 'client' ? event.account : undefined) ?? '',
  parties(event) {
    const recipients = event.room === undefined ? (event.to ?? []) : [];
    return [BY_ACCOUNT.sender(event), ...recipients];
  },
  concerns: () => true,
};

/** People by name, others as `service:account`; conversations in which nobody is known are not shown. */
export const BY_PERSON: Naming = {
  key(event) {
    if (event.room !== undefined) return roomKey(event);
    return ['person', ...BY_PERSON.parties(event).toSorted()].join('\n');
  },
  sender(event) {
    const account = BY_ACCOUNT.sender(event);
    const person = isOwn(event) ? event.person : event.peers?.[0];
    return person ?? (account === '' ? '' : `${serviceOf(event)}:${account}`);
  },
  parties(event) {
    const sender = BY_PERSON.sender(event);
    if (event.room !== undefined) return [sender];
    const named = isOwn(event) ? event.peers : event.person === undefined ? [] : [event.person];
    if (named !== undefined && named.length > 0 && named.length >= (event.to?.length ?? 0)) {
      return [sender, ...named];
    }
    const others = (event.to ?? []).map((to) => `${serviceOf(event)}:${to}`);
    return [sender, ...(named ?? []), ...others.slice(named?.length ?? 0)];
  },
  concerns: (event) => event.person !== undefined || event.peers !== undefined,
};

/** Said by the account whose side we see; a copy of its own words comes from the server. */
function isOwn({ account, from, origin }: ImEvent): boolean {
  return origin === 'client' || (account !== undefined && from === account);
}

function serviceOf(event: ImEvent): string {
  return event.service ?? event.protocol ?? '?';
}

function roomKey(event: ImEvent): string {
  return `${serviceOf(event)}\nroom\n${event.room}`;
}
