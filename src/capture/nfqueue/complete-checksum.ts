/**
 * The whole checksum of a TCP segment or UDP datagram that the kernel left to the network card. Octets that
 * go back by a verdict count as finished (nfqnl_mangle), and so do those of a raw socket.
 */
import { addWords, foldChecksum } from '../../bytes/checksum.ts';
import { u16be } from '../../bytes/read.ts';

const TCP = 6;
const UDP = 17;
const HOP_BY_HOP = 0;
const ROUTING = 43;
const DESTINATION_OPTIONS = 60;
const IPV6_HEADER = 40;
const MOST_EXTENSIONS = 16;

/**
 * False where the IP datagram buffer[start, end) holds no whole TCP or UDP header; it is then as before.
 * At most 64 KiB, as IP has it.
 */
export function completeChecksum(buffer: Uint8Array, start: number, end: number): boolean {
  const isIpv4 = (buffer[start] ?? 0) >>> 4 === 4;
  let at: number;
  let protocol: number;
  if (isIpv4) {
    at = start + ((buffer[start] ?? 0) & 15) * 4;
    protocol = buffer[start + 9] ?? 0;
    if ((u16be(buffer, start + 6) & 0x3fff) !== 0) return false; // a fragment
  } else {
    at = start + IPV6_HEADER;
    protocol = buffer[start + 6] ?? 0;
    for (let i = 0; i < MOST_EXTENSIONS && isExtension(protocol) && at + 8 <= end; i++) {
      protocol = buffer[at] ?? 0;
      at += ((buffer[at + 1] ?? 0) + 1) * 8;
    }
  }
  const field = protocol === TCP ? at + 16 : at + 6;
  if ((protocol !== TCP && protocol !== UDP) || field + 2 > end) return false;
  buffer[field] = 0;
  buffer[field + 1] = 0;
  const addresses = isIpv4 ? start + 12 : start + 8;
  const pseudo = addWords(buffer, addresses, addresses + (isIpv4 ? 8 : 32), protocol + (end - at));
  let checksum = foldChecksum(addWords(buffer, at, end, pseudo));
  if (checksum === 0 && protocol === UDP) checksum = 0xffff; // RFC 768: 0 says there is none
  buffer[field] = checksum >>> 8;
  buffer[field + 1] = checksum & 255;
  return true;
}

/** RFC 8200 §4.1; a fragment's own header is not passed: its checksum covers more than is here. */
function isExtension(protocol: number): boolean {
  return protocol === HOP_BY_HOP || protocol === ROUTING || protocol === DESTINATION_OPTIONS;
}
