/** Addresses between int32 words and text. */
import ipaddr from 'ipaddr.js';

/** The address in words[at, at + 4) (IPv4: the last word), IPv6 per RFC 5952. */
export function addressText(words: Int32Array, at: number, ipVersion: number): string {
  const octets: number[] = [];
  for (let i = ipVersion === 4 ? 3 : 0; i < 4; i++) {
    const word = words[at + i] ?? 0;
    octets.push(word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255);
  }
  if (ipVersion === 4) return octets.join('.');
  return new ipaddr.IPv6(octets).toRFC5952String();
}

/** `address:port`, IPv6 in brackets. */
export function endpointText(
  words: Int32Array,
  at: number,
  ipVersion: number,
  port: number,
): string {
  const address = addressText(words, at, ipVersion);
  return ipVersion === 4 ? `${address}:${port}` : `[${address}]:${port}`;
}

/** Reads a numeric address into words[at, at + 4). Its IP version, or 0 for anything else. */
export function readAddress(text: string, words: Int32Array, at: number): 0 | 4 | 6 {
  let octets: number[];
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) octets = ipaddr.IPv4.parse(text).toByteArray();
  else if (ipaddr.IPv6.isValid(text)) octets = ipaddr.process(text).toByteArray();
  else return 0;
  words.fill(0, at, at + 4);
  const first = octets.length === 4 ? 3 : 0;
  octets.forEach((octet, i) => {
    const word = at + first + (i >> 2);
    words[word] = ((words[word] ?? 0) << 8) | octet;
  });
  return octets.length === 4 ? 4 : 6;
}
