/**
 * A refused line becomes empty lines of the same length: CR LF pairs counted from its end, so that
 * it ends as a line ends; a single octet left at the start is a lone LF. Servers and clients pass
 * over empty lines (RFC 1459 §2.3).
 */
import type { Neutraliser } from '../contract.ts';

const LF = 0x0a;
const CR = 0x0d;

export const neutraliseLine: Neutraliser = (part, from, { length }) => {
  // Without a known end the pairs are counted from the start.
  const last = length === -1 ? 1 : length - 1;
  for (let i = 0; i < part.length; i++) part[i] = ((last - from - i) & 1) === 0 ? LF : CR;
};
