/**
 * A refused command becomes empty commands of the same length, which hubs and clients of both
 * protocols send and ignore to keep a connection alive: `|` in NMDC, LF in ADC.
 */
import type { Neutraliser } from '../contract.ts';

const BAR = 0x7c;
const LF = 0x0a;

export const neutraliseNmdc: Neutraliser = (part) => {
  part.fill(BAR);
};

export const neutraliseAdc: Neutraliser = (part) => {
  part.fill(LF);
};
