/**
 * An event read from its line the quick way: the parts of splitContent as pieces of the line, and the values that
 * facts are made from. Pieces stay as encodeEvent wrote them (what a terminal could obey is escaped).
 *
 * For lines as encodeEvent writes them: members in its order, each once, no white space, no escapes, not long.
 * Any other line is left to JSON.parse and splitContent, which say the same of it.
 */
import { kept } from '../../report/kept.ts';
import { Recent } from '../vault/recent.ts';
import { divideMember, type Json } from './split-content.ts';

/** Code units. Values are pieces of the line, and keep all of it in memory. */
const LONGEST = 4096;
/** Connections and verdicts remembered by their text: events of a run have few. */
const FLOWS = 8192;
const VERDICTS = 1024;
/** Events of ours are four levels deep. */
const DEPTH = 8;

/** Needs JSON.parse: escapes, and what JSON has no place for in a string. */
const CARE = /[\\\p{Cc}]/u;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** How a member is read. said: text that is content. */
const TEXT = 0;
const NUMBER = 1;
const JSON_VALUE = 2;
const SAID = 3;
const FLOW = 4;
const NAMES = 5;
const DIVIDED = 6;

/** In the order of src/event/encode.ts. */
const MEMBERS: readonly (readonly [name: string, reading: number])[] = [
  ...members(NUMBER, 'v'),
  ...members(TEXT, 'id', 'ts', 'kind', 'service', 'protocol', 'protocolVersion', 'visibility'),
  ...members(FLOW, 'flow'),
  ...members(TEXT, 'origin', 'account', 'from', 'fromResource'),
  ...members(NAMES, 'to'),
  ...members(TEXT, 'room'),
  ...members(SAID, 'text', 'markup'),
  ...members(DIVIDED, 'file'),
  ...members(TEXT, 'contact', 'list'),
  ...members(JSON_VALUE, 'call'),
  ...members(TEXT, 'state'),
  ...members(SAID, 'status', 'reason'),
  ...members(JSON_VALUE, 'tls'),
  ...members(DIVIDED, 'verdict'),
  ...members(TEXT, 'messageId', 'refersTo'),
  ...members(SAID, 'subject', 'thread'),
  ...members(TEXT, 'form', 'route', 'copy', 'sentAt', 'encrypted'),
  ...members(SAID, 'name'),
  ...members(NAMES, 'groups'),
  ...members(TEXT, 'subscription'),
  ...members(JSON_VALUE, 'gap', 'totals'),
  ...members(NAMES, 'anomalies'),
  ...members(TEXT, 'person'),
  ...members(NAMES, 'peers'),
  ...members(TEXT, 'activity', 'evidence', 'confidence', 'host'),
  ...members(NUMBER, 'packet'),
  ...members(TEXT, 'capture'),
];
const PLACES: ReadonlyMap<string, number> = new Map(MEMBERS.map(([name], place) => [name, place]));

function members(reading: number, ...names: string[]): [string, number][] {
  return names.map((name) => [name, reading]);
}

export interface ScannedEvent {
  /** Members that facts are made from, and what is content; others are missing. */
  readonly values: Json;
  readonly eventJson: string;
  readonly contentJson: string | undefined;
}

/** A verdict or a file: what of it is whose, as JSON. */
interface Divided {
  readonly value: Json;
  readonly event: string | undefined;
  readonly content: string | undefined;
}

const flows = new Recent<string, unknown>(FLOWS);
const verdicts = new Recent<string, Divided>(VERDICTS);

