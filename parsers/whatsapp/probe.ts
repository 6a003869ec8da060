/**
 * Is it WhatsApp? The preamble, and behind it a frame that begins as its version's first frame does. Where only the
 * server is seen: a frame that is a ServerHello to its last octet.
 */
import { Direction, Probe } from '../contract.ts';
import { FRAME_HEAD, frameLength, NOT_SO, PREAMBLE, preambleAt, WANTS_MORE } from './header.ts';

/** Octets of a direction that are looked at: routing information, preamble, and the first frame's beginning. */
export const PROBE_LIMIT = 512;

/** Octets of the longest first frame: hellos with post-quantum keys have 1 to 3 KiB. */
const FRAME_MOST = 16384;
const CLIENT_HELLO = 0x12; // field 2, length-delimited
const SERVER_HELLO = 0x1a; // field 3, length-delimited
const EPHEMERAL = 0x0a; // field 1, length-delimited
const KEY = 32; // octets
/** Opens a list of the compressed XML. */
const LIST = 0xf8;

export function probeWhatsApp(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  if (midstream) return Probe.No;
  return direction === Direction.ToServer ? client(octets) : server(octets);
}

function client(octets: Uint8Array): Probe {
  const end = octets.length;
  const at = preambleAt(octets, end);
  if (at === NOT_SO) return Probe.No;
  if (at === WANTS_MORE) return Probe.More;
  const frame = at + PREAMBLE;
  if (end > frame && octets[frame] !== 0) return Probe.No;
  if (end < frame + FRAME_HEAD + 1) return Probe.More;
  const length = frameLength(octets, frame);
  if (length < 2 || length > FRAME_MOST) return Probe.No;
  const first = octets[frame + FRAME_HEAD];
  return first === (octets[at + 2] === 1 ? LIST : CLIENT_HELLO) ? Probe.Yes : Probe.No;
}

/** u24 length, 1a, the rest of that length, 0a, 32: nothing else begins so. */
function server(octets: Uint8Array): Probe {
  const end = octets.length;
  if (end > 0 && octets[0] !== 0) return Probe.No;
  if (end > 3 && octets[3] !== SERVER_HELLO) return Probe.No;
  if (end < 8) return Probe.More;
  const left = frameLength(octets, 0) - 1;
  const low = octets[4] ?? 0;
  const high = octets[5] ?? 0;
  const isLong = low >= 0x80;
  if (high >= 0x80) return Probe.No;
  const rest = isLong ? (low & 0x7f) | (high << 7) : low;
  if (rest !== left - (isLong ? 2 : 1) || rest < KEY) return Probe.No;
  const at = isLong ? 6 : 5;
  return octets[at] === EPHEMERAL && octets[at + 1] === KEY ? Probe.Yes : Probe.No;
}
