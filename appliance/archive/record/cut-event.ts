/**
 * The same as splitContent, on the text of a line: pieces of it are copied as they stand, which costs a fraction
 * of writing them anew, and leaves them as encodeEvent wrote them (what a terminal could obey is escaped).
 *
 * For lines that JSON.parse accepts and that are written without white space, members in the order of the event
 * model; anything else is left to splitContent.
 */
import { CONTENT_PLACES, isDivided, PLACES } from './split-content.ts';

export interface CutEvent {
  readonly eventJson: string;
  readonly contentJson: string | undefined;
}

/** Members of both kinds, in the order of src/event/encode.ts. */
const ORDER: ReadonlyMap<string, number> = new Map(
  [
    ...['v', 'id', 'ts', 'kind', 'service', 'protocol', 'protocolVersion', 'visibility', 'flow'],
    ...['origin', 'account', 'from', 'fromResource', 'to', 'room', 'text', 'markup', 'file'],
    ...['contact', 'list', 'call', 'state', 'status', 'reason', 'tls', 'verdict', 'messageId'],
    ...['refersTo', 'subject', 'thread', 'form', 'route', 'copy', 'sentAt', 'encrypted', 'name'],
    ...['groups', 'subscription', 'gap', 'totals', 'anomalies', 'person', 'peers', 'activity'],
    ...['evidence', 'confidence', 'host', 'packet', 'capture'],
  ].map((name, place) => [name, place]),
);

/** Events of ours are four levels deep. */
const DEPTH = 16;

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** `whole`: what the line says. undefined: it is written in another way. */
export function cutEvent(
  line: string,
  whole: Readonly<Record<string, unknown>>,
): CutEvent | undefined {
  if (line.charCodeAt(0) !== OPEN_BRACE || line.length < 3) return undefined;
  let event = '';
  let content = '';
  /** Where the members begin that have not been copied yet, and all go into the event. */
  let from = 1;
  let place = -1;
  for (let at = 1; ; ) {
    const nameEnd = line.indexOf('"', at + 1);
    if (line.charCodeAt(at) !== QUOTE || line.charCodeAt(nameEnd + 1) !== COLON) return undefined;
    const name = line.slice(at + 1, nameEnd);
    const here = ORDER.get(name);
    // Unknown, repeated or out of order: not as encodeEvent writes it.
    if (here === undefined || here <= place) return undefined;
    place = here;
    const end = valueEnd(line, nameEnd + 2);
    const after = line.charCodeAt(end);
    if (after !== COMMA && after !== CLOSE_BRACE) return undefined;
    if (name === 'file' || name === 'verdict') {
      if (isDivided(name, whole[name])) return undefined;
    } else if (!PLACES.has(name)) {
      if (!CONTENT_PLACES.has(name)) return undefined;
      // With the comma after it, if there is one.
      event += line.slice(from, at);
      content += `${content === '' ? '' : ','}${line.slice(at, end)}`;
      from = end + 1;
    }
    if (after === CLOSE_BRACE) {
      if (end !== line.length - 1) return undefined;
      if (from <= end) event += line.slice(from, end);
      else if (event.endsWith(',')) event = event.slice(0, -1);
      return {
        eventJson: `{${event}}`,
        contentJson: content === '' ? undefined : `{${content}}`,
      };
    }
    at = end + 1;
  }
}

/** Behind the value at `at`, of JSON that is sound; the end of the line where it has white space or is too deep. */
function valueEnd(line: string, at: number): number {
  const first = line.charCodeAt(at);
  if (first === QUOTE) return stringEnd(line, at);
  let depth = 0;
  for (let i = at; i < line.length; i++) {
    const c = line.charCodeAt(i);
    if (c <= SPACE || depth > DEPTH) break;
    if (c === QUOTE) i = stringEnd(line, i) - 1;
    else if (c === OPEN_BRACE || c === OPEN_BRACKET) depth += 1;
    else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
      if (depth === 0) return i;
      depth -= 1;
      if (depth === 0) return i + 1;
    } else if (c === COMMA && depth === 0) return i;
  }
  return line.length;
}

function stringEnd(line: string, at: number): number {
  for (let end = line.indexOf('"', at + 1); end !== -1; end = line.indexOf('"', end + 1)) {
    let escapes = 0;
    while (line.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end + 1;
  }
  return line.length;
}
