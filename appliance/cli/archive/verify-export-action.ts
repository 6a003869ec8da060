/** What `sallyport archive verify-export` does once its command line is read. */

import { lstatSync } from 'node:fs';
import { harmless } from '../../../src/event/harmless.ts';
import { jsonLine } from '../../archive/export/json-line.ts';
import { type ExportVerified, verifyExport } from '../../archive/export/verify-export.ts';
import { counted, size } from '../../report/amounts.ts';
import { ProgressBar } from '../progress-bar.ts';
import type { Terminal } from '../terminal.ts';
import { Exit, UserError } from '../user-error.ts';
import { readPublicKey } from './read-public-key.ts';

export interface VerifyExportOptions {
  readonly publicKey?: string;
  readonly json?: true;
}

/** Returns the exit code. */
export async function verifyExportFolder(
  folder: string,
  options: VerifyExportOptions,
  terminal: Terminal,
): Promise<number> {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UserError(`${folder}: is no folder`, 'Name the folder of an export.');
  }
  const given = options.publicKey === undefined ? undefined : readPublicKey(options.publicKey);
  const progress = { octets: 0 };
  const bar = progressBar(progress, terminal);
  const result = await verifyExport(folder, given, (octets) => {
    progress.octets += octets;
  }).finally(() => bar?.stop());
  if (options.json === true) terminal.out.line(jsonLine(asJson(result)));
  else tell(folder, result, terminal);
  return result.problem === undefined ? Exit.Ok : Exit.Failed;
}

function progressBar(
  progress: { readonly octets: number },
  { errors, interactive }: Terminal,
): ProgressBar | undefined {
  if (!interactive) return undefined;
  const write = (text: string) => {
    errors.text(text);
    errors.flush();
  };
  return new ProgressBar(
    write,
    () => `${size(progress.octets)} read`,
    () => process.stderr.columns,
  );
}

function asJson({ manifest, problem, ...rest }: ExportVerified) {
  const about = manifest && {
    archive: manifest.archive,
    format: manifest.format,
    who: manifest.who,
    to: manifest.to,
  };
  return { intact: problem === undefined, problem, ...rest, ...about };
}

function tell(folder: string, result: ExportVerified, { out, layout: { paint } }: Terminal): void {
  const { manifest, problem, key, keyGiven, records, sealed } = result;
  if (problem === undefined) out.line(`${paint.bold('intact')}  ${harmless(folder)}`);
  else out.line(`${paint.red('NOT AS IT WAS')}  ${harmless(folder)}: ${harmless(problem)}`);
  const rows: [string, string | undefined][] = [
    ['archive', manifest?.archive],
    ['made', manifest && `${manifest.to} by ${manifest.who} on ${manifest.host}`],
    ['why', manifest?.why],
    ['files', `${counted(result.files, 'file')}, ${size(result.octets)}, each unchanged`],
    ['records', records === undefined ? undefined : provenText(records, sealed)],
    ['signed', signedText(key, keyGiven)],
  ];
  for (const [label, value] of rows) {
    if (value !== undefined) out.line(`  ${paint.dim(label.padEnd(9))}${harmless(value)}`);
  }
}

function provenText(records: number, sealed: number): string {
  const by = sealed === 0 ? '' : `; the content of ${sealed} by the signature alone`;
  return `${counted(records, 'record')} proven by their hashes${by}`;
}

function signedText(key: string | undefined, given: boolean): string {
  if (key === undefined) return 'no: anybody could have made it';
  return given
    ? `by the key that was given, ${key}`
    : `by the key beside it, ${key}: compare it, or give --public-key`;
}
