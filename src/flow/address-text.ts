/** Addresses between int32 words and text. */
import ipaddr from 'ipaddr.js';

/** The address of four words (IPv4: the last), IPv6 per RFC 5952. */
export function addressText(
  ipVersion: number,
  w0: number,
  w1: number,
  w2: number,
  w3: number,
): string {
  if (ipVersion === 4) {
    return `${w3 >>> 24}.${(w3 >>> 16) & 255}.${(w3 >>> 8) & 255}.${w3 & 255}`;
  }
  const octets: number[] = [];
  for (const word of [w0, w1, w2, w3]) {
    octets.push(word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255);
  }
  return new ipaddr.IPv6(octets).toRFC5952String();
}

/** Reads a numeric address into words[0, 4); an IPv4-mapped one as IPv4. 0: not an address. */
export function readAddress(text: string, words: Int32Array): 0 | 4 | 6 {
  const ipv4 = dottedQuad(text);
  if (ipv4 !== undefined) {
    words.fill(0, 0, 3);
    words[3] = ipv4;
    return 4;
  }
  let octets: number[];
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) octets = ipaddr.IPv4.parse(text).toByteArray();
  else if (ipaddr.IPv6.isValid(text)) octets = ipaddr.process(text).toByteArray();
  else return 0;
  words.fill(0, 0, 4);
  const first = octets.length === 4 ? 3 : 0;
  octets.forEach((octet, i) => {
    const word = first + (i >> 2);
    words[word] = ((words[word] ?? 0) << 8) | octet;
  });
  return octets.length === 4 ? 4 : 6;
}

/** `192.0.2.1` as an int32: as nearly all addresses are written, and cheaper so than by a library. Leading zeros are for that to judge. */
export function dottedQuad(text: string): number | undefined {
  let address = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit >= 0 && digit <= 9) {
      if (octet === 0) return undefined;
      octet = octet < 0 ? digit : octet * 10 + digit;
      if (octet > 255) return undefined;
    } else {
      if (digit !== -2 || octet < 0 || ++dots > 3) return undefined; // '.'
      address = (address << 8) | octet;
      octet = -1;
    }
  }
  return dots === 3 && octet >= 0 ? (address << 8) | octet : undefined;
}
