/** Ethernet in IP (RFC 3378): version 3 (4 bits) reserved(12 bits) frame. */
import { u16be } from '../bytes/read.ts';
import { Decoded } from './packet-view.ts';
import { Layer, type Step, type Walk } from './walk.ts';

export function etherIp(walk: Walk): Step {
  if (walk.end - walk.at < 2) return walk.short();
  if (u16be(walk.buffer, walk.at) >>> 12 !== 3) return Decoded.OtherTransport;
  return walk.into(Layer.Ethernet, walk.at + 2);
}
