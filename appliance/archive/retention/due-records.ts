/** Records in their order, page by page, each with what retention rules ask for. */
import type { ArchiveDatabase } from '../contract.ts';
import { decodeEnvelope } from '../record/envelope.ts';
import { type ArchiveClock, agedFrom } from './archive-clock.ts';
import type { RetentionRules } from './retention-rules.ts';

export interface DueRecord {
  readonly sequence: number;
  readonly time: number;
  readonly event: string | null;
  readonly service: string | null;
  readonly conversation: number | null;
  readonly sender: number | null;
  readonly action: string | null;
  readonly repeat: number;
  readonly envelope: Uint8Array;
  readonly hash: Uint8Array;
  /** Number of the rule. */
  readonly rule: number;
}

interface Row extends Omit<DueRecord, 'rule'> {
  readonly account_person: string | null;
  readonly sender_person: string | null;
}

export interface DuePage {
  readonly due: readonly DueRecord[];
  /** The page reached to here; undefined: there are no more records. */
  readonly last: number | undefined;
  readonly looked: number;
}

const NO_TAGS: ReadonlySet<string> = new Set();

/** What retention asks for, and from when it counts. */
export interface DueBy {
  readonly rules: RetentionRules;
  readonly clock: ArchiveClock;
}

/** Records after number `after`, up to number `upTo`; at most `most` of them are looked at. */
export async function duePage(
  database: ArchiveDatabase,
  { rules, clock }: DueBy,
  after: number,
  upTo: number,
  most: number,
): Promise<DuePage> {
  const rows = await database.rows<Row>(
    `SELECT record.sequence AS sequence, record.time AS time, record.event AS event,
        record.service AS service, record.conversation AS conversation, record.sender AS sender,
        record.action AS action, record.repeat AS repeat, record.envelope AS envelope,
        record.hash AS hash, a.person AS account_person, s.person AS sender_person
      FROM record
      LEFT JOIN party a ON a.id = record.account
      LEFT JOIN party s ON s.id = record.sender
      WHERE record.sequence > ? AND record.sequence <= ? AND record.kind = 'event'
      ORDER BY record.sequence LIMIT ?`,
    after,
    upTo,
    most,
  );
  const last = rows.at(-1)?.sequence;
  if (last === undefined) return { due: [], last, looked: 0 };
  const old = rows.filter(({ time }) => time <= rules.youngest);
  const tags = rules.needsTags && old.length > 0 ? await tagsOf(database, old) : undefined;
  const due: DueRecord[] = [];
  for (const row of old) {
    const rule = rules.due({
      time: agedFrom(clock, row),
      service: row.service,
      tags: tags?.get(row.sequence) ?? NO_TAGS,
      persons: rules.needsPersons ? personsOf(row) : NO_TAGS,
    });
    if (rule !== undefined) due.push({ ...row, rule });
  }
  return { due, last, looked: rows.length };
}

/** The last record that any rule can be about. */
export async function lastOld(database: ArchiveDatabase, rules: RetentionRules): Promise<number> {
  if (!Number.isFinite(rules.youngest)) return 0;
  const [row] = await database.rows<{ last: number | null }>(
    'SELECT MAX(sequence) AS last FROM record WHERE time <= ?',
    rules.youngest,
  );
  return row?.last ?? 0;
}

async function tagsOf(
  database: ArchiveDatabase,
  rows: readonly Row[],
): Promise<Map<number, Set<string>>> {
  const found = await database.rows<{ tag: string; sequence: number }>(
    'SELECT tag, sequence FROM record_tag WHERE sequence >= ? AND sequence <= ?',
    rows[0]?.sequence ?? 0,
    rows.at(-1)?.sequence ?? 0,
  );
  const tags = new Map<number, Set<string>>();
  for (const { tag, sequence } of found) {
    const known = tags.get(sequence);
    if (known === undefined) tags.set(sequence, new Set([tag]));
    else known.add(tag);
  }
  return tags;
}

/** As the directory said when it was recorded, and what it has learned since. */
function personsOf({ envelope, account_person, sender_person }: Row): ReadonlySet<string> {
  const persons = new Set<string>();
  const { event } = decodeEnvelope(envelope);
  if (typeof event?.person === 'string') persons.add(event.person);
  if (Array.isArray(event?.peers)) for (const peer of event.peers) persons.add(String(peer));
  if (account_person !== null) persons.add(account_person);
  if (sender_person !== null) persons.add(sender_person);
  return persons;
}
