/**
 * What people say at a hub.
 *
 *   main chat   = '<' nick '> ' text        also '* ' nick ' ' text and '<nick> /me text': an action
 *   private     = '$To: ' nick ' From: ' nick ' $<' nick '> ' text
 *   main to one = '$MCTo: ' nick ' $' nick ' ' text
 *
 * A hub's robots that make rooms say `From:` the room, and in the brackets who speaks.
 */
import { ascii, startsWith } from '../../src/bytes/text.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { isVerbatim } from './dc-text.ts';
import type { NmdcFlow } from './nmdc-flow.ts';

const FROM = ascii(' From: ');
const DOLLAR = 0x24;
const LESS = 0x3c;
const GREATER = 0x3e;
const SPACE = 0x20;
const STAR = 0x2a;
const ME = ascii('/me ');

/** Anything that is no `$` command: buffer[start, end). */
export function onChat(flow: NmdcFlow, start: number, end: number): void {
  const nickEnd = bracketEnd(flow.buffer, start, end);
  const textStart = nickEnd === -1 ? start : afterSpace(flow.buffer, nickEnd + 1, end);
  const nick = nickEnd === -1 ? undefined : flow.text(start + 1, nickEnd);
  const event = flow.inRoom('message', flow.speaker(nick));
  if (!flow.toServer && nick !== undefined && nick === flow.account) event.copy = 'echo';
  sayText(flow, event, textStart, end);
}

/** `bob From: ann $<ann> text` in buffer[start, end). */
export function onPrivate(flow: NmdcFlow, start: number, end: number): void {
  const { buffer } = flow;
  const fromAt = find(buffer, start, end, FROM);
  const fromStart = fromAt + FROM.length;
  const dollar = fromAt === -1 ? -1 : findDollar(buffer, fromStart, end);
  if (dollar === -1) {
    onMalformed(flow, 'To:');
    return;
  }
  const to = flow.text(start, fromAt)?.trim() || undefined;
  if (!flow.toServer) flow.learn(to);
  const named = flow.text(fromStart, trimmed(buffer, fromStart, dollar));
  const nickEnd = bracketEnd(buffer, dollar + 1, end);
  const shown = nickEnd === -1 ? undefined : flow.text(dollar + 2, nickEnd);
  const textStart = nickEnd === -1 ? dollar + 1 : afterSpace(buffer, nickEnd + 1, end);
  const from = flow.speaker(named);
  const event = flow.make('message');
  event.from = from;
  if (!flow.toServer && shown !== undefined && shown !== named) {
    event.from = shown;
    event.room = named;
    event.route = 'room';
  } else {
    if (to !== undefined) event.to = [to];
    event.route = 'direct';
    if (flow.toServer) flow.speaker(shown);
  }
  sayText(flow, event, textStart, end);
}

/** `bob $ann text`, shown to one person among the main chat. */
export function onMainChatTo(flow: NmdcFlow, start: number, end: number): void {
  const { buffer } = flow;
  const dollar = findDollar(buffer, start, end);
  if (dollar === -1) {
    onMalformed(flow, 'MCTo:');
    return;
  }
  const bracket = bracketEnd(buffer, dollar + 1, end);
  const nickStart = bracket === -1 ? dollar + 1 : dollar + 2;
  const nickEnd = bracket === -1 ? wordEnd(buffer, nickStart, end) : bracket;
  const to = flow.text(start, trimmed(buffer, start, dollar));
  if (!flow.toServer) flow.learn(to);
  const event = flow.make('message');
  event.from = flow.speaker(flow.text(nickStart, nickEnd));
  if (to !== undefined) event.to = [to];
  event.route = 'direct';
  sayText(flow, event, afterSpace(buffer, bracket === -1 ? nickEnd : bracket + 1, end), end);
}

function sayText(flow: NmdcFlow, event: ImEvent, start: number, end: number): void {
  let at = start;
  if (startsWith(flow.buffer.subarray(0, end), at, ME)) {
    event.form = 'action';
    at += ME.length;
  } else if (flow.buffer[at] === STAR && event.from === undefined) event.form = 'action';
  const text = flow.text(at, end);
  if (text === undefined) return;
  event.text = text;
  const verbatim = isVerbatim(flow.buffer, at, end);
  flow.say(event, verbatim ? at : -1, verbatim ? end : -1);
}

/** Framed, and not as the command is written: what it says cannot be told. */
function onMalformed(flow: NmdcFlow, command: string): void {
  const event = flow.make('app.unknown');
  event.reason = command;
  flow.say(event);
}

/** Where the `>` of `<nick>` at `start` stands; -1 where it is no such thing. */
function bracketEnd(buffer: Uint8Array, start: number, end: number): number {
  if (buffer[start] !== LESS) return -1;
  for (let i = start + 1; i < end; i++) {
    if (buffer[i] === GREATER) return i > start + 1 ? i : -1;
    if (buffer[i] === SPACE && buffer[i - 1] === LESS) return -1;
  }
  return -1;
}

function afterSpace(buffer: Uint8Array, at: number, end: number): number {
  return at < end && buffer[at] === SPACE ? at + 1 : at;
}

function trimmed(buffer: Uint8Array, start: number, end: number): number {
  return end > start && buffer[end - 1] === SPACE ? end - 1 : end;
}

function wordEnd(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && buffer[at] !== SPACE) at++;
  return at;
}

function find(buffer: Uint8Array, start: number, end: number, word: Uint8Array): number {
  for (let i = start; i + word.length <= end; i++) {
    if (buffer[i] === word[0] && startsWith(buffer, i, word)) return i;
  }
  return -1;
}

/** A nick holds no `$`: the first one ends it. */
function findDollar(buffer: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) if (buffer[i] === DOLLAR) return i;
  return -1;
}
