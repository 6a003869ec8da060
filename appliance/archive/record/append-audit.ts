/** One audit record, for a command that did or is about to do something with the archive. */
import type { Archive } from '../archive.ts';
import type { AuditEntry } from '../contract.ts';
import { Appender } from './appender.ts';

/** Its sequence. Rejects with ArchiveError: then what it tells of must not be done. */
export async function appendAudit(archive: Archive, audit: AuditEntry): Promise<number> {
  const { last } = await new Appender(archive).append([{ kind: 'audit', audit }]);
  return last;
}
