/**
 * What a refused line of IRC becomes. To the client: empty lines, which clients pass over (RFC 1459 §2.3). To the
 * server: `PONG :xxxx`, an answer that servers take at any time and say nothing to, because they count empty lines
 * against the sender like any command, and make him wait (ngircd: seconds for a long message).
 *
 * A unit of several lines (a multiline batch) becomes several, none longer than a server takes
 * (512 octets with its end, RFC 1459 §2.3).
 */
import { Direction, type Neutraliser } from '../contract.ts';
import { neutraliseLine } from '../framing/neutral-line.ts';

const LF = 0x0a;
const CR = 0x0d;
const FILL = 0x78; // 'x'
const PONG = Uint8Array.of(0x50, 0x4f, 0x4e, 0x47, 0x20, 0x3a); // 'PONG :'
const SHORTEST = PONG.length + 3; // one octet to say, CR LF
/** Octets of all lines but the last, which is shorter than two of them. */
const LINE = 256;

export const neutraliseIrc: Neutraliser = (part, from, unit) => {
  const { length } = unit;
  if (unit.direction === Direction.ToClient || length < SHORTEST) {
    neutraliseLine(part, from, unit);
    return;
  }
  const lines = Math.max(1, Math.floor(length / LINE));
  for (let i = 0; i < part.length; i++) {
    const at = from + i;
    const line = Math.min(Math.floor(at / LINE), lines - 1);
    const start = line * LINE;
    const end = line === lines - 1 ? length : start + LINE;
    const within = at - start;
    if (at === end - 1) part[i] = LF;
    else if (at === end - 2) part[i] = CR;
    else part[i] = PONG[within] ?? FILL;
  }
};
