/** What `sallyport archive export` does once its command line is read. */
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { harmless } from '../../../src/event/harmless.ts';
import type { Archive } from '../../archive/archive.ts';
import { ArchiveError } from '../../archive/archive-error.ts';
import type { RecordQuery } from '../../archive/contract.ts';
import { programName } from '../../archive/evidence/audit-draft.ts';
import { Signer } from '../../archive/evidence/signer.ts';
import { actor } from '../../archive/evidence/who.ts';
import { ExportFolder } from '../../archive/export/export-folder.ts';
import type { ExportFormat } from '../../archive/export/export-format.ts';
import { finishExport } from '../../archive/export/finish-export.ts';
import { jsonLine } from '../../archive/export/json-line.ts';
import type { Manifest } from '../../archive/export/manifest.ts';
import { ExportRun } from '../../archive/export/run-export.ts';
import { recordCondition } from '../../archive/search/record-condition.ts';
import { counted, grouped, size } from '../../report/amounts.ts';
import { Interruption } from '../interruption.ts';
import { packageVersion } from '../package-root.ts';
import { ProgressBar } from '../progress-bar.ts';
import { complain, type Terminal } from '../terminal.ts';
import { Exit, UserError } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { type OpenedArchive, withReadArchive } from './open-for-command.ts';
import { type QueryOptions, readRecordQuery } from './query-options.ts';

export interface ExportOptions extends ArchiveOptions, QueryOptions {
  readonly format: ExportFormat;
  readonly files?: true;
  readonly bom?: true;
  readonly resume?: true;
  readonly json?: true;
}

/** Returns the exit code. */
export function exportArchive(
  out: string,
  options: ExportOptions,
  terminal: Terminal,
): Promise<number> {
  if (options.bom === true && options.format !== 'csv') {
    throw new UserError('--bom is for --format csv alone');
  }
  const query = readRecordQuery(options);
  return withReadArchive(options, terminal, (opened) =>
    write(out, query, options, opened, terminal),
  );
}

async function write(
  out: string,
  given: RecordQuery,
  options: ExportOptions,
  { archive, audit }: OpenedArchive,
  terminal: Terminal,
): Promise<number> {
  if (archive.vault.locked === true) {
    throw new UserError(
      'the content of this archive is encrypted, and there is no key at hand',
      'Name the configuration that says where the key is with --config.',
      Exit.Failed,
    );
  }
  const resume = options.resume === true;
  const query = resume ? resumedQuery(out, given) : given;
  const request = {
    format: options.format,
    query,
    selection: await recordCondition(archive.database, archive.vault, query),
    withFiles: options.files === true,
    byteOrderMark: options.bom === true,
  };
  if (!resume) ExportFolder.check(out);
  await makeSigningKey(archive);
  const asked = { format: options.format, query, files: request.withFiles, out: resolve(out) };
  await audit('export', { ...asked, ...(resume ? { resumed: true } : {}) });
  const folder = resume ? ExportFolder.resume(out) : ExportFolder.create(out);
  const interruption = new Interruption();
  try {
    const run = await ExportRun.begin(archive, folder, request);
    const bar = progressBar(run, terminal);
    const isWhole = await run.write(interruption.signal).finally(() => bar?.stop());
    if (!isWhole) return tellInterrupted(out, run, terminal, interruption.exitCode);
    const { manifest, sha256 } = await finishExport(archive, folder, run, request, {
      ...actor(programName(process.argv.slice(2))),
      program: `sallyport ${packageVersion()}`,
      why: options.why,
    });
    await audit('export', { ...asked, records: manifest.counts.records, manifest: sha256 });
    folder.complete();
    tell(out, manifest, options, terminal);
    return Exit.Ok;
  } catch (error) {
    throw withAdvice(error, out);
  } finally {
    interruption.dispose();
    folder.leave();
  }
}

