/** What `sallyport archive erase` does once its command line is read. */

import { harmless } from '../../../src/event/harmless.ts';
import { jsonLine } from '../../archive/export/json-line.ts';
import {
  type EraseReport,
  type EraseStep,
  eraseSubject,
} from '../../archive/retention/erase-subject.ts';
import { accountSubject, personSubject } from '../../archive/retention/subjects.ts';
import { counted } from '../../report/amounts.ts';
import type { Terminal } from '../terminal.ts';
import { Exit, UserError } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { withOpenArchive } from './open-for-command.ts';

export interface EraseOptions extends ArchiveOptions {
  readonly person?: string;
  readonly account?: string;
  readonly json?: true;
}

const STEPS: Readonly<Record<EraseStep, string>> = {
  content: 'erasing content',
  keys: 'destroying keys',
  files: 'removing files',
  scrub: 'writing the database anew',
  backups: 'erasing in backups',
};

/** Returns the exit code. */
export function erase(options: EraseOptions, terminal: Terminal): Promise<number> {
  const { person, account, why } = options;
  if ((person === undefined) === (account === undefined)) {
    throw new UserError('erase what? Say --person NAME or --account SERVICE:ADDRESS.');
  }
  if (why === undefined || why.trim() === '') {
    throw new UserError('an erasure needs a reason', "Say --why 'who asked for it, and when'.");
  }
  return withOpenArchive(options, terminal, async ({ archive, audit }) => {
    const { database } = archive;
    const subject =
      person !== undefined
        ? await personSubject(database, person)
        : await accountSubject(database, account ?? '');
    await audit('erase', { asked: subject.what });
    const { errors, interactive, errorPaint } = terminal;
    const report = await eraseSubject(archive, subject, why, (step, counts) => {
      if (!interactive || counts !== undefined) return;
      errors.line(errorPaint.dim(`${STEPS[step]} …`));
      errors.flush();
    });
    // Signed, with all that was recorded of it.
    await audit('erase', { ended: subject.what });
    if (options.json === true) terminal.out.line(jsonLine({ erased: subject.what, ...report }));
    else tell(subject.what, report, terminal);
    return report.backups.some(({ trouble }) => trouble !== undefined) ? Exit.Failed : Exit.Ok;
  });
}

function tell(what: string, report: EraseReport, { out, layout: { paint } }: Terminal): void {
  const { records, sealed, keys, files, waiting, setAside, backups } = report;
  out.line(`${harmless(what)}: the content of ${counted(records, 'record')} is erased`);
  if (keys > 0) {
    out.line(
      `${counted(keys, 'key')} destroyed: ${counted(sealed, 'record')} can be read in no copy or backup any more`,
    );
  }
  if (files > 0) out.line(`${counted(files, 'file')} removed`);
  if (waiting > 0) {
    const whose = 'wait for their record, and nobody can tell yet whose they are';
    out.line(`${counted(waiting, 'file')} in incoming/ ${whose}: ask again in a minute.`);
  }
  if (setAside > 0) {
    const whose = 'nobody can tell whose they are: look at them, and delete what is theirs';
    out.line(paint.red(`${counted(setAside, 'file')} in incoming/set-aside/: ${whose}.`));
  }
  for (const { path, records: erased, trouble } of backups) {
    const state = trouble === undefined ? `${counted(erased ?? 0, 'record')} erased` : trouble;
    out.line(`backup ${harmless(path)}: ${harmless(state)}`);
  }
  const missed = backups.filter(({ trouble }) => trouble !== undefined);
  if (missed.length > 0) {
    const readable =
      keys > 0
        ? 'what is encrypted in them cannot be read any more; what is not, and their search index, can'
        : 'what they have of it can be read';
    out.line(
      paint.red(
        `${counted(missed.length, 'backup')} not reached: ${readable}. Put them in their place and ask again, or destroy them.`,
      ),
    );
  }
  out.line(
    paint.dim(
      'What stays: accounts, times and verdicts; what others wrote and quoted; audit records; exports.',
    ),
  );
}
