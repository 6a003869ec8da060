/** Networks of IPv4 and IPv6 as two binary tries; a lookup walks the words of the flow table and allocates nothing. */
import type { ServiceMatch } from '../../src/inspect/service-catalogue.ts';
import { parseNetwork } from '../lists/cidr.ts';
import type { Transport } from './catalogue.ts';
import { addClaim, type Claim, claimAt } from './claim.ts';

/** Of 128 bits, those before an IPv4 address in `::ffff:a.b.c.d`, as parseNetwork has it. */
const IPV4_OFFSET = 96;
const V4 = 0;
const V6 = 1;

export class NetworkTrie {
  /** Two a node, 0 for none; nodes 0 and 1 are the roots. */
  readonly #children: number[] = [0, 0, 0, 0];
  readonly #claims: (Claim[] | undefined)[] = [undefined, undefined];

  /** `network` is one that parseNetwork reads. */
  add(network: string, claim: Claim): void {
    const parsed = parseNetwork(network);
    if (parsed === undefined) return;
    const { words, bits } = parsed;
    const isV4 = words[0] === 0 && words[1] === 0 && words[2] === 0xffff && bits >= IPV4_OFFSET;
    let node = isV4 ? V4 : V6;
    for (let bit = isV4 ? IPV4_OFFSET : 0; bit < bits; bit++) {
      const edge = node * 2 + bitOf(words[bit >> 5] ?? 0, bit & 31);
      let next = this.#children[edge] ?? 0;
      if (next === 0) {
        next = this.#claims.length;
        this.#claims.push(undefined);
        this.#children.push(0, 0);
        this.#children[edge] = next;
      }
      node = next;
    }
    const claims = this.#claims[node] ?? [];
    addClaim(claims, claim);
    this.#claims[node] = claims;
  }

  /** The narrowest network that holds the address at this port. `words` and `low` as ServiceCatalogue.byAddress. */
  find(
    words: Int32Array,
    at: number,
    low: number,
    port: number,
    transport: Transport,
  ): ServiceMatch | undefined {
    const a = words[at] ?? 0;
    const b = words[at + 1] ?? 0;
    const c = words[at + 2] ?? 0;
    const isV4 = a === 0 && b === 0 && c === 0;
    let node = isV4 ? V4 : V6;
    let best: ServiceMatch | undefined;
    for (let bit = isV4 ? IPV4_OFFSET : 0; ; bit++) {
      best = claimAt(this.#claims[node], port, transport) ?? best;
      if (bit >= 128) return best;
      const word = bit < 32 ? a : bit < 64 ? b : bit < 96 ? c : low;
      node = this.#children[node * 2 + bitOf(word, bit & 31)] ?? 0;
      if (node === 0) return best;
    }
  }
}

function bitOf(word: number, bit: number): number {
  return (word >>> (31 - bit)) & 1;
}
