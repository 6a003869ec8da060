/** The name of the kernel bridge that stands by for a pair of interfaces: the same after every start. */
import { createHash } from 'node:crypto';

/** IFNAMSIZ (16) less the zero octet. */
const LONGEST = 15;

/** Whichever end is named first. */
export function bridgeName(a: string, b: string): string {
  const ends = [a, b].sort();
  const plain = `sp-${ends.join('-')}`;
  if (plain.length <= LONGEST) return plain;
  const digest = createHash('sha256').update(ends.join('/')).digest('hex');
  return `sp-${digest.slice(0, LONGEST - 3)}`;
}
