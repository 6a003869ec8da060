/**
 * Contacts outside: parties of conversations of two who are nobody of the directory and not on our side of the
 * wire. In rooms there is no telling who speaks to whom.
 */
import type { ArchiveDatabase } from '../contract.ts';
import type { ContactRow, NewContactRow } from './report.ts';
import type { Selection } from './selection.ts';

/** Pairs looked at: their messages are counted one pair after the other. */
const MOST_PAIRS = 10_000;

interface PartyRow {
  readonly id: number;
  readonly service: string;
  readonly address: string;
  readonly person: string | null;
}

/** Most messages first. */
export async function contactsOutside(
  database: ArchiveDatabase,
  { sql, values }: Selection,
  accounts: ReadonlySet<number>,
  top: number,
): Promise<ContactRow[]> {
  const rows = database.each<PartyRow & { messages: number; said: number; conversations: number }>(
    `SELECT party.id AS id, party.service AS service, party.address AS address, party.person AS person,
       SUM(said.messages) AS messages,
       SUM(CASE WHEN said.sender = party.id THEN said.messages ELSE 0 END) AS said,
       COUNT(DISTINCT said.conversation) AS conversations
     FROM (SELECT record.conversation AS conversation, record.sender AS sender, COUNT(*) AS messages
           FROM record WHERE record.kind = 'event' AND record.event = 'message'
             AND record.repeat = 0 AND record.conversation IS NOT NULL AND ${sql}
           GROUP BY record.conversation, record.sender) AS said
     JOIN conversation ON conversation.id = said.conversation AND conversation.room IS NULL
     JOIN participant ON participant.conversation = said.conversation
     JOIN party ON party.id = participant.party
     WHERE party.person IS NULL
     GROUP BY party.id, party.service, party.address, party.person
     ORDER BY SUM(said.messages) DESC, party.service, party.address`,
    ...values,
  );
  const found: ContactRow[] = [];
  for await (const { id, service, address, messages, said, conversations } of rows) {
    if (accounts.has(id)) continue;
    if (found.length >= top) break;
    found.push({
      contact: `${service}:${address}`,
      messages: Number(messages),
      said: Number(said),
      conversations: Number(conversations),
    });
  }
  return found;
}

/** Whom somebody of ours had never had a conversation of two with before; in the order of time. */
export async function newContacts(
  database: ArchiveDatabase,
  { sql, values }: Selection,
  accounts: ReadonlySet<number>,
  { from, to }: { readonly from: number; readonly to: number | undefined },
  top: number,
): Promise<NewContactRow[]> {
  const pairs = database.each<{
    own: number;
    other: number;
    person: string | null;
    own_service: string;
    own_address: string;
    service: string;
    address: string;
    first: number;
  }>(
    `SELECT mine.party AS own, theirs.party AS other, own.person AS person,
       own.service AS own_service, own.address AS own_address,
       party.service AS service, party.address AS address, MIN(conversation.started) AS first
     FROM participant AS mine
     JOIN participant AS theirs ON theirs.conversation = mine.conversation AND theirs.party <> mine.party
     JOIN conversation ON conversation.id = mine.conversation AND conversation.room IS NULL
     JOIN party AS own ON own.id = mine.party
     JOIN party ON party.id = theirs.party
     WHERE party.person IS NULL
     GROUP BY mine.party, theirs.party, own.person, own.service, own.address, party.service, party.address
     HAVING MIN(conversation.started) >= ? AND MIN(conversation.started) < ?
     ORDER BY MIN(conversation.started), mine.party, theirs.party`,
    from,
    to ?? Number.MAX_SAFE_INTEGER,
  );
  const told: NewContactRow[] = [];
  let asked = 0;
  for await (const row of pairs) {
    const { own, other, person, own_service, own_address, service, address, first } = row;
    if (!accounts.has(own) || accounts.has(other)) continue;
    if (told.length >= top || asked >= MOST_PAIRS) break;
    asked += 1;
    const [count] = await database.rows<{ messages: number }>(
      `SELECT COUNT(*) AS messages FROM record
       WHERE record.kind = 'event' AND record.event = 'message' AND record.repeat = 0
         AND record.conversation IN (SELECT conversation.id FROM conversation
           JOIN participant AS a ON a.conversation = conversation.id AND a.party = ?
           JOIN participant AS b ON b.conversation = conversation.id AND b.party = ?
           WHERE conversation.room IS NULL) AND ${sql}`,
      own,
      other,
      ...values,
    );
    const messages = Number(count?.messages ?? 0);
    // What was selected besides the time may be others' conversations.
    if (messages === 0) continue;
    told.push({
      contact: `${service}:${address}`,
      with: person ?? `${own_service}:${own_address}`,
      first: Number(first),
      messages,
    });
  }
  return told;
}
