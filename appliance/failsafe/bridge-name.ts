/** The name of the kernel bridge that stands by for a pair of interfaces: the same after every start. */
import { createHash } from 'node:crypto';

/** IFNAMSIZ (16) less the zero octet. */
const LONGEST = 15;

export function bridgeName(a: string, b: string): string {
  const plain = `sp-${a}-${b}`;
  if (plain.length <= LONGEST) return plain;
  return `sp-${createHash('sha256')
    .update(`${a}/${b}`)
    .digest('hex')
    .slice(0, LONGEST - 3)}`;
}
