/** What stands in the tables of one conversation, compared with what its records make of it. */
import type { ConversationCounts } from './conversation-counts.ts';
import type { Break } from './findings.ts';

export interface StoredConversation {
  readonly conversation: number;
  readonly service: string;
  readonly room: string | null;
  readonly thread_key: string;
  readonly started: number;
  readonly ended: number;
  readonly messages: number;
  readonly files: number;
  readonly events: number;
  readonly refused: number;
}

export interface StoredParticipant {
  readonly conversation: number;
  readonly service: string;
  readonly address: string;
  readonly messages: number;
}

export type Difference = readonly [what: Break, where: string, text: string];

const COUNTED = ['started', 'ended', 'messages', 'events', 'refused'] as const;

/** `purged`: the archive had records once that are not there any more. */
export function conversationDifferences(
  counts: ConversationCounts,
  stored: StoredConversation | undefined,
  participants: readonly StoredParticipant[],
  purged: boolean,
): readonly Difference[] {
  if (stored === undefined) {
    return counts.key === undefined
      ? [['inserted', 'participant', 'it has participants, and is not there']]
      : [['removed', 'conversation', 'it has records, and is not there']];
  }
  if (counts.key === undefined) return [['inserted', 'conversation', 'it has no records']];
  const differences: Difference[] = [];
  const expect = (column: string, there: string | number | null, said: string | number | null) => {
    if (there === said) return;
    const text = `“${there}” stands there, its records say “${said}”`;
    differences.push(['changed', `conversation.${column}`, text]);
  };
  expect('service', stored.service, counts.service);
  // Each of its events may have spelled the room in its own way.
  expect('room', stored.room?.toLowerCase() ?? null, counts.room ?? null);
  expect('thread_key', stored.thread_key, counts.key);
  for (const name of COUNTED) expect(name, stored[name], counts[name]);
  // A file that was sent twice is counted twice where they are far apart; purged ones cannot be told apart.
  const least = purged ? 0 : counts.files;
  const most = purged ? Number.POSITIVE_INFINITY : counts.fileEvents;
  if (stored.files < least || stored.files > most) expect('files', stored.files, counts.files);
  if (counts.others > 0) {
    differences.push(['changed', 'conversation', `${counts.others} of its records are of others`]);
  }
  differences.push(...participantDifferences(counts, participants, purged));
  return differences;
}

function participantDifferences(
  counts: ConversationCounts,
  participants: readonly StoredParticipant[],
  purged: boolean,
): Difference[] {
  const differences: Difference[] = [];
  const missing = new Map(counts.participants);
  for (const { service, address, messages } of participants) {
    const said = service === counts.service ? missing.get(address) : undefined;
    if (said !== undefined) missing.delete(address);
    if (said === messages || (said === undefined && messages === 0 && purged)) continue;
    const who = `“${service}:${address}”`;
    differences.push(
      said === undefined
        ? ['inserted', 'participant', `${who} takes part in none of its records`]
        : ['changed', 'participant.messages', `${who} has ${messages}, and in its records ${said}`],
    );
  }
  for (const address of missing.keys()) {
    const text = `“${counts.service}:${address}” takes part, and is not there`;
    differences.push(['removed', 'participant', text]);
  }
  return differences;
}
