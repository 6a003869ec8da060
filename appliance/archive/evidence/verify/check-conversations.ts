/**
 * Conversations and participants are what their records make of them. Three streams side by side, in the order of
 * conversations: one conversation is in memory, not all of them.
 */
import type { Archive } from '../../archive.ts';
import type { ArchiveDatabase, Envelope } from '../../contract.ts';
import { decodeEnvelope } from '../../record/envelope.ts';
import { takeHead } from '../../record/head.ts';
import { ConversationCounts } from './conversation-counts.ts';
import {
  conversationDifferences,
  type Difference,
  type StoredConversation,
  type StoredParticipant,
} from './conversation-differences.ts';
import type { Findings } from './findings.ts';
import { GroupedRows } from './grouped-rows.ts';

interface Member {
  readonly conversation: number;
  readonly time: number;
  readonly envelope: Uint8Array;
}

const MEMBERS = 'SELECT conversation, time, envelope FROM record';
const CONVERSATIONS = `SELECT id AS conversation, service, room, thread_key, started, ended, messages, files,
  events, refused FROM conversation`;
const PARTICIPANTS = `SELECT participant.conversation AS conversation, party.service AS service,
  party.address AS address, participant.messages AS messages
  FROM participant JOIN party ON party.id = participant.party`;
/** Times that a conversation is counted anew, where others cannot be kept from writing to it. */
const TRIES = 3;

/** How many were looked at. `onRecord` is called once for each record. */
export async function checkConversations(
  { database }: Archive,
  findings: Findings,
  onRecord: () => void,
): Promise<number> {
  // Where records were purged, who took part in them may stand there without a message.
  const purged = (await database.rows('SELECT 1 AS purged FROM tombstone LIMIT 1')).length > 0;
  const members = new GroupedRows(
    database.each<Member>(
      `${MEMBERS} WHERE conversation IS NOT NULL ORDER BY conversation, sequence`,
    ),
  );
  const conversations = new GroupedRows(
    database.each<StoredConversation>(`${CONVERSATIONS} ORDER BY id`),
  );
  const participants = new GroupedRows(
    database.each<StoredParticipant>(`${PARTICIPANTS} ORDER BY participant.conversation`),
  );
  let looked = 0;
  try {
    for (;;) {
      const [a, b, c] = [
        await members.next(),
        await conversations.next(),
        await participants.next(),
      ];
      const id = Math.min(a, b, c);
      if (id === Number.POSITIVE_INFINITY) return looked;
      const counts = new ConversationCounts();
      for await (const member of members.take(id)) {
        onRecord();
        count(counts, member);
      }
      const stored = await conversations.all(id);
      const parties = await participants.all(id);
      let differences = conversationDifferences(counts, stored[0], parties, purged);
      if (differences.length > 0) differences = await again(database, id, purged, differences);
      for (const [what, where, text] of differences) {
        findings.add(what, undefined, where, `conversation ${id}: ${text}`);
      }
      looked += 1;
    }
  } finally {
    await Promise.all([members.close(), conversations.close(), participants.close()]);
  }
}

/** Somebody may have written to it since: counted once more, while nobody can. */
async function again(
  database: ArchiveDatabase,
  id: number,
  purged: boolean,
  before: readonly Difference[],
): Promise<readonly Difference[]> {
  try {
    return await database.transaction(async (within) => {
      await takeHead(within);
      return once(within, id, purged);
    });
  } catch {
    // Opened to be read only.
    let differences = before;
    for (let tries = 0; tries < TRIES && differences.length > 0; tries++) {
      differences = await once(database, id, purged);
    }
    return differences;
  }
}

async function once(
  database: ArchiveDatabase,
  id: number,
  purged: boolean,
): Promise<readonly Difference[]> {
  const counts = new ConversationCounts();
  const members = database.each<Member>(`${MEMBERS} WHERE conversation = ? ORDER BY sequence`, id);
  for await (const member of members) count(counts, member);
  const [stored] = await database.rows<StoredConversation>(`${CONVERSATIONS} WHERE id = ?`, id);
  const parties = await database.rows<StoredParticipant>(
    `${PARTICIPANTS} WHERE participant.conversation = ?`,
    id,
  );
  return conversationDifferences(counts, stored, parties, purged);
}

function count(counts: ConversationCounts, { time, envelope }: Member): void {
  let said: Envelope;
  try {
    said = decodeEnvelope(envelope);
  } catch {
    return; // the chain tells of it
  }
  counts.add(time, said);
}
