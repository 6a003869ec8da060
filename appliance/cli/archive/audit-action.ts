/** What `sallyport archive audit` does once its command line is read. */
import { harmless } from '../../../src/event/harmless.ts';
import {
  type AuditFilter,
  type AuditRecord,
  auditTrail,
} from '../../archive/evidence/audit-trail.ts';
import { counted } from '../../report/amounts.ts';
import { rightCell } from '../../report/columns.ts';
import type { Terminal } from '../terminal.ts';
import { Exit, UserError } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { withReadArchive } from './open-for-command.ts';
import { terminalJson } from './terminal-json.ts';

export interface AuditOptions extends ArchiveOptions {
  readonly from?: number;
  readonly to?: number;
  readonly action?: readonly string[];
  readonly who?: string;
  readonly json?: true;
}

/** Cells of the number of a record, characters of details on one line. */
const NUMBER = 9;
const DETAILS = 400;

/** Returns the exit code. */
export function audit(options: AuditOptions, terminal: Terminal): Promise<number> {
  const { from, to, action, who } = options;
  if (from !== undefined && to !== undefined && from >= to) {
    throw new UserError('--from is not before --to: there is no time between them');
  }
  const filter: AuditFilter = {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(action === undefined ? {} : { action }),
    ...(who === undefined ? {} : { who }),
  };
  return withReadArchive(options, terminal, async (opened) => {
    await opened.audit('audit', { ...filter });
    const { out, layout } = terminal;
    let count = 0;
    for await (const record of auditTrail(opened.archive.database, filter)) {
      count += 1;
      if (options.json === true) out.line(terminalJson(record));
      else tell(record, terminal);
    }
    if (options.json !== true) out.line(layout.paint.dim(counted(count, 'audit record')));
    return Exit.Ok;
  });
}

function tell(
  { sequence, at, action, who, host, why, details }: AuditRecord,
  { out, layout }: Terminal,
) {
  const { paint } = layout;
  const time = `${at.slice(0, 10)} ${at.slice(11, 19)}`;
  out.line(
    `${rightCell(String(sequence), NUMBER)}  ${harmless(time)}  ${paint.bold(harmless(action))}  ${harmless(who)}, at ${harmless(host)}`,
  );
  const indent = ' '.repeat(NUMBER + 2);
  if (why !== undefined) out.line(`${indent}${paint.dim('why:')} ${harmless(why)}`);
  if (details === undefined) return;
  const text = JSON.stringify(details);
  const shown = text.length > DETAILS ? `${text.slice(0, DETAILS)}…` : text;
  if (text !== '{}') out.line(`${indent}${paint.dim(harmless(shown))}`);
}
