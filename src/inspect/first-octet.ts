/**
 * Which TCP protocols a flow can still be once its first octet in a direction is known: asked of the
 * probes once, when the registry is read. A refusal is final and probes look at octets from the start,
 * so what refuses one octet refuses all that begins with it; most flows are decided by that.
 */
import { type Direction, Probe, type ProtocolDefinition } from '../../parsers/contract.ts';
import { wordsFor } from './protocol-bits.ts';

const OCTETS = 256;

/** By the first octet of a datagram, the UDP protocols that it may be of, in their order. */
export function datagramProbes(
  definitions: readonly ProtocolDefinition[],
): readonly (readonly ProtocolDefinition[])[] {
  return Array.from({ length: OCTETS }, (_, octet) => {
    const character = String.fromCharCode(octet);
    return definitions.filter(({ firstOctets }) => firstOctets?.includes(character) ?? true);
  });
}

export class FirstOctet {
  /** Bits of the protocols, by [picked up in the middle, direction, octet]: `stride` words each. */
  readonly words: Int32Array;
  readonly stride: number;

  constructor(definitions: readonly ProtocolDefinition[]) {
    this.stride = wordsFor(definitions.length);
    const rows = 2 * 2 * OCTETS;
    this.words = new Int32Array(rows * this.stride);
    const one = new Uint8Array(1);
    for (let row = 0; row < rows; row++) {
      one[0] = row % OCTETS;
      const direction: Direction = (row / OCTETS) % 2 < 1 ? 0 : 1;
      const midstream = row >= 2 * OCTETS;
      for (const [i, { probe }] of definitions.entries()) {
        if (probe === undefined || probe(direction, one, midstream) === Probe.No) continue;
        const at = row * this.stride + (i >> 5);
        this.words[at] = (this.words[at] ?? 0) | (1 << (i & 31));
      }
    }
  }

  /** Where in `words` the protocols stand that may begin so. */
  row(direction: Direction, octet: number, midstream: boolean): number {
    return ((midstream ? 2 * OCTETS : 0) + direction * OCTETS + octet) * this.stride;
  }

  any(direction: Direction, octet: number, midstream: boolean): boolean {
    const at = this.row(direction, octet, midstream);
    for (let w = 0; w < this.stride; w++) if (this.words[at + w] !== 0) return true;
    return false;
  }

  /** Number of the first protocol that may begin so; -1: none. */
  first(direction: Direction, octet: number, midstream: boolean): number {
    const at = this.row(direction, octet, midstream);
    for (let w = 0; w < this.stride; w++) {
      const bits = this.words[at + w] ?? 0;
      if (bits !== 0) return w * 32 + 31 - Math.clz32(bits & -bits);
    }
    return -1;
  }
}
