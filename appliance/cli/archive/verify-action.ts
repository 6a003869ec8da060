/** What `sallyport archive verify` does once its command line is read. */
import { harmless } from '../../../src/event/harmless.ts';
import { ArchiveError } from '../../archive/archive-error.ts';
import type { Finding } from '../../archive/evidence/verify/findings.ts';
import { verifyArchive } from '../../archive/evidence/verify/verify-archive.ts';
import type { VerifyOptions, VerifyReport } from '../../archive/evidence/verify/verify-report.ts';
import { counted, day, duration, grouped } from '../../report/amounts.ts';
import { Interruption } from '../interruption.ts';
import { complain, type Terminal } from '../terminal.ts';
import { Exit, UserError } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { type OpenedArchive, withOpenArchive } from './open-for-command.ts';
import { ProgressLine } from './progress-line.ts';
import { readPublicKey } from './read-public-key.ts';
import { terminalJson } from './terminal-json.ts';

export interface VerifyCommandOptions extends ArchiveOptions {
  readonly publicKey?: readonly string[];
  readonly checkpoints?: string;
  readonly anchor?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly index?: true;
  readonly files?: true;
  readonly readOnly?: true;
  readonly json?: true;
}

/** Returns the exit code. */
export async function verify(options: VerifyCommandOptions, terminal: Terminal): Promise<number> {
  const { from, to, readOnly } = options;
  if (from !== undefined && to !== undefined && from > to) {
    throw new UserError(`--from ${from} is behind --to ${to}`);
  }
  const asked: VerifyOptions = {
    publicKeys: (options.publicKey ?? []).map(readPublicKey),
    anchors: (options.anchor ?? []).map(anchor),
    ...(options.checkpoints === undefined ? {} : { checkpoints: options.checkpoints }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(options.index === true ? { index: true } : {}),
    ...(options.files === true ? { files: true } : {}),
  };
  return withOpenArchive(
    options,
    terminal,
    (opened) => run(opened, asked, options, terminal),
    readOnly === true ? { readOnly: true } : { reads: true },
  );
}

async function run(
  { archive, audit }: OpenedArchive,
  asked: VerifyOptions,
  options: VerifyCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const interruption = new Interruption();
  const progress = new ProgressLine('verifying', terminal);
  let report: VerifyReport;
  try {
    report = await verifyArchive(archive, {
      ...asked,
      signal: interruption.signal,
      onProgress: (done, total) => progress.show(done, total),
    });
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    complain(terminal, 'interrupted: nothing was proven');
    return interruption.exitCode;
  } finally {
    progress.stop();
    interruption.dispose();
  }
  const unrecorded = options.readOnly === true ? undefined : await record(report, audit);
  if (options.json === true) {
    const told = unrecorded === undefined ? report : { ...report, unrecorded };
    terminal.out.line(terminalJson(told, 2));
  } else tell(report, terminal);
  if (unrecorded !== undefined) complain(terminal, unrecorded);
  return report.clean && unrecorded === undefined ? Exit.Ok : Exit.Failed;
}

/** What is broken must be told even where that cannot be recorded. */
async function record(
  { first, last, hash, clean, breaks, firstBreak }: VerifyReport,
  audit: OpenedArchive['audit'],
): Promise<string | undefined> {
  const details = {
    ...{ first, last, hash, clean, breaks },
    ...(firstBreak === undefined
      ? {}
      : { firstBreak: `${firstBreak.what} ${firstBreak.where} ${firstBreak.sequence ?? ''}` }),
  };
  try {
    await audit('verify', details);
    return undefined;
  } catch (error) {
    if (clean || !(error instanceof ArchiveError)) throw error;
    return error.message;
  }
}

function anchor(text: string): { sequence: number; hash: string } {
  const parts = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text);
  if (parts === null) {
    throw new UserError(
      `${text}: is no anchor`,
      'Write the number of a record and its hash: 1234:5feceb66… (64 digits), as verify prints them.',
    );
  }
  return { sequence: Number(parts[1]), hash: (parts[2] ?? '').toLowerCase() };
}

function tell(report: VerifyReport, { out, layout: { paint } }: Terminal): void {
  const { counts, signed } = report;
  const line = (label: string, text: string) =>
    out.line(`  ${paint.dim(label.padEnd(16))}${harmless(text)}`);
  if (report.clean) {
    out.line(`${paint.green('Nothing is wrong')} in ${harmless(report.where)}.`);
  } else {
    out.line(
      `${paint.red(`BROKEN: ${counted(report.breaks, 'break')}`)} in ${harmless(report.where)}.`,
    );
    if (report.firstBreak !== undefined) out.line(`  first: ${sentence(report.firstBreak)}`);
    const others = report.listed.filter((finding) => finding !== report.firstBreak);
    for (const finding of others) out.line(`  ${sentence(finding)}`);
    const untold = report.breaks - report.listed.length;
    if (untold > 0) out.line(`  … and ${counted(untold, 'break')} more`);
    for (const [kind, n] of Object.entries(report.breaksByKind))
      line('', `${grouped(n)} × ${kind}`);
  }
  const { event, audit, ledger, checkpoint } = counts.kinds;
  out.line('');
  out.line(paint.bold(report.clean ? 'Proven' : 'Looked at'));
  line(
    'records',
    `${grouped(report.first)} to ${grouped(report.last)}: ${counted(event, 'event')}, ${counted(audit, 'audit record')}, ${counted(ledger, 'ledger record')}, ${counted(checkpoint, 'checkpoint')}`,
  );
  if (counts.firstTime !== undefined && counts.lastTime !== undefined) {
    line('days', `${day(counts.firstTime)} to ${day(counts.lastTime)}`);
  }
  if (counts.purged > 0)
    line('purged', `${counted(counts.purged, 'record')}, as audit records name them`);
  line(
    'content',
    `${grouped(counts.contents)} as recorded${counts.erased > 0 ? `, ${grouped(counts.erased)} erased` : ''}`,
  );
  if (report.conversations !== undefined) line('conversations', grouped(report.conversations));
  if (report.indexed !== undefined) line('found by words', grouped(report.indexed));
  if (report.files !== undefined) line('files', `${grouped(report.files)} read`);
  line(
    'signed',
    signed === undefined
      ? 'nothing'
      : `up to record ${grouped(signed.upTo)} at ${signed.at}, ${counted(report.checkpoints, 'checkpoint')}`,
  );
  if (signed !== undefined) line('key', `${signed.key}, ${TRUST[report.trust]}`);
  line('to note down', `${report.last}:${report.hash}`);
  line('took', duration(report.seconds));
  if (report.notProven.length === 0) return;
  out.line(paint.bold('Not proven'));
  for (const one of report.notProven) out.line(`  - ${harmless(one)}`);
}

const TRUST: Readonly<Record<VerifyReport['trust'], string>> = {
  given: 'which you named, or for which one that you named vouches',
  home: 'which is in the home folder',
  archive: 'which only the archive itself tells of',
  none: '',
};

/** `record 17: changed record.time: “3” stands there, the record says “2”`. */
function sentence({ what, sequence, where, text }: Finding): string {
  const place = sequence === undefined ? '' : `record ${sequence}: `;
  return harmless(`${place}${what} ${where}: ${text}`);
}
