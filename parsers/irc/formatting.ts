/**
 * Formatting codes of IRC clients, taken out of text (modern IRC "formatting").
 *
 * 02 bold, 1D italic, 1F underline, 1E strike, 11 monospace, 16 reverse, 0F reset,
 * 03 [d[d][,d[d]]] colour, 04 [RRGGBB[,RRGGBB]] colour.
 */
const COLOUR = `${'\x03'}(?:\\d{1,2}(?:,\\d{1,2})?)?`;
const HEX_COLOUR = `${'\x04'}(?:[0-9a-fA-F]{6}(?:,[0-9a-fA-F]{6})?)?`;
const TOGGLES = `[${'\x02\x0f\x11\x16\x1d\x1e\x1f'}]`;
const CODES = new RegExp(`${COLOUR}|${HEX_COLOUR}|${TOGGLES}`, 'g');

/** The text without formatting codes; the same string where it has none. */
export function stripFormatting(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (isCode(text.charCodeAt(i))) return text.replace(CODES, '');
  }
  return text;
}

function isCode(c: number): boolean {
  return (
    (c >= 0x02 && c <= 0x04) || c === 0x0f || c === 0x11 || c === 0x16 || (c >= 0x1d && c <= 0x1f)
  );
}
