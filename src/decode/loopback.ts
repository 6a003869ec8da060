/**
 * BSD loopback: four octets of address family, in the byte order of the machine that captured (NULL)
 * or of the network (LOOP). The families are the operating systems' own: IPv4 is 2 everywhere. Of an
 * unknown family the packet itself must tell.
 */
import { i32be, i32le } from '../bytes/read.ts';
import { looksLikeIp } from './inner.ts';
import { Decoded } from './packet-view.ts';
import { Layer, type Step, type Walk } from './walk.ts';

export function loopback(walk: Walk): Step {
  const at = walk.at;
  if (walk.end - at < 4) return walk.short();
  walk.at = at + 4;
  const big = i32be(walk.buffer, at);
  const family = big >>> 16 === 0 ? big : i32le(walk.buffer, at);
  switch (family) {
    case 2:
      return Layer.Ipv4;
    case 10: // Linux
    case 23: // Windows
    case 24: // NetBSD, OpenBSD
    case 28: // FreeBSD
    case 30: // Darwin
      return Layer.Ipv6;
    default:
      return looksLikeIp(walk, at + 4) ? Layer.Ip : Decoded.NotIp;
  }
}
