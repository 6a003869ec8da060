/** The audit records of an archive, read back: who did what, when, and why. */
import { parseRfc3339 } from '../../../src/event/time.ts';
import type { ArchiveDatabase, AuditEntry, SqlValue } from '../contract.ts';
import { decodeEnvelope } from '../record/envelope.ts';

export interface AuditRecord extends AuditEntry {
  readonly sequence: number;
  /** RFC 3339. */
  readonly at: string;
}

export interface AuditFilter {
  /** Microseconds since 1970, of when it was recorded: from <= at < to. */
  readonly from?: number;
  readonly to?: number;
  readonly action?: readonly string[];
  /** A part of who, in any case of letters. */
  readonly who?: string;
}

/** In the order of the record. One that cannot be read is left out: verify tells of it. */
export async function* auditTrail(
  database: ArchiveDatabase,
  { from, to, action, who }: AuditFilter = {},
): AsyncIterable<AuditRecord> {
  const values: SqlValue[] = [];
  let condition = "kind = 'audit'";
  if (from !== undefined) {
    condition += ' AND time >= ?';
    values.push(from);
  }
  if (to !== undefined) {
    condition += ' AND time < ?';
    values.push(to);
  }
  const rows = database.each<{ sequence: number; envelope: Uint8Array }>(
    `SELECT sequence, envelope FROM record WHERE ${condition} ORDER BY sequence`,
    ...values,
  );
  const wanted = who?.toLowerCase();
  for await (const { sequence, envelope } of rows) {
    const { audit, at } = readable(envelope);
    if (audit === undefined || at === undefined || parseRfc3339(at) === undefined) continue;
    if (action !== undefined && !action.includes(audit.action)) continue;
    const actor = `${audit.who} ${audit.host}`.toLowerCase();
    if (wanted !== undefined && !actor.includes(wanted)) continue;
    yield { sequence, at, ...audit };
  }
}

function readable(envelope: Uint8Array): {
  readonly audit?: AuditEntry | undefined;
  readonly at?: string | undefined;
} {
  try {
    return decodeEnvelope(envelope);
  } catch {
    return {};
  }
}
