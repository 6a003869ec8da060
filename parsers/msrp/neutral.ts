/**
 * A refused chunk becomes one that is given up: the same start line and header, blanks for the body, and
 * `#` for the flag of the end-line (RFC 4975 §7.1: the sender aborts; what was received is discarded).
 * The receiver answers it as it would have, so nobody waits.
 *
 *   head        octets up to the body, which stay
 *   form        octets of the transaction identifier: the end-line has 12 more
 */
import type { Neutraliser } from '../contract.ts';

const END_LINE = 12; // CR LF, seven dashes, flag, CR LF
const FLAG_FROM_END = 3;
const SPACE = 0x20;
const ABORT = 0x23;

export const neutraliseChunk: Neutraliser = (part, from, { length, head, form }) => {
  const tail = length === -1 ? Number.POSITIVE_INFINITY : length - END_LINE - form;
  for (let i = 0; i < part.length; i++) {
    const at = from + i;
    if (at === length - FLAG_FROM_END) part[i] = ABORT;
    else if (at >= head && at < tail) part[i] = SPACE;
  }
};
