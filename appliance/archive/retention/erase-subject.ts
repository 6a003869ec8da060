/**
 * An erasure, whole: content in the tables, the keys it was sealed with, files, what databases keep of what was
 * deleted, and the backups that can be reached. Every step may be done twice: after a crash it is asked for again.
 */
import { existsSync } from 'node:fs';
import type { Archive } from '../archive.ts';
import { ArchiveError } from '../archive-error.ts';
import type { Envelope } from '../contract.ts';
import { auditDraft } from '../evidence/audit-draft.ts';
import { eraseIncoming } from '../files/erase-incoming.ts';
import { countAside } from '../files/set-aside.ts';
import { sweepFiles } from '../files/sweep-files.ts';
import { Appender } from '../record/appender.ts';
import { readHead } from '../record/head.ts';
import { putMeta, readMeta } from '../record/meta.ts';
import { homePaths } from '../target.ts';
import { KeyStore } from '../vault/key-store.ts';
import { type BackupNote, readBackups } from './backup-notes.ts';
import { type EraseCounts, eraseContent, refuseHeld } from './erase-content.ts';
import { eraseInBackup } from './erase-in-backup.ts';
import { type ErasedSubject, isOf } from './subjects.ts';

/** In `meta`, while an erasure is not done: whom. */
const UNFINISHED = 'erasing';

export type EraseStep = 'content' | 'keys' | 'files' | 'scrub' | 'backups';

export interface EraseReport extends EraseCounts {
  readonly keys: number;
  readonly files: number;
  /** Files in `incoming/` whose record did not come yet: ask again when the spool is empty. */
  readonly waiting: number;
  /** Entries of `incoming/set-aside/`: whose they are nobody can tell. */
  readonly setAside: number;
  readonly backups: readonly ErasedBackup[];
}

export interface ErasedBackup extends BackupNote {
  /** Records that lost their content; undefined: it could not be reached. */
  readonly records: number | undefined;
  /** Why not. */
  readonly trouble: string | undefined;
}

/** Rejects with ArchiveError: held, or it cannot be recorded. */
export async function eraseSubject(
  archive: Archive,
  subject: ErasedSubject,
  why: string,
  onStep: (step: EraseStep, counts?: EraseCounts) => void = () => {},
): Promise<EraseReport> {
  const { database, target } = archive;
  await refuseHeld(archive, subject);
  await database.transaction((within) => putMeta(within, UNFINISHED, subject.what));
  const head = await readHead(database);
  onStep('content');
  const counts = await eraseContent(archive, subject, why, (so) => onStep('content', so));
  onStep('keys');
  const keys = await destroyKeys(archive, subject, why);
  onStep('files');
  const { files: folder, incoming } = homePaths(target);
  const theirs = (envelope: Envelope) => isOf(envelope, subject);
  const waiting = await eraseIncoming(database, incoming, theirs);
  let { files } = await sweepFiles(database, folder);
  onStep('scrub');
  await database.scrub();
  onStep('backups');
  const backups: ErasedBackup[] = [];
  for (const note of await readBackups(database)) {
    backups.push(await eraseInBackup(archive, note, subject, why));
  }
  // What was under way when it began, and what the gateway was about to take.
  const since = waiting.erased + waiting.unknown > 0 ? 0 : head.sequence;
  const late = await eraseContent(archive, subject, why, undefined, 'holds', since);
  const lateWaiting = await eraseIncoming(database, incoming, theirs);
  const swept = await sweepFiles(database, folder);
  if (late.records + swept.files > 0) await database.scrub();
  counts.records += late.records;
  counts.sealed += late.sealed;
  files += waiting.erased + lateWaiting.erased + swept.files;
  const setAside = countAside(incoming);
  await database.transaction(async (within) => {
    await within.run('DELETE FROM meta WHERE name = ?', UNFINISHED);
    const details = {
      of: subject.what,
      records: counts.records,
      keys,
      files,
      ...(lateWaiting.unknown > 0 ? { waiting: lateWaiting.unknown } : {}),
      ...(setAside > 0 ? { setAside } : {}),
      backups: backups.map(({ path, records, trouble }) => ({ path, records, trouble })),
    };
    await new Appender(archive).within(within, [auditDraft('erase', details, why)]);
  });
  return { ...counts, keys, files, waiting: lateWaiting.unknown, setAside, backups };
}

/** Whom an erasure that was interrupted is about: ask for it again. */
export function unfinishedErasure(archive: Archive): Promise<string | undefined> {
  return readMeta(archive.database, UNFINISHED);
}

/**
 * Within a transaction of the archive: a gateway that appends looks at the keys at the start of its own, so that
 * nothing is sealed with a key that is gone.
 */
async function destroyKeys(
  archive: Archive,
  { what, subjects }: ErasedSubject,
  why: string,
): Promise<number> {
  const { keys } = homePaths(archive.target);
  if (!existsSync(keys)) return 0;
  const store = new KeyStore(keys, undefined);
  try {
    const destroyed = await archive.database.transaction(async (within) => {
      const count = [...subjects].filter((subject) => store.has(subject)).length;
      if (count === 0) return 0;
      await new Appender(archive).within(within, [
        auditDraft('destroy-keys', { of: what, subjects: count }, why),
      ]);
      return store.destroy([...subjects]);
    });
    store.scrub();
    return destroyed;
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    throw new ArchiveError(`${keys}: the keys cannot be destroyed: ${cause}`);
  } finally {
    store.close();
  }
}
