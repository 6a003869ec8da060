/**
 * The payload of a message: MIME headers, an empty line, a body (dossier msnp.md §6). Which handler
 * gets it is said by its Content-Type; a message in parts is put together first.
 */
import { utf8OrWindows1252 } from '../../src/bytes/text.ts';
import { Anomaly } from './anomalies.ts';
import { Chunked } from './chunks.ts';
import { onDatacast } from './datacast.ts';
import { onEmoticons } from './emoticons.ts';
import { onInk } from './ink.ts';
import { onInvitation } from './invitations.ts';
import { type MsnpFlow, some } from './msnp-flow.ts';
import type { Speech } from './speech.ts';
import { onText, onTyping } from './text-message.ts';
import { otherReadings } from './two-readings.ts';

/** A message's body, and the headers before it in flow.headers. Lent. */
export interface Content {
  readonly flow: MsnpFlow;
  readonly speech: Speech;
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** The octets are those of the command under the hand. */
  readonly verbatim: boolean;
}

type Handler = (content: Content, type: string) => void;

const SILENT: Handler = () => undefined;

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['text/plain', onText],
  ['text/x-msmsgscontrol', onTyping],
  ['text/x-msnmsgr-datacast', onDatacast],
  ['text/x-mms-emoticon', onEmoticons],
  ['text/x-mms-animemoticon', onEmoticons],
  ['image/gif', onInk],
  ['image/png', onInk],
  ['image/jpeg', onInk],
  ['image/fax', onInk],
  ['application/x-ms-ink', onInk],
  ['text/x-msmsgsinvite', onInvitation],
  ['application/x-msnmsgrp2p', onPeer],
  ['text/x-clientcaps', SILENT],
  ['text/x-clientinfo', SILENT],
  ['text/x-keepalive', SILENT],
]);

/** The payload buffer[start, end). */
export function readContent(
  flow: MsnpFlow,
  speech: Speech,
  buffer: Uint8Array,
  start: number,
  end: number,
): void {
  const body = readHeaders(flow, buffer, start, end);
  const chunk = chunkOf(flow);
  if (chunk === undefined) {
    handle({ flow, speech, buffer, start: body, end, verbatim: true }, start);
    return;
  }
  const chunks = flow.chunks[flow.direction];
  const key = `${speech.from ?? ''} ${chunk.id}`;
  const answer =
    chunk.index === 0
      ? chunks.first(key, chunk.count, buffer, start, end)
      : chunks.part(key, chunk.index, buffer, body, end);
  if (answer === Chunked.More) return;
  if (answer === Chunked.Whole) {
    const whole = chunks.take();
    const from = readHeaders(flow, whole, 0, whole.length);
    handle({ flow, speech, buffer: whole, start: from, end: whole.length, verbatim: false }, 0);
    return;
  }
  // What it belongs to cannot be judged whole any more.
  flow.anomaly(answer === Chunked.Bad ? Anomaly.BadChunk : Anomaly.ChunkLimit);
  flow.unknown('MSG chunk', some(utf8OrWindows1252(buffer, body, end)));
}

/** `headersStart`: where the headers before the body begin. */
function handle(content: Content, headersStart: number): void {
  const { flow, buffer, start, end } = content;
  const type = typeOf(flow);
  const handler = HANDLERS.get(type);
  let told = false;
  for (const reading of otherReadings(flow.headers, buffer, headersStart, start, end)) {
    const other = HANDLERS.get(reading.type);
    if (other === undefined || other === handler || other === SILENT) continue;
    flow.anomaly(Anomaly.TwoReadings);
    told = true;
    if (other === onText) {
      // From where the first of them begins; without an empty line from the first header on.
      const from = start === end ? headersStart : start;
      onText({ ...content, start: from, verbatim: false });
    } else other({ ...content, start: reading.start, verbatim: false }, reading.type);
  }
  if (told && handler === undefined) return;
  if (handler !== undefined) handler(content, type);
  else if (type !== '') onUnknownType(content, type);
  // Without a type it is nothing to anybody, unless there is something in it.
  else if (content.end > content.start && !isBlank(content)) onUnknownType(content, 'untyped');
}

/** Where the body begins. */
function readHeaders(flow: MsnpFlow, buffer: Uint8Array, start: number, end: number): number {
  const { headers } = flow;
  const body = headers.read(buffer, start, end);
  if (headers.count('content-type') > 1) flow.anomaly(Anomaly.TwoTypes);
  if (headers.refused > 0) flow.anomaly(Anomaly.BadHeaders);
  return body === -1 ? end : body;
}

function typeOf(flow: MsnpFlow): string {
  const value = flow.headers.value('content-type') ?? '';
  const semicolon = value.indexOf(';');
  return (semicolon === -1 ? value : value.slice(0, semicolon)).trim().toLowerCase();
}

function chunkOf(flow: MsnpFlow): { id: string; index: number; count: number } | undefined {
  const { headers } = flow;
  const id = headers.value('message-id');
  if (id === undefined) return undefined;
  const index = leadingNumber(headers.value('chunk'));
  if (index !== undefined) return { id, index, count: 0 };
  const count = leadingNumber(headers.value('chunks')) ?? 1;
  return count > 1 ? { id, index: 0, count } : undefined;
}

/** As receivers read it (strtol): `2x` is 2. */
function leadingNumber(text: string | undefined): number | undefined {
  const digits = /^\+?(\d{1,9})/.exec(text ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function onPeer(content: Content): void {
  const { flow, speech, buffer, start, end } = content;
  const { headers } = flow;
  flow.speaking = flow.peers;
  flow.peers.part({
    buffer,
    start,
    end,
    fromClient: flow.toServer,
    sender: speech.from,
    recipients: speech.to ?? flow.participants.others,
    destination: headers.value('p2p-dest'),
    source: headers.value('p2p-src'),
  });
}

/** A type that this decoder does not know: its words may be judged, where it is text. */
function onUnknownType({ flow, buffer, start, end }: Content, type: string): void {
  const isText = type.startsWith('text/') || type === 'untyped';
  const text = isText ? some(utf8OrWindows1252(buffer, start, end)) : undefined;
  flow.unknown(`MSG ${type.slice(0, 80)}`, text);
}

function isBlank({ buffer, start, end }: Content): boolean {
  for (let i = start; i < end; i++) if ((buffer[i] ?? 0) > 0x20) return false;
  return true;
}
