/** What `sallyport archive show` does once its command line is read. */
import type { Archive } from '../../archive/archive.ts';
import { ArchiveError } from '../../archive/archive-error.ts';
import type { Terminal } from '../terminal.ts';
import { Exit, UserError } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { withReadArchive } from './open-for-command.ts';
import { showConversation } from './show-conversation.ts';
import { showRecord } from './show-record.ts';

export interface ShowOptions extends ArchiveOptions {
  readonly repeats?: true;
  readonly json?: true;
}

/** Returns the exit code. */
export async function showArchive(
  what: string,
  options: ShowOptions,
  terminal: Terminal,
): Promise<number> {
  const parts = /^(@?)([1-9]\d{0,14})$/.exec(what);
  if (parts === null) {
    throw new UserError(
      `${what.slice(0, 80)}: is neither a conversation nor a record`,
      "Name a conversation (12, see 'archive list') or a record (@4711, see 'archive search').",
    );
  }
  const number = Number(parts[2]);
  const isRecord = parts[1] === '@';
  await withReadArchive(options, terminal, async ({ archive, audit }) => {
    await check(archive, isRecord, number);
    await audit('read', isRecord ? { record: number } : { conversation: number });
    if (isRecord) await showRecord(archive, number, options, terminal);
    else await showConversation(archive, number, options, terminal);
  });
  return Exit.Ok;
}

/** Throws ArchiveError where there is nothing to show, and nothing to record. */
async function check({ database }: Archive, isRecord: boolean, number: number): Promise<void> {
  const table = isRecord ? 'record' : 'conversation';
  const key = isRecord ? 'sequence' : 'id';
  const [row] = await database.rows(`SELECT 1 AS one FROM ${table} WHERE ${key} = ?`, number);
  if (row !== undefined) return;
  if (!isRecord) throw new ArchiveError(`there is no conversation ${number}`, 'See: archive list');
  const [gone] = await database.rows<{ purge: number }>(
    'SELECT purge FROM tombstone WHERE sequence = ?',
    number,
  );
  if (gone === undefined) throw new ArchiveError(`there is no record @${number}`);
  throw new ArchiveError(
    `record @${number} was purged`,
    `Why and by whom is in the audit trail: sallyport archive show @${gone.purge}`,
  );
}
