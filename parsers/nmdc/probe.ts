/**
 * Is it NMDC? The `$` words of a beginning, complete:
 *
 *   from a hub     '$Lock ' … ' Pk=' … '|'
 *   to a hub       '$Supports ' words '|$Key '   '$Key ' … '|$ValidateNick '   '$ValidateNick ' … '|$'
 *   either peer    '$MyNick ' nick '|$Lock '
 *   mid-stream     a word and its arguments that nothing else says, after at most one torn command
 *
 * `<nick> text|` is not enough: more of the stream must come. A word of a hub in the client's direction
 * means that a flow picked up in the middle was taken for its mirror image.
 */
import { ascii, startsWith } from '../../src/bytes/text.ts';
import { Direction, Probe } from '../contract.ts';

/** Octets of a direction that are looked at. */
export const PROBE_LIMIT = 1024;

const BAR = 0x7c;
const DOLLAR = 0x24;
const LESS = 0x3c;
const SPACE = 0x20;
const MAX_NICK = 64; // octets

const LOCK = ascii('$Lock ');
const PK = ascii(' Pk=');
const MY_NICK = ascii('$MyNick ');
const SUPPORTS = ascii('$Supports ');
const KEY = ascii('$Key ');
const VALIDATE = ascii('$ValidateNick ');

/** Words that tell, picked up in the middle, in any direction; with their first arguments. */
const INFO = [ascii('$MyINFO $ALL ')];
const TO = [ascii('$To: ')];
const CONNECT = [ascii('$ConnectToMe ')];
const GET = [ascii('$ADCGET file '), ascii('$ADCGET list '), ascii('$ADCGET tthl ')];
const BEGINNINGS = [MY_NICK, SUPPORTS, LOCK, KEY];
const OF_CLIENTS = [ascii('$RevConnectToMe '), VALIDATE];
const OF_HUBS = [
  ascii('$HubName '),
  ascii('$NickList '),
  ascii('$OpList '),
  ascii('$UserCommand '),
  ascii('$UserIP '),
  ascii('$Hello '),
];
const FROM = ascii(' From: ');
const ANY_WORD = ascii('$');

export function probeNmdc(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  const first = octets[0];
  if (first !== DOLLAR && !(midstream && first === LESS)) {
    return first === undefined ? Probe.More : Probe.No;
  }
  const end = Math.min(octets.length, PROBE_LIMIT);
  const answer = midstream
    ? inTheMiddle(direction, octets, end)
    : atTheStart(direction, octets, end);
  return answer === Probe.More && octets.length >= PROBE_LIMIT ? Probe.No : answer;
}

function atTheStart(direction: Direction, octets: Uint8Array, end: number): Probe {
  const bar = barBefore(octets, 0, end);
  if (agrees(octets, 0, end, MY_NICK)) return followed(octets, bar, end, MY_NICK.length, LOCK);
  if (direction === Direction.ToClient) {
    if (!agrees(octets, 0, end, LOCK)) return Probe.No;
    if (bar === -1) return Probe.More;
    return contains(octets, LOCK.length, bar, PK) ? Probe.Yes : Probe.No;
  }
  if (agrees(octets, 0, end, SUPPORTS)) return followed(octets, bar, end, SUPPORTS.length, KEY);
  if (agrees(octets, 0, end, KEY)) return followed(octets, bar, end, KEY.length, VALIDATE);
  if (!agrees(octets, 0, end, VALIDATE)) return Probe.No;
  return followed(octets, bar, end, VALIDATE.length, ANY_WORD);
}

/** Something stands behind the word, and `next` behind the command. */
function followed(
  octets: Uint8Array,
  bar: number,
  end: number,
  word: number,
  next: Uint8Array,
): Probe {
  if (bar === -1) return Probe.More;
  if (bar <= word || !agrees(octets, bar + 1, end, next)) return Probe.No;
  return end - bar - 1 >= next.length ? Probe.Yes : Probe.More;
}

