/** A conversation record by record, with what is missing of it where it is missing. */
import type { Archive } from '../archive.ts';
import type { Envelope } from '../contract.ts';
import { type OpenedRecord, openRecord, type RecordRow, ROW_COLUMNS } from './open-record.ts';
import { placeParts } from './place-parts.ts';
import { lookUp } from './rare-sequences.ts';
import { EVERYTHING } from './record-condition.ts';

export type TranscriptEntry =
  | { readonly kind: 'record'; readonly record: OpenedRecord }
  /** A gap or an opaque stretch of a party's connection, or a line of the ledger, in the time of the conversation. */
  | { readonly kind: 'missing'; readonly record: OpenedRecord };

/** Notes of one conversation; what comes after them is counted. */
const MOST_NOTES = 200;
/** Records read at a time. */
const BATCH = 100;
const MISSING = ['gap', 'flow.opaque'];
/** Of the whole archive, looked at one by one; where there are more, all that is of the conversation's time is. */
const FEW_MISSING = 4000;

export interface ConversationRow {
  readonly id: number;
  readonly service: string;
  readonly room: string | null;
  readonly started: number;
  readonly ended: number;
  readonly messages: number;
  readonly files: number;
  readonly events: number;
  readonly refused: number;
}

export async function readConversation(
  { database }: Archive,
  id: number,
): Promise<ConversationRow | undefined> {
  const [row] = await database.rows<ConversationRow>(
    `SELECT id, service, room, started, ended, messages, files, events, refused
     FROM conversation WHERE id = ?`,
    id,
  );
  return row;
}

/** In the order of their time, in constant memory for each record but its time and sequence. */
export async function* transcript(
  archive: Archive,
  conversation: ConversationRow,
): AsyncGenerator<TranscriptEntry> {
  const missing = await missingDuring(archive, conversation);
  let next = 0;
  for await (const record of inOrder(archive, conversation.id)) {
    for (; next < missing.length; next++) {
      const note = missing[next];
      if (note === undefined || note.time > record.time) break;
      yield { kind: 'missing', record: note };
    }
    yield { kind: 'record', record };
  }
  for (const record of missing.slice(next)) yield { kind: 'missing', record };
}

/** Only times are sorted: sorting whole records would need them all in memory. */
async function* inOrder({ database, vault }: Archive, id: number): AsyncGenerator<OpenedRecord> {
  const read = async function* (sequences: readonly number[]) {
    const rows = await database.rows<RecordRow>(
      `SELECT ${ROW_COLUMNS} FROM record WHERE record.sequence IN (${sequences.map(() => '?').join(', ')})`,
      ...sequences,
    );
    const bySequence = new Map(rows.map((row) => [row.sequence, row]));
    for (const sequence of sequences) {
      const row = bySequence.get(sequence);
      if (row !== undefined) yield openRecord(row, vault);
    }
  };
  let batch: number[] = [];
  for await (const { sequence } of database.each<{ sequence: number }>(
    'SELECT sequence FROM record WHERE conversation = ? ORDER BY time, sequence',
    id,
  )) {
    batch.push(sequence);
    if (batch.length < BATCH) continue;
    yield* read(batch);
    batch = [];
  }
  if (batch.length > 0) yield* read(batch);
}

/** Records between the first and the last of the conversation that were purged: whose they were is not known any more. */
export async function purgedDuring({ database }: Archive, id: number): Promise<number> {
  const [row] = await database.rows<{ n: number }>(
    `SELECT COUNT(*) AS n FROM tombstone
     WHERE sequence >= (SELECT MIN(sequence) FROM record WHERE conversation = ?)
       AND sequence <= (SELECT MAX(sequence) FROM record WHERE conversation = ?)`,
    id,
    id,
  );
  return row?.n ?? 0;
}

async function missingDuring(
  { database, vault }: Archive,
  { id, started, ended }: ConversationRow,
): Promise<OpenedRecord[]> {
  const parties = 'SELECT party FROM participant WHERE conversation = ?';
  const gaps = await database.rows<RecordRow>(
    `SELECT ${ROW_COLUMNS} FROM ${await missingAnywhere(database)}
     AND record.event IN (${MISSING.map(() => '?').join(', ')})
     AND record.account IN (${parties}) AND record.time >= ? AND record.time <= ?
     ORDER BY record.sequence LIMIT ${MOST_NOTES}`,
    ...[...MISSING, id, started, ended],
  );
  const ledger = await database.rows<RecordRow>(
    `SELECT ${ROW_COLUMNS} FROM record WHERE record.kind = 'ledger' AND record.kind <> 'event'
       AND record.time >= ? AND record.time <= ? ORDER BY record.sequence LIMIT ${MOST_NOTES}`,
    ...[started, ended],
  );
  return [...gaps, ...ledger]
    .map((row) => openRecord(row, vault))
    .sort((a, b) => a.time - b.time || a.sequence - b.sequence);
}

/** Table and condition: the index on times would have to be read for as long as the conversation went on. */
async function missingAnywhere(database: Archive['database']): Promise<string> {
  const [part] = await placeParts(database, undefined, MISSING);
  const answer = part?.sequences?.(EVERYTHING);
  const found = answer && (await lookUp(database, answer, FEW_MISSING));
  if (found === undefined) return 'record WHERE 1 = 1';
  const table = database.kind === 'sqlite' ? 'record NOT INDEXED' : 'record';
  return `${table} WHERE record.sequence IN (${[...found].join(', ') || 'NULL'})`;
}

/** Starting and stopping is no loss: only what says how much is missing is shown. */
export function isLoss({ envelope }: { readonly envelope: Envelope | undefined }): boolean {
  if (envelope?.ledger === undefined) return true;
  return Object.values(envelope.ledger.counts).some((n) => n > 0);
}
