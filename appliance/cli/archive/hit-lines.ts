/** A hit of a search on two lines of a terminal: who, where, when, what was decided; and the words. */
import { ACTIONS } from '../../../src/event/event.ts';
import { harmless } from '../../../src/event/harmless.ts';
import { transcriptLine } from '../../archive/export/transcript-line.ts';
import { isObject, type Json } from '../../archive/record/split-content.ts';
import type { OpenedRecord } from '../../archive/search/open-record.ts';
import type { Hit } from '../../archive/search/search-records.ts';
import { type SnippetPart, snippet } from '../../archive/search/snippet.ts';
import { clock, day } from '../../report/amounts.ts';
import { clip, displayWidth } from '../../report/columns.ts';
import type { Layout } from '../../report/page.ts';
import type { Paint } from '../../report/paint.ts';
import { paintAction, type ShownVerdict, verdictWords } from '../../report/verdict-text.ts';
import { exportState } from './record-state.ts';

const INDENT = '    ';
const SENTENCES = 2;

export function hitLines({ record, texts }: Hit, { width, paint }: Layout): string[] {
  const { event, conversation } = record;
  const place = conversation === undefined ? '' : `  conversation ${conversation}`;
  const when = `${day(record.time)} ${clock(record.time)}`;
  const start = `${when}  @${record.sequence}${place}  ${harmless(text(event.service) ?? '-')}`;
  const decided = verdict(event);
  const words = verdictWords(decided);
  const room =
    width - displayWidth(start) - 2 - (words === '' ? 0 : Math.min(displayWidth(words), 40) + 2);
  const parties = clip(whoToWhom(event), Math.max(12, room));
  const told = decided === undefined ? '' : paintAction(decided.action, paint)(clip(words, 40));
  const head = `${paint.dim(start)}  ${paint.bold(parties)}${words === '' ? '' : `  ${told}`}`;
  return [head, ...saidLines(record, texts, width - INDENT.length, paint)];
}

function saidLines(
  record: OpenedRecord,
  texts: Hit['texts'],
  width: number,
  paint: Paint,
): string[] {
  if (texts.length > 0) {
    return texts.slice(0, SENTENCES).map((found) => {
      const field = found.field === 'text' ? '' : `${found.field}: `;
      const parts = [{ text: field, isHit: false }, ...snippet(found, width)];
      return INDENT + painted(parts, width, paint);
    });
  }
  const { text: said, notes } = transcriptLine({ ...record, state: exportState(record) }, []);
  const shown = notes.filter((note) => note.startsWith('content '));
  const line = [said, ...shown.map((note) => `(${note})`)].filter((part) => part !== '').join(' ');
  return line === '' ? [] : [INDENT + clip(line, width)];
}

/** Cut to `width` cells, hits in colour; without colours in brackets. */
function painted(parts: readonly SnippetPart[], width: number, paint: Paint): string {
  let line = '';
  let left = width;
  for (const { text: part, isHit } of parts) {
    if (left <= 0) break;
    const shown = clip(part, left);
    left -= displayWidth(shown);
    line += isHit ? highlighted(shown, paint) : shown;
  }
  return line;
}

export function highlighted(shown: string, paint: Paint): string {
  return paint.isColorSupported ? paint.bold(paint.yellow(shown)) : `[${shown}]`;
}

export function whoToWhom(event: Json): string {
  const from = text(event.from) ?? (event.origin === 'client' ? text(event.account) : undefined);
  const person = text(event.person);
  const own = event.origin === 'client' && person !== undefined && person !== from;
  const who = from === undefined ? (text(event.account) ?? '') : own ? `${person} (${from})` : from;
  const to = Array.isArray(event.to) ? event.to.filter((one) => typeof one === 'string') : [];
  const whom = text(event.room) ?? (to.length > 0 ? to.slice(0, 3).join(', ') : undefined);
  return whom === undefined ? who : `${who} → ${whom}`;
}

function verdict(event: Json): ShownVerdict | undefined {
  const { verdict: decided } = event;
  if (!isObject(decided)) return undefined;
  const action = ACTIONS.find((known) => known === decided.action);
  if (action === undefined) return undefined;
  return {
    action,
    enforced: decided.enforced === true,
    rule: text(decided.rule),
    alert: text(decided.alert),
    tags: [],
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
