/**
 * Which protocols a flow may still be, and its first octets while a probe wants more of them.
 *
 * A protocol is out for good when its probe says No in either direction. Flows picked up in the
 * middle, whose client is a guess, are probed in both orientations.
 */
import { type Direction, Probe, type ProtocolDefinition } from '../../parsers/contract.ts';
import type { FirstOctet } from './first-octet.ts';
import { PrefixBuffer } from './prefix-buffer.ts';

const MAX_PROTOCOLS = 30; // one bit each in an int32

/** The outcome of one look. */
export const Look = { LetGo: 0, Wait: 1, Found: 2 } as const;
export type Look = (typeof Look)[keyof typeof Look];

export class Candidates {
  readonly #definitions: readonly ProtocolDefinition[];
  readonly #first: FirstOctet | undefined;
  readonly #limit: number;
  /** Bits of the protocols still possible as oriented, and with client and server exchanged. */
  #straight: number;
  #exchanged: number;
  readonly #prefixes = [new PrefixBuffer(), new PrefixBuffer()] as const;
  /** Held octets in order of arrival: n > 0 are n to the server, n < 0 are -n to the client. */
  #order: number[] = [];
  #midstream: boolean;
  /** Octets missed before identification, per direction. */
  readonly missed: [number, number] = [0, 0];
  /** After Look.Found. */
  found: ProtocolDefinition | undefined = undefined;
  /** Found with client and server exchanged. */
  flipped = false;

  /**
   * `limit`: octets per direction that may be looked at; `first`: what first octets rule out, of the
   * same definitions.
   */
  constructor(
    definitions: readonly ProtocolDefinition[],
    limit: number,
    midstream: boolean,
    oriented: boolean,
    first?: FirstOctet,
  ) {
    if (definitions.length > MAX_PROTOCOLS) throw new RangeError('more protocols than probe bits');
    this.#definitions = definitions;
    this.#first = first;
    this.#limit = limit;
    const all = 2 ** definitions.length - 1;
    this.#straight = all;
    this.#exchanged = oriented ? 0 : all;
    this.#midstream = midstream;
  }

  get midstream(): boolean {
    return this.#midstream;
  }

  /** Octets of memory held. */
  get octets(): number {
    return this.#prefixes[0].capacity + this.#prefixes[1].capacity + this.#order.length * 8;
  }

