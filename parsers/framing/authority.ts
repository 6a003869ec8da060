/**
 * The name in `host [":" port]`, as Host fields, targets of requests and CONNECT write it (RFC 9110 §7.2,
 * RFC 9112 §3.2.3).
 */
import { hostName } from '../../src/bytes/host-name.ts';

const LONGEST = 260; // characters: a name, its last dot, a port
const ENCODER = new TextEncoder();

/** In lower case; undefined where it is an address, or no name at all. */
export function authorityName(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  const colon = text.indexOf(':');
  if (colon !== -1 && !/^:\d{0,5}$/.test(text.slice(colon))) return undefined;
  const octets = ENCODER.encode(colon === -1 ? text : text.slice(0, colon));
  return hostName(octets, 0, octets.length);
}
