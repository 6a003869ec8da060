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
  const shift = start === -1 ? -1 : placeOf(text, written, end - start);
  if (shift === -1 || text === '') return flow.say(event);
  return flow.say(event, start + shift, start + shift + text.length);
}

/**
 * Octets before the text inside what was written, where it stands there in one piece and all of it is
 * ASCII: else characters and octets differ. -1 where not.
 */
function placeOf(text: string, written: string, octets: number): number {
  if (written.length !== octets || !isAscii(written)) return -1;
  return written.indexOf(text);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
