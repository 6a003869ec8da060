/**
 * Which TCP protocols a flow can still be once its first octet in a direction is known: asked of the
 * probes once, when the registry is read. A refusal is final and probes look at octets from the start,
 * so what refuses one octet refuses all that begins with it; most flows are decided by that.
 */
import { type Direction, Probe, type ProtocolDefinition } from '../../parsers/contract.ts';

const OCTETS = 256;

/** What datagrams of a UDP flow may begin with; 1 where one of the protocols may. */
export function datagramOctets(definitions: readonly ProtocolDefinition[]): Uint8Array {
  const octets = new Uint8Array(OCTETS);
  for (const { firstOctets } of definitions) {
    if (firstOctets === undefined) octets.fill(1);
    else for (let i = 0; i < firstOctets.length; i++) octets[firstOctets.charCodeAt(i)] = 1;
  }
  return octets;
}

export class FirstOctet {
  /** Bits of the protocols, by [picked up in the middle, direction, octet]. */
  readonly #bits = new Int32Array(2 * 2 * OCTETS);

  constructor(definitions: readonly ProtocolDefinition[]) {
    const one = new Uint8Array(1);
    for (let at = 0; at < this.#bits.length; at++) {
      one[0] = at % OCTETS;
      const direction: Direction = (at / OCTETS) % 2 < 1 ? 0 : 1;
      const midstream = at >= 2 * OCTETS;
      let bits = 0;
      for (const [i, { probe }] of definitions.entries()) {
        if (probe !== undefined && probe(direction, one, midstream) !== Probe.No) bits |= 1 << i;
      }
      this.#bits[at] = bits;
    }
  }

  possible(direction: Direction, octet: number, midstream: boolean): number {
    return this.#bits[(midstream ? 2 * OCTETS : 0) + direction * OCTETS + octet] ?? 0;
  }
}
