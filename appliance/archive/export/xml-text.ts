/** Text for XML 1.0 (§2.2 Char, §2.4): what must be escaped is, what may not occur at all is made visible. */

// Not a Char: C0 but for tab and line breaks, lone surrogates, U+FFFE, U+FFFF. C1 is allowed, and shows nothing.
const CARE = /[&<>"'\p{Cc}\p{Cs}\ufffe\uffff]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // As references they survive the normalisation of attribute values (§3.3.3).
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Fit for character data and for attribute values in either quotes. */
export function xmlText(text: string): string {
  return text.replace(CARE, escaped);
}

function escaped(character: string): string {
  const entity = ENTITIES[character];
  if (entity !== undefined) return entity;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return '\ufffd';
}
