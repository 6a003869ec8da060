/** One record as a line of a transcript: who, what, and what was decided about it. Plain text, not yet escaped. */
import { size } from '../../report/amounts.ts';
import type { Json } from '../record/split-content.ts';
import type { ExportRecord } from './export-record.ts';
import type { TakenFile } from './export-sink.ts';
import { numberOf, partOf, textOf, textsOf } from './field.ts';

export interface TranscriptLine {
  readonly sequence: number;
  /** Microseconds since 1970. */
  readonly time: number;
  readonly who: string;
  /** What was said, lines and all; or what was done, in our words. */
  readonly text: string;
  readonly isSaid: boolean;
  /** Said by a machine, refused by a rule, erased: in our words. */
  readonly notes: readonly string[];
}

export function transcriptLine(
  { sequence, time, event, state }: Pick<ExportRecord, 'sequence' | 'time' | 'event' | 'state'>,
  files: readonly TakenFile[],
): TranscriptLine {
  const kind = textOf(event, 'kind') ?? '';
  const isSaid = kind === 'message' || kind === 'message.edit';
  const said = textOf(event, 'text');
  const notes: string[] = [];
  if (kind === 'message.edit') notes.push('edited');
  if (state === 'erased') notes.push('content erased');
  if (state === 'unreadable') notes.push('content cannot be read');
  if (state === 'none') notes.push('no content recorded');
  const form = textOf(event, 'form');
  if (form !== undefined) notes.push(form);
  const encrypted = textOf(event, 'encrypted');
  if (encrypted !== undefined) notes.push(`end-to-end encrypted (${encrypted})`);
  const subject = isSaid ? textOf(event, 'subject') : undefined;
  if (subject !== undefined) notes.push(`subject: ${subject}`);
  for (const { name, size: octets } of files) notes.push(`kept as ${name}, ${size(octets)}`);
  const decided = decision(partOf(event, 'verdict'));
  if (decided !== undefined) notes.push(decided);
  return {
    sequence,
    time,
    who: whoOf(event),
    text: isSaid ? (said ?? '') : deed(kind, event),
    isSaid,
    notes,
  };
}

function whoOf(event: Json): string {
  const from = textOf(event, 'from');
  if (from !== undefined) return from;
  if (event.origin === 'client') return textOf(event, 'account') ?? 'unknown';
  return textOf(event, 'service') ?? textOf(event, 'protocol') ?? 'unknown';
}

function decision(verdict: Json): string | undefined {
  const action = textOf(verdict, 'action');
  const alert = textOf(verdict, 'alert');
  if (action === undefined || (action === 'pass' && alert === undefined)) return undefined;
  const rule = textOf(verdict, 'rule');
  const how = verdict.enforced === false ? ' (not carried out)' : '';
  const told = alert === undefined ? '' : `, alert ${alert}`;
  return `${action}${how}${rule === undefined ? '' : ` by rule ${rule}`}${told}`;
}

const DEEDS: Readonly<Record<string, (event: Json) => string>> = {
  'message.delete': () => 'deletes a message',
  'message.receipt': () => 'has received a message',
  typing: (event) => `is typing${after(textOf(event, 'state'))}`,
  presence: (event) => `is ${textOf(event, 'state') ?? 'there'}${after(textOf(event, 'status'))}`,
  'room.join': () => 'joins',
  'room.leave': (event) => `leaves${after(textOf(event, 'reason'))}`,
  'room.invite': (event) => `invites ${names(event)}`,
  'room.decline': (event) => `declines the invitation${after(textOf(event, 'reason'))}`,
  'room.topic': (event) =>
    `sets the topic${after(textOf(event, 'text') ?? textOf(event, 'subject'))}`,
  'room.kick': (event) => `removes ${names(event)}${after(textOf(event, 'reason'))}`,
  'file.offer': (event) => `offers ${fileText(event)}`,
  'file.accept': (event) => `accepts ${fileText(event)}`,
  'file.decline': (event) => `declines ${fileText(event)}${after(textOf(event, 'reason'))}`,
  'file.cancel': (event) => `cancels ${fileText(event)}${after(textOf(event, 'reason'))}`,
  'file.start': (event) => `begins to send ${fileText(event)}`,
  'file.complete': (event) => `has sent ${fileText(event)}`,
  'call.offer': (event) => `calls${media(event)}`,
  'call.accept': (event) => `takes the call${media(event)}`,
  'call.decline': (event) => `declines the call${after(textOf(event, 'reason'))}`,
  'call.end': (event) => `ends the call${after(textOf(event, 'reason'))}`,
};

function deed(kind: string, event: Json): string {
  const known = Object.hasOwn(DEEDS, kind) ? DEEDS[kind] : undefined;
  return known?.(event) ?? `${kind}${after(textOf(event, 'text') ?? textOf(event, 'reason'))}`;
}

function after(text: string | undefined): string {
  return text === undefined ? '' : `: ${text}`;
}

function names(event: Json): string {
  const to = textsOf(event, 'to');
  return to.length > 0 ? to.join(', ') : (textOf(event, 'contact') ?? 'somebody');
}

function media(event: Json): string {
  const kind = textOf(partOf(event, 'call'), 'media');
  return kind === undefined ? '' : ` (${kind})`;
}

function fileText(event: Json): string {
  const file = partOf(event, 'file');
  const name = textOf(file, 'name') ?? textOf(file, 'url');
  const octets = numberOf(file, 'size');
  const amount = octets === undefined ? '' : ` (${size(octets)})`;
  return name === undefined ? `a file${amount}` : `the file ${name}${amount}`;
}
