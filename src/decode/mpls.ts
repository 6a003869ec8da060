/**
 * MPLS (RFC 3032): labels until the one at the bottom of the stack; what follows is not named and
 * told by its first four bits (RFC 4928): 4, 6, or 0 for a pseudowire's control word (RFC 4385).
 *
 *     label(20 bits) class(3) bottom(1) TTL(8)
 */
import { looksLikeEthernet, looksLikeIp } from './inner.ts';
import { Decoded } from './packet-view.ts';
import { Layer, type Step, type Walk } from './walk.ts';

export function mpls(walk: Walk): Step {
  const { buffer, end } = walk;
  let at = walk.at;
  let bottom = false;
  while (!bottom) {
    if (end - at < 4) return walk.short();
    bottom = ((buffer[at + 2] ?? 0) & 1) !== 0;
    at += 4;
  }
  if (end - at < 1) return walk.short();
  if (looksLikeIp(walk, at)) return walk.into(Layer.Ip, at);
  const controlWord = (buffer[at] ?? 0) >>> 4 === 0;
  if (controlWord && looksLikeEthernet(walk, at + 4)) return walk.into(Layer.Ethernet, at + 4);
  if (looksLikeEthernet(walk, at)) return walk.into(Layer.Ethernet, at);
  return Decoded.NotIp;
}
