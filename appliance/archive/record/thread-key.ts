/** Which thread an event belongs to: service and room, or service and the set of parties. */
import { columnText } from './column-text.ts';
import type { EventFacts } from './event-facts.ts';
import type { EventParties } from './event-parties.ts';

export interface ThreadParties {
  readonly key: string;
  readonly room: string | undefined;
  /** Parties that take part, the sender first, each once. In a room: who speaks, and our own account. */
  readonly parties: readonly string[];
}

export interface ThreadPlace extends ThreadParties {
  /** Somebody said or did something: a notification alone opens no thread. */
  readonly opens: boolean;
}

const SPOKEN = /^(?:message|typing|room|file|call)(?:\.|$)/;
const NOTIFICATIONS = new Set<string | undefined>(['typing', 'message.receipt']);

/** undefined: of nobody's conversation (presence, contact lists, connections). */
export function threadPlace(facts: EventFacts): ThreadPlace | undefined {
  if (!isOfThread(facts.kind)) return undefined;
  const place = threadParties(facts.parties);
  return place && { ...place, opens: opensThread(facts.kind) };
}

export function isOfThread(kind: string | undefined): boolean {
  return kind !== undefined && SPOKEN.test(kind);
}

export function opensThread(kind: string | undefined): boolean {
  return !NOTIFICATIONS.has(kind);
}

/** undefined: nobody is known. */
export function threadParties(event: EventParties): ThreadParties | undefined {
  const { service, room, account, sender, recipients, isOwn } = event;
  if (room !== undefined) {
    const key = columnText(`${service}\nroom\n${room.toLowerCase()}`);
    return { key, room, parties: distinct([sender, account]) };
  }
  // What we get without a recipient was meant for our own account.
  const others = recipients.length > 0 || isOwn ? recipients : [account];
  const parties = distinct([sender, ...others]);
  if (parties.length === 0) return undefined;
  const key = columnText(`${service}\n${[...parties].sort().join('\n')}`);
  return { key, room: undefined, parties };
}

function distinct(parties: readonly (string | undefined)[]): string[] {
  const found: string[] = [];
  for (const party of parties) {
    if (party !== undefined && !found.includes(party)) found.push(party);
  }
  return found;
}