  /** Octets of one direction that may be the beginning of something to refuse. */
  keptOctets(direction: Direction): number {
    const possible = this.#straight | this.#exchanged;
    for (let i = 0; i < this.#definitions.length; i++) {
      if ((possible & (1 << i)) === 0 || this.#definitions[i]?.emptyGreeting === true) continue;
      return this.#prefixes[direction].used;
    }
    return 0;
  }

  /** One more segment. It is copied when the answer is Wait, and is the caller's otherwise. */
  look(direction: Direction, segment: Uint8Array): Look {
    const prefix = this.#prefixes[direction];
    if (prefix.used === 0) {
      this.#ruleOut(direction, segment[0]);
      const sight = segment.length > this.#limit ? segment.subarray(0, this.#limit) : segment;
      const first = this.#look(direction, sight);
      if (first === Look.Wait) this.#hold(direction, segment);
      return first;
    }
    const before = prefix.used;
    this.#hold(direction, segment);
    if (!prefix.worthALook(this.#limit)) return Look.Wait;
    const answer = this.#look(direction, prefix.look(this.#limit));
    if (answer !== Look.Wait) {
      prefix.used = before;
      this.#unhold(segment.length);
    }
    return answer;
  }

  /** Whatever was put off is looked at now: the flow is ending. */
  lastLook(): Look {
    for (const direction of [0, 1] as const) {
      const prefix = this.#prefixes[direction];
      if (prefix.used === 0) continue;
      if (this.#look(direction, prefix.look(this.#limit)) === Look.Found) return Look.Found;
    }
    return Look.LetGo;
  }

  /** The stream no longer starts at its beginning: what follows is seen as picked up in the middle. */
  gap(direction: Direction, octets: number): void {
    this.#midstream = true;
    const prefix = this.#prefixes[direction];
    this.missed[direction] += octets + prefix.used;
    prefix.used = 0;
    this.#order = this.#order.filter((run) => run < 0 === (direction === 0));
  }

  /** Hands the held octets to `feed` in order of arrival. */
  replay(feed: (direction: Direction, octets: Uint8Array) => void): void {
    const at: [number, number] = [0, 0];
    for (const run of this.#order) {
      const direction: Direction = run > 0 ? 0 : 1;
      const length = Math.abs(run);
      feed(direction, this.#prefixes[direction].range(at[direction], length));
      at[direction] += length;
    }
  }

  #ruleOut(direction: Direction, octet: number | undefined): void {
    if (this.#first === undefined || octet === undefined) return;
    this.#straight &= this.#first.possible(direction, octet, this.#midstream);
    this.#exchanged &= this.#first.possible(direction === 0 ? 1 : 0, octet, this.#midstream);
  }

  #look(direction: Direction, sight: Uint8Array): Look {
    this.#straight = this.#probe(this.#straight, direction, sight);
    if (this.found !== undefined) return Look.Found;
    this.#exchanged = this.#probe(this.#exchanged, direction === 0 ? 1 : 0, sight);
    if (this.found !== undefined) {
      this.flipped = true;
      return Look.Found;
    }
    return (this.#straight | this.#exchanged) === 0 ? Look.LetGo : Look.Wait;
  }

  #probe(mask: number, seenAs: Direction, sight: Uint8Array): number {
    let left = mask;
    for (let i = 0, bit = 1; bit <= left; i++, bit <<= 1) {
      const definition = this.#definitions[i];
      if ((left & bit) === 0 || definition?.probe === undefined) continue;
      const answer = definition.probe(seenAs, sight, this.#midstream);
      if (answer === Probe.Yes) {
        this.found = definition;
        return left;
      }
      const limit = Math.min(definition.probeLimit, this.#limit);
      if (answer === Probe.No || sight.length >= limit) left &= ~bit;
    }
    return left;
  }

  #hold(direction: Direction, segment: Uint8Array): void {
    this.#prefixes[direction].append(segment);
    const signed = direction === 0 ? segment.length : -segment.length;
    const last = this.#order.length - 1;
    const before = this.#order[last];
    if (before !== undefined && before < 0 === signed < 0) this.#order[last] = before + signed;
    else this.#order.push(signed);
  }

  #unhold(length: number): void {
    const last = this.#order.length - 1;
    const run = this.#order[last] ?? 0;
    if (Math.abs(run) === length) this.#order.pop();
    else this.#order[last] = run < 0 ? run + length : run - length;
  }
}

/**
 * Whether every probe says No to a flow's first octets: the end of most flows, so it is asked
 * before anything is made for the flow.
 */
export function nobodyWants(
  definitions: readonly ProtocolDefinition[],
  direction: Direction,
  octets: Uint8Array,
  midstream: boolean,
  oriented: boolean,
  first?: FirstOctet,
): boolean {
  const other = direction === 0 ? 1 : 0;
  const octet = octets[0] ?? 0;
  let possible = first === undefined ? -1 : first.possible(direction, octet, midstream);
  if (!oriented && first !== undefined) possible |= first.possible(other, octet, midstream);
  if (possible === 0) return true;
  for (let i = 0; i < definitions.length; i++) {
    const definition = definitions[i];
    if ((possible & (1 << i)) === 0 || definition?.probe === undefined) continue;
    if (definition.probe(direction, octets, midstream) !== Probe.No) return false;
    if (!oriented && definition.probe(other, octets, midstream) !== Probe.No) return false;
  }
  return true;
}
