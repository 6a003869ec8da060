/** Who took part in a conversation, and where it was. */
import type { ArchiveDatabase } from '../contract.ts';

/** Parties of a conversation that are named; of larger rooms the number of the others is said. */
const MOST_PARTIES = 500;

export interface ConversationParty {
  readonly service: string;
  readonly address: string;
  readonly person: string | undefined;
}

export interface ConversationInfo {
  readonly id: number;
  readonly service: string;
  readonly room: string | undefined;
  readonly parties: readonly ConversationParty[];
  /** Parties beyond those that are named. */
  readonly others: number;
}

export async function conversationInfo(
  database: ArchiveDatabase,
  id: number,
): Promise<ConversationInfo> {
  const [conversation] = await database.rows<{ service: string; room: string | null }>(
    'SELECT service, room FROM conversation WHERE id = ?',
    id,
  );
  const parties = await database.rows<{
    service: string;
    address: string;
    person: string | null;
  }>(
    `SELECT party.service AS service, party.address AS address, party.person AS person
     FROM participant JOIN party ON party.id = participant.party
     WHERE participant.conversation = ? ORDER BY party.id LIMIT ${MOST_PARTIES}`,
    id,
  );
  const others =
    parties.length < MOST_PARTIES ? 0 : (await partyCount(database, id)) - MOST_PARTIES;
  return {
    id,
    service: conversation?.service ?? '',
    room: conversation?.room ?? undefined,
    parties: parties.map(({ service, address, person }) => ({
      service,
      address,
      person: person ?? undefined,
    })),
    others,
  };
}

async function partyCount(database: ArchiveDatabase, id: number): Promise<number> {
  const [row] = await database.rows<{ parties: number }>(
    'SELECT count(*) AS parties FROM participant WHERE conversation = ?',
    id,
  );
  return row?.parties ?? 0;
}

/** `#ops (irc)`; `alice@a.example, bob@b.example (xmpp)`. */
export function conversationTitle({ service, room, parties, others }: ConversationInfo): string {
  const shown = parties.slice(0, SHOWN).map(({ address }) => address);
  const more = parties.length - shown.length + others;
  const who = `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `${room ?? (who === '' ? 'nobody known' : who)} (${service})`;
}

const SHOWN = 4;
