/** Parameters of a command: UTF-8 in which any octet may be written %XX; real servers mix both. */
import { find } from '../../src/bytes/find.ts';
import { utf8OrWindows1252 } from '../../src/bytes/text.ts';

const PERCENT = 0x25;

/** buffer[start, end) as text, percent escapes undone once; a `%` that begins none is text. */
export function unescaped(buffer: Uint8Array, start: number, end: number): string {
  if (find(buffer, PERCENT, start, end) === -1) return utf8OrWindows1252(buffer, start, end);
  const plain = new Uint8Array(end - start);
  let used = 0;
  for (let i = start; i < end; i++) {
    const octet = buffer[i] ?? 0;
    const high = octet === PERCENT && i + 2 < end ? digit(buffer[i + 1]) : -1;
    const low = high === -1 ? -1 : digit(buffer[i + 2]);
    if (low === -1) plain[used++] = octet;
    else {
      plain[used++] = (high << 4) | low;
      i += 2;
    }
  }
  return utf8OrWindows1252(plain, 0, used);
}

function digit(octet: number | undefined): number {
  const c = octet ?? 0;
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const letter = c & 0xdf;
  return letter >= 0x41 && letter <= 0x46 ? letter - 0x37 : -1;
}

/**
 * A person's canonical address: lower case, without the endpoint (`;{guid}`, `;epid=…`) and the network
 * that MSNP18 puts before it (`1:ann@x`, and `9:` for circles).
 */
export function canonical(address: string): string {
  const semicolon = address.indexOf(';');
  const bare = semicolon === -1 ? address : address.slice(0, semicolon);
  return bare
    .replace(/^\d{1,3}:/, '')
    .trim()
    .toLowerCase();
}

/** `ann@example.com`, or a name of another network: what may stand for a person. */
export function isAddress(text: string): boolean {
  const at = text.indexOf('@');
  return at > 0 && at < text.length - 1;
}
