/**
 * Records, tombstones, and what stands about them in other tables, in order of their numbers: one statement, so
 * that all of it is one state of the archive while others go on writing and purging.
 */
import type { ArchiveDatabase } from '../../contract.ts';

export interface VerifyRow {
  readonly sequence: number;
  /** Of a tombstone: the audit record that tells why; else null. */
  readonly purge: number | null;
  readonly leaf: Uint8Array | null;
  readonly hash: Uint8Array;
  readonly envelope: Uint8Array | null;
  readonly content: Uint8Array | null;
  readonly time: number;
  readonly kind: string;
  readonly event: string | null;
  readonly service: string | null;
  readonly conversation: number | null;
  readonly account: number | null;
  readonly sender: number | null;
  readonly action: string | null;
  readonly rule: string | null;
  readonly repeat: number;
  /** What `account` and `sender` are called in the table `party`. */
  readonly account_service: string | null;
  readonly account_address: string | null;
  readonly sender_service: string | null;
  readonly sender_address: string | null;
  /** Joined by TAG_SEPARATOR. */
  readonly tags: string | null;
  /** The audit record that tells why its content was erased. */
  readonly erasure: number | null;
}

/** Unit separator: no tag has it (columns have no control characters that policy could name). */
export const TAG_SEPARATOR = '\u001f';

export function verifyRows(
  database: ArchiveDatabase,
  from: number,
  to: number,
): AsyncIterable<VerifyRow> {
  const joined =
    database.kind === 'sqlite' ? 'group_concat(tag, char(31))' : "string_agg(tag, E'\\x1f')";
  return database.each<VerifyRow>(
    `SELECT record.sequence AS sequence, NULL AS purge, NULL AS leaf, record.hash AS hash,
        record.envelope AS envelope, record.content AS content, record.time AS time,
        record.kind AS kind, record.event AS event, record.service AS service,
        record.conversation AS conversation, record.account AS account, record.sender AS sender,
        record.action AS action, record.rule AS rule, record.repeat AS repeat,
        a.service AS account_service, a.address AS account_address,
        s.service AS sender_service, s.address AS sender_address,
        (SELECT ${joined} FROM record_tag WHERE record_tag.sequence = record.sequence) AS tags,
        erasure.erasure AS erasure
      FROM record
      LEFT JOIN party a ON a.id = record.account
      LEFT JOIN party s ON s.id = record.sender
      LEFT JOIN erasure ON erasure.sequence = record.sequence
      WHERE record.sequence >= ? AND record.sequence <= ?
      UNION ALL
      SELECT tombstone.sequence, tombstone.purge, tombstone.leaf, tombstone.hash,
        NULL, NULL, 0, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL,
        (SELECT ${joined} FROM record_tag WHERE record_tag.sequence = tombstone.sequence),
        erasure.erasure
      FROM tombstone
      LEFT JOIN erasure ON erasure.sequence = tombstone.sequence
      WHERE tombstone.sequence >= ? AND tombstone.sequence <= ?
      ORDER BY sequence`,
    from,
    to,
    from,
    to,
  );
}
