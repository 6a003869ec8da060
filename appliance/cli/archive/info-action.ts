/** What `sallyport archive info` does once its command line is read. */
import { harmless } from '../../../src/event/harmless.ts';
import { rfc3339 } from '../../../src/event/time.ts';
import { jsonLine } from '../../archive/export/json-line.ts';
import {
  type ArchiveFacts,
  archiveFacts,
  type LastAct,
} from '../../archive/search/archive-facts.ts';
import { counted, grouped, size } from '../../report/amounts.ts';
import type { Terminal } from '../terminal.ts';
import { Exit } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { withReadArchive } from './open-for-command.ts';

export interface InfoOptions extends ArchiveOptions {
  readonly json?: true;
}

const LABEL = 14;
const INDEXES = {
  plain: 'words as they are',
  blind: 'keyed digests of words: whole words are found',
  off: 'none: a search for words reads every content',
} as const;

/** Returns the exit code. */
export async function tellArchive(options: InfoOptions, terminal: Terminal): Promise<number> {
  return withReadArchive(options, terminal, async ({ archive, audit }) => {
    const facts = await archiveFacts(archive);
    await audit('read', { info: true });
    if (options.json === true) terminal.out.line(asJson(facts));
    else tell(facts, terminal);
    return Exit.Ok;
  });
}

function tell(facts: ArchiveFacts, { out, layout: { paint } }: Terminal): void {
  const { records, purged, erased, first, last, checkpoint } = facts;
  const lost = [
    ...(purged > 0 ? [`${grouped(purged)} of them purged`] : []),
    ...(erased > 0 ? [`content of ${grouped(erased)} erased`] : []),
  ];
  const rows: [string, string][] = [
    ['archive', `${facts.where} (${facts.database === 'sqlite' ? 'SQLite' : 'PostgreSQL'})`],
    ['home', facts.home],
    [
      'identity',
      `${facts.id ?? 'unknown'}${facts.made === undefined ? '' : `, made ${facts.made}`}`,
    ],
    ['records', [grouped(records), ...lost].join(', ')],
    [
      'events',
      first === undefined || last === undefined ? 'none' : `${rfc3339(first)} to ${rfc3339(last)}`,
    ],
    ['conversations', `${grouped(facts.conversations)} of ${counted(facts.parties, 'account')}`],
    ['size', size(facts.size)],
    ['encryption', encryption(facts)],
    ['search index', INDEXES[facts.index]],
    ['signed', checkpoint === undefined ? 'never' : signed(checkpoint, records)],
    ['holds', facts.holds.length === 0 ? 'none' : facts.holds.join(', ')],
    ['backup', act(facts.backup, 'never by this tool')],
    ['verified', act(facts.verified, 'never: run sallyport archive verify')],
  ];
  for (const [label, value] of rows)
    out.line(`${paint.dim(label.padEnd(LABEL))} ${harmless(value)}`);
}

function encryption({ encrypts, locked }: ArchiveFacts): string {
  if (locked) return 'AES-256-GCM; the key is not at hand (--config): contents cannot be read';
  return encrypts ? 'AES-256-GCM, a key for each person' : 'none';
}

function signed(
  { upTo, at }: { readonly upTo: number; readonly at: string },
  records: number,
): string {
  const after = Math.max(0, records - upTo - 1);
  return `up to record ${grouped(upTo)}, ${at}${after === 0 ? '' : `; ${counted(after, 'record')} since`}`;
}

function act(last: LastAct | undefined, never: string): string {
  if (last === undefined) return never;
  return `${last.at} by ${last.who} (@${last.sequence})`;
}

function asJson(facts: ArchiveFacts): string {
  const { first, last, ...others } = facts;
  return jsonLine({
    ...others,
    ...(first !== undefined && { first: rfc3339(first) }),
    ...(last !== undefined && { last: rfc3339(last) }),
  });
}
