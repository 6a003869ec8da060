/**
 * Which protocols a flow may still be, and its first octets while a probe wants more of them.
 *
 * A protocol is out for good when its probe says No in either direction, unless it is weak, and was certain of the
 * other in a flow picked up in the middle. Such flows, whose client is a guess, are probed in both orientations.
 */
import { type Direction, Probe, type ProtocolDefinition } from '../../parsers/contract.ts';
import type { FirstOctet } from './first-octet.ts';
import { PrefixBuffer } from './prefix-buffer.ts';
import { ProtocolBits } from './protocol-bits.ts';

/** The outcome of one look. */
export const Look = { LetGo: 0, Wait: 1, Found: 2 } as const;
export type Look = (typeof Look)[keyof typeof Look];

export class Candidates {
  readonly #definitions: readonly ProtocolDefinition[];
  readonly #first: FirstOctet | undefined;
  readonly #limit: number;
  /** The protocols still possible as oriented, and with client and server exchanged. */
  readonly #straight: ProtocolBits;
  readonly #exchanged: ProtocolBits;
  /** Of these, the weak ones whose probe says Yes. */
  readonly #weakStraight: ProtocolBits;
  readonly #weakExchanged: ProtocolBits;
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
    const { length } = definitions;
    this.#definitions = definitions;
    this.#first = first;
    this.#limit = limit;
    this.#straight = new ProtocolBits(length);
    this.#exchanged = new ProtocolBits(length);
    this.#weakStraight = new ProtocolBits(length);
    this.#weakExchanged = new ProtocolBits(length);
    this.#straight.fill(length);
    if (!oriented) this.#exchanged.fill(length);
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
    for (let i = 0; i < this.#definitions.length; i++) {
      if (!this.#straight.has(i) && !this.#exchanged.has(i)) continue;
      const definition = this.#definitions[i];
      // Of what is only recognised, what follows its first octets can still be stopped.
      if (definition?.emptyGreeting === true || definition?.opaque === true) continue;
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
    return this.#weakest() ? Look.Found : Look.LetGo;
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
    const first = this.#first;
    if (first === undefined || octet === undefined) return;
    const other = direction === 0 ? 1 : 0;
    this.#straight.keep(first.words, first.row(direction, octet, this.#midstream));
    this.#exchanged.keep(first.words, first.row(other, octet, this.#midstream));
    if (!this.#midstream) return;
    this.#straight.addAll(this.#weakStraight);
    this.#exchanged.addAll(this.#weakExchanged);
  }

  #look(direction: Direction, sight: Uint8Array): Look {
    if (this.#probe(this.#straight, this.#weakStraight, direction, sight)) return Look.Found;
    const other = direction === 0 ? 1 : 0;
    if (this.#probe(this.#exchanged, this.#weakExchanged, other, sight)) {
      this.flipped = true;
      return Look.Found;
    }
    if (this.#straight.isEmpty && this.#exchanged.isEmpty) return Look.LetGo;
    return this.#onlyWeakLeft() && this.#weakest() ? Look.Found : Look.Wait;
  }

  /** True when a probe is certain. */
  #probe(left: ProtocolBits, weak: ProtocolBits, seenAs: Direction, sight: Uint8Array): boolean {
    if (left.isEmpty) return false;
    for (let i = 0; i < this.#definitions.length; i++) {
      const definition = this.#definitions[i];
      if (!left.has(i) || definition?.probe === undefined) continue;
      // In the middle the other direction may stand anywhere in what it says: its No means nothing.
      if (this.#midstream && weak.has(i)) continue;
      const answer = definition.probe(seenAs, sight, this.#midstream);
      if (answer === Probe.Yes && definition.weak !== true) {
        this.found = definition;
        return true;
      }
      if (answer === Probe.Yes) weak.add(i);
      const limit = Math.min(definition.probeLimit, this.#limit);
      const isOver = sight.length >= limit || definition.firstSegment === true;
      if (answer === Probe.No || (answer === Probe.More && isOver)) {
        left.remove(i);
        weak.remove(i);
      }
    }
    return false;
  }

  #onlyWeakLeft(): boolean {
    for (let i = 0; i < this.#definitions.length; i++) {
      if (this.#straight.has(i) && !this.#weakStraight.has(i)) return false;
      if (this.#exchanged.has(i) && !this.#weakExchanged.has(i)) return false;
    }
    return true;
  }

  /** The first of the weak protocols that are certain, if any. */
  #weakest(): boolean {
    for (const [i, definition] of this.#definitions.entries()) {
      const isStraight = this.#weakStraight.has(i);
      if (!isStraight && !this.#weakExchanged.has(i)) continue;
      this.found = definition;
      this.flipped = !isStraight;
      return true;
    }
    return false;
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
 * What a flow's first octets tell at once, before anything is made for it: most flows end here. A protocol: that is
 * certain; LetGo: no probe wants it; Wait: it is worth a Candidates.
 */
export function firstSight(
  definitions: readonly ProtocolDefinition[],
  first: FirstOctet,
  direction: Direction,
  octets: Uint8Array,
  midstream: boolean,
  oriented: boolean,
): ProtocolDefinition | typeof Look.LetGo | typeof Look.Wait {
  const octet = octets[0] ?? 0;
  let isWanted = false;
  const row = first.row(direction, octet, midstream);
  for (let w = 0; w < first.stride; w++) {
    for (let bits = first.words[row + w] ?? 0; bits !== 0; bits &= bits - 1) {
      const definition = definitions[lowest(bits, w)];
      const answer = definition?.probe?.(direction, octets, midstream) ?? Probe.No;
      if (answer === Probe.Yes && definition?.weak !== true) return definition ?? Look.Wait;
      isWanted ||= isLeft(answer, definition);
    }
  }
  if (isWanted) return Look.Wait;
  if (oriented) return Look.LetGo;
  const other = direction === 0 ? 1 : 0;
  const turned = first.row(other, octet, midstream);
  for (let w = 0; w < first.stride; w++) {
    for (let bits = first.words[turned + w] ?? 0; bits !== 0; bits &= bits - 1) {
      const definition = definitions[lowest(bits, w)];
      const answer = definition?.probe?.(other, octets, midstream) ?? Probe.No;
      if (isLeft(answer, definition)) return Look.Wait;
    }
  }
  return Look.LetGo;
}

function isLeft(answer: Probe, definition: ProtocolDefinition | undefined): boolean {
  return answer === Probe.Yes || (answer === Probe.More && definition?.firstSegment !== true);
}

/** Number of the protocol of the lowest bit. */
function lowest(bits: number, word: number): number {
  return word * 32 + 31 - Math.clz32(bits & -bits);
}
