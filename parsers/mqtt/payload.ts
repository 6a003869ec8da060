/**
 * What a person sees of a payload. MQTT does not say what a payload is: UTF-8 text is text, and so is what
 * is mostly text (a NUL at its end, octets of an older character set); the rest is binary.
 *
 * Chat programs send JSON. An object is taken apart only where nothing is lost by it: one member is
 * named like a text and one like a sender, and every other text in it is named like an address,
 * time or identifier. Else the JSON itself is the text.
 */
import { utf8, utf8OrWindows1252, utf8Prefix } from '../../src/bytes/text.ts';
import { JSON_LIMIT, MEMBERS_LIMIT } from './mqtt-limits.ts';

export interface Payload {
  /** Undefined: empty or binary. */
  readonly text: string | undefined;
  /** The JSON, where the text is not all of it as it is written. */
  readonly markup: string | undefined;
  /** Who the JSON says is the sender. */
  readonly sender: string | undefined;
  /** The octets are the text. */
  readonly verbatim: boolean;
  readonly binary: boolean;
}

const NUL = 0x00;
const SPACE = 0x20;
/** A control character (or octet that fits no character set) in so many is still text. */
const ODD_SHARE = 8;

const EMPTY: Payload = {
  text: undefined,
  markup: undefined,
  sender: undefined,
  verbatim: false,
  binary: false,
};
const BINARY: Payload = { ...EMPTY, binary: true };

export function readPayload(buffer: Uint8Array, start: number, end: number): Payload {
  let last = end;
  while (last > start && buffer[last - 1] === NUL) last--; // as C programs send it
  if (last === start) return start === end ? EMPTY : BINARY;
  const odd = controlsIn(buffer, start, last);
  if (odd * ODD_SHARE > last - start) return BINARY;
  const valid = utf8Prefix(buffer, start, last) === last;
  const text = valid ? utf8(buffer, start, last) : utf8OrWindows1252(buffer, start, last);
  return chatJson(text) ?? asShown(text, valid);
}

/** Made for every message: a spread costs ten times as much. */
function payloadOf(
  text: string,
  markup: string | undefined,
  sender: string | undefined,
  verbatim: boolean,
): Payload {
  return { text, markup, sender, verbatim, binary: false };
}

/** Of other JSON, characters that are written as `\u0041`; everything else is text as it is. */
function asShown(text: string, valid: boolean): Payload {
  if (!text.includes('\\u') || !/^\s*[[{]/.test(text))
    return payloadOf(text, undefined, undefined, valid);
  const shown = text.replace(ESCAPE, (whole, hex) =>
    hex === undefined ? whole : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return shown === text
    ? payloadOf(text, undefined, undefined, valid)
    : payloadOf(shown.toWellFormed(), text, undefined, false);
}

const ESCAPE = /\\(?:\\|u([0-9a-f]{4}))/gi;

/** Nothing but spaces: what a neutral form leaves. */
export function isBlank(buffer: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (buffer[i] !== SPACE) return false;
  return true;
}

function controlsIn(buffer: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) {
    const c = buffer[i] ?? 0;
    if ((c < SPACE && (c < 0x09 || c > 0x0d) && c !== 0x1b) || c === 0x7f) count++;
  }
  return count;
}

const TEXTS: readonly string[] = ['text', 'body', 'message', 'msg'];
const SENDERS: readonly string[] = ['from', 'sender', 'user', 'username', 'nick'];
const BESIDE: ReadonlySet<string> = new Set([
  ...['id', 'msgid', 'message_id', 'messageid', 'uuid', 'to', 'recipient', 'room', 'channel'],
  ...['topic', 'time', 'ts', 'timestamp', 'date', 'type'],
]);
const LONGEST_BESIDE = 64; // UTF-16 units: an identifier, not another text

function chatJson(json: string): Payload | undefined {
  if (json.length > JSON_LIMIT || !/^\s*\{/.test(json)) return undefined;
  const members = membersOf(json);
  if (members === -1) return undefined;
  let parsed: object;
  try {
    parsed = JSON.parse(json);
  } catch {
    return undefined;
  }
  // A name that stands twice: only the last of both was read.
  if (Object.keys(parsed).length !== members) return undefined;
  let text: string | undefined;
  let sender: string | undefined;
  for (const [name, value] of Object.entries(parsed)) {
    const key = name.toLowerCase();
    if (TEXTS.includes(key) && text === undefined && typeof value === 'string') text = value;
    else if (SENDERS.includes(key) && sender === undefined && isName(value)) sender = String(value);
    else if (!mayStandBeside(key, value)) return undefined;
  }
  if (text === undefined || text === '' || sender === undefined) return undefined;
  return payloadOf(text, json, sender, false);
}

/**
 * How many members a flat object has; -1 where it holds an object, an array, or more members than a message
 * has. Looked at before it is parsed: thousands of names can be made to collide where they are kept.
 */
function membersOf(json: string): number {
  let members = 0;
  for (let at = json.indexOf('{') + 1; at < json.length; at++) {
    const c = json[at];
    if (c === '"') at = stringEnd(json, at + 1);
    else if (c === '{' || c === '[') return -1;
    else if (c === ':' && ++members > MEMBERS_LIMIT) return -1;
  }
  return members;
}

/** Where the quotation mark stands that ends a string, or the end. */
function stringEnd(json: string, start: number): number {
  let at = start;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}

function isName(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

function mayStandBeside(key: string, value: unknown): boolean {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return true;
  return typeof value === 'string' && BESIDE.has(key) && value.length <= LONGEST_BESIDE;
}
