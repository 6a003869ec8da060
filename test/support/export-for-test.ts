/** Exports an archive as the command does, without its command line. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Archive } from '../../appliance/archive/archive.ts';
import { ExportFolder } from '../../appliance/archive/export/export-folder.ts';
import type { ExportFormat } from '../../appliance/archive/export/export-format.ts';
import type { ExportRequest } from '../../appliance/archive/export/export-request.ts';
import { finishExport } from '../../appliance/archive/export/finish-export.ts';
import type { Manifest } from '../../appliance/archive/export/manifest.ts';
import { ExportRun, type RunOptions } from '../../appliance/archive/export/run-export.ts';
import type { Selection } from '../../appliance/archive/export/selected-records.ts';

export interface TestExport extends RunOptions {
  readonly selection?: Selection;
  readonly withFiles?: boolean;
  readonly byteOrderMark?: boolean;
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
}

/** undefined: it was asked to stop. */
export async function exportTo(
  archive: Archive,
  out: string,
  format: ExportFormat,
  { selection, withFiles = false, byteOrderMark = false, resume, signal, ...run }: TestExport = {},
): Promise<Manifest | undefined> {
  const request: ExportRequest = {
    format,
    query: {},
    selection: selection ?? { sql: '1 = 1', values: [] },
    withFiles,
    byteOrderMark,
  };
  const folder = resume === true ? ExportFolder.resume(out) : ExportFolder.create(out);
  try {
    const written = await ExportRun.begin(archive, folder, request, run);
    if (!(await written.write(signal))) return undefined;
    const author = { who: 'a test', host: 'here', program: 'sallyport test', why: undefined };
    const { manifest } = await finishExport(archive, folder, written, request, author);
    folder.complete();
    return manifest;
  } finally {
    folder.leave();
  }
}

/** What python makes of files of an export: read-export.py says how. */
export function readBack<T>(kind: 'csv' | 'eml' | 'xml' | 'html', paths: readonly string[]): T[] {
  const script = join(import.meta.dirname, 'read-export.py');
  const said = execFileSync('python3', [script, kind, ...paths], { maxBuffer: 1 << 28 });
  return JSON.parse(said.toString('utf8'));
}
