/** The alphabets and half-octets of short messages (3GPP TS 23.038 §6.2.1, TS 23.040 §9.1.2). */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENSION: Readonly<Record<number, string>> = {
  10: '\f',
  20: '^',
  40: '{',
  41: '}',
  47: '\\',
  60: '[',
  61: '~',
  62: ']',
  64: '|',
  101: '€',
};
const ESCAPE = 0x1b;
const INTERNATIONAL = 1;
const ALPHANUMERIC = 5;

/** Septets [first, last) of the packed text that begins at octet `from`. */
export function gsm7Text(octets: Uint8Array, from: number, first: number, last: number): string {
  let text = '';
  let escaped = false;
  const most = Math.min(last, Math.floor(((octets.length - from) * 8) / 7));
  for (let n = first; n < most; n++) {
    const bit = n * 7;
    const at = from + (bit >> 3);
    const pair = (octets[at] ?? 0) | ((octets[at + 1] ?? 0) << 8);
    const septet = (pair >> (bit & 7)) & 0x7f;
    if (escaped) text += EXTENSION[septet] ?? BASIC[septet] ?? '';
    else if (septet !== ESCAPE) text += BASIC[septet] ?? '';
    escaped = !escaped && septet === ESCAPE;
  }
  return text;
}

export function utf16be(octets: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i + 1 < end; i += 2) {
    text += String.fromCharCode(((octets[i] ?? 0) << 8) | (octets[i + 1] ?? 0));
  }
  return text.toWellFormed();
}

/** Type of number at `at`, then `digits` half-octets, the low one first. */
export function addressDigits(octets: Uint8Array, at: number, digits: number): string {
  const kind = ((octets[at] ?? 0) >> 4) & 7;
  if (kind === ALPHANUMERIC) return gsm7Text(octets, at + 1, 0, Math.floor((digits * 4) / 7));
  let text = kind === INTERNATIONAL ? '+' : '';
  for (let n = 0; n < digits && at + 1 + (n >> 1) < octets.length; n++) {
    const octet = octets[at + 1 + (n >> 1)] ?? 0;
    const half = (n & 1) === 0 ? octet & 0xf : octet >> 4;
    text += '0123456789*#abc'[half] ?? '';
  }
  return text;
}

/** Year, month, day, hour, minute, second, quarters of an hour from UTC, as swapped digits (§9.2.3.11). */
export function timeStamp(octets: Uint8Array, at: number): string | undefined {
  if (at + 7 > octets.length) return undefined;
  const two = (i: number) => {
    const octet = octets[at + i] ?? 0;
    return `${octet & 0xf}${octet >> 4}`;
  };
  const zone = octets[at + 6] ?? 0;
  const quarters = (zone & 7) * 10 + (zone >> 4);
  const sign = (zone & 8) === 0 ? '+' : '-';
  const hours = String(quarters >> 2).padStart(2, '0');
  const minutes = String((quarters & 3) * 15).padStart(2, '0');
  const stamp = `20${two(0)}-${two(1)}-${two(2)}T${two(3)}:${two(4)}:${two(5)}${sign}${hours}:${minutes}`;
  return /^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d/.test(stamp) ? stamp : undefined;
}
