/** White space between stanzas is a keep-alive (RFC 6120 §4.6.1): any cut of it is neutral. */
import type { Neutraliser } from '../contract.ts';

export const blank: Neutraliser = (part) => {
  part.fill(0x20);
};