function inTheMiddle(direction: Direction, octets: Uint8Array, end: number): Probe {
  let at = 0;
  while (at < end) {
    const bar = barBefore(octets, at, end);
    if (bar === -1) break;
    if (octets[at] === DOLLAR) {
      const answer = command(direction, octets, at, bar, at > 0);
      if (answer !== Probe.More) return answer;
    } else if (octets[at] !== LESS || !isChat(octets, at, bar)) return Probe.No;
    at = bar + 1;
  }
  if (at === end || octets[at] === DOLLAR) return Probe.More;
  return octets[at] === LESS && mayBeNick(octets, at + 1, end) ? Probe.More : Probe.No;
}

/** One whole command in octets[at, bar). More: it tells nothing. */
function command(
  direction: Direction,
  octets: Uint8Array,
  at: number,
  bar: number,
  behindOthers: boolean,
): Probe {
  const toServer = direction === Direction.ToServer;
  if (isOneOf(octets, at, bar, OF_HUBS)) return toServer ? Probe.No : Probe.Yes;
  if (isOneOf(octets, at, bar, OF_CLIENTS)) return toServer ? Probe.Yes : Probe.No;
  if (isOneOf(octets, at, bar, INFO)) return Probe.Yes;
  if (isOneOf(octets, at, bar, TO)) return contains(octets, at, bar, FROM) ? Probe.Yes : Probe.No;
  if (isOneOf(octets, at, bar, CONNECT)) return hasPort(octets, at, bar) ? Probe.Yes : Probe.No;
  if (isOneOf(octets, at, bar, GET)) return Probe.Yes;
  if (isOneOf(octets, at, bar, BEGINNINGS)) return Probe.More;
  // Anything else with a dollar sign: only where it began like this.
  return isWord(octets, at + 1, bar) || behindOthers ? Probe.More : Probe.No;
}

/** Whether one of the words stands at `at`, before `end`. */
export function isOneOf(
  octets: Uint8Array,
  at: number,
  end: number,
  words: readonly Uint8Array[],
): boolean {
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word !== undefined && at + word.length <= end && startsWith(octets, at, word)) return true;
  }
  return false;
}

/** `<nick> ` */
function isChat(octets: Uint8Array, at: number, bar: number): boolean {
  for (let i = at + 1; i < bar && i <= at + MAX_NICK; i++) {
    if (octets[i] === 0x3e) return i > at + 1 && octets[i + 1] === SPACE;
    if (octets[i] === SPACE) return false;
  }
  return false;
}

function mayBeNick(octets: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end && i <= at + MAX_NICK; i++) {
    if (octets[i] === 0x3e) return i + 1 >= end || octets[i + 1] === SPACE;
    if (octets[i] === SPACE) return false;
  }
  return end - at <= MAX_NICK;
}

/** A capital letter and letters, up to a space or the end. */
function isWord(octets: Uint8Array, at: number, end: number): boolean {
  const first = octets[at] ?? 0;
  if (first < 0x41 || first > 0x5a) return false;
  let i = at + 1;
  for (; i < end && octets[i] !== SPACE && i < at + 20; i++) {
    const letter = (octets[i] ?? 0) & 0xdf;
    if (letter < 0x41 || letter > 0x5a) return false;
  }
  return i === end || octets[i] === SPACE;
}

/** `:digit` near the end. */
function hasPort(octets: Uint8Array, at: number, bar: number): boolean {
  for (let i = bar - 1; i > at && i > bar - 40; i--) {
    const next = octets[i + 1] ?? 0;
    if (octets[i] === 0x3a) return next >= 0x30 && next <= 0x39;
  }
  return false;
}

function barBefore(octets: Uint8Array, at: number, end: number): number {
  const bar = octets.indexOf(BAR, at);
  return bar === -1 || bar >= end ? -1 : bar;
}

/** Whether octets[at, end) spell the word, as far as they go. */
function agrees(octets: Uint8Array, at: number, end: number, word: Uint8Array): boolean {
  const length = Math.min(word.length, end - at);
  for (let i = 0; i < length; i++) if (octets[at + i] !== word[i]) return false;
  return true;
}

function contains(octets: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  for (let i = start; i + word.length <= end; i++) {
    if (octets[i] === word[0] && startsWith(octets, i, word)) return true;
  }
  return false;
}
