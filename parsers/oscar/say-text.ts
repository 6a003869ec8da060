/** A text into an event, its markup undone, and where it stands in the stream. */
import type { ImEvent } from '../../src/event/event.ts';
import type { Decision } from '../contract.ts';
import { htmlText } from '../framing/html-text.ts';
import { type OscarFlow, some } from './oscar-flow.ts';
import { isUin } from './screen-name.ts';

/**
 * AIM writes HTML, with or without tags. Between two numbers texts are plain, unless they say that
 * they are HTML.
 */
export function isMarkup(written: string, from: string | undefined, to: string | undefined) {
  const plain = (party: string | undefined) => party === undefined || isUin(party);
  const noAim = (from !== undefined || to !== undefined) && plain(from) && plain(to);
  return !noAim || /^\s{0,64}<(?:html|body|font)\b/i.test(written);
}

/**
 * `event.markup`, where it is set already, is what else was written: it stays behind what is shown.
 * `start`, `end`: where `written` stands in the frame's buffer as UTF-8; -1 where it does not.
 */
export function sayText(
  flow: OscarFlow,
  event: ImEvent,
  written: string,
  markup: boolean,
  start = -1,
  end = -1,
): Decision {
  const text = markup ? htmlText(written) : written;
  event.text = some(text);
  if (event.markup !== undefined) event.markup = `${written}\n${event.markup}`;
  else if (text !== written) event.markup = written;
  // Octets can be told from characters only where all that was written is UTF-8.
  const verbatim = start !== -1 && text !== '' && utf8Length(written) === end - start;
  const at = verbatim ? written.indexOf(text) : -1;
  if (at === -1) return flow.say(event);
  const from = start + utf8Length(written.slice(0, at));
  return flow.say(event, from, from + utf8Length(text));
}

/** Octets of the text as UTF-8. */
function utf8Length(text: string): number {
  let octets = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Half of a pair counts two of its four octets.
    if (code > 0x7f) octets += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return octets;
}
