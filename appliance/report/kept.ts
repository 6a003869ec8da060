/**
 * A copy of at most `codeUnits` of a text, for keeping. A slice would keep the whole of a long
 * message in memory behind a few characters; the copy does not.
 */
export function kept(text: string, codeUnits: number): string {
  const cut = text.length > codeUnits ? `${text.slice(0, codeUnits - 1)}…` : text;
  return Buffer.from(cut, 'utf16le').toString('utf16le');
}

/** The same for a text just put together of others: it keeps nothing but itself, so no copy if short. */
export function boundedKey(text: string, codeUnits: number): string {
  return text.length > codeUnits ? kept(text, codeUnits) : text;
}