/** undefined: the line is written in another way, or is no event. Never throws. */
export function scanEvent(line: string): ScannedEvent | undefined {
  if (line.length < 3 || line.length > LONGEST || CARE.test(line)) return undefined;
  if (line.charCodeAt(0) !== OPEN_BRACE) return undefined;
  try {
    return new Scan(line).read();
  } catch (error) {
    // Of JSON.parse, which is asked about what is nested.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** All members in one order: objects of one shape are read fastest. */
class Values {
  [name: string]: unknown;
  id: unknown = undefined;
  ts: unknown = undefined;
  kind: unknown = undefined;
  service: unknown = undefined;
  protocol: unknown = undefined;
  flow: unknown = undefined;
  origin: unknown = undefined;
  account: unknown = undefined;
  from: unknown = undefined;
  to: unknown = undefined;
  room: unknown = undefined;
  text: unknown = undefined;
  file: unknown = undefined;
  verdict: unknown = undefined;
  form: unknown = undefined;
  copy: unknown = undefined;
  person: unknown = undefined;
  peers: unknown = undefined;
}

class Scan {
  readonly #line: string;
  readonly #values = new Values();
  #event = '';
  #content = '';
  /** Where the members begin that are not copied yet, and all go into the event. */
  #from = 1;

  constructor(line: string) {
    this.#line = line;
  }

  read(): ScannedEvent | undefined {
    const line = this.#line;
    let last = -1;
    for (let at = 1; ; ) {
      const nameEnd = line.indexOf('"', at + 1);
      if (line.charCodeAt(at) !== QUOTE || line.charCodeAt(nameEnd + 1) !== COLON) return undefined;
      const place = PLACES.get(line.slice(at + 1, nameEnd));
      // Unknown, repeated or out of order.
      if (place === undefined || place <= last) return undefined;
      last = place;
      const end = this.#member(place, at, nameEnd + 2);
      if (end === undefined) return undefined;
      const after = line.charCodeAt(end);
      if (after === COMMA) {
        at = end + 1;
        continue;
      }
      return after === CLOSE_BRACE && end === line.length - 1 ? this.#done(end) : undefined;
    }
  }

  /** Reads the member whose name stands at `at`, and gives the place behind its value. */
  #member(place: number, at: number, value: number): number | undefined {
    const line = this.#line;
    const [name, reading] = MEMBERS[place] as readonly [string, number];
    if (reading === TEXT || reading === SAID) {
      if (line.charCodeAt(value) !== QUOTE) return undefined;
      const close = line.indexOf('"', value + 1);
      if (close === -1) return undefined;
      this.#values[name] = line.slice(value + 1, close);
      if (reading === SAID) this.#said(at, close + 1, line.slice(at, close + 1));
      return close + 1;
    }
    if (reading === NUMBER) return numberEnd(line, value);
    const end = nestedEnd(line, value);
    if (end === undefined) return undefined;
    const json = line.slice(value, end);
    if (reading === NAMES) this.#values[name] = namesOf(json);
    else if (reading === FLOW) this.#values[name] = flowOf(json);
    else if (reading === DIVIDED) return this.#divided(name, at, end, json);
    else JSON.parse(json);
    return end;
  }

  #divided(name: string, at: number, end: number, json: string): number | undefined {
    const divided = name === 'verdict' ? verdictOf(json) : divide(name, json);
    if (divided === undefined) return undefined;
    this.#values[name] = divided.value;
    if (divided.content === undefined) return end;
    this.#said(at, end, divided.content);
    if (divided.event !== undefined) this.#event += `${divided.event},`;
    return end;
  }

  /** The member from `at` to `end` is content, in these words; with the comma behind it, if there is one. */
  #said(at: number, end: number, content: string): void {
    this.#event += this.#line.slice(this.#from, at);
    this.#content += this.#content === '' ? content : `,${content}`;
    this.#from = end + 1;
  }

  #done(end: number): ScannedEvent {
    let event = this.#event;
    if (this.#from <= end) event += this.#line.slice(this.#from, end);
    else if (event.endsWith(',')) event = event.slice(0, -1);
    return {
      values: this.#values,
      eventJson: `{${event}}`,
      contentJson: this.#content === '' ? undefined : `{${this.#content}}`,
    };
  }
}

function flowOf(json: string): unknown {
  const known = flows.get(json);
  if (known !== undefined) return known;
  const flow: unknown = JSON.parse(json);
  flows.set(kept(json, LONGEST), flow);
  return flow;
}

function verdictOf(json: string): Divided | undefined {
  const known = verdicts.get(json);
  if (known !== undefined) return known;
  const divided = divide('verdict', json);
  if (divided !== undefined) verdicts.set(kept(json, LONGEST), divided);
  return divided;
}

/** undefined: it is no object. */
function divide(name: string, json: string): Divided | undefined {
  const value: unknown = JSON.parse(json);
  const parts = divideMember(name, value);
  if (parts === undefined) return undefined;
  const { event, content } = parts;
  return {
    value: value as Json,
    event: event && `"${name}":${JSON.stringify(event)}`,
    content: content && `"${name}":${JSON.stringify(content)}`,
  };
}

/** Nearly always one name. */
function namesOf(json: string): unknown {
  const close = json.length - 2;
  if (close > 1 && json.indexOf('"', 2) === close && json.startsWith('["') && json.endsWith(']')) {
    return [json.slice(2, close)];
  }
  return JSON.parse(json);
}

/** Behind a plain number, as versions and packets are counted. */
function numberEnd(line: string, at: number): number | undefined {
  let end = at;
  for (let c = line.charCodeAt(end); c >= 0x30 && c <= 0x39; c = line.charCodeAt(end)) end += 1;
  const length = end - at;
  const isPlain = length > 0 && length < 16 && (length === 1 || line.charCodeAt(at) !== 0x30);
  return isPlain ? end : undefined;
}

/** Behind an object or a list; undefined: it is neither, or does not end. */
function nestedEnd(line: string, at: number): number | undefined {
  const first = line.charCodeAt(at);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return undefined;
  let depth = 0;
  for (let i = at; i < line.length; i++) {
    const c = line.charCodeAt(i);
    if (c === QUOTE) {
      i = line.indexOf('"', i + 1);
      if (i === -1) return undefined;
    } else if (c === OPEN_BRACE || c === OPEN_BRACKET) {
      depth += 1;
      if (depth > DEPTH) return undefined;
    } else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return i + 1;
    } else if (c === 0x20) return undefined;
  }
  return undefined;
}
