/** IP networks: a binary trie over 128-bit addresses, IPv4 as ::ffff:a.b.c.d. */
import ipaddr from 'ipaddr.js';

export interface Network {
  /** Four big-endian 32-bit words. */
  readonly words: Int32Array;
  /** Bits of the 128 that count. */
  readonly bits: number;
}

/** `10.0.0.0/8`, `2001:db8::/32` or one address; undefined when it is none. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', length] = text.trim().split('/');
  const words = parseAddress(address);
  if (words === undefined) return undefined;
  const offset = ipaddr.IPv4.isValidFourPartDecimal(address) ? 96 : 0;
  if (length === undefined) return { words, bits: 128 };
  const bits = /^\d{1,3}$/.test(length) ? Number(length) + offset : 129;
  return bits <= 128 ? { words, bits } : undefined;
}

/** An address as four words; undefined when it is none. */
export function parseAddress(text: string): Int32Array | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) {
    const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(text).octets;
    return Int32Array.of(0, 0, 0xffff, (a << 24) | (b << 16) | (c << 8) | d);
  }
  if (!ipaddr.IPv6.isValid(text)) return undefined;
  const { parts } = ipaddr.IPv6.parse(text);
  return Int32Array.from(
    { length: 4 },
    (_, i) => ((parts[2 * i] ?? 0) << 16) | (parts[2 * i + 1] ?? 0),
  );
}

/** The address and port of `address:port`, IPv6 in brackets; port -1 when there is none. */
export function splitEndpoint(endpoint: string): { address: string; port: number } {
  const bracket = endpoint.startsWith('[') ? endpoint.indexOf(']') : -1;
  const colon = bracket >= 0 ? endpoint.indexOf(':', bracket) : endpoint.lastIndexOf(':');
  const address =
    bracket >= 0 ? endpoint.slice(1, bracket) : endpoint.slice(0, colon < 0 ? undefined : colon);
  const port = colon < 0 ? Number.NaN : Number(endpoint.slice(colon + 1));
  return { address, port: Number.isInteger(port) ? port : -1 };
}

export class NetworkIndex {
  #children: number[] = [0, 0]; // two a node, 0 for none
  readonly #ids = new Map<number, number[]>();
  size = 0;

  add(network: Network, id: number): void {
    this.size++;
    let node = 0;
    for (let bit = 0; bit < network.bits; bit++) {
      const edge = node * 2 + bitAt(network.words, bit);
      let next = this.#children[edge] ?? 0;
      if (next === 0) {
        next = this.#children.length / 2;
        this.#children.push(0, 0);
        this.#children[edge] = next;
      }
      node = next;
    }
    const known = this.#ids.get(node);
    if (known === undefined) this.#ids.set(node, [id]);
    else known.push(id);
  }

  /** Reports the id of every network that holds the address. */
  match(words: Int32Array, hit: (id: number) => void): void {
    let node = 0;
    for (let bit = 0; ; bit++) {
      for (const id of this.#ids.get(node) ?? NONE) hit(id);
      if (bit >= 128) return;
      node = this.#children[node * 2 + bitAt(words, bit)] ?? 0;
      if (node === 0) return;
    }
  }
}

const NONE: readonly number[] = [];

function bitAt(words: Int32Array, bit: number): number {
  return ((words[bit >> 5] ?? 0) >>> (31 - (bit & 31))) & 1;
}
