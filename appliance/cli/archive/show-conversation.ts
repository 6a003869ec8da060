/** A conversation on a terminal: who took part, day by day what was said, and plainly what is missing. */
import { harmless } from '../../../src/event/harmless.ts';
import type { Archive } from '../../archive/archive.ts';
import { conversationInfo } from '../../archive/export/conversation-info.ts';
import type { OpenedRecord } from '../../archive/search/open-record.ts';
import { OtherLegs } from '../../archive/search/other-legs.ts';
import {
  type ConversationRow,
  isLoss,
  purgedDuring,
  readConversation,
  transcript,
} from '../../archive/search/transcript.ts';
import { clock, counted, day, span } from '../../report/amounts.ts';
import { heading } from '../../report/layout.ts';
import type { Terminal } from '../terminal.ts';
import { recordJson } from './record-json.ts';
import type { ShowOptions } from './show-action.ts';
import { transcriptLines } from './transcript-lines.ts';

/** Participants that are named. */
const NAMED = 40;

export async function showConversation(
  archive: Archive,
  id: number,
  { repeats, json }: ShowOptions,
  terminal: Terminal,
): Promise<void> {
  const conversation = await readConversation(archive, id);
  if (conversation === undefined) return;
  const { out, layout } = terminal;
  if (json !== true) await tellHead(archive, conversation, terminal);
  let today = '';
  let hidden = 0;
  const legs = new OtherLegs();
  for await (const { kind, record } of transcript(archive, conversation)) {
    if (kind === 'missing' && !isLoss(record)) continue;
    const again = record.repeat || legs.isOther(record);
    if (again && repeats !== true) {
      hidden += 1;
      continue;
    }
    if (json === true) {
      out.line(recordJson(record));
      continue;
    }
    const date = day(record.time);
    if (date !== today) {
      today = date;
      for (const line of heading(date, '', layout)) out.line(line);
    }
    if (kind === 'missing')
      out.line(`${clock(record.time)}  ${layout.paint.yellow(missing(record))}`);
    else for (const line of transcriptLines(record, layout)) out.line(line);
  }
  if (json !== true) await tellEnd(archive, id, hidden, terminal);
}

async function tellHead(
  archive: Archive,
  { id, service, room, started, ended, messages, files, refused }: ConversationRow,
  { out, layout }: Terminal,
): Promise<void> {
  const { paint } = layout;
  const facts = `${day(started)} ${span(started, ended)} UTC`;
  for (const line of heading(`CONVERSATION ${id}`, facts, layout).slice(1)) out.line(line);
  out.line(`  ${paint.dim('service     ')} ${harmless(service)}`);
  if (room !== null) out.line(`  ${paint.dim('room        ')} ${harmless(room)}`);
  const { parties, others } = await conversationInfo(archive.database, id);
  let label = 'participants';
  for (const { address, person } of parties.slice(0, NAMED)) {
    const who = person === undefined ? address : `${address}  (${person})`;
    out.line(`  ${paint.dim(label.padEnd(12))} ${harmless(who)}`);
    label = '';
  }
  const more = others + Math.max(0, parties.length - NAMED);
  if (more > 0) out.line(`  ${' '.repeat(12)} and ${counted(more, 'other')}`);
  const amounts = [counted(messages, 'message'), counted(files, 'file'), `${refused} refused`];
  out.line(`  ${paint.dim('amounts     ')} ${amounts.join(', ')}`);
}

async function tellEnd(
  archive: Archive,
  id: number,
  hidden: number,
  { out, layout: { paint } }: Terminal,
): Promise<void> {
  const purged = await purgedDuring(archive, id);
  out.line('');
  if (hidden > 0) {
    out.line(
      paint.dim(
        `${counted(hidden, 'repetition')} not shown: the other leg of a delivery, carbons, echoes (--repeats)`,
      ),
    );
  }
  if (purged > 0) {
    out.line(
      paint.yellow(
        `${counted(purged, 'record')} between its first and its last were purged under retention; whose they were is not kept`,
      ),
    );
  }
  out.line(paint.dim(`end of conversation ${id}`));
}

function missing({ envelope, event }: OpenedRecord): string {
  const ledger = envelope?.ledger;
  if (ledger !== undefined) {
    const counts = Object.entries(ledger.counts).filter(([, n]) => n > 0);
    const list = counts.map(([what, n]) => `${n} ${what}`).join(', ');
    return harmless(
      `missing: ${ledger.what} (${list})${ledger.why === undefined ? '' : `, ${ledger.why}`}`,
    );
  }
  const account = typeof event.account === 'string' ? ` of ${event.account}` : '';
  const what =
    event.kind === 'gap'
      ? 'octets of a connection were not seen'
      : 'a connection could not be read';
  return harmless(`missing: ${what}${account}`);
}
