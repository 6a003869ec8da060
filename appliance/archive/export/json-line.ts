/** JSON on one line that is harmless on a screen: the same octets as encodeEvent writes (src/event/encode.ts). */

// JSON.stringify leaves what only a terminal obeys: DEL, C1, bidirectional controls, line separators.
const ESCAPED = /[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/gu;
const CARE = /[^ -~]/;

export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value);
  return CARE.test(text) ? text.replace(ESCAPED, escaped) : text;
}

function escaped(character: string): string {
  let units = '';
  for (let i = 0; i < character.length; i++) {
    units += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  }
  return units;
}
