/** A log line as JSON, harmless also on a terminal: what one could obey is a \u escape, and means the same. */

// As in encode.ts of events: DEL and C1, separators, format characters (bidirectional, zero-width).
const ESCAPED = /[\u007f-\u009f\p{Zl}\p{Zp}\p{Cf}\p{Cs}]/gu;

/** `line` is valid JSON; so is the answer, with the same meaning. */
export function harmlessJson(line: string): string {
  return line.replace(ESCAPED, escaped);
}

function escaped(character: string): string {
  let units = '';
  for (let i = 0; i < character.length; i++) {
    units += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  }
  return units;
}
