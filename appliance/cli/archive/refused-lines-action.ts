/** What `sallyport archive refused-lines` and its `show` do once their command line is read. */
import { join } from 'node:path';
import { harmless } from '../../../src/event/harmless.ts';
import type { Archive } from '../../archive/archive.ts';
import { ArchiveError } from '../../archive/archive-error.ts';
import { jsonLine } from '../../archive/export/json-line.ts';
import { homePaths } from '../../archive/target.ts';
import { type RefusedLine, readRefused } from '../../archive/writer/read-refused.ts';
import { REFUSED_NAME } from '../../archive/writer/refused-lines.ts';
import { counted } from '../../report/amounts.ts';
import { cell, clip, rightCell } from '../../report/columns.ts';
import type { Terminal } from '../terminal.ts';
import { Exit } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { withReadArchive } from './open-for-command.ts';

export interface RefusedLinesOptions extends ArchiveOptions {
  readonly limit: number;
  readonly json?: true;
}

const NUMBER = 6;
const AT = 24;

/** Returns the exit code. Throws UserError. */
export function listRefusedLines(
  options: RefusedLinesOptions,
  terminal: Terminal,
): Promise<number> {
  return withReadArchive(options, terminal, async ({ archive, audit }) => {
    await audit('read', { refusedLines: 'all' });
    const { out, layout } = terminal;
    let shown = 0;
    let more = '';
    for await (const one of linesOf(archive)) {
      if (shown === options.limit) {
        more = '; there are more (--limit)';
        break;
      }
      shown += 1;
      if (options.json === true) out.line(jsonLine(one));
      else list(one, terminal);
    }
    if (options.json !== true) out.line(layout.paint.dim(`${counted(shown, 'line')}${more}`));
    return Exit.Ok;
  });
}

/** Returns the exit code. Throws UserError. */
export function showRefusedLine(
  number: number,
  options: RefusedLinesOptions,
  terminal: Terminal,
): Promise<number> {
  return withReadArchive(options, terminal, async ({ archive, audit }) => {
    await audit('read', { refusedLines: number });
    const one = await find(archive, number);
    const { line, trouble, at, why } = one;
    if (line === undefined) {
      throw new ArchiveError(
        `${pathOf(archive)}: line ${number} cannot be shown: ${trouble}`,
        one.sealed ? 'Name the configuration that says where the key is with --config.' : undefined,
      );
    }
    const { out, layout } = terminal;
    if (options.json === true) out.line(jsonLine(one));
    else {
      out.line(layout.paint.dim(harmless(`${at}  ${why}`)));
      out.line(harmless(line));
    }
    return Exit.Ok;
  });
}

async function find(archive: Archive, number: number): Promise<RefusedLine> {
  for await (const one of linesOf(archive)) if (one.number === number) return one;
  throw new ArchiveError(
    `${pathOf(archive)}: has no line ${number}`,
    '"sallyport archive refused-lines" lists those it has.',
  );
}

function linesOf(archive: Archive): AsyncIterable<RefusedLine> {
  return readRefused(pathOf(archive), archive.vault);
}

function pathOf({ target }: Archive): string {
  return join(homePaths(target).spool, REFUSED_NAME);
}

function list({ number, at = '?', why, line, trouble }: RefusedLine, terminal: Terminal): void {
  const { width, paint } = terminal.layout;
  const head = `${rightCell(String(number), NUMBER)}  ${cell(at, AT)}  `;
  terminal.out.line(head + clip(why, width - head.length));
  const said = line === undefined ? `(${trouble})` : line;
  terminal.out.line(paint.dim(`        ${clip(said, width - NUMBER - 2)}`));
}
