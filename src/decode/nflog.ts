/**
 * Linux netfilter log (LINKTYPE_NFLOG): a header, then attributes until the one that is the packet.
 * Attribute headers are in the byte order of the machine that captured.
 *
 *     family(1) version(1) resource(2), then: length(2, with these 4) type(2) value, padding to 4
 */
import { u16be, u16le } from '../bytes/read.ts';
import { Decoded } from './packet-view.ts';
import { Layer, type Step, type Walk } from './walk.ts';

const PAYLOAD = 9;

export function nflog(walk: Walk): Step {
  const { buffer } = walk;
  let at = walk.at;
  if (walk.end - at < 8) return walk.short();
  const family = buffer[at];
  if (family !== 2 && family !== 10) return Decoded.NotIp;
  at += 4;
  // The first attribute is shorter than 256 octets, so its length tells the byte order.
  const u16 = buffer[at] === 0 ? u16be : u16le;
  while (walk.end - at >= 4) {
    const length = u16(buffer, at);
    if (length < 4) return Decoded.Malformed;
    if ((u16(buffer, at + 2) & 0x7fff) === PAYLOAD) {
      if (at + length <= walk.end) {
        walk.end = at + length;
        walk.missing = 0;
      }
      walk.at = at + 4;
      return Layer.Ip;
    }
    at += (length + 3) & ~3;
  }
  return walk.missing > 0 ? Decoded.Truncated : Decoded.NotIp;
}
