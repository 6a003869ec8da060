/** What an archive is and how it stands, without reading any content. */
import { statSync } from 'node:fs';
import type { Archive } from '../archive.ts';
import type { AuditEntry, Envelope } from '../contract.ts';
import { decodeEnvelope } from '../record/envelope.ts';
import { readHead } from '../record/head.ts';
import { readMeta } from '../record/meta.ts';

/** Audit records looked through for the last backup and verification. */
const MOST_AUDITS = 20_000;

export interface ArchiveFacts {
  readonly where: string;
  readonly database: 'sqlite' | 'postgres';
  readonly home: string;
  readonly id: string | undefined;
  /** RFC 3339. */
  readonly made: string | undefined;
  /** Sequence of the last record: records there are and were. */
  readonly records: number;
  readonly purged: number;
  readonly erased: number;
  /** Microseconds since 1970, of events; undefined: there are none. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly conversations: number;
  readonly parties: number;
  /** Octets on disk of database and index. */
  readonly size: number;
  readonly encrypts: boolean;
  readonly locked: boolean;
  readonly index: 'plain' | 'blind' | 'off';
  readonly holds: readonly string[];
  readonly checkpoint: { readonly upTo: number; readonly at: string } | undefined;
  readonly backup: LastAct | undefined;
  readonly verified: LastAct | undefined;
}

export interface LastAct {
  readonly sequence: number;
  readonly at: string;
  readonly who: string;
  readonly details: AuditEntry['details'];
}

export async function archiveFacts(archive: Archive): Promise<ArchiveFacts> {
  const { database, vault, target } = archive;
  const count = async (table: string) => {
    const [row] = await database.rows<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`);
    return row?.n ?? 0;
  };
  const end = async (order: string) => {
    const [row] = await database.rows<{ time: number }>(
      `SELECT record.time AS time FROM record WHERE record.kind = 'event' ORDER BY record.time ${order} LIMIT 1`,
    );
    return row?.time;
  };
  const holds = await database.rows<{ name: string }>(
    'SELECT name FROM hold WHERE released IS NULL ORDER BY id',
  );
  const acts = await lastActs(archive);
  return {
    where: database.where,
    database: database.kind,
    home: target.home,
    id: await readMeta(database, 'archive'),
    made: await readMeta(database, 'made'),
    records: (await readHead(database)).sequence,
    purged: await count('tombstone'),
    erased: await count('erasure'),
    first: await end('ASC'),
    last: await end('DESC'),
    conversations: await count('conversation'),
    parties: await count('party'),
    size: await sizeOf(archive),
    encrypts: vault.encrypts,
    locked: vault.locked === true,
    index: vault.index,
    holds: holds.map(({ name }) => name),
    checkpoint: await lastCheckpoint(archive),
    backup: acts.get('backup'),
    verified: acts.get('verify'),
  };
}

async function sizeOf({ database, target }: Archive): Promise<number> {
  if (target.kind === 'sqlite') {
    return ['', '-wal'].reduce(
      (octets, ending) =>
        octets + (statSync(target.path + ending, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  }
  const [row] = await database.rows<{ octets: number }>(
    'SELECT pg_database_size(current_database()) AS octets',
  );
  return row?.octets ?? 0;
}

async function lastCheckpoint({ database }: Archive): Promise<ArchiveFacts['checkpoint']> {
  const [row] = await database.rows<{ envelope: Uint8Array }>(
    `SELECT record.envelope AS envelope FROM record
     WHERE record.kind = 'checkpoint' AND record.kind <> 'event' ORDER BY record.sequence DESC LIMIT 1`,
  );
  const envelope = row && parsed(row.envelope);
  const upTo = envelope?.checkpoint?.upTo;
  return envelope === undefined || upTo === undefined ? undefined : { upTo, at: envelope.at };
}

async function lastActs({ database }: Archive): Promise<Map<string, LastAct>> {
  const found = new Map<string, LastAct>();
  const rows = database.each<{ sequence: number; envelope: Uint8Array }>(
    `SELECT record.sequence AS sequence, record.envelope AS envelope FROM record
     WHERE record.kind = 'audit' AND record.kind <> 'event' ORDER BY record.sequence DESC LIMIT ${MOST_AUDITS}`,
  );
  for await (const { sequence, envelope } of rows) {
    const { at, audit } = parsed(envelope) ?? {};
    if (at === undefined || audit === undefined) continue;
    const { action, who, details } = audit;
    if (action !== 'backup' && action !== 'verify') continue;
    if (!found.has(action)) found.set(action, { sequence, at, who, details });
    if (found.size === 2) break;
  }
  return found;
}

function parsed(octets: Uint8Array): Envelope | undefined {
  try {
    return decodeEnvelope(octets);
  } catch {
    return undefined;
  }
}
