/**
 * Text from the network or from a file, fit to be shown on a terminal or in a log line.
 *
 * Control characters, escapes, line breaks, bidirectional overrides and characters that show
 * nothing become visible; what is left is one line that cannot move the cursor, reorder its
 * neighbours, or hide anything. Data keeps its characters: this is for showing only.
 */

// Cc: C0, DEL, C1. Zl, Zp: line and paragraph separator. Cs: lone surrogates (flag u).
// The Arabic letter mark and the others of Bidi_Control reorder what follows them.
const UNSAFE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

// Of the ignorable ones, these only choose between emoji and text form or join emoji.
const EMOJI_JOINED = /\p{Extended_Pictographic}[\ufe0e\ufe0f]?(?:\p{Emoji_Modifier})?$/u;
const EMOJI_NEXT = /^\p{Extended_Pictographic}/u;

export function harmless(text: string): string {
  return text.replace(UNSAFE, visible);
}

function visible(character: string, at: number, whole: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCharCode(0x2400 + code); // ␀ … ␛ … ␟
  if (code === 0x7f) return '\u2421'; // ␡
  if (code === 0xfe0e || code === 0xfe0f) return followsBase(whole, at) ? character : '';
  if (code === 0x200d && joinsEmoji(whole, at)) return character;
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
  return `\\u{${code.toString(16)}}`;
}

function followsBase(whole: string, at: number): boolean {
  return (
    at > 0 && /[\p{Emoji}\p{Extended_Pictographic}]$/u.test(whole.slice(Math.max(0, at - 2), at))
  );
}

function joinsEmoji(whole: string, at: number): boolean {
  return (
    EMOJI_JOINED.test(whole.slice(Math.max(0, at - 5), at)) &&
    EMOJI_NEXT.test(whole.slice(at + 1, at + 3))
  );
}
