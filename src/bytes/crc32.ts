/** CRC-32 as of ISO-HDLC, gzip and PNG (polynomial edb88320 reflected, all ones before and after). */
const TABLE = new Int32Array(256);
for (let octet = 0; octet < 256; octet++) {
  let crc = octet;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
  TABLE[octet] = crc;
}

/** Of octets[start, end), as int32. */
export function crc32(octets: Uint8Array, start: number, end: number): number {
  let crc = -1;
  for (let at = start; at < end; at++) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ (octets[at] ?? 0)) & 255] ?? 0);
  }
  return ~crc;
}
