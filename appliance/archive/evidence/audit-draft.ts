/** Who did what, as a draft of a record: for acts that append it in a transaction of their own. */
import type { AuditEntry, RecordDraft } from '../contract.ts';
import { actor } from './who.ts';

/** `details` is plain data, and never content of records. */
export function auditDraft(
  action: string,
  details?: Readonly<Record<string, unknown>>,
  why?: string,
): Extract<RecordDraft, { kind: 'audit' }> {
  const audit: AuditEntry = {
    action,
    ...actor(programName(process.argv.slice(2))),
    ...(why === undefined || why === '' ? {} : { why }),
    ...(details === undefined ? {} : { details }),
  };
  return { kind: 'audit', audit };
}

/** `sallyport archive search`: the command, never its arguments. */
export function programName(args: readonly string[]): string {
  const words = args.slice(0, args[0] === 'archive' ? 2 : 1);
  return ['sallyport', ...words.filter((word) => /^[a-z][a-z-]{0,31}$/.test(word))].join(' ');
}
