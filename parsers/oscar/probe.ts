/**
 * Is it OSCAR? The server greets first, `2a 01 ss ss ll ll 00 00 00 01`, and so does the client; what
 * follows are SNACs of families that exist. Picked up in the middle, a SNAC that only this side sends
 * is the evidence: it also tells client from server.
 *
 * TOC's server greets with the same octets, so a greeting of the server is not enough; its client has
 * said FLAPON before, which no OSCAR client does. A Redis array `*3` has a digit where the channel is.
 *
 * Picked up inside a frame: two frames one behind the other, with SNACs that only this side sends and
 * sequence numbers that follow, in the first octets that are seen. They are looked at once.
 */
import { i32be, u16be } from '../../src/bytes/read.ts';
import { Direction, Probe } from '../contract.ts';
import { FLAP_HEAD, Likely, likelyFlapHead } from '../framing/flap.ts';
import { isKnownSnac, orients } from './known-snacs.ts';

/** Octets of a direction that are looked at: a whole message of the usual size. */
export const PROBE_LIMIT = 8192;

const STAR = 0x2a;
const SNAC_HEAD = 10;
const FLAP_VERSION = 1;
const FLAGS = 0x8003; // a family version ahead, more to follow
const Channel = { SignOn: 1, Data: 2, Error: 3, SignOff: 4, KeepAlive: 5 } as const;

export function probeOscar(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  if (midstream && octets.length > 0 && octets[0] !== STAR) return inside(direction, octets);
  let at = 0;
  while (at < octets.length) {
    const head = likelyFlapHead(octets, at, octets.length);
    if (head === Likely.No) return Probe.No;
    if (head === Likely.More) return Probe.More;
    const end = at + FLAP_HEAD + u16be(octets, at + 4);
    const channel = octets[at + 1] ?? 0;
    const first = at === 0 && !midstream;
    if (first && channel !== Channel.SignOn) return Probe.No;
    const answer = frame(direction, octets, at, Math.min(end, octets.length), end, midstream);
    if (answer !== Probe.More || end > octets.length) return answer;
    at = end;
  }
  return Probe.More;
}

/** One octet tells nothing yet; two are all that came. */
function inside(direction: Direction, octets: Uint8Array): Probe {
  if (octets.length === 1) return Probe.More;
  for (let at = octets.indexOf(STAR, 1); at !== -1; at = octets.indexOf(STAR, at + 1)) {
    const next = isOurs(direction, octets, at) ? at + FLAP_HEAD + u16be(octets, at + 4) : -1;
    if (next === -1 || !isOurs(direction, octets, next)) continue;
    const step = (u16be(octets, next + 2) - u16be(octets, at + 2)) & 0xffff;
    if (step === 1) return Probe.Yes;
  }
  return Probe.No;
}

/** Whether a data frame begins here whose SNAC only this side sends: its head is all there. */
function isOurs(direction: Direction, octets: Uint8Array, at: number): boolean {
  if (at + FLAP_HEAD + SNAC_HEAD > octets.length) return false;
  if (octets[at] !== STAR || octets[at + 1] !== Channel.Data) return false;
  if (u16be(octets, at + 4) < SNAC_HEAD) return false;
  const body = at + FLAP_HEAD;
  if ((u16be(octets, body + 4) & ~FLAGS) !== 0) return false;
  return orients(u16be(octets, body), u16be(octets, body + 2), direction);
}

/** One frame, of which the octets up to `seen` are there. More: it fits, and tells too little. */
function frame(
  direction: Direction,
  octets: Uint8Array,
  at: number,
  seen: number,
  end: number,
  midstream: boolean,
): Probe {
  const body = at + FLAP_HEAD;
  const length = end - body;
  switch (octets[at + 1]) {
    case Channel.SignOn:
      if (length < 4) return Probe.No;
      if (seen < body + 4) return Probe.More;
      // Servers do not look at the version: what follows tells.
      if (i32be(octets, body) !== FLAP_VERSION) return Probe.More;
      return direction === Direction.ToServer && !midstream ? Probe.Yes : Probe.More;
    case Channel.Data: {
      if (length < SNAC_HEAD) return Probe.No;
      if (seen < body + SNAC_HEAD) return Probe.More;
      const family = u16be(octets, body);
      const subtype = u16be(octets, body + 2);
      if (!isKnownSnac(family, subtype, direction)) return Probe.No;
      if ((u16be(octets, body + 4) & ~FLAGS) !== 0) return Probe.No;
      return seen === end && orients(family, subtype, direction) ? Probe.Yes : Probe.More;
    }
    case Channel.KeepAlive:
      return length <= 4 ? Probe.More : Probe.No;
    default:
      return length <= 1024 ? Probe.More : Probe.No;
  }
}
