/**
 * A refused SNAC becomes OSERVICE NOOP (0001/0016) in the same frame: sequence and length stay, the
 * request number stays, flags and body are zero. Servers take it for a sign of life; clients have no
 * handler for it (libpurple, and tshark's dissector agree).
 */
import type { Neutraliser } from '../contract.ts';
import { SNAC_HEAD } from './snac.ts';

/** `Unit.form` of data frames. Sign-on and sign-off frames have none. */
export const NOOP_FORM = 0;
export const NO_FORM = -1;

const NOOP = [0x00, 0x01, 0x00, 0x16, 0x00, 0x00] as const;

export const neutraliseFrame: Neutraliser = (part, from, { head }) => {
  for (let i = 0; i < part.length; i++) {
    const at = from + i - head;
    if (at < 0 || (at >= NOOP.length && at < SNAC_HEAD)) continue;
    part[i] = NOOP[at] ?? 0;
  }
};
