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
  const octets: number[] = [];
  for (const word of ipVersion === 4 ? [w3] : [w0, w1, w2, w3]) {
    octets.push(word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255);
  }
  if (ipVersion === 4) return octets.join('.');
  return new ipaddr.IPv6(octets).toRFC5952String();
}

/** Reads a numeric address into words[0, 4); an IPv4-mapped one as IPv4. 0: not an address. */
export function readAddress(text: string, words: Int32Array): 0 | 4 | 6 {
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
