/**
 * What a bad network, or somebody who attacks the box, does to the frames between two ends: by chance,
 * from a seed, or where a text in the payload asks for it. Marks are ASCII in the payload, so the
 * client's own words say what is to happen to the segment that carries them:
 *
 *   ~cut=17~     cut in two after 17 octets of the payload
 *   ~again~      the words go, are lost behind the box, and their retransmission says something else
 *   ~overlap~    the second half goes first; then the whole, saying something else
 *   ~badsum~     the words go with a wrong checksum; then others with a right one
 *   ~outside~    the words go far outside the window; then others inside it
 */
import type { StoredFrame } from '../../../corpus/frames.ts';
import {
  at,
  type Headers,
  headersOf,
  put16,
  u16,
  u32,
  withPayload,
} from '../../../corpus/headers.ts';
import { Random } from '../../../fuzz/random.ts';

export interface DisturbanceSpec {
  readonly seed: number;
  /** The side of the station from which frames go towards the box: there marks are obeyed. */
  readonly towardsBoxFrom: 0 | 1;
  /** Probability that a TCP segment comes 4 ms late, so that later ones overtake it. */
  readonly late?: number;
  readonly twice?: number;
  readonly lost?: number;
}

export type Emit = (octets: Uint8Array, from: 0 | 1, delayMs: number) => void;

/** What the marks ask to be said, and what is said instead: of the same length. */
export const harmlessWord = 'containers';
export const forbiddenWord = 'contraband';

const LATE = 4; // milliseconds
/** An attack's second packet comes when the first was dealt with, before a retransmission timer (200 ms). */
export const LATER = 20; // milliseconds
const ETHERNET = 1;
const SYN_RST = 6;

export class Disturbance {
  readonly #spec: DisturbanceSpec;
  readonly #emit: Emit;
  readonly #done: (what: string) => void;
  readonly #random: Random;
  /** Sequence numbers of marked segments that were lost behind the box. */
  readonly #lostOnce = new Set<string>();
  readonly #struck = new Set<string>();

  constructor(spec: DisturbanceSpec, emit: Emit, done: (what: string) => void) {
    this.#spec = spec;
    this.#emit = emit;
    this.#done = done;
    this.#random = new Random(spec.seed);
  }

  /** Takes one frame that came in at a side; `octets` are this object's to keep. */
  frame(octets: Uint8Array, from: 0 | 1): void {
    const stored: StoredFrame = {
      octets,
      originalLength: octets.length,
      linkType: ETHERNET,
      time: 0,
    };
    const h = headersOf(stored);
    if (h === undefined || h.transport !== 6) {
      this.#emit(octets, from, 0);
      return;
    }
    const mark = h.payloadEnd > h.payloadStart ? markIn(octets, h) : undefined;
    if (mark === undefined) {
      this.#byChance(octets, from);
      return;
    }
    if (from === this.#spec.towardsBoxFrom) this.#attack(stored, h, mark, from);
    else this.#behindTheBox(octets, h, mark, from);
  }

  #byChance(octets: Uint8Array, from: 0 | 1): void {
    const { lost = 0, late = 0, twice = 0 } = this.#spec;
    if (this.#random.chance(lost)) {
      this.#done('lost');
      return;
    }
    const delay = this.#random.chance(late) ? LATE : 0;
    if (delay > 0) this.#done('late');
    this.#emit(octets, from, delay);
    if (!this.#random.chance(twice)) return;
    this.#done('twice');
    this.#emit(octets, from, delay + 1);
  }

  #attack(frame: StoredFrame, h: Headers, mark: Mark, from: 0 | 1): void {
    const payload = frame.octets.subarray(h.payloadStart, h.payloadEnd);
    if (mark.name === 'cut') {
      this.#cut(frame, h, payload, mark.value, from);
      return;
    }
    // The client's own retransmissions of what was struck say what the second packet said.
    const key = placeOf(frame.octets, h);
    const other = segment(frame, h, replaced(payload), 0);
    if (this.#struck.has(key)) {
      this.#emit(other, from, 0);
      return;
    }
    this.#struck.add(key);
    this.#done(mark.name);
    switch (mark.name) {
      case 'again':
        this.#emit(frame.octets, from, 0);
        break;
      case 'overlap': {
        const middle = wordAt(payload) + 5;
        this.#emit(segment(frame, h, payload.subarray(middle), middle), from, 0);
        break;
      }
      case 'badsum':
        this.#emit(withWrongChecksum(frame.octets, h), from, 0);
        break;
      default:
        this.#emit(segment(frame, h, payload, 0x2000_0000), from, 0);
    }
    this.#emit(other, from, LATER);
  }

  #cut(frame: StoredFrame, h: Headers, payload: Uint8Array, where: number, from: 0 | 1): void {
    if (where <= 0 || where >= payload.length) {
      this.#emit(frame.octets, from, 0);
      return;
    }
    this.#done('cut');
    this.#emit(segment(frame, h, payload.subarray(0, where), 0), from, 0);
    this.#emit(segment(frame, h, payload.subarray(where), where), from, 1);
  }

  /** `again`: the first copy is lost, so that the receiver depends on the second. */
  #behindTheBox(octets: Uint8Array, h: Headers, mark: Mark, from: 0 | 1): void {
    const key = placeOf(octets, h);
    if (mark.name === 'again' && !this.#lostOnce.has(key)) {
      this.#lostOnce.add(key);
      this.#done('lost behind the box');
      return;
    }
    this.#emit(octets, from, 0);
  }
}

interface Mark {
  readonly name: string;
  readonly value: number;
}

const MARK = /~(cut|again|overlap|badsum|outside)(?:=(\d+))?~/;

function markIn(octets: Uint8Array, h: Headers): Mark | undefined {
  const found = MARK.exec(latin1(octets.subarray(h.payloadStart, h.payloadEnd)));
  return found?.[1] === undefined ? undefined : { name: found[1], value: Number(found[2] ?? 0) };
}

/** Port and sequence number: the same for every copy of a segment. */
function placeOf(octets: Uint8Array, h: Headers): string {
  return `${u16(octets, h.transportStart)} ${u32(octets, h.transportStart + 4)}`;
}

function segment(frame: StoredFrame, h: Headers, payload: Uint8Array, offset: number): Uint8Array {
  const sequence = (u32(frame.octets, h.transportStart + 4) + offset) >>> 0;
  const flags = at(frame.octets, h.transportStart + 13) & ~SYN_RST;
  return withPayload(frame, h, payload, sequence, flags).octets;
}

function withWrongChecksum(octets: Uint8Array, h: Headers): Uint8Array {
  const wrong = octets.slice();
  put16(wrong, h.transportStart + 16, u16(wrong, h.transportStart + 16) ^ 0x5555);
  return wrong;
}

function wordAt(payload: Uint8Array): number {
  return Math.max(0, latin1(payload).indexOf(harmlessWord));
}

function replaced(payload: Uint8Array): Uint8Array {
  return Buffer.from(latin1(payload).replaceAll(harmlessWord, forbiddenWord), 'latin1');
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');
}
