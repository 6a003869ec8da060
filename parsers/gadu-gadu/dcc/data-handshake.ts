/**
 * How a data connection of Gadu-Gadu begins, in each direction (dossier §6): direct, the eight octets of the
 * transfer; over a relay, `be ba de c0` before them.
 */
import { tokenAt } from '../transfers.ts';

const ID = 8; // octets
const MAGIC = Uint8Array.of(0xbe, 0xba, 0xde, 0xc0);

export class DataHandshake {
  readonly #wanted: number;
  readonly #octets: Uint8Array;
  #used = 0;

  constructor(relayed: boolean) {
    this.#wanted = relayed ? MAGIC.length + ID : ID;
    this.#octets = new Uint8Array(this.#wanted);
  }

  get over(): boolean {
    return this.#used === this.#wanted;
  }

  /** Octets of this push that belong to it. */
  push(octets: Uint8Array): number {
    const taken = Math.min(octets.length, this.#wanted - this.#used);
    this.#octets.set(octets.subarray(0, taken), this.#used);
    this.#used += taken;
    return taken;
  }

  /** Only when it is over: the transfer, or undefined where a relay's magic is wrong. */
  get token(): string | undefined {
    const from = this.#wanted - ID;
    for (let i = 0; i < from; i++) if (this.#octets[i] !== MAGIC[i]) return undefined;
    return tokenAt(this.#octets, from);
  }
}

/** How much of a relay's magic the octets begin with: all there is, or less. */
export function beginsWithMagic(octets: Uint8Array): boolean {
  for (let i = 0; i < MAGIC.length && i < octets.length; i++) {
    if (octets[i] !== MAGIC[i]) return false;
  }
  return true;
}
