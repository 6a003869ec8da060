/** Address, port and size of a DCC request, from their text. */
const MAX_IPV4 = 4_294_967_295n;
const MAX_SIZE = BigInt(Number.MAX_SAFE_INTEGER);
const MAX_DIGITS = 40; // 2^64 has 20

/** Has the form of an address, be it out of range. */
export function isAddress(word: string): boolean {
  return /^\d+$/.test(word) || isDotted(word) || isIpv6(word);
}

/** Numeric text of the address: dotted IPv4, or IPv6 as given; undefined where it is none. */
export function readAddress(word: string): string | undefined {
  if (/^\d+$/.test(word)) {
    if (word.length > MAX_DIGITS || BigInt(word) > MAX_IPV4) return undefined;
    const value = Number(word);
    return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
  }
  if (isDotted(word)) return word.split('.').map(Number).join('.');
  return isIpv6(word) ? word.toLowerCase() : undefined;
}

/** 0 to 65535; undefined where it is none. */
export function readPort(word: string): number | undefined {
  if (!/^\d{1,6}$/.test(word)) return undefined;
  const value = Number(word);
  return value <= 65535 ? value : undefined;
}

/** Octets up to 2^53-1; undefined where it is none. */
export function readSize(word: string): number | undefined {
  if (!/^\d+$/.test(word) || word.length > MAX_DIGITS) return undefined;
  const value = BigInt(word);
  return value <= MAX_SIZE ? Number(value) : undefined;
}

function isDotted(word: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(word) && word.split('.').every((part) => +part <= 255);
}

/** RFC 4291 §2.2, without zone and embedded IPv4. */
function isIpv6(word: string): boolean {
  if (word.length > 39 || !/^[0-9a-f:]+$/i.test(word)) return false;
  const halves = word.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  return halves.length === 1 ? groups.length === 8 : halves.length === 2 && groups.length < 8;
}
