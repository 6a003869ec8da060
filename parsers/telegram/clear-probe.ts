/**
 * Is it Telegram without obfuscation? By the client's first frame: it asks for a key; or it is sealed with one, and
 * its transport tells so surely enough that nothing else is it.
 */
import { crc32 } from '../../src/bytes/crc32.ts';
import { i32le } from '../../src/bytes/read.ts';
import { Direction, Probe } from '../contract.ts';
import { asksForKey, isSealedLength, KEY_ID, mayBeSealed, REQUEST_FRAME } from './frame.ts';

/** Octets of the client that are looked at, and of the longest first frame that is checked whole. */
export const PROBE_LIMIT = 2048;

const ABRIDGED = 0xef;
const INTERMEDIATE = 0xeeeeeeee | 0;
const PADDED = 0xdddddddd | 0;
const PADDING_MOST = 15;
/** A frame of MTProto is at most 16 MiB; first ones have some hundred octets. */
const LENGTH_MOST = 1 << 20;
/** Of the full transport: length, number and CRC. */
const FULL_OVERHEAD = 12;

export type Transport = 'abridged' | 'intermediate' | 'padded' | 'full';
/** Where no transport is certain: what the probe says. */
type Answer = Transport | typeof Probe.No | typeof Probe.More;

export function probeTelegram(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  if (midstream || direction === Direction.ToClient) return Probe.No;
  const transport = transportOf(octets);
  return typeof transport === 'string' ? Probe.Yes : transport;
}

/** Which transport the client's octets begin. */
export function transportOf(octets: Uint8Array): Answer {
  const first = octets[0];
  if (first === undefined) return Probe.More;
  if (first === ABRIDGED) return abridged(octets);
  if (first === 0xee) return marked(octets, INTERMEDIATE, 'intermediate');
  if (first === 0xdd) return marked(octets, PADDED, 'padded');
  return full(octets);
}

/**
 * One octet alone is no mark: a request for a key, or a frame that is sealed by its length and has the key id of the
 * next one, or is all that there is yet.
 */
function abridged(octets: Uint8Array): Answer {
  const end = octets.length;
  if (end < 2) return Probe.More;
  const short = octets[1] ?? 0;
  if (short > 0x7f || short === 0) return Probe.No;
  if (short === 0x7f && end < 5) return Probe.More;
  const at = short === 0x7f ? 5 : 2;
  const length = 4 * (short === 0x7f ? i32le(octets, 1) >>> 8 : short);
  const asks = length === REQUEST_FRAME ? asksForKey(octets, at) : false;
  if (asks !== false) return asks ? 'abridged' : Probe.More;
  if (!isSealedLength(length) || length > PROBE_LIMIT - 16) return Probe.No;
  if (!mayBeSealed(octets, at)) return Probe.No;
  const next = at + length;
  if (end < next) return Probe.More;
  if (end === next) return 'abridged';
  // The next frame is sealed with the same key.
  const nextShort = octets[next] ?? 0;
  if (nextShort > 0x7f || (nextShort === 0x7f && end < next + 4)) {
    return nextShort > 0x7f ? Probe.No : Probe.More;
  }
  const nextAt = next + (nextShort === 0x7f ? 4 : 1);
  for (let i = 0; i < KEY_ID; i++) {
    if (end <= nextAt + i) return Probe.More;
    if (octets[nextAt + i] !== octets[at + i]) return Probe.No;
  }
  return 'abridged';
}

/** Four equal octets are a mark of their own; the length behind them must be one of a payload. */
function marked(octets: Uint8Array, mark: number, transport: Transport): Answer {
  const end = octets.length;
  for (let i = 1; i < Math.min(end, 4); i++) if (octets[i] !== octets[0]) return Probe.No;
  if (end < 8) return Probe.More;
  const length = i32le(octets, 4);
  if (i32le(octets, 0) !== mark || length > LENGTH_MOST) return Probe.No;
  const padding = transport === 'padded' ? PADDING_MOST : 0;
  const mayAsk = length >= REQUEST_FRAME && length <= REQUEST_FRAME + padding;
  const asks = mayAsk ? asksForKey(octets, 8) : false;
  if (asks !== false) return asks ? transport : Probe.More;
  // A sealed payload with any padding has nearly any length.
  const isSealed = transport === 'padded' ? length >= 40 : isSealedLength(length);
  return isSealed && mayBeSealed(octets, 8) ? transport : Probe.No;
}

function full(octets: Uint8Array): Answer {
  const end = octets.length;
  if (end > 2 && (octets[2] !== 0 || (octets[3] ?? 0) !== 0)) return Probe.No;
  for (let i = 4; i < Math.min(end, 8); i++) if (octets[i] !== 0) return Probe.No;
  if (end < 8) return Probe.More;
  const length = i32le(octets, 0);
  const payload = length - FULL_OVERHEAD;
  if (payload !== REQUEST_FRAME && !isSealedLength(payload)) return Probe.No;
  if (length > PROBE_LIMIT) return Probe.No;
  if (asksForKey(octets, 8) === false && !mayBeSealed(octets, 8)) return Probe.No;
  if (end < length) return Probe.More;
  return crc32(octets, 0, length - 4) === i32le(octets, length - 4) ? 'full' : Probe.No;
}
