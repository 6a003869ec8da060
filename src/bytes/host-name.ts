/**
 * Names of hosts as handshakes, certificates and requests carry them: ASCII labels (RFC 952, RFC 1123 §2.1, RFC 5890
 * §2.3.2.1), with the underscore that services use. Case and one dot at the end say nothing and go. No name: an IP
 * address (RFC 6066 §3), an empty label, anything longer than DNS can ask for, any other octet.
 */
import { Buffer } from 'node:buffer';

const NAME_LIMIT = 253; // RFC 1035 §2.3.4, without the root's dot
const LABEL_LIMIT = 63;
const DOT = 0x2e;

const scratch = Buffer.alloc(NAME_LIMIT);

/** The name in lower case, or undefined where buffer[start, end) is none. */
export function hostName(buffer: Uint8Array, start: number, end: number): string | undefined {
  const length = readName(buffer, start, end);
  return length === 0 ? undefined : scratch.toString('latin1', 0, length);
}

/** Whether `hostName` has a name for it; makes no string. */
export function isHostName(buffer: Uint8Array, start: number, end: number): boolean {
  return readName(buffer, start, end) > 0;
}

/** Octets of the name, which is in `scratch` then; 0 where it is none. */
function readName(buffer: Uint8Array, start: number, end: number): number {
  const last = end > start && buffer[end - 1] === DOT ? end - 1 : end;
  const length = last - start;
  if (length < 1 || length > NAME_LIMIT) return 0;
  let label = 0; // octets of the label under the hand
  let digitsOnly = true;
  for (let i = 0; i < length; i++) {
    const octet = buffer[start + i] ?? 0;
    if (octet === DOT) {
      if (label === 0) return 0;
      label = 0;
      digitsOnly = true;
      scratch[i] = octet;
      continue;
    }
    const folded = octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet;
    const isDigit = folded >= 0x30 && folded <= 0x39;
    const isLetter = folded >= 0x61 && folded <= 0x7a;
    if (!isDigit && !isLetter && folded !== 0x2d && folded !== 0x5f) return 0;
    digitsOnly &&= isDigit;
    label += 1;
    if (label > LABEL_LIMIT) return 0;
    scratch[i] = folded;
  }
  // No top-level domain is a number: four of them are an address, and so are the short forms of one.
  return label === 0 || digitsOnly ? 0 : length;
}
