/** Quoted-printable (RFC 2045 §6.7): `=XX` is an octet, `=` at a line's end joins lines. */
const EQUALS = 0x3d;
const LF = 0x0a;
const CR = 0x0d;

/** What does not decode stays as it is. */
export function decodeQuotedPrintable(buffer: Uint8Array, start: number, end: number): Uint8Array {
  const decoded = new Uint8Array(Math.max(0, end - start));
  let used = 0;
  for (let i = start; i < end; i++) {
    const octet = buffer[i] ?? 0;
    if (octet !== EQUALS) {
      decoded[used++] = octet;
      continue;
    }
    if (buffer[i + 1] === LF) i += 1;
    else if (buffer[i + 1] === CR && buffer[i + 2] === LF) i += 2;
    else {
      const high = digit(buffer[i + 1]);
      const low = digit(buffer[i + 2]);
      if (high === -1 || low === -1 || i + 2 >= end) decoded[used++] = octet;
      else {
        decoded[used++] = (high << 4) | low;
        i += 2;
      }
    }
  }
  return decoded.subarray(0, used);
}

function digit(octet: number | undefined): number {
  if (octet === undefined) return -1;
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const letter = octet | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
