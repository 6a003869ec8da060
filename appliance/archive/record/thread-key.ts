/** Which thread an event belongs to: service and room, or service and the set of parties. */
import { columnText } from './column-text.ts';
import type { EventFacts } from './event-facts.ts';

export interface ThreadPlace {
  readonly key: string;
  readonly room: string | undefined;
  /** Parties that take part, the sender first, each once. In a room: who speaks, and our own account. */
  readonly parties: readonly string[];
  /** Somebody said or did something: a notification alone opens no thread. */
  readonly opens: boolean;
}

const SPOKEN = /^(?:message|typing|room|file|call)(?:\.|$)/;
const NOTIFICATIONS = new Set(['typing', 'message.receipt']);

/** undefined: of nobody's conversation (presence, contact lists, connections). */
export function threadPlace(facts: EventFacts): ThreadPlace | undefined {
  const { kind, service, room, account, sender, recipients, isOwn } = facts;
  if (kind === undefined || !SPOKEN.test(kind)) return undefined;
  const opens = !NOTIFICATIONS.has(kind);
  if (room !== undefined) {
    const parties = distinct([sender, account]);
    return { key: columnText(`${service}\nroom\n${room.toLowerCase()}`), room, parties, opens };
  }
  // What we get without a recipient was meant for our own account.
  const others = recipients.length > 0 || isOwn ? recipients : [account];
  const parties = distinct([sender, ...others]);
  if (parties.length === 0) return undefined;
  return {
    key: columnText(`${service}\n${[...parties].sort().join('\n')}`),
    room: undefined,
    parties,
    opens,
  };
}

function distinct(parties: readonly (string | undefined)[]): string[] {
  const found: string[] = [];
  for (const party of parties) {
    if (party !== undefined && !found.includes(party)) found.push(party);
  }
  return found;
}
