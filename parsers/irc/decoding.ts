/**
 * IRC names no character set. Text is UTF-8 where it is valid, else windows-1252; but a UTF-8
 * line that a server cut in the middle of its last character is still UTF-8 (seen: InspIRCd).
 */
import { utf8, utf8OrWindows1252, utf8Prefix } from '../../src/bytes/text.ts';

export function ircText(buffer: Uint8Array, start: number, end: number): string {
  const valid = utf8Prefix(buffer, start, end);
  const isUtf8 = valid === end || cutInCharacter(buffer, start, valid, end);
  return isUtf8 ? utf8(buffer, start, end) : utf8OrWindows1252(buffer, start, end);
}

/** The octets from `valid` start a character that the end cuts off, and other ones came before. */
function cutInCharacter(buffer: Uint8Array, start: number, valid: number, end: number): boolean {
  const lead = buffer[valid] ?? 0;
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (end - valid >= length) return false;
  for (let i = valid + 1; i < end; i++) if (((buffer[i] ?? 0) & 0xc0) !== 0x80) return false;
  for (let i = start; i < valid; i++) if ((buffer[i] ?? 0) >= 0x80) return true;
  return false;
}
