/**
 * Text as PostgreSQL can keep it: it refuses U+0000, which a name on the wire may have. U+0000 is written as
 * U+FDD0 U+FDD0 and U+FDD0 as U+FDD0 U+FDD1: two noncharacters that no text should have (Unicode 23.7), so that
 * equal texts stay equal and every text comes back as it was.
 */
const ODD = /[\0\ufdd0]/;
const ESCAPED = /\ufdd0([\ufdd0\ufdd1])/g;

export function toStoredText(text: string): string {
  if (!ODD.test(text)) return text;
  return text.replaceAll('\ufdd0', '\ufdd0\ufdd1').replaceAll('\0', '\ufdd0\ufdd0');
}

export function fromStoredText(stored: string): string {
  if (!stored.includes('\ufdd0')) return stored;
  return stored.replace(ESCAPED, (_, mark) => (mark === '\ufdd0' ? '\0' : '\ufdd0'));
}