/** What the export was begun with. Throws UserError where now something else is asked for. */
function resumedQuery(out: string, given: RecordQuery): RecordQuery {
  const begun: RecordQuery = ExportFolder.readState(out).query;
  const asked = { ...given, from: begun.from, to: begun.to }; // `7d ago` is another time now
  if (Object.keys(given).length === 0 || isDeepStrictEqual(plain(asked), plain(begun)))
    return begun;
  throw new UserError(
    `${out}: was begun with another query: ${JSON.stringify(begun)}`,
    '--resume needs no query: it goes on with that one.',
  );
}

function plain(query: object): unknown {
  return JSON.parse(JSON.stringify(query));
}

/** At the first use there is none yet; who may not read it exports unsigned, and the manifest says so. */
async function makeSigningKey(archive: Archive): Promise<void> {
  try {
    await Signer.open(archive);
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
  }
}

function progressBar(
  { progress }: ExportRun,
  { errors, interactive }: Terminal,
): ProgressBar | undefined {
  if (!interactive) return undefined;
  const write = (text: string) => {
    errors.text(text);
    errors.flush();
  };
  const line = () => {
    const percent = progress.total === 0 ? 100 : (100 * progress.done) / progress.total;
    return `${Math.floor(percent)} %, ${grouped(progress.done)} of ${grouped(progress.total)} records`;
  };
  return new ProgressBar(write, line, () => process.stderr.columns);
}

function tellInterrupted(
  out: string,
  { progress }: ExportRun,
  terminal: Terminal,
  exitCode: number,
): number {
  complain(
    terminal,
    `interrupted: ${grouped(progress.done)} of ${counted(progress.total, 'record')} written to ${out}`,
    'The same command with --resume continues it.',
  );
  return exitCode;
}

function withAdvice(error: unknown, out: string): unknown {
  if (!(error instanceof Error) || error instanceof ArchiveError || error instanceof UserError) {
    return error;
  }
  return new UserError(
    `${out}: the export stopped: ${error.message}`,
    'The same command with --resume continues it.',
    Exit.Failed,
  );
}

function tell(
  out: string,
  manifest: Manifest,
  { json }: ExportOptions,
  { out: output, layout: { paint } }: Terminal,
): void {
  if (json === true) {
    output.line(jsonLine(manifest));
    return;
  }
  const { counts, files, signature, format } = manifest;
  const conversations =
    counts.conversations === 0 ? '' : ` of ${counted(counts.conversations, 'conversation')}`;
  output.line(
    `${paint.bold(counted(counts.records, 'record'))}${conversations} as ${format} in ${harmless(out)}`,
  );
  const rows: [string, string][] = [
    ['files', `${grouped(files.count)}, ${size(files.octets)}`],
    ['left out', leftOut(manifest)],
    ['signed', signature === undefined ? `no: ${manifest.unsigned}` : `by key ${signature.key}`],
    ['check', `sallyport archive verify-export ${out}`],
  ];
  for (const [label, value] of rows) {
    output.line(`  ${paint.dim(label.padEnd(9))}${harmless(value)}`);
  }
}

function leftOut({ counts: { leftOut }, records }: Manifest): string {
  const parts: [number, string, string?][] = [
    [leftOut.repeats, 'repeat', 'repeats'],
    [leftOut.noConversation, 'record of no conversation', 'records of no conversation'],
    [leftOut.contentErased, 'content erased', 'contents erased'],
    [leftOut.contentUnreadable, 'content that cannot be read', 'contents that cannot be read'],
    [leftOut.noContent, 'content never recorded', 'contents never recorded'],
    [leftOut.purged, 'record of the range purged', 'records of the range purged'],
    [leftOut.filesGone, 'file gone', 'files gone'],
  ];
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => counted(count, one, many));
  if (records.changedMeanwhile) said.push('what was purged or erased while it was written');
  return said.length === 0 ? 'nothing' : said.join(', ');
}
