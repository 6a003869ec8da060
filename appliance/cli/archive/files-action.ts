/** What `sallyport archive files` and `archive files get` do once their command line is read. */

import { closeSync, fsyncSync, unlinkSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { harmless } from '../../../src/event/harmless.ts';
import { rfc3339 } from '../../../src/event/time.ts';
import { jsonLine } from '../../archive/export/json-line.ts';
import { findFile } from '../../archive/files/get-file.ts';
import { type ListedFile, listFiles, STATE_WORDS } from '../../archive/files/list-files.ts';
import { recordCondition } from '../../archive/search/record-condition.ts';
import { clock, counted, day, size } from '../../report/amounts.ts';
import { clip, rightCell } from '../../report/columns.ts';
import type { Terminal } from '../terminal.ts';
import { Exit } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { withReadArchive } from './open-for-command.ts';
import { openNewFile } from './open-new-file.ts';
import { type QueryOptions, readRecordQuery } from './query-options.ts';

export interface FilesOptions extends ArchiveOptions, QueryOptions {
  readonly all?: true;
  readonly limit: number;
  readonly json?: true;
}

const SIZE_CELLS = 9;

/** Returns the exit code. Throws UserError. */
export function listKeptFiles(options: FilesOptions, terminal: Terminal): Promise<number> {
  const query = readRecordQuery(options);
  return withReadArchive(options, terminal, async ({ archive, audit }) => {
    await audit('files', { query });
    const selection = await recordCondition(archive.database, archive.vault, query);
    let shown = 0;
    let octets = 0;
    let whole = 0;
    let more = false;
    for await (const file of listFiles(archive, selection, { all: options.all === true })) {
      if (shown >= options.limit) {
        more = true;
        break;
      }
      shown += 1;
      if (file.complete) {
        whole += 1;
        octets += file.size ?? 0;
      }
      show(file, options, terminal);
    }
    if (options.json !== true) tellSum(shown, whole, octets, more, terminal);
    terminal.out.flush();
    return Exit.Ok;
  });
}

/** Returns the exit code. Throws UserError. */
export function getKeptFile(
  sha256: string,
  out: string,
  options: ArchiveOptions,
  terminal: Terminal,
): Promise<number> {
  return withReadArchive(options, terminal, async ({ archive, audit }) => {
    const file = await findFile(archive, sha256);
    const into = openNewFile(out);
    let right = false;
    try {
      await audit('get-file', { sha256: file.sha256, out: resolve(out) });
      for await (const part of file.read()) {
        for (let at = 0; at < part.length; ) at += writeSync(into, part, at);
      }
      fsyncSync(into);
      right = true;
    } finally {
      closeSync(into);
      if (!right) unlinkSync(out); // ours: it was new
    }
    terminal.out.line(`${harmless(out)}: ${size(file.size)}, SHA-256 ${file.sha256}`);
    terminal.out.flush();
    return Exit.Ok;
  });
}

function show(file: ListedFile, { json }: FilesOptions, { out, layout }: Terminal): void {
  if (json === true) {
    const { time, ...rest } = file;
    out.line(jsonLine({ ts: rfc3339(time), ...rest }));
    return;
  }
  const { paint, width } = layout;
  const { time, from = '?', to, service, name, mime, sha256, state } = file;
  const octets = rightCell(file.size === undefined ? '' : size(file.size), SIZE_CELLS);
  const people = `${from} → ${to.length === 0 ? '?' : to.join(', ')}`;
  const head = `${day(time)} ${clock(time)}  ${octets}  `;
  out.line(`${head}${paint.bold(clip(name ?? '(no name)', width - head.length))}`);
  const line = `${people} on ${service ?? '?'}${mime === undefined ? '' : `, ${mime}`}`;
  out.line(`  ${clip(line, width - 2)}`);
  const words = STATE_WORDS[state];
  out.line(`  ${state === 'kept' ? paint.dim(words) : paint.red(words)}`);
  if (sha256 !== undefined) out.line(`  ${paint.dim(sha256)}`);
}

function tellSum(
  shown: number,
  whole: number,
  octets: number,
  more: boolean,
  { out, layout: { paint } }: Terminal,
): void {
  const sums = `${counted(shown, 'transfer')}, ${whole} whole in the archive (${size(octets)})`;
  out.line(paint.dim(more ? `${sums}; there are more (--limit)` : sums));
}
