/** What `sallyport archive hold`, `holds` and `release` do once their command line is read. */

import { harmless } from '../../../src/event/harmless.ts';
import { jsonLine } from '../../archive/export/json-line.ts';
import {
  countHeld,
  type Hold,
  makeHold,
  readHolds,
  releaseHold,
} from '../../archive/retention/holds.ts';
import { counted, day, grouped } from '../../report/amounts.ts';
import { cell, columnWidth, rightCell } from '../../report/columns.ts';
import type { Terminal } from '../terminal.ts';
import { Exit, UserError } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { withOpenArchive, withReadArchive } from './open-for-command.ts';
import { type QueryOptions, readRecordQuery } from './query-options.ts';

export interface HoldOptions extends ArchiveOptions, QueryOptions {
  readonly text?: string;
  readonly everything?: true;
  readonly json?: true;
}

export interface HoldsOptions extends ArchiveOptions {
  readonly released?: true;
  readonly json?: true;
}

/** Characters: it stands in tables and audit records. */
const LONGEST_NAME = 100;
const NAME_CELLS = 30;
const QUERY_CELLS = 60;

/** Returns the exit code. */
export function hold(name: string, options: HoldOptions, terminal: Terminal): Promise<number> {
  checkName(name);
  const query = readRecordQuery(options);
  if (Object.keys(query).length === 0 && options.everything !== true) {
    throw new UserError(
      'hold what?',
      'Say --person, --conversation, --from, --text …; or --everything.',
    );
  }
  return withOpenArchive(options, terminal, async ({ archive, audit }) => {
    const { database, vault } = archive;
    // Before it is made: a query that cannot be answered would hold nothing.
    const records = await countHeld(database, vault, query);
    await makeHold(archive, name, query, options.why);
    // Signed, with the hold.
    await audit('hold', { made: name, records });
    const { out } = terminal;
    if (options.json === true) out.line(jsonLine({ name, query, records }));
    else {
      out.line(
        `${harmless(name)}: holds ${counted(records, 'record')}, and those to come that match`,
      );
      if (records === 0) out.line('Nothing is covered yet: is the query what you meant?');
    }
    return Exit.Ok;
  });
}

/** Returns the exit code. */
export function release(
  name: string,
  options: ArchiveOptions,
  terminal: Terminal,
): Promise<number> {
  if (options.why === undefined || options.why.trim() === '') {
    throw new UserError('a release needs a reason', "Say --why 'who decided it'.");
  }
  return withOpenArchive(options, terminal, async ({ archive, audit }) => {
    await releaseHold(archive, name, options.why);
    await audit('release', { released: name });
    terminal.out.line(
      `${harmless(name)}: released; the next purge may delete what only it covered`,
    );
    return Exit.Ok;
  });
}

/** Returns the exit code. */
export function listHolds(options: HoldsOptions, terminal: Terminal): Promise<number> {
  return withReadArchive(options, terminal, async ({ archive, audit }) => {
    await audit('list-holds');
    const { database, vault } = archive;
    const { out, layout } = terminal;
    const holds: (Hold & { readonly records: number | undefined })[] = [];
    for (const one of await readHolds(database, { released: options.released === true })) {
      const records =
        one.released === undefined && !(vault.locked === true && one.query.text !== undefined)
          ? await countHeld(database, vault, one.query)
          : undefined;
      holds.push({ ...one, records });
    }
    if (options.json === true) {
      for (const { name, query, made, released, records } of holds) {
        out.line(
          jsonLine({
            name,
            query,
            made: iso(made),
            ...(released === undefined ? {} : { released: iso(released) }),
            ...(records === undefined ? {} : { records }),
          }),
        );
      }
      return Exit.Ok;
    }
    if (holds.length === 0) {
      out.line('no holds');
      return Exit.Ok;
    }
    const width = columnWidth(['hold', ...holds.map(({ name }) => name)], NAME_CELLS);
    const { paint } = layout;
    out.line(
      paint.dim(
        `${cell('hold', width)}  made        released    ${rightCell('records', 12)}  covers`,
      ),
    );
    for (const { name, query, made, released, records } of holds) {
      const ended = released === undefined ? '' : day(released);
      const amount = records === undefined ? '–' : grouped(records);
      out.line(
        `${cell(name, width)}  ${day(made)}  ${cell(ended, 10)}  ${rightCell(amount, 12)}  ${cell(queryText(query), QUERY_CELLS).trimEnd()}`,
      );
    }
    return Exit.Ok;
  });
}

/** `person Alice Martin; from 2026-01-01T00:00:00.000Z`. */
function queryText(query: Hold['query']): string {
  const parts = Object.entries(query).map(([name, value]) => {
    if (name === 'from' || name === 'to') return `${name} ${iso(Number(value))}`;
    return `${name} ${Array.isArray(value) ? value.join(', ') : String(value)}`;
  });
  return parts.length === 0 ? 'everything' : parts.join('; ');
}

function checkName(name: string): void {
  if (name.trim() === '' || name.length > LONGEST_NAME || /\p{Cc}/u.test(name)) {
    throw new UserError(
      `a hold needs a name of at most ${LONGEST_NAME} characters`,
      'As a case number: case-2026-7.',
    );
  }
}

function iso(microseconds: number): string {
  return new Date(microseconds / 1000).toISOString();
}
