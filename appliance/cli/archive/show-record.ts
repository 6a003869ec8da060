/** One record with all that is known of it: its place in the chain, envelope and content, as JSON that is read. */

import { harmless } from '../../../src/event/harmless.ts';
import { rfc3339 } from '../../../src/event/time.ts';
import type { Archive } from '../../archive/archive.ts';
import { openRecord, type RecordRow, ROW_COLUMNS } from '../../archive/search/open-record.ts';
import { heading } from '../../report/layout.ts';
import type { Terminal } from '../terminal.ts';
import { recordJson } from './record-json.ts';
import type { ShowOptions } from './show-action.ts';

const STATES = {
  there: 'kept',
  none: 'none: nothing was said or named, or policy kept metadata alone',
  erased: 'erased: the envelope still has its digest',
  unreadable: 'unreadable: what is stored is not what was sealed; run: sallyport archive verify',
  locked: 'sealed: the key of this archive is not at hand (--config)',
} as const;

export async function showRecord(
  { database, vault }: Archive,
  sequence: number,
  { json }: ShowOptions,
  { out, layout }: Terminal,
): Promise<void> {
  const [row] = await database.rows<RecordRow & { readonly hash: Uint8Array }>(
    `SELECT ${ROW_COLUMNS}, record.hash AS hash FROM record WHERE record.sequence = ?`,
    sequence,
  );
  if (row === undefined) return;
  const record = openRecord(row, vault);
  if (json === true) {
    out.line(recordJson(record));
    return;
  }
  const { paint } = layout;
  for (const line of heading(`RECORD @${sequence}`, row.kind, layout).slice(1)) out.line(line);
  const rows: [string, string | undefined][] = [
    ['time', rfc3339(record.time)],
    ['archived', record.envelope?.at],
    ['conversation', record.conversation === undefined ? undefined : String(record.conversation)],
    [
      'repeats',
      record.repeat
        ? 'what was said already: the other leg of a delivery, a carbon, an echo'
        : undefined,
    ],
    ['content', row.kind === 'event' ? STATES[record.state] : undefined],
    ['hash', Buffer.from(row.hash).toString('hex')],
  ];
  for (const [label, value] of rows) {
    if (value !== undefined) out.line(`  ${paint.dim(label.padEnd(13))}${harmless(value)}`);
  }
  const { audit, ledger, checkpoint } = record.envelope ?? {};
  const shown = row.kind === 'event' ? record.event : (audit ?? ledger ?? checkpoint ?? {});
  for (const line of JSON.stringify(shown, undefined, 2).split('\n')) out.line(harmless(line));
}
