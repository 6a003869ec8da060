/** Messages of both sides, one to one and in rooms, typing, warnings. */
import type { ImEvent } from '../../src/event/event.ts';
import { TocAnomaly } from './anomalies.ts';
import type { Word } from './client-words.ts';
import type { ServerCommand } from './server-command.ts';
import type { TocFlow } from './toc-flow.ts';
import { canonicalName, isVerbatim, setText, tocText } from './toc-text.ts';

/** toc_send_im user text [auto]; …_enc user F U en text [auto]: `at` is the text's place. */
export function onSend(flow: TocFlow, words: readonly Word[], at: number): void {
  const text = words[at];
  if (text === undefined) {
    flow.anomaly(TocAnomaly.Malformed);
    return;
  }
  const encoding = at === 2 ? '' : wordText(words[at - 2]);
  const event = flow.between('message', canonicalName(wordText(words[1])));
  if (wordText(words[at + 1]).toLowerCase() === 'auto') event.form = 'auto-reply';
  sayWord(flow, event, text, encoding);
}

/** Fields of the received form that names its encoding. */
export const ENCODED = 10;

/**
 * IM_IN:user:auto:text; IM_IN2:user:auto:?:text;
 * IM_IN_ENC2:user:auto:?:?:class:?:encoding:lang:text.
 */
export function onReceive(flow: TocFlow, command: ServerCommand, fields: number): void {
  const event = flow.between('message', command.name(1));
  if (command.text(2) === 'T') event.form = 'auto-reply';
  sayField(flow, event, command, fields - 1, fields === ENCODED ? command.text(7) : '');
}

/** toc_chat_send id text; toc_chat_send_enc id U text. */
export function onRoomSend(flow: TocFlow, words: readonly Word[], encoded: boolean): void {
  const text = words[encoded ? 3 : 2];
  const event = inRoom(flow, wordText(words[1]), flow.account);
  if (text === undefined) flow.anomaly(TocAnomaly.Malformed);
  else sayWord(flow, event, text, encoded ? wordText(words[2]) : '');
}

/** toc_chat_whisper id user text; …_enc id U user text. */
export function onWhisper(flow: TocFlow, words: readonly Word[], encoded: boolean): void {
  const at = encoded ? 3 : 2;
  const [user, text] = [words[at], words[at + 1]];
  const event = inRoom(flow, wordText(words[1]), flow.account);
  whispered(event, canonicalName(wordText(user)));
  if (text === undefined) flow.anomaly(TocAnomaly.Malformed);
  else sayWord(flow, event, text, encoded ? wordText(words[2]) : '');
}

/** CHAT_IN:id:user:whisper:text; CHAT_IN_ENC:id:user:whisper:encoding:lang:text. */
export function onRoomReceive(flow: TocFlow, command: ServerCommand, encoded: boolean): void {
  const from = command.name(2);
  const event = inRoom(flow, command.text(1), from);
  if (command.text(3) === 'T') whispered(event, flow.account);
  if (from !== undefined && from === flow.account) event.copy = 'echo';
  sayField(flow, event, command, encoded ? 6 : 4, encoded ? command.text(4) : '');
}

const TYPING: Readonly<Record<string, string>> = { 0: 'active', 1: 'paused', 2: 'composing' };

/** toc2_client_event user n; CLIENT_EVENT2:user:n. */
export function onTyping(flow: TocFlow, user: string, code: string): void {
  const event = flow.between('typing', canonicalName(user));
  event.state = TYPING[code] ?? code.slice(0, 16);
  if (event.state === '') flow.anomaly(TocAnomaly.Malformed);
  else flow.say(event);
}

/** toc_evil user norm|anon; EVILED:percent:user. */
export function onWarning(flow: TocFlow, user: string, level: string): void {
  const event = flow.between('presence', canonicalName(user));
  event.state = 'warned';
  if (/^\d{1,5}$/.test(level)) event.status = `${level} %`;
  flow.say(event);
}

export function wordText(word: Word | undefined, encoding = ''): string {
  return word === undefined ? '' : tocText(word.octets, encoding).replace(/\0/g, '');
}

function inRoom(flow: TocFlow, id: string, from: string | undefined): ImEvent {
  const event = flow.newEvent('message');
  event.from = from;
  event.room = flow.room(id);
  event.route = 'room';
  return event;
}

/** Inside a room, to one of those who are there. */
function whispered(event: ImEvent, to: string | undefined): void {
  event.route = 'direct';
  if (to !== undefined) event.to = [to];
}

function sayWord(flow: TocFlow, event: ImEvent, { octets, at }: Word, encoding: string): void {
  const plain = setText(event, tocText(octets, encoding).replace(/\0/g, ''));
  const there = plain && at !== -1 && encoding !== 'L' && isVerbatim(octets);
  flow.say(event, there && !octets.includes(0) ? at : -1, octets.length);
}

function sayField(
  flow: TocFlow,
  event: ImEvent,
  command: ServerCommand,
  at: number,
  encoding: string,
): void {
  const octets = command.octets(at);
  if (octets === undefined) {
    flow.anomaly(TocAnomaly.Malformed);
    return;
  }
  const plain = setText(event, tocText(octets, encoding).replace(/\0/g, ''));
  const there = plain && encoding !== 'L' && isVerbatim(octets) && !octets.includes(0);
  flow.say(event, there ? command.at(at) : -1, octets.length);
}
