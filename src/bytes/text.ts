/** ASCII words and text inside octets, read in place. Every range is `buffer[start, end)`. */
const UTF8 = new TextDecoder('utf-8'); // never fatal: octets that do not decode become U+FFFD
const UTF8_STRICT = new TextDecoder('utf-8', { fatal: true });
const WINDOWS_1252 = new TextDecoder('windows-1252');

/** The range as UTF-8; octets that do not decode become U+FFFD. */
export function utf8(buffer: Uint8Array, start: number, end: number): string {
  return UTF8.decode(buffer.subarray(start, end));
}

/** The range as UTF-8 if it is valid UTF-8, else as windows-1252. */
export function utf8OrWindows1252(buffer: Uint8Array, start: number, end: number): string {
  const range = buffer.subarray(start, end);
  try {
    return UTF8_STRICT.decode(range);
  } catch {
    return WINDOWS_1252.decode(range);
  }
}

/** The octets of an ASCII word. */
export function ascii(word: string): Uint8Array {
  return Uint8Array.from(word, (c) => c.charCodeAt(0));
}

/** Whether the range spells `word` (given in upper-case letters), whatever its case. */
export function spells(buffer: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) {
    let c = buffer[start + i] ?? 0;
    if (c >= 0x61 && c <= 0x7a) c -= 0x20;
    if (c !== word[i]) return false;
  }
  return true;
}

/** Whether `word` stands at `at`, octet for octet. */
export function startsWith(buffer: Uint8Array, at: number, word: Uint8Array): boolean {
  if (buffer.length - at < word.length) return false;
  for (let i = 0; i < word.length; i++) if (buffer[at + i] !== word[i]) return false;
  return true;
}
