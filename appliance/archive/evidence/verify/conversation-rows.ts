/** What stands in the tables of conversations, and what the records of one make of it, counted by themselves. */
import type { ArchiveDatabase } from '../../contract.ts';
import { decodeEnvelope } from '../../record/envelope.ts';
import { takeHead } from '../../record/head.ts';
import { ConversationCounts } from './conversation-counts.ts';
import {
  conversationDifferences,
  type Difference,
  type StoredConversation,
  type StoredParticipant,
} from './conversation-differences.ts';

/** Times that a conversation is counted anew, where others cannot be kept from writing to it. */
const TRIES = 3;

interface Member {
  readonly time: number;
  readonly envelope: Uint8Array;
}

interface Stored {
  readonly conversation: StoredConversation | undefined;
  readonly participants: readonly StoredParticipant[];
}

export class ConversationRows {
  readonly #conversations: ReadonlyMap<number, StoredConversation>;
  readonly #participants: ReadonlyMap<number, readonly StoredParticipant[]>;

  private constructor(
    conversations: readonly StoredConversation[],
    participants: readonly StoredParticipant[],
  ) {
    this.#conversations = new Map(conversations.map((row) => [row.conversation, row]));
    this.#participants = byConversation(participants);
  }

  static async read(database: ArchiveDatabase, ids: readonly number[]): Promise<ConversationRows> {
    const marks = ids.map(() => '?').join(', ');
    const conversations = await database.rows<StoredConversation>(
      `SELECT id AS conversation, service, room, thread_key, started, ended, messages, files,
         events, refused FROM conversation WHERE id IN (${marks})`,
      ...ids,
    );
    const participants = await database.rows<StoredParticipant>(
      `SELECT participant.conversation AS conversation, party.service AS service,
         party.address AS address, participant.messages AS messages
       FROM participant JOIN party ON party.id = participant.party
       WHERE participant.conversation IN (${marks})`,
      ...ids,
    );
    return new ConversationRows(conversations, participants);
  }

  of(id: number): Stored {
    return {
      conversation: this.#conversations.get(id),
      participants: this.#participants.get(id) ?? [],
    };
  }
}

function byConversation(
  rows: readonly StoredParticipant[],
): ReadonlyMap<number, readonly StoredParticipant[]> {
  const found = new Map<number, StoredParticipant[]>();
  for (const row of rows) {
    const others = found.get(row.conversation);
    if (others === undefined) found.set(row.conversation, [row]);
    else others.push(row);
  }
  return found;
}

/**
 * Somebody may be writing to it: where it differs it is counted once more, while nobody can. `onRecord` is called for
 * each of its records.
 */
export async function recount(
  database: ArchiveDatabase,
  id: number,
  purged: boolean,
  onRecord: () => void,
): Promise<readonly Difference[]> {
  let differences = await once(database, id, purged, onRecord);
  if (differences.length === 0) return differences;
  try {
    return await database.transaction(async (within) => {
      await takeHead(within);
      return once(within, id, purged, onRecord);
    });
  } catch {
    // Opened to be read only.
    for (let tries = 0; tries < TRIES && differences.length > 0; tries++) {
      differences = await once(database, id, purged, onRecord);
    }
    return differences;
  }
}

async function once(
  database: ArchiveDatabase,
  id: number,
  purged: boolean,
  onRecord: () => void,
): Promise<readonly Difference[]> {
  const counts = new ConversationCounts();
  const members = database.each<Member>(
    'SELECT time, envelope FROM record WHERE conversation = ? ORDER BY sequence',
    id,
  );
  for await (const member of members) {
    onRecord();
    count(counts, member);
  }
  const { conversation, participants } = (await ConversationRows.read(database, [id])).of(id);
  return conversationDifferences(counts, conversation, participants, purged);
}

function count(counts: ConversationCounts, { time, envelope }: Member): void {
  try {
    counts.add(time, decodeEnvelope(envelope));
  } catch {
    // The chain tells of it.
  }
}
